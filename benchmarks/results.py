"""RESULTS.md: each benchmark has a section of its own there, and writes it anew without touching the others'.

Knows how sections stand in the file. Does not know what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


def write_section(lines: Sequence[str]) -> None:
    """Puts a section in the place of the one with the same title, which is the first line; else at the end."""
    before, _, old = RESULTS.read_text("utf-8").partition(lines[0] + "\n")
    _, title, others = old.partition("\n## ")
    RESULTS.write_text(before.rstrip() + "\n\n" + "\n".join(lines) + "\n" + title + others, "utf-8")
