"""What a refresh of a workbook that people changed loads: what it uses, and nothing that reads specs or builds books."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.refresh.small_world import View, typed

NEVER = (
    "pydantic",
    "yaml",
    "xlsxwriter",
    "openpyxl",
    "lxml",
    "rich",
    "dataclasses",
    "html",
    "crmsheet.spec",
    "crmsheet.write",
    "crmsheet.intake",
    "crmsheet.starters",
    "crmsheet.adopt",
    "crmsheet.api.restructuring",
    "crmsheet.refresh.graft.transplant",
)


def test_an_edited_book_is_refreshed_without_what_builds_books(small: bytes, tmp_path: Path) -> None:
    place = View.of(small).place("orders", "Amount", 1)
    book = tmp_path / "book.xlsx"
    book.write_bytes(typed(small, "Orders", {place: 77.0}))
    source = str(Path(__file__).resolve().parents[2] / "src")
    script = (
        f"import sys; sys.path.insert(0, {source!r})\nfrom crmsheet.cli import main\n"
        f"try:\n    main(['refresh', {str(book)!r}])\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "refreshed as of 2026-03-31" in done.stdout
    assert not set(NEVER) & set(done.stderr.split())
