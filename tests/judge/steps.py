"""What people do to a workbook between two refreshes, as data.

Knows the single actions, addressed as on the screen (sheet names, A1). Does not carry them out:
`tests.judge.uno_session` lets LibreOffice do it, `tests.judge.openpyxl_session` openpyxl.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.judge.package import Package, column_letters
from tests.judge.repair_table import Table, tables

Content: TypeAlias = str | float | bool | dt.date | None
"""Text (`=...` is a formula), number, truth value, date (shown as one), None to empty the cell."""


@dataclass(frozen=True, slots=True)
class SetCells:
    """Type into cells: `{"B2": 3}`."""

    sheet: str
    values: Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class ClearCells:
    """Press Delete on an area: contents go, looks stay."""

    sheet: str
    area: str


@dataclass(frozen=True, slots=True)
class InsertRows:
    """Insert whole rows above row `row` (from 1)."""

    sheet: str
    row: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class DeleteRows:
    """Delete whole rows from row `row` on."""

    sheet: str
    row: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class InsertColumns:
    """Insert whole columns before a column (`C`)."""

    sheet: str
    column: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class DeleteColumns:
    """Delete whole columns from a column on."""

    sheet: str
    column: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class MoveColumn:
    """Cut a whole column and insert it before another; a table keeps it if that one is not its first."""

    sheet: str
    column: str
    before: str


@dataclass(frozen=True, slots=True)
class SortRange:
    """Sort the rows of an area by one of its columns; the area has no header row unless it says so."""

    sheet: str
    area: str
    column: str
    descending: bool = False
    header: bool = False


@dataclass(frozen=True, slots=True)
class CopyCells:
    """Copy an area and paste it with its upper left corner at a cell, over what is there."""

    sheet: str
    area: str
    to: str


@dataclass(frozen=True, slots=True)
class CopyRows:
    """Copy whole rows and paste them over those from row `to` on."""

    sheet: str
    first: int
    last: int
    to: int


@dataclass(frozen=True, slots=True)
class Colour:
    """Give cells a background (`FFEE00`)."""

    sheet: str
    area: str
    rgb: str


@dataclass(frozen=True, slots=True)
class Note:
    """Put a note on a cell."""

    sheet: str
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnWidth:
    """Drag a column to a width in characters."""

    sheet: str
    column: str
    width: float


@dataclass(frozen=True, slots=True)
class RenameSheet:
    """Rename a sheet; formulas follow."""

    sheet: str
    name: str


@dataclass(frozen=True, slots=True)
class AddSheet:
    """Add an empty sheet at the end."""

    sheet: str


@dataclass(frozen=True, slots=True)
class DeleteSheet:
    """Delete a sheet."""

    sheet: str


@dataclass(frozen=True, slots=True)
class MoveSheet:
    """Move a sheet to a place (from 0)."""

    sheet: str
    position: int


@dataclass(frozen=True, slots=True)
class HideSheet:
    """Hide a sheet; LibreOffice cannot do it to the first one here."""

    sheet: str


@dataclass(frozen=True, slots=True)
class ResizeTable:
    """Drag a table's corner, as Excel does by itself when somebody types below."""

    table: str
    sheet: str
    area: str


Step: TypeAlias = (
    SetCells
    | ClearCells
    | InsertRows
    | DeleteRows
    | InsertColumns
    | DeleteColumns
    | MoveColumn
    | SortRange
    | CopyCells
    | CopyRows
    | Colour
    | Note
    | ColumnWidth
    | RenameSheet
    | AddSheet
    | DeleteSheet
    | MoveSheet
    | HideSheet
    | ResizeTable
)


def find_table(path: Path, name: str) -> tuple[str, Table]:
    """(sheet name, table) of the table of that name in a workbook."""
    package = Package(path)
    for sheet in package.worksheets:
        for table in tables(package, sheet):
            if table.name == name:
                return sheet.name, table
    raise LookupError(f"{path.name} has no table {name!r}")


def below(path: Path, table: str, rows: Sequence[Mapping[str, Content]]) -> SetCells:
    """Type rows just below a table; each maps column headers to contents."""
    sheet, found = find_table(path, table)
    _, left, bottom, _ = found.box
    return SetCells(
        sheet,
        {
            f"{column_letters(left + found.names.index(header))}{bottom + 1 + number}": content
            for number, row in enumerate(rows)
            for header, content in row.items()
        },
    )


def body(path: Path, table: str) -> tuple[str, str]:
    """(sheet name, area) of a table's data rows."""
    sheet, found = find_table(path, table)
    top, left, bottom, right = found.box
    first, last = top + found.header, bottom - found.totals
    return sheet, f"{column_letters(left)}{first}:{column_letters(right)}{last}"


def column_of(path: Path, table: str, header: str) -> str:
    """The letter of a table's column."""
    _, found = find_table(path, table)
    return column_letters(found.box[1] + found.names.index(header))


def in_sheet(sheet: str, steps: Iterable[Step]) -> bool:
    """Whether any of the steps concerns a sheet."""
    return any(step.sheet == sheet for step in steps)
