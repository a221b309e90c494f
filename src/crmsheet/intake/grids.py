"""Rows from outside as they stand, each with its place.

Knows sheets (all rows of a file, a sheet of it or a JSON list) and grids (a sheet whose header row is known).
Does not know what the values mean.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from crmsheet.diagnostics import CellPlace, FilePlace, Place, TextPlace
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.structs import dataclass

Raw: TypeAlias = Value | dt.date | dt.time | dt.timedelta | Sequence[str]
"""A value as it comes: dates may be Python dates, several choices a sequence of texts."""
Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, Raw]]]
"""Rows by table id, each a map from field id to value."""


class SourceKind(StrEnum):
    TEXT = "text"
    """CSV, TSV and the like; a row's number is the line it begins on."""
    WORKBOOK = "workbook"
    JSON = "json"
    """A row's number is its place in the list."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """1-based, as people count."""
    values: tuple[Raw, ...]

    @property
    def blank(self) -> bool:
        return all(value is None or value == "" for value in self.values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows that are not blank, in order. A JSON list has its keys as a first row with the number 0."""

    file: str
    name: str
    """The sheet's name; of a text file the file's, without its ending; of a JSON list its key or the file's."""
    kind: SourceKind
    rows: tuple[Row, ...]
    hidden: bool = False
    unvalued: int = 0
    """How many formula cells hold no computed value."""

    def place(self, number: int, column: int = -1, header: str = "") -> Place:
        """Where a row (or the 0-based column of it) stands, in the user's words."""
        if self.kind is SourceKind.WORKBOOK:
            cell = "" if not number else a1(number - 1, column) if column >= 0 else f"{number}:{number}"
            return CellPlace(f"{self.file}:{self.name}", cell, header)
        if self.kind is SourceKind.TEXT:
            return TextPlace(self.file, number, column + 1)
        return FilePlace(self.file, f"{self.name}, entry {number}" if number else self.name)


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet read as a table: one header row, data rows below it."""

    sheet: Sheet
    header_row: int
    """The number of the header row."""
    headers: tuple[str, ...]
    """Texts of the header row, trimmed; "" where a column has none."""
    rows: tuple[Row, ...]

    def column(self, index: int) -> tuple[Raw, ...]:
        return tuple(row.values[index] if index < len(row.values) else None for row in self.rows)

    def place(self, row: Row, column: int) -> Place:
        header = self.headers[column] if column < len(self.headers) else ""
        return self.sheet.place(row.number, column, header)
