"""Writes the values of the benchmark workbook as plain cells, no formulas and no rules: LIBRARY CELLS OUT.

LIBRARY is pyexcelerate or rustpy_xlsxwriter, which write nothing but values; XlsxWriter and openpyxl do the same for
comparison. CELLS is what `cells_of.py` wrote.
"""

from __future__ import annotations

import datetime as dt
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's dates have no zone
Row = list[str | float | bool | dt.datetime | None]


def pyexcelerate(headers: list[str], rows: list[Row], target: Path) -> None:
    from pyexcelerate import Workbook

    book = Workbook()
    book.new_sheet("Orders", data=[headers, *rows])
    book.save(str(target))


def rustpy_xlsxwriter(headers: list[str], rows: list[Row], target: Path) -> None:
    from rustpy_xlsxwriter import write_worksheet

    write_worksheet([dict(zip(headers, row, strict=True)) for row in rows], str(target), "Orders")


def xlsxwriter(headers: list[str], rows: list[Row], target: Path) -> None:
    import xlsxwriter as library

    book = library.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("Orders")
    for number, row in enumerate([headers, *rows]):
        page.write_row(number, 0, row)
    book.close()


def openpyxl(headers: list[str], rows: list[Row], target: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("Orders")
    for row in [headers, *rows]:
        page.append(row)
    book.save(target)


LIBRARIES: Final[dict[str, Callable[[list[str], list[Row], Path], None]]] = {
    "pyexcelerate": pyexcelerate,
    "rustpy_xlsxwriter": rustpy_xlsxwriter,
    "xlsxwriter": xlsxwriter,
    "openpyxl": openpyxl,
}


def plain(cells: list[tuple[int, str | None, str | float | bool | None]], width: int) -> Row:
    """The values of a row, left to right; the second column holds dates."""
    row: Row = [None] * width
    for column, _, value in cells:
        row[column] = EPOCH + dt.timedelta(days=float(value)) if column == 1 and value else value
    return row


if __name__ == "__main__":
    headers, body = pickle.loads(Path(sys.argv[2]).read_bytes())
    LIBRARIES[sys.argv[1]](headers, [plain(cells, len(headers)) for cells in body], Path(sys.argv[3]))
