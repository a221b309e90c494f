"""SUMIFS and its family.

Knows how matching cells are folded. Which cells match: `criteria` and `indexes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.criteria import Criterion, criterion
from crmsheet.formulas.functions.table import Argument, Function, Type, ranges
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import checked
from crmsheet.formulas.stretches import Stretch


def _matching(
    indexes: Indexes, shape: RangeValue | None, arguments: Sequence[Argument]
) -> Sequence[int] | ExcelError:
    """Positions for which all pairs of range and criterion hold."""
    cells: list[RangeValue] = []
    tests: list[Criterion] = []
    for place in range(0, len(arguments), 2):
        where, wanted = arguments[place], arguments[place + 1]
        if isinstance(where, ExcelError):
            return where
        if not isinstance(where, RangeValue) or isinstance(wanted, RangeValue):
            return ExcelError.VALUE
        if shape is None:
            shape = where
        elif where.rows != shape.rows or where.columns != shape.columns:
            return ExcelError.VALUE
        test = criterion(wanted)
        if isinstance(test, ExcelError):
            return test
        cells.append(where)
        tests.append(test)
    return indexes.rows(cells, tests)


def _numbers_at(indexes: Indexes, cells: RangeValue, rows: Sequence[int]) -> Sequence[float] | ExcelError:
    """The numbers at some positions, or the first error there."""
    numbers = indexes.numbers(cells)
    if numbers.errors:
        wanted = set(rows)
        for position, error in numbers.errors:
            if position in wanted:
                return error
    if numbers.present is None:
        if isinstance(rows, Stretch):
            return rows.whole.gathered(cells, numbers.values)[rows.first : rows.last]
        return list(map(numbers.values.__getitem__, rows))
    present = numbers.present
    return [numbers.values[row] for row in rows if present[row]]


def _sum_at(indexes: Indexes, cells: RangeValue, rows: Sequence[int]) -> Value:
    numbers = indexes.numbers(cells)
    if numbers.errors:
        found = _numbers_at(indexes, cells, rows)
        if isinstance(found, ExcelError):
            return found
    if isinstance(rows, Stretch):
        # Blanks count as zeros.
        answer = math.fsum(rows.whole.gathered(cells, numbers.values)[rows.first : rows.last])
    else:
        answer = math.fsum(map(numbers.values.__getitem__, rows))
    return int(answer) if answer.is_integer() and abs(answer) < 2**53 else checked(answer)


def _average_at(indexes: Indexes, cells: RangeValue, rows: Sequence[int]) -> Value:
    values = _numbers_at(indexes, cells, rows)
    if isinstance(values, ExcelError):
        return values
    return checked(math.fsum(values) / len(values)) if values else ExcelError.DIV0


def _largest_at(indexes: Indexes, cells: RangeValue, rows: Sequence[int]) -> Value:
    values = _numbers_at(indexes, cells, rows)
    return values if isinstance(values, ExcelError) else max(values, default=0)


def _smallest_at(indexes: Indexes, cells: RangeValue, rows: Sequence[int]) -> Value:
    values = _numbers_at(indexes, cells, rows)
    return values if isinstance(values, ExcelError) else min(values, default=0)


FOLDS: Final[dict[str, Callable[[Indexes, RangeValue, Sequence[int]], Value]]] = {
    "SUMIFS": _sum_at,
    "AVERAGEIFS": _average_at,
    "MAXIFS": _largest_at,
    "MINIFS": _smallest_at,
}
"""What becomes of the matching cells."""


def _countif(indexes: Indexes, *arguments: Argument) -> Value:
    rows = _matching(indexes, None, arguments)
    return rows if isinstance(rows, ExcelError) else len(rows)


def _folding(name: str) -> Callable[..., Value]:
    fold = FOLDS[name]

    def call(indexes: Indexes, cells: Argument, *arguments: Argument) -> Value:
        if not isinstance(cells, RangeValue):
            return cells if isinstance(cells, ExcelError) else ExcelError.VALUE
        rows = _matching(indexes, cells, arguments)
        return rows if isinstance(rows, ExcelError) else fold(indexes, cells, rows)

    return call


_sumifs, _averageifs, _maxifs, _minifs = map(_folding, FOLDS)


def _sumif(indexes: Indexes, where: Argument, wanted: Argument, cells: Argument | None = None) -> Value:
    target = _same_shape(where, cells)
    return ExcelError.VALUE if target is None else _sumifs(indexes, target, where, wanted)


def _averageif(indexes: Indexes, where: Argument, wanted: Argument, cells: Argument | None = None) -> Value:
    target = _same_shape(where, cells)
    return ExcelError.VALUE if target is None else _averageifs(indexes, target, where, wanted)


def _same_shape(where: Argument, cells: Argument | None) -> RangeValue | None:
    """The cells to fold; Excel gives them the shape of the criteria range, cutting what is too long."""
    if not isinstance(where, RangeValue):
        return None
    if cells is None:
        return where
    if not isinstance(cells, RangeValue) or cells.rows < where.rows or cells.columns < where.columns:
        return None
    return cells.part(0, 0, where.rows - 1, where.columns - 1)


def _first(_count: int) -> tuple[int, ...]:
    return (0,)


FUNCTIONS: Final[tuple[Function, ...]] = (
    ranges("COUNTIF", "reference criterion", Type.NUMBER, _countif),
    ranges("COUNTIFS", "reference criterion reference* criterion*", Type.NUMBER, _countif),
    ranges("SUMIF", "reference criterion reference?", Type.NUMBER, _sumif),
    ranges("SUMIFS", "reference reference criterion reference* criterion*", Type.NUMBER, _sumifs),
    ranges("AVERAGEIF", "reference criterion reference?", Type.NUMBER, _averageif),
    ranges(
        "AVERAGEIFS",
        "reference reference criterion reference* criterion*",
        Type.NUMBER,
        _averageifs,
        like=_first,
    ),
    ranges(
        "MAXIFS",
        "reference reference criterion reference* criterion*",
        Type.NUMBER,
        _maxifs,
        2019,
        _first,
        "_xlfn.",
    ),
    ranges(
        "MINIFS",
        "reference reference criterion reference* criterion*",
        Type.NUMBER,
        _minifs,
        2019,
        _first,
        "_xlfn.",
    ),
)
