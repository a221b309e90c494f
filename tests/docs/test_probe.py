"""docs/verify-by-hand.md: its workbook builds in both languages, checks clean, fits, and is as the page says."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from tests.docs.pages import DOCS
from tests.judge.clipped import clipped_cells

from crmsheet import api

AS_OF = date(2026, 6, 30)
PROBE = DOCS / "probe"


@pytest.fixture(params=["en", "zh"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = api.build(
        str(PROBE / "probe.yaml"), today=AS_OF, as_of=AS_OF, language=request.param, data=PROBE / "data"
    )
    path = tmp_path / "probe.xlsx"
    path.write_bytes(made.content)
    return path


def test_the_probe_workbook_fits_its_cells(book: Path) -> None:
    assert [str(c) for c in clipped_cells(book)] == []


# openpyxl says that it drops sparklines; nothing is saved here.
@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_the_probe_workbook_shows_what_the_page_says(book: Path) -> None:
    sheets = openpyxl.load_workbook(book, data_only=True)
    board = next(s for s in sheets.worksheets if s.title in ("Board", "看板"))
    shown = [cell.value for row in board.iter_rows() for cell in row if cell.value is not None]
    assert shown.count(36) >= 2, "orders: the card and the table's total"
    customers = next(s for s in sheets.worksheets if s.title in ("Customers", "客户"))
    flags = [cell.value for row in customers.iter_rows() for cell in row]
    assert flags.count("No recent purchase") + flags.count("久未购买") == 2
    # The ring of flags: red for stale, a free colour for never, green for on track; no entry for the rest.
    ring = next(text for text in _charts(book) if "doughnutChart" in text and "<c:legendEntry>" in text)
    assert re.findall(r'<c:dPt>.*?srgbClr val="(\w+)"', ring) == ["D55E00", "0072B2", "009E73", "999999"]
    assert re.findall(r'<c:legendEntry><c:idx val="(\d)"', ring) == ["3"]


def _charts(book: Path) -> list[str]:
    with zipfile.ZipFile(book) as package:
        names = [n for n in package.namelist() if n.startswith("xl/charts/chart")]
        return [package.read(n).decode("utf-8") for n in names]


def test_the_page_has_twenty_numbered_checks() -> None:
    text = (DOCS / "verify-by-hand.md").read_text("utf-8")
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == list(range(1, 21))
