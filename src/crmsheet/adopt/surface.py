"""A sheet's cells as they are looked at, and the regions found on it, as data.

Knows how merged cells count and what kind of value a cell holds. Does not know where tables stand (`regions`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.intake.books import BookCell, BookSheet
from crmsheet.intake.dates import written_date
from crmsheet.intake.grids import Raw
from crmsheet.intake.numbers import written_number
from crmsheet.intake.texts import cleaned
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows (0-based) that are no data, with the reason's word."""

    row: int
    why: str
    """`title`, `total`, `note`, `section`, `header` or `units`."""
    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """A table as it stands. Rows and columns are the sheet's, 0-based."""

    columns: tuple[int, ...]
    headers: tuple[str, ...]
    """One for each column; "" where the sheet has none."""
    header_rows: tuple[int, ...]
    rows: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = ()
    name: str = ""
    """Of an Excel table: its name. Else the title above it, if there is one."""
    sections: Mapping[int, str] | None = None
    """Headings between the rows: for each data row the one it stands under."""


class Surface:
    """A sheet's cells, with merged ones filled down where they stand for several rows."""

    def __init__(self, sheet: BookSheet) -> None:
        self.sheet = sheet
        self.cells: dict[tuple[int, int], BookCell] = dict(sheet.cells)
        self.wide: dict[tuple[int, int], RangeRef] = {}
        for area in sheet.merged:
            first = sheet.cells.get((area.top, area.left))
            if first is None:
                continue
            if area.columns > 1:
                self.wide[area.top, area.left] = area
            if area.rows > 1 and area.rows <= 5000:
                for row in range(area.top + 1, area.bottom + 1):
                    self.cells[row, area.left] = first

    def value(self, row: int, column: int) -> Raw:
        cell = self.cells.get((row, column))
        return cell.value if cell is not None else None

    def filled(self, row: int, columns: Sequence[int]) -> tuple[int, ...]:
        return tuple(c for c in columns if (row, c) in self.cells)


def value_kind(value: Raw) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case dt.date() | dt.time() | dt.timedelta():
            return "date"
        case str():
            text = cleaned(value)
            if not text:
                return ""
            if written_date(text) is not None:
                return "date"
            return "number" if written_number(text) is not None else "text"
        case _:
            return "text"


def text_of(value: Raw) -> str:
    match value:
        case None:
            return ""
        case str():
            return " ".join(cleaned(value).split())
        case dt.datetime():
            return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def row_text(surface: Surface, row: int, columns: Sequence[int]) -> str:
    texts = (text_of(surface.value(row, c)) for c in columns)
    return " ".join(t for t in texts if t)[:200]
