"""XLSX files as rows, read as a stream.

Knows sheets, merged cells and what Excel computed. Does not know formulas and formats (`books`).
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.intake.grids import Raw, Row, Sheet, SourceKind
from crmsheet.intake.openpyxl_errors import openpyxl_reading
from crmsheet.intake.refusals import too_large
from crmsheet.intake.workbook_files import WorkbookFile, workbook_file
from crmsheet.messages import say

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

CELLS: Final = 30_000_000
_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:$]+)"')


def read_workbook(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook that hold rows. Raises WorkbookRefused, UsageError or OSError."""
    import openpyxl

    file = workbook_file(path)
    with openpyxl_reading(file.name):
        book = openpyxl.load_workbook(io.BytesIO(file.data), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [_sheet(file, sheet) for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
        finally:
            book.close()
    return tuple(sheet for sheet in sheets if sheet.rows)


def _sheet(file: WorkbookFile, sheet: ReadOnlyWorksheet) -> Sheet:
    sheet.reset_dimensions()
    rows = _unmerged(_rows(file, sheet), _merged(file, sheet.title))
    return Sheet(
        file.name,
        sheet.title,
        SourceKind.WORKBOOK,
        tuple(rows),
        hidden=sheet.sheet_state != "visible",
        unvalued=file.unvalued(sheet.title),
    )


def _rows(file: WorkbookFile, sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    cells = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        width = len(values)
        while width and values[width - 1] in (None, ""):
            width -= 1
        if width:
            cells += width
            if cells > CELLS:
                raise too_large(
                    file.name,
                    say(
                        "The sheet '{sheet}' has more than {count} cells.",
                        sheet=sheet.title,
                        count=f"{CELLS:,}",
                    ),
                )
            yield Row(number, tuple(plain(value) for value in values[:width]))


def plain(value: object) -> Raw:
    """A value of openpyxl as ours."""
    if value is None or isinstance(value, bool | int | float | str | dt.date | dt.time | dt.timedelta):
        return value
    return str(value)


def _merged(file: WorkbookFile, name: str) -> tuple[RangeRef, ...]:
    """Merged ranges that are one column wide: one value for several rows."""
    found = file.package.workbook.sheet(name) if file.package is not None else None
    if found is None or file.package is None:
        return ()
    areas = (parse_range(m[1].decode()) for m in _MERGE.finditer(file.package.read(found.part)))
    return tuple(a for a in areas if a.left == a.right and a.top < a.bottom)


def _unmerged(rows: Iterable[Row], merged: tuple[RangeRef, ...]) -> Iterator[Row]:
    """The rows, with the value of a merged cell in each row it stands for."""
    if not merged:
        yield from rows
        return
    waiting = sorted(merged, key=lambda a: a.top)
    active: list[tuple[int, int, Raw]] = []
    for row in rows:
        active = [entry for entry in active if entry[1] >= row.number]
        values = list(row.values)
        for column, _, value in active:
            values += [None] * (column + 1 - len(values))
            if values[column] is None:
                values[column] = value
        while waiting and waiting[0].top < row.number:
            area = waiting.pop(0)
            column = area.left
            if area.top == row.number - 1 and column < len(values):
                active.append((column, area.bottom + 1, values[column]))
        yield Row(row.number, tuple(values))
