"""RESULTS.md: each benchmark has a section of its own there, and writes it anew without touching the others'.

Knows how sections stand in the file, and how a target is told. Does not know what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure shall be at most, and what it is."""

    what: str
    most: float
    measured: float
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.measured <= self.most

    def told(self) -> str:
        verdict = "met" if self.met else "**not met**"
        unit = f" {self.unit}" if self.unit else ""
        return f"| {self.what} | {self.most:.3g}{unit} | {self.measured:.3g}{unit} | {verdict} |"


def with_targets(lines: Sequence[str], targets: Sequence[Target]) -> list[str]:
    """A section's lines, and its targets below them."""
    head = ["", "| target | at most | measured | |", "|---|--:|--:|---|"]
    return [*lines, *head, *(t.told() for t in targets)]


def write_section(lines: Sequence[str]) -> None:
    """Puts a section in the place of the one with the same title, which is the first line; else at the end."""
    before, _, old = RESULTS.read_text("utf-8").partition(lines[0] + "\n")
    _, title, others = old.partition("\n## ")
    RESULTS.write_text(before.rstrip() + "\n\n" + "\n".join(lines) + "\n" + title + others, "utf-8")
