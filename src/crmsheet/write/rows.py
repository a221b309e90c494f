"""All cells of one sheet as XML rows, in order, some rows at a time.

Knows how the cells of blocks and the rows of tables interleave, and that table rows are written without
being kept. Does not know XlsxWriter, nor the XML of a cell (`sheetml.cells`, the one encoder).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias

from crmsheet.excel.numbers import file_text
from crmsheet.excel.references import RangeRef, a1
from crmsheet.excel.values import Value
from crmsheet.sheetml.cells import encode, formula_element
from crmsheet.sheetml.rowwriting import BATCH, FreshRows
from crmsheet.structs import dataclass, field

Piece: TypeAlias = tuple[int, int, str]
"""Row, first column, and the XML of the cells that begin there."""
_WHOLE: Final = -2
"""In the place of a column: whole rows, of which the first is told."""


@dataclass(frozen=True, slots=True)
class LooseCell:
    """A cell outside tables; `formula` without `=`, with it `value` is the cached result."""

    value: Value
    formula: str = ""
    style: int = 0


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Everything a sheet's `sheetData` holds; heights are in points."""

    cells: Mapping[tuple[int, int], LooseCell]
    tables: tuple[FreshRows, ...] = ()
    heights: Mapping[int, float] = field(default_factory=dict)

    def extent(self) -> RangeRef | None:
        """The smallest rectangle around all cells; None for an empty sheet."""
        areas = [t.area for t in self.tables]
        if self.cells:
            rows = [row for row, _ in self.cells]
            columns = [column for _, column in self.cells]
            areas.append(RangeRef(min(rows), min(columns), max(rows), max(columns)))
        if not areas:
            return None
        return RangeRef(
            min(a.top for a in areas),
            min(a.left for a in areas),
            max(a.bottom for a in areas),
            max(a.right for a in areas),
        )

    def xml(self) -> Iterator[str]:
        """The `<row>` elements, in order; those of a table that stands alone in its rows many at a time."""
        alone = {id(table) for table in self.tables if self._is_alone(table)}
        streams = [_batches(t) if id(t) in alone else _pieces(t) for t in self.tables]
        pieces = merge(self._tall_rows(), self._loose_cells(), *streams)
        for row, in_row in groupby(pieces, key=itemgetter(0)):
            found = [(left, xml) for _, left, xml in in_row]
            if found[0][0] == _WHOLE:
                yield found[0][1]
                continue
            height = self.heights.get(row)
            tall = f' ht="{file_text(height)}" customHeight="1"' if height else ""
            yield f'<row r="{row + 1}"{tall}>{"".join(xml for _, xml in found)}</row>'

    def _is_alone(self, table: FreshRows) -> bool:
        """Whether nothing else stands in the rows of a table, and none of them has a height."""
        first, last = table.first_row, table.first_row + table.length - 1
        return not (
            any(first <= row <= last for row, _ in self.cells)
            or any(first <= row <= last for row in self.heights)
            or any(t.area.bottom >= first and t.first_row <= last for t in self.tables if t is not table)
        )

    def _tall_rows(self) -> Iterator[Piece]:
        for row in sorted(self.heights):
            yield row, -1, ""

    def _loose_cells(self) -> Iterator[Piece]:
        for (row, column), cell in sorted(self.cells.items(), key=itemgetter(0)):
            formula = formula_element(cell.formula) if cell.formula else ""
            yield row, column, encode(a1(row, column), cell.style, cell.value, formula)


def _pieces(table: FreshRows) -> Iterator[Piece]:
    left = table.formats[0].column
    for first, cells in table.cells():
        for row, xml in enumerate(cells, first):
            yield row, left, xml


def _batches(table: FreshRows) -> Iterator[Piece]:
    for number, rows in enumerate(table.rows()):
        yield table.first_row + number * BATCH, _WHOLE, rows
