"""Rows in the order of a column's numbers, and stretches of them.

Knows how numbers of other columns are laid in that order, so that those of a stretch stand side by side. Does not know
criteria beyond comparing with a number, nor which orders are kept (`indexes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from crmsheet.formulas.criteria import Compare
from crmsheet.formulas.ranges import RangeValue
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """Between what the numbers of a range lie, and whether each cell is one."""

    low: float
    high: float
    complete: bool

    def within(self, limit: Compare) -> bool:
        """Whether a bound holds for all the numbers, such as one that only asks whether there is a number."""
        assert not isinstance(limit.bound, str)
        match limit.op:
            case ">":
                return self.low > limit.bound
            case ">=":
                return self.low >= limit.bound
            case "<":
                return self.high < limit.bound
            case _:
                return self.high <= limit.bound


class Sorted:
    """Positions of numbers in rising order of value."""

    __slots__ = ("_floats", "_gathered", "_values", "positions")

    def __init__(self, positions: list[int], floats: list[float]) -> None:
        self.positions = positions
        self._floats = floats
        self._values: list[float] | None = None
        self._gathered: dict[RangeValue, list[float]] | None = None

    @property
    def values(self) -> list[float]:
        """The numbers that are in order."""
        if self._values is None:
            self._values = list(map(self._floats.__getitem__, self.positions))
        return self._values

    def gathered(self, cells: RangeValue, values: Sequence[float]) -> list[float]:
        """The numbers of another column, in this order: those of every stretch stand side by side."""
        if self._gathered is None:
            self._gathered = {}
        found = self._gathered.get(cells)
        if found is None:
            found = list(map(values.__getitem__, self.positions))
            if cells.lasting:
                self._gathered[cells] = found
        return found


class Stretch(Sequence[int]):
    """Positions that follow each other in an order. Never changed once made."""

    __slots__ = ("first", "last", "whole")

    def __init__(self, whole: Sorted, first: int, last: int) -> None:
        self.whole = whole
        self.first = first
        self.last = max(first, last)

    def __len__(self) -> int:
        return self.last - self.first

    def __iter__(self) -> Iterator[int]:
        return iter(self.whole.positions[self.first : self.last])

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> list[int]: ...

    def __getitem__(self, at: int | slice) -> int | list[int]:
        return self.whole.positions[self.first : self.last][at]
