"""What is remembered about ranges so that looking something up does not mean reading all of it again.

Knows how to find the cells for which criteria hold, and the first cell equal to a value. Meaning comes from
`criteria` and `semantics`; here is only speed. Ranges never change, so nothing is ever forgotten.

Rows for which equality holds come from a group index over all equality columns together; bounds come by bisection
from the rows of the group in order of value; what remains is tested cell by cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from operator import attrgetter
from typing import Final, TypeAlias, TypeVar, cast

from crmsheet.excel.numbers import to_fifteen_digits
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.criteria import (
    Compare,
    Criterion,
    Equal,
    Key,
    Never,
    Pattern,
    Unequal,
    compares,
    key,
)
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.stretches import Extent, Group, Order, Stretch
from crmsheet.structs import dataclass

Test: TypeAlias = Callable[[int], object]
_Codes: TypeAlias = tuple[Sequence[int], list[Key]]
"""Of each row a number, and what the numbers stand for."""
_SORT_FROM: Final = 48
"""Ranges smaller than this are read through; larger ones are worth sorting."""
_REMEMBERED: Final = 4_000_000
"""Positions kept from earlier answers; a few megabytes."""
_NAN: Final = math.nan
_NO_ROWS: Final = Group(Order([]))
_BYTE: Final = 256
_MISSING: Final = object()
_LASTING: Final = attrgetter("lasting")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a range, by position."""

    values: list[float]
    """Zero where there is no number."""
    present: list[bool] | None
    """None when every cell is a number."""
    errors: tuple[tuple[int, ExcelError], ...]


