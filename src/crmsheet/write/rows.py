"""All cells of one sheet as XML rows, in order, a row at a time.

Knows how the cells of blocks and the rows of tables interleave, and that table rows are written without
being kept. Does not know XlsxWriter, nor the XML of a cell (`sheetml.cells`, the one encoder).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from crmsheet.excel.numbers import file_text
from crmsheet.excel.references import RangeRef, a1
from crmsheet.excel.values import Value
from crmsheet.sheetml.cells import ColumnFormat, RowEncoder, encode, formula_element

Piece: TypeAlias = tuple[int, int, str]
"""Row, first column, and the XML of the cells that begin there."""


@dataclass(frozen=True, slots=True)
class LooseCell:
    """A cell outside tables; `formula` without `=`, with it `value` is the cached result."""

    value: Value
    formula: str = ""
    style: int = 0


@dataclass(frozen=True, slots=True)
class TableRows:
    """The data rows of one table: `formats` and `columns` side by side, each column as long as the table."""

    first_row: int
    length: int
    formats: tuple[ColumnFormat, ...]
    columns: tuple[Sequence[Value], ...]

    @property
    def area(self) -> RangeRef:
        return RangeRef(
            self.first_row,
            self.formats[0].column,
            self.first_row + self.length - 1,
            self.formats[-1].column,
        )

    def pieces(self) -> Iterator[Piece]:
        encoder = RowEncoder(self.formats)
        left = self.formats[0].column
        for row, values in enumerate(zip(*self.columns, strict=True), self.first_row):
            yield row, left, encoder.cells(row, values)


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Everything a sheet's `sheetData` holds; heights are in points."""

    cells: Mapping[tuple[int, int], LooseCell]
    tables: tuple[TableRows, ...] = ()
    heights: Mapping[int, float] = field(default_factory=dict)

    def extent(self) -> RangeRef | None:
        """The smallest rectangle around all cells; None for an empty sheet."""
        areas = [RangeRef(row, column, row, column) for row, column in self.cells]
        areas += [t.area for t in self.tables]
        if not areas:
            return None
        return RangeRef(
            min(a.top for a in areas),
            min(a.left for a in areas),
            max(a.bottom for a in areas),
            max(a.right for a in areas),
        )

    def xml(self) -> Iterator[str]:
        """The `<row>` elements, in order."""
        pieces = merge(self._tall_rows(), self._loose_cells(), *(t.pieces() for t in self.tables))
        for row, in_row in groupby(pieces, key=itemgetter(0)):
            height = self.heights.get(row)
            tall = f' ht="{file_text(height)}" customHeight="1"' if height else ""
            yield f'<row r="{row + 1}"{tall}>{"".join(xml for _, _, xml in in_row)}</row>'

    def _tall_rows(self) -> Iterator[Piece]:
        for row in sorted(self.heights):
            yield row, -1, ""

    def _loose_cells(self) -> Iterator[Piece]:
        for (row, column), cell in sorted(self.cells.items(), key=itemgetter(0)):
            formula = formula_element(cell.formula) if cell.formula else ""
            yield row, column, encode(a1(row, column), cell.style, cell.value, formula)
