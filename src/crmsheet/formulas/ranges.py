"""A rectangle of values: what a reference to several cells evaluates to.

Knows shape and values. Does not know where the cells are. Two ranges are the same only when they are the same
object: indexes are remembered by identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from crmsheet.excel.values import Value


@final
class RangeValue:
    """`rows` × `columns` values, `cells` holds them row by row. Never changed once made.

    A part of a column made by `part` remembers its `base` and `start`, so that the index of the whole column
    answers for the part as well.
    """

    __slots__ = ("_cells", "base", "columns", "computed", "lasting", "rows", "start")

    def __init__(
        self,
        rows: int,
        columns: int,
        cells: Sequence[Value] | None,
        base: RangeValue | None = None,
        start: int = 0,
        *,
        computed: bool = False,
    ) -> None:
        self.rows = rows
        self.columns = columns
        self._cells = cells
        self.base = base
        self.start = start
        self.computed = computed
        self.lasting = base is None and not computed and rows * columns > 1
        """Whether the range stands for cells asked about again and again, not for a passing result."""

    @property
    def cells(self) -> Sequence[Value]:
        if self._cells is None:
            assert self.base is not None
            whole = self.base.cells
            self._cells = [whole[i] for i in range(self.start, self.start + self.rows * self.columns)]
        return self._cells

    def __len__(self) -> int:
        return self.rows * self.columns

    def __repr__(self) -> str:
        return f"RangeValue({self.rows}x{self.columns})"

    def at(self, row: int, column: int) -> Value:
        """The cell at 0-based offsets."""
        if self._cells is None and self.base is not None:
            return self.base.cells[self.start + row * self.columns + column]
        return self.cells[row * self.columns + column]

    def part(self, top: int, left: int, bottom: int, right: int) -> RangeValue:
        """The rectangle between 0-based offsets, both ends included."""
        if (top, left, bottom, right) == (0, 0, self.rows - 1, self.columns - 1):
            return self
        if self.columns == 1:
            base = self.base or self
            return RangeValue(bottom - top + 1, 1, None, base, self.start + top)
        cells = [self.at(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return RangeValue(bottom - top + 1, right - left + 1, cells)


def column_of(cells: Sequence[Value]) -> RangeValue:
    """A range of one column."""
    return RangeValue(len(cells), 1, cells)


def single(value: Value) -> RangeValue:
    """A range of one cell."""
    return RangeValue(1, 1, (value,))


def passing(cells: Sequence[Value]) -> RangeValue:
    """A range of one column that nobody asks about twice."""
    return RangeValue(len(cells), 1, cells, computed=True)
