"""What people see of every starter fits its cells: no `####`, nothing cut, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from openpyxl import Workbook
from openpyxl.styles import Alignment
from tests.judge.clipped import clipped_cells

from crmsheet import api
from crmsheet.starters import starter_names

LANGUAGES = ("zh", "en")


def test_the_judge_sees_what_does_not_fit(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.column_dimensions["A"].width = 8
    sheet["A1"] = 123456789012
    sheet["A1"].number_format = "#,##0.00"
    sheet["A2"], sheet["B2"] = "a text longer than its column", "neighbour"
    sheet["A3"] = "a text that runs into empty cells"
    sheet["A4"] = "wrapped into a row that is too low"
    sheet["A4"].alignment = Alignment(wrap_text=True)
    sheet.row_dimensions[4].height = 15
    sheet["A5"], sheet["B5"] = "short", "short"
    sheet["A6"], sheet["B6"] = "a text longer than its column", "neighbour"
    sheet["A6"].alignment = Alignment(shrink_to_fit=True)
    sheet["A7"] = "a text across merged cells"
    sheet.merge_cells("A7:B7")
    book.save(tmp_path / "book.xlsx")
    assert [c.cell for c in clipped_cells(tmp_path / "book.xlsx")] == ["A1", "A2", "A4", "A7"]


def _books() -> Iterator[ParameterSet]:
    """Three starters with demo data, one of them in the other language; the slow suite takes all in both."""
    for number, starter in enumerate(starter_names()):
        for language in LANGUAGES:
            # Among many customers stand the longest names.
            for customers in (0, 20, 180):
                quick = customers == 20 and language == LANGUAGES[number % 2] and number not in (0, 2)
                yield pytest.param(starter, customers, language, marks=() if quick else pytest.mark.slow)


@pytest.mark.parametrize(("starter", "customers", "language"), tuple(_books()))
def test_everything_fits(starter: str, customers: int, language: str, tmp_path: Path) -> None:
    day = date(2026, 6, 24)
    made = api.build(
        starter, today=day, as_of=day, language=language, demo=customers > 0, customers=customers or 1
    )
    book = tmp_path / "book.xlsx"
    book.write_bytes(made.content)
    assert [str(c) for c in clipped_cells(book)] == []
