"""Rows in the order of a column's numbers, and stretches of them.

Knows how the cells of other columns are laid in that order, so that those of a stretch stand side by side: in memory,
too, where numbers that are added up again and again are read several times as fast. Does not know criteria beyond
comparing with a number, nor which orders are kept (`indexes`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from operator import itemgetter
from typing import Final, TypeAlias, cast, overload

from crmsheet.formulas.criteria import Compare
from crmsheet.formulas.ranges import RangeValue
from crmsheet.structs import dataclass

_Picker: TypeAlias = Callable[[Sequence[float]], Sequence[float]]
_FEW: Final = 3
"""Of so many codes each is looked for by itself, byte by byte; more are dealt one by one."""
_BYTE: Final = 256
_IS: Final = tuple(bytes(number == code for number in range(_BYTE)) for code in range(_FEW))


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


class Order:
    """The rows of a column that have numbers, in rising order of these."""

    __slots__ = ("_codes", "_numbers", "_pick", "_values", "positions")

    def __init__(self, floats: list[float]) -> None:
        # Sorting leaves rows of one value as they are; only NaN is unlike itself.
        rows = [row for row, number in enumerate(floats) if number == number]  # noqa: PLR0124 - NaN alone differs from itself
        self.positions = sorted(rows, key=floats.__getitem__)
        self._pick = _picker(self.positions)
        self._values = self._pick(floats)
        self._codes: dict[RangeValue, Sequence[int]] = {}
        self._numbers: dict[RangeValue, Sequence[float]] = {}

    def __len__(self) -> int:
        return len(self.positions)

    def bound(self, limit: Compare) -> int:
        """How many numbers stand before those for which a lower bound holds, or up to the last for which an upper."""
        assert not isinstance(limit.bound, str)
        return (bisect_right if limit.op in (">", "<=") else bisect_left)(self._values, limit.bound)

    def codes(self, cells: RangeValue, codes: Sequence[int]) -> Sequence[int]:
        """The codes of another column's cells, in this order."""
        found = self._codes.get(cells)
        if found is None:
            found = cast("Sequence[int]", self._pick(codes))
            if isinstance(codes, bytes):
                found = bytes(found)
            self._codes[cells] = found
        return found

    def numbers(self, cells: RangeValue, values: Sequence[float]) -> Sequence[float]:
        """The numbers of another column, in this order."""
        found = self._numbers.get(cells)
        if found is None:
            found = self._pick(values)
            if set(map(type, found)) == {float}:
                # The same numbers, made anew one behind the other.
                found = array("d", found).tolist()
            if cells.lasting:
                self._numbers[cells] = found
        return found


class Group:
    """Some rows of an order, by their rising places in it."""

    __slots__ = ("_gathered", "_pick", "_positions", "order", "places")

    def __init__(self, order: Order, places: Sequence[int] | None = None) -> None:
        self.order = order
        self.places: Sequence[int] = range(len(order)) if places is None else places
        self._pick: _Picker | None = None if places is None else _picker(places)
        self._positions: Sequence[int] | None = order.positions if places is None else None
        self._gathered: dict[RangeValue, Sequence[float]] = {}

    @property
    def positions(self) -> Sequence[int]:
        if self._positions is None:
            self._positions = [self.order.positions[place] for place in self.places]
        return self._positions

    def stretch(self, limits: Iterable[Compare]) -> Stretch:
        """The rows whose numbers are within all of these bounds."""
        first, last = 0, len(self.order)
        for limit in limits:
            bound = self.order.bound(limit)
            if limit.op in (">", ">="):
                first = max(first, bound)
            else:
                last = min(last, bound)
        if self._pick is None:
            return Stretch(self, first, last)
        places = self.places
        return Stretch(self, bisect_left(places, first), bisect_left(places, last))

    def gathered(self, cells: RangeValue, values: Sequence[float]) -> Sequence[float]:
        """The numbers of another column, in the order of the group: those of every stretch stand side by side."""
        found = self._gathered.get(cells)
        if found is None:
            found = self.order.numbers(cells, values)
            if self._pick is not None:
                found = self._pick(found)
            if cells.lasting:
                self._gathered[cells] = found
        return found

    def dealt(self, cells: RangeValue, codes: Sequence[int], count: int) -> dict[int, Group]:
        """The rows of the group for each of `count` codes of another column's cells."""
        ordered = self.order.codes(cells, codes)
        if self._pick is not None:
            ordered = cast("Sequence[int]", self._pick(ordered))
        if count <= _FEW and isinstance(ordered, bytes):
            return {code: group for code in range(count) if (group := self._of(ordered, code)) is not None}
        if count > len(ordered):
            some: defaultdict[int, list[int]] = defaultdict(list)
            for place, code in zip(self.places, ordered, strict=True):
                some[code].append(place)
            return {code: Group(self.order, places) for code, places in some.items()}
        every: list[list[int]] = [[] for _ in range(count)]
        puts = [places.append for places in every]
        for place, code in zip(self.places, ordered, strict=True):
            puts[code](place)
        return {code: Group(self.order, places) for code, places in enumerate(every) if places}

    def _of(self, codes: bytes, code: int) -> Group | None:
        """The rows of the group with one of a few codes."""
        places = list(compress(self.places, codes.translate(_IS[code])))
        return Group(self.order, places) if places else None


class Stretch(Sequence[int]):
    """Positions that follow each other in an order. Never changed once made."""

    __slots__ = ("first", "last", "whole")

    def __init__(self, whole: Group, first: int, last: int) -> None:
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
    def __getitem__(self, at: slice) -> Sequence[int]: ...

    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        return self.whole.positions[self.first : self.last][at]


def _picker(places: Sequence[int]) -> _Picker:
    """What picks the cells at some places, many at once."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: [cells[place] for place in places]
