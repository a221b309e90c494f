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
    # What nothing in such a book asks for: each of these is loaded by books that have or need it.
    "bz2",
    "difflib",
    "lzma",
    "random",
    "shutil",
    "tempfile",
    "crmsheet.analysis.sentiment",
    "crmsheet.analysis.topics",
    "crmsheet.api.entering",
    "crmsheet.cli.backups",
    "crmsheet.cli.differences",
    "crmsheet.cli.eventfiles",
    "crmsheet.cli.failures",
    "crmsheet.compile.charting.bullet",
    "crmsheet.compile.charting.funnel",
    "crmsheet.compile.charting.waterfall",
    "crmsheet.compile.heat",
    "crmsheet.compile.kpis",
    "crmsheet.compile.matrix",
    "crmsheet.compile.perrow",
    "crmsheet.compile.rowlists",
    "crmsheet.formulas.excel_text",
    "crmsheet.formulas.excel_tree",
    "crmsheet.read.again",
    "crmsheet.refresh.ledgers",
    "crmsheet.refresh.rules.mending",
    "crmsheet.refresh.rules.proof",
    "crmsheet.refresh.sparklines",
    "crmsheet.refresh.structure.ground",
)
MOST = 280
"""Modules of ours: it loads 265, each takes about half a millisecond, and people wait for all of them."""


def test_an_edited_book_is_refreshed_without_what_builds_books(small: bytes, tmp_path: Path) -> None:
    place = View.of(small).place("orders", "Amount", 1)
    book = tmp_path / "book.xlsx"
    book.write_bytes(typed(small, "Orders", {place: 77.0}))
    source = str(Path(__file__).resolve().parents[2] / "src")
    arguments = ["refresh", str(book), "--no-backup"]
    script = (
        f"import sys; arguments = {arguments!r}; sys.path.insert(0, {source!r})\nfrom crmsheet.cli import main\n"
        f"try:\n    main(arguments)\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "refreshed as of 2026-03-31" in done.stdout
    loaded = set(done.stderr.split())
    assert [name for name in NEVER if name in loaded] == []
    assert len([name for name in loaded if name.startswith("crmsheet")]) <= MOST
