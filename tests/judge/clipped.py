"""Cells of a workbook whose text people could not read: `####`, cut at a neighbour, cut by a low row.

Knows column widths, row heights, merges, wrapping, sizes and the number formats of cells, and about how wide
letters are. Does not render: a text within a tenth of its room passes. Texts that people typed into a row of a
table may be longer than any column; of those rows only numbers are looked at.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from crmsheet.excel.dates import serial
from crmsheet.excel.number_formats import formatted

DEFAULT_WIDTH = 8.43
DEFAULT_HEIGHT = 15.0
TOLERANCE = 1.1
ROWS_LOOKED_AT = 400
_LINE = 1.22
"""Height of a line, in sizes of its type."""
_NARROW = frozenset("iljtfrI.,:;|!'()[] /·")
_WIDE = frozenset("mwMW@%—…")


@dataclass(frozen=True, slots=True)
class Clipped:
    sheet: str
    cell: str
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {self.why}: {self.text[:60]!r}"


def clipped_cells(path: Path) -> list[Clipped]:
    """Every cell of the visible sheets whose shown text does not fit."""
    with warnings.catch_warnings():
        # openpyxl says that it drops sparklines; nothing is saved here
        warnings.filterwarnings("ignore", message=".*extension is not supported", category=UserWarning)
        book = openpyxl.load_workbook(path, data_only=True)
    base = float(book._named_styles["Normal"].font.sz or 11) if "Normal" in book.named_styles else 11.0
    found: list[Clipped] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            found += _Sheet(sheet, base).clipped()
    return found


def letters(text: str) -> float:
    """The width of a text in digits of the same type."""
    width = 0.0
    for character in text:
        if east_asian_width(character) in "WF":
            width += 2.0
        elif character in _NARROW:
            width += 0.6
        elif character in _WIDE:
            width += 1.6
        else:
            width += 1.15 if character.isupper() else 1.0
    return width


class _Sheet:
    def __init__(self, sheet: Worksheet, base: float) -> None:
        self.sheet = sheet
        self.base = base
        self.widths = self._column_widths()
        self.merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
        self.headers = {
            (int(t.ref.split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), column)
            for t in sheet.tables.values()
            for column in range(*self._columns(t.ref))
        }
        self.data = [openpyxl.utils.range_boundaries(t.ref) for t in sheet.tables.values()]

    @staticmethod
    def _columns(ref: str) -> tuple[int, int]:
        left, _, right, _ = openpyxl.utils.range_boundaries(ref)
        assert left is not None
        assert right is not None
        return left, right + 1

    def _is_data(self, row: int, column: int) -> bool:
        return any(left <= column <= right and top < row <= bottom for left, top, right, bottom in self.data)

    def _column_widths(self) -> dict[int, float]:
        widths: dict[int, float] = {}
        for dimension in self.sheet.column_dimensions.values():
            for column in range(dimension.min or 0, (dimension.max or 0) + 1):
                widths[column] = 0.0 if dimension.hidden else float(dimension.width or DEFAULT_WIDTH)
        return widths

    def width(self, column: int) -> float:
        return self.widths.get(column, DEFAULT_WIDTH)

    def clipped(self) -> Iterator[Clipped]:
        for row in self.sheet.iter_rows(max_row=min(self.sheet.max_row, ROWS_LOOKED_AT)):
            for cell in row:
                if isinstance(cell, MergedCell) or cell.value in (None, ""):
                    continue
                if self.sheet.row_dimensions[cell.row].hidden or not self.width(cell.column):
                    continue
                why = self._why(cell)
                if why:
                    yield Clipped(self.sheet.title, cell.coordinate, str(cell.value), why)

    def _why(self, cell: Any) -> str:
        number = cell.value
        code = cell.number_format
        if not isinstance(number, str | bool | int | float):
            number = serial(number) if hasattr(number, "year") else 0.0
        shown = "TRUE" if number is True else "FALSE" if number is False else formatted(number, code)
        if not isinstance(shown, str) or not shown.strip():
            return ""
        if isinstance(number, str) and self._is_data(cell.row, cell.column):
            return ""
        merge = self.merged.get((cell.row, cell.column))
        last = merge.max_col if merge else cell.column
        room = sum(self.width(c) for c in range(cell.column, last + 1))
        size = float(cell.font.sz or self.base)
        scale = size / self.base * (1.06 if cell.font.b else 1.0)
        alignment = cell.alignment
        if alignment.shrink_to_fit:
            return ""
        indent = float(alignment.indent or 0) * 1.5
        button = 2.5 if (cell.row, cell.column) in self.headers else 0.0
        if isinstance(number, str) and alignment.wrap_text:
            return self._too_low(cell, shown, room - indent, scale, size, merge, button)
        wanted = letters(shown) * scale + indent
        if wanted <= room * TOLERANCE:
            return ""
        if not isinstance(number, str):
            return f"#### ({wanted:.0f} in {room:.0f})"
        if merge is None:
            room += self._spill(cell, alignment.horizontal)
        return f"cut ({wanted:.0f} in {room:.0f})" if wanted > room * TOLERANCE else ""

    def _too_low(
        self, cell: Any, shown: str, room: float, scale: float, size: float, merge: Any, button: float
    ) -> str:
        usable = max(room - 0.5, 1.0) * TOLERANCE
        lines = sum(max(1, ceil(letters(line) * scale / usable)) for line in shown.split("\n"))
        longest_word = max((letters(w) * scale for w in shown.split() if w.isascii()), default=0.0)
        if button and longest_word + button > usable + 1:
            return f"a word is cut ({longest_word:.0f} in {room:.0f})"
        bottom = merge.max_row if merge else cell.row
        heights = [self.sheet.row_dimensions[r].height for r in range(cell.row, bottom + 1)]
        if merge is None and heights[0] is None:
            return ""
        high = sum(h if h is not None else DEFAULT_HEIGHT for h in heights)
        wanted = lines * size * _LINE
        return f"too low ({lines} lines, {wanted:.0f} in {high:.0f} pt)" if wanted > high * TOLERANCE else ""

    def _spill(self, cell: Any, horizontal: str | None) -> float:
        """The room of empty neighbours into which a text runs."""
        step = -1 if horizontal == "right" else 1
        if horizontal in ("fill", "justify"):
            return 0.0
        room, column = 0.0, cell.column + step
        while 1 <= column <= cell.column + 60:
            beside = self.sheet.cell(cell.row, column)
            if isinstance(beside, MergedCell) or beside.value not in (None, ""):
                break
            if (cell.row, column) in self.merged:
                break
            room += self.width(column)
            column += step
        return room * (0.5 if horizontal == "center" else 1.0)
