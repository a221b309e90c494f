"""A command imports only what it uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "pydantic",
    "yaml",
    "xlsxwriter",
    "openpyxl",
    "lxml",
    "rich",
    "crmsheet.compile",
    "crmsheet.formulas",
)


def _imported(code: str) -> set[str]:
    """The modules a piece of code leaves imported."""
    source = str(Path(__file__).resolve().parents[2] / "src")
    script = (
        f"import sys; sys.path.insert(0, {source!r})\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"], ["refresh", "--help"]])
def test_help_imports_click_alone(arguments: list[str]) -> None:
    code = (
        "from crmsheet.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as stop:\n    assert stop.code == 0"
    )
    assert not [name for name in HEAVY if name in _imported(code)]


@pytest.mark.parametrize(
    "arguments", [["bild"], ["refresh"], ["refresh", "--bakup", "x"], ["check", "none.xlsx"]]
)
def test_errors_of_the_call_import_no_machinery(arguments: list[str]) -> None:
    code = (
        "from crmsheet.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as stop:\n    assert stop.code == 2"
    )
    assert not [name for name in HEAVY if name in _imported(code)]


def test_refresh_needs_neither_pydantic_nor_xlsxwriter(world: Path) -> None:
    book = str(world / "客户表.xlsx")
    code = (
        "from datetime import date\nfrom pathlib import Path\nfrom crmsheet import api\n"
        f"done = api.refresh(Path({book!r}).read_bytes(), name='b', today=date(2026, 3, 31))\n"
        "assert done.content is None"
    )
    assert not [
        name
        for name in ("pydantic", "yaml", "xlsxwriter", "openpyxl", "lxml", "click")
        if name in _imported(code)
    ]


def test_starters_are_listed_without_the_machinery() -> None:
    code = "from crmsheet.cli import main\ntry:\n    main(['new'])\nexcept SystemExit as stop:\n    assert stop.code == 0"
    heavy = (*HEAVY, "crmsheet.opc", "crmsheet.sheetml")
    assert not [name for name in heavy if name in _imported(code)]