class Indexes:
    """The memory of one evaluation."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Remember nothing; whoever asks again waits again."""
        self._keys: dict[RangeValue, list[Key]] = {}
        self._floats: dict[RangeValue, list[float]] = {}
        self._numbers: dict[RangeValue, Numbers] = {}
        self._groups: dict[tuple[RangeValue, ...], dict[object, list[int]]] = {}
        self._codes: dict[RangeValue, _Codes] = {}
        self._sorted: dict[RangeValue, Group] = {}
        self._dealt: dict[tuple[tuple[RangeValue, ...], tuple[Key, ...], RangeValue], dict[Key, Group]] = {}
        self._extents: dict[RangeValue, Extent] = {}
        self._found: dict[tuple[tuple[RangeValue, ...], tuple[Criterion, ...]], Sequence[int]] = {}
        self._room = _REMEMBERED
        self._places: dict[RangeValue, dict[Key, list[int]]] = {}
        self._memory: dict[tuple[str, RangeValue], object] = {}

    def remembered(self, name: str, cells: RangeValue, compute: Callable[[], _T]) -> _T:
        """What a function computes about a range, computed once if the range lasts."""
        if not cells.lasting:
            return compute()
        known = self._memory.get((name, cells), _MISSING)
        if known is _MISSING:
            known = self._memory[name, cells] = compute()
        return known  # type: ignore[return-value] # what `compute` gave under this name

    # About one range

    def keys(self, cells: RangeValue) -> list[Key]:
        """The criterion key of each cell."""
        found = self._keys.get(cells)
        if found is None:
            if cells.base is not None:
                return self.keys(cells.base)[cells.start : cells.start + len(cells)]
            if bool in set(map(type, cells.cells)):
                # 1 and 1.0 are equal and mean the same; TRUE is equal to them and does not.
                found = list(map(key, cells.cells))
            else:
                known = {value: key(value) for value in set(cells.cells)}
                found = list(map(known.__getitem__, cells.cells))
            if cells.lasting:
                self._keys[cells] = found
        return found

    def floats(self, cells: RangeValue) -> list[float]:
        """Each cell's number, NaN where there is none: no comparison holds for it."""
        found = self._floats.get(cells)
        if found is None:
            found = [
                value if value.__class__ is float or value.__class__ is int else _NAN for value in cells.cells
            ]
            if cells.lasting:
                self._floats[cells] = found
        return found

    def numbers(self, cells: RangeValue) -> Numbers:
        """The numbers of a range with zeros between them."""
        found = self._numbers.get(cells)
        if found is None:
            if set(map(type, cells.cells)) <= {int, float}:
                found = Numbers(list(cells.cells), None, ())  # type: ignore[arg-type] # just looked at
                if cells.lasting:
                    self._numbers[cells] = found
                return found
            values: list[float] = []
            present: list[bool] = []
            errors: list[tuple[int, ExcelError]] = []
            for position, value in enumerate(cells.cells):
                kind = value.__class__
                if kind is float or kind is int:
                    values.append(value)  # type: ignore[arg-type] # its class was looked at
                    present.append(True)
                    continue
                values.append(0)
                present.append(False)
                if isinstance(value, ExcelError):
                    errors.append((position, value))
            found = Numbers(values, None if all(present) else present, tuple(errors))
            if cells.lasting:
                self._numbers[cells] = found
        return found

    def places(self, cells: RangeValue) -> dict[Key, list[int]]:
        """Rising positions of each value as MATCH compares: no text equals a number, no blank anything."""
        found = self._places.get(cells)
        if found is None:
            found = {}
            for position, value in enumerate(cells.cells):
                place = match_key(value)
                if place is not None:
                    found.setdefault(place, []).append(position)
            if cells.lasting:
                self._places[cells] = found
        return found

    # Criteria

    def rows(self, ranges: Sequence[RangeValue], tests: Sequence[Criterion]) -> Sequence[int]:
        """Positions at which every criterion holds, in no particular order; the ranges have one shape."""
        lasting = len(ranges[0]) >= _SORT_FROM and all(map(_LASTING, ranges))
        equal_ranges: list[RangeValue] = []
        equal_keys: list[tuple[Key, ...]] = []
        bounds: dict[RangeValue, list[Compare]] = {}
        others: list[tuple[RangeValue, Criterion]] = []
        # By class and the most frequent first: asked for every figure of every board.
        for cells, test in zip(ranges, tests, strict=True):
            if isinstance(test, Equal):
                equal_ranges.append(cells)
                equal_keys.append(test.keys)
            elif isinstance(test, Compare) and not isinstance(test.bound, str):
                if not lasting or not (extent := self._extent(cells)).within(test):
                    bounds.setdefault(cells, []).append(test)
                elif not extent.complete:
                    others.append((cells, test))
            elif isinstance(test, Never):
                return ()
            elif not isinstance(test, Unequal) or any(k in self.group((cells,)) for k in test.keys):
                others.append((cells, test))
        columns = tuple(equal_ranges)
        if not lasting or (not others and len(bounds) < 2):
            return self._chosen(columns, equal_keys, bounds, others, len(ranges[0]), lasting=lasting)
        ask = (tuple(ranges), tuple(tests))
        found = self._found.get(ask)
        if found is None:
            found = self._chosen(columns, equal_keys, bounds, others, len(ranges[0]), lasting=lasting)
            self._room -= len(found) + 8
            if self._room > 0:
                self._found[ask] = found
        return found

    def _chosen(
        self,
        columns: tuple[RangeValue, ...],
        keys: Sequence[tuple[Key, ...]],
        bounds: dict[RangeValue, list[Compare]],
        others: Sequence[tuple[RangeValue, Criterion]],
        length: int,
        *,
        lasting: bool,
    ) -> Sequence[int]:
        """The rows of one group of some columns, or of several, within bounds, for which other criteria hold."""
        result: Sequence[int] | None = None
        for wanted in product(*keys):
            rows: Sequence[int]
            narrowed: RangeValue | None = None
            if bounds and lasting:
                rows, narrowed = self._narrowest(columns, wanted, bounds)
            elif columns:
                rows = self.group(columns).get(wanted[0] if len(wanted) == 1 else wanted, ())
            else:
                rows = range(length)
            for cells, limits in bounds.items():
                if cells is not narrowed:
                    for limit in limits:
                        rows = _within(self.floats(cells), limit, rows)
            for cells, test in others:
                if isinstance(test, Compare) and not isinstance(test.bound, str):
                    rows = _within(self.floats(cells), test, rows)
                else:
                    holds = self._test(cells, test)
                    rows = [row for row in rows if holds(row)]
            result = rows if result is None else [*result, *rows]
        return () if result is None else result

    def group(self, columns: tuple[RangeValue, ...]) -> dict[object, list[int]]:
        """Rows by the keys of some columns (one key alone, several as a tuple)."""
        found = self._groups.get(columns)
        if found is None:
            found = self._grouped([self._coded(cells) for cells in columns])
            if all(cells.lasting for cells in columns):
                self._groups[columns] = found
        return found

    def _coded(self, cells: RangeValue) -> _Codes:
        """Of each cell a small number for its key: comparing and hashing these is several times faster."""
        found = self._codes.get(cells)
        if found is None:
            numbers: dict[Key, int] = {}
            if cells.base is not None or bool in set(map(type, cells.cells)):
                codes = [numbers.setdefault(one, len(numbers)) for one in self.keys(cells)]
            else:
                known = {
                    value: numbers.setdefault(key(value), len(numbers))
                    for value in dict.fromkeys(cells.cells)
                }
                codes = list(map(known.__getitem__, cells.cells))
            found = bytes(codes) if len(numbers) <= _BYTE else codes, list(numbers)
            if cells.lasting:
                self._codes[cells] = found
        return found

    def _grouped(self, columns: Sequence[_Codes]) -> dict[object, list[int]]:
        (codes, keys), *others = columns
        names: list[object] = list(keys) if not others else [(key,) for key in keys]
        for more, further in others:
            # Pairs of codes that come up are numbered anew: there are no more of them than rows.
            size = len(further)
            known: dict[int, int] = {}
            codes = [known.setdefault(a * size + b, len(known)) for a, b in zip(codes, more, strict=True)]
            names = [(*cast("tuple[Key, ...]", names[pair // size]), further[pair % size]) for pair in known]
        rows: list[list[int]] = [[] for _ in names]
        for position, code in enumerate(codes):
            rows[code].append(position)
        return dict(zip(names, rows, strict=True))

    def _extent(self, cells: RangeValue) -> Extent:
        found = self._extents.get(cells)
        if found is None:
            numbers = [number for number in self.floats(cells) if not math.isnan(number)]
            found = self._extents[cells] = Extent(
                min(numbers, default=math.inf), max(numbers, default=-math.inf), len(numbers) == len(cells)
            )
        return found

    def _narrowest(
        self, columns: tuple[RangeValue, ...], group: tuple[Key, ...], bounds: dict[RangeValue, list[Compare]]
    ) -> tuple[Stretch, RangeValue]:
        """Of a group's rows those within the bounds of one column: that which leaves the fewest."""
        best: tuple[Stretch, RangeValue] | None = None
        for cells, limits in bounds.items():
            found = self._ordered(columns, group, cells).stretch(limits)
            if best is None or len(found) < len(best[0]):
                best = found, cells
        assert best is not None
        return best

    def _ordered(self, columns: tuple[RangeValue, ...], group: tuple[Key, ...], cells: RangeValue) -> Group:
        """The rows of a group by a column's numbers. The column is sorted once; its rows are dealt to the groups of the
        first column in that order, those of a group to the groups of the next column."""
        if not columns:
            whole = self._sorted.get(cells)
            if whole is None:
                whole = self._sorted[cells] = Group(Order(self.floats(cells)))
            return whole
        place = columns, group[:-1], cells
        parts = self._dealt.get(place)
        if parts is None:
            codes, keys = self._coded(columns[-1])
            dealt = self._ordered(columns[:-1], group[:-1], cells).dealt(columns[-1], codes, len(keys))
            parts = self._dealt[place] = {keys[code]: found for code, found in dealt.items()}
        return parts.get(group[-1], _NO_ROWS)

    def _test(self, cells: RangeValue, test: Criterion) -> Test:
        """A test of one cell by position."""
        match test:
            case Unequal(keys):
                all_keys = self.keys(cells)
                if len(keys) == 1:
                    unwanted = keys[0]
                    return lambda row: all_keys[row] != unwanted
                return lambda row: all_keys[row] not in keys
            case Pattern(matches, negated):
                values = cells.cells
                return lambda row: (isinstance(v := values[row], str) and bool(matches(v))) is not negated
            case Compare(op, bound):
                values = cells.cells
                return lambda row: compares(op, values[row], bound)
            case Equal(keys):
                all_keys = self.keys(cells)
                return lambda row: all_keys[row] in keys
            case Never():
                return lambda _row: False


def _within(floats: list[float], limit: Compare, rows: Sequence[int]) -> list[int]:
    bound = limit.bound
    assert not isinstance(bound, str)
    match limit.op:
        case ">":
            return [row for row in rows if floats[row] > bound]
        case ">=":
            return [row for row in rows if floats[row] >= bound]
        case "<":
            return [row for row in rows if floats[row] < bound]
        case _:
            return [row for row in rows if floats[row] <= bound]


def match_key(value: Value) -> Key:
    """The key of a value for exact look-ups; None for what is never found (blanks and errors)."""
    kind = value.__class__
    if kind is str:
        return ("text", value.lower())  # type: ignore[union-attr] # its class was looked at
    if kind is int or kind is float:
        return to_fifteen_digits(value)  # type: ignore[arg-type] # its class was looked at
    if isinstance(value, bool):
        return ("boolean", value)
    return None
