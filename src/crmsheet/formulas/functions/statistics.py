"""Functions over all numbers of some cells: sums, counts, extremes, ranks.

Knows what counts: in cells only numbers do (texts that look like numbers and logical values are left out),
among plain arguments whatever can be a number. Does not know criteria (`conditional`).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Argument, Function, Type, ranges
from crmsheet.formulas.indexes import Indexes, Numbers
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import checked, number


def numbers_of(numbers: Numbers) -> list[float]:
    """Only the numbers."""
    if numbers.present is None:
        return numbers.values
    return [value for value, present in zip(numbers.values, numbers.present, strict=True) if present]


def _gathered(indexes: Indexes, arguments: Sequence[Argument]) -> list[float] | ExcelError:
    """All numbers of some arguments, or the first error among them."""
    if len(arguments) == 1 and isinstance(arguments[0], RangeValue) and len(arguments[0]) > 1:
        numbers = indexes.numbers(arguments[0])
        return numbers.errors[0][1] if numbers.errors else numbers_of(numbers)
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, RangeValue):
            for cell in argument.cells:
                kind = cell.__class__
                if kind is float or kind is int:
                    found.append(cell)  # type: ignore[arg-type] # its class was looked at
                elif isinstance(cell, ExcelError):
                    return cell
        else:
            one = number(argument)
            if isinstance(one, ExcelError):
                return one
            found.append(one)
    return found


def total(values: Sequence[float]) -> float:
    """The sum, rounded once; whole numbers stay whole."""
    answer = math.fsum(values)
    return int(answer) if answer.is_integer() and abs(answer) < 2**53 else answer


def mean(values: Sequence[float]) -> Value:
    return checked(math.fsum(values) / len(values)) if values else ExcelError.DIV0


def median(values: Sequence[float]) -> Value:
    if not values:
        return ExcelError.NUM
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _largest(values: Sequence[float]) -> Value:
    return max(values, default=0)


def _smallest(values: Sequence[float]) -> Value:
    return min(values, default=0)


def _product(values: Sequence[float]) -> Value:
    try:
        return checked(math.prod(values)) if values else 0
    except OverflowError:
        return ExcelError.NUM


def _variance(values: Sequence[float], spare: int) -> Value:
    if len(values) <= spare:
        return ExcelError.DIV0
    middle = math.fsum(values) / len(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - spare)


def _deviation(values: Sequence[float]) -> Value:
    answer = _variance(values, 1)
    return answer if isinstance(answer, ExcelError) else math.sqrt(float(answer))  # type: ignore[arg-type] # a number when it is no error


def _deviation_p(values: Sequence[float]) -> Value:
    answer = _variance(values, 0)
    return answer if isinstance(answer, ExcelError) else math.sqrt(float(answer))  # type: ignore[arg-type] # a number when it is no error


def _over(fold: Callable[[list[float]], Value]) -> Callable[..., Value]:
    """A function of all numbers of its arguments."""

    def call(indexes: Indexes, *arguments: Argument) -> Value:
        values = _gathered(indexes, arguments)
        return values if isinstance(values, ExcelError) else fold(values)

    return call


def _sum(values: list[float]) -> Value:
    try:
        return checked(total(values))
    except OverflowError:
        return ExcelError.NUM


def _count(_indexes: Indexes, *arguments: Argument) -> Value:
    count = 0
    for argument in arguments:
        if isinstance(argument, RangeValue):
            count += sum(cell.__class__ is float or cell.__class__ is int for cell in argument.cells)
        else:
            count += not isinstance(number(argument), ExcelError)
    return count


def _counta(_indexes: Indexes, *arguments: Argument) -> Value:
    return sum(
        sum(cell is not None for cell in argument.cells) if isinstance(argument, RangeValue) else 1
        for argument in arguments
    )


def _countblank(_indexes: Indexes, cells: Argument) -> Value:
    if not isinstance(cells, RangeValue):
        return ExcelError.VALUE
    return sum(cell is None or cell == "" for cell in cells.cells)


# Ranks


def _ordered(indexes: Indexes, cells: Argument) -> list[float] | ExcelError:
    """The numbers of a range in rising order, remembered."""
    if not isinstance(cells, RangeValue):
        one = number(cells)
        return one if isinstance(one, ExcelError) else [one]
    whole = cells

    def compute() -> list[float] | ExcelError:
        numbers = indexes.numbers(whole)
        return numbers.errors[0][1] if numbers.errors else sorted(numbers_of(numbers))

    return indexes.remembered("ordered", cells, compute)


def _large(indexes: Indexes, cells: Argument, k: float) -> Value:
    ordered = _ordered(indexes, cells)
    if isinstance(ordered, ExcelError):
        return ordered
    place = math.ceil(k)
    return ordered[-place] if 1 <= place <= len(ordered) else ExcelError.NUM


def _small(indexes: Indexes, cells: Argument, k: float) -> Value:
    ordered = _ordered(indexes, cells)
    if isinstance(ordered, ExcelError):
        return ordered
    place = int(k)
    return ordered[place - 1] if 1 <= place <= len(ordered) else ExcelError.NUM


def _rank(indexes: Indexes, value: float, cells: Argument, rising: float = 0) -> Value:
    ordered = _ordered(indexes, cells)
    if isinstance(ordered, ExcelError):
        return ordered
    first, past = bisect_left(ordered, value), bisect_right(ordered, value)
    if first == past:
        return ExcelError.NA
    return first + 1 if rising else len(ordered) - past + 1


def _percentile(indexes: Indexes, cells: Argument, share: float) -> Value:
    ordered = _ordered(indexes, cells)
    if isinstance(ordered, ExcelError):
        return ordered
    if not ordered or not 0 <= share <= 1:
        return ExcelError.NUM
    place = (len(ordered) - 1) * share
    low = int(place)
    if low + 1 >= len(ordered):
        return ordered[-1]
    return ordered[low] + (ordered[low + 1] - ordered[low]) * (place - low)


def _quartile(indexes: Indexes, cells: Argument, quarter: float) -> Value:
    if not 0 <= quarter < 5:
        return ExcelError.NUM
    return _percentile(indexes, cells, int(quarter) / 4)


# One function by number

_BY_NUMBER: Final[dict[int, Callable[[list[float]], Value]]] = {
    1: mean,
    4: _largest,
    5: _smallest,
    6: _product,
    7: _deviation,
    8: _deviation_p,
    9: _sum,
    12: median,
}


def _subtotal(indexes: Indexes, code: float, *arguments: Argument) -> Value:
    """Without filters; nested SUBTOTALs in the range are not recognised."""
    which = int(code) % 100
    if which == 2:
        return _count(indexes, *arguments)
    if which == 3:
        return _counta(indexes, *arguments)
    fold = _BY_NUMBER.get(which)
    if fold is None or which == 12 or not (1 <= code < 12 or 101 <= code < 112):
        return ExcelError.VALUE
    values = _gathered(indexes, arguments)
    return values if isinstance(values, ExcelError) else fold(values)


def _aggregate(indexes: Indexes, code: float, option: float, cells: Argument, k: Value = None) -> Value:
    """Functions 14 to 17 take a computed array; option 6 leaves errors out."""
    which, skip = int(code), int(option) in (2, 3, 6, 7)
    if not isinstance(cells, RangeValue):
        cells = RangeValue(1, 1, (cells,))
    numbers = indexes.numbers(cells)
    if numbers.errors and not skip:
        return numbers.errors[0][1]
    if which == 2:
        return len(numbers_of(numbers))
    if which == 3:
        return sum(cell is not None and not isinstance(cell, ExcelError) for cell in cells.cells)
    values = numbers_of(numbers)
    if which in _BY_NUMBER:
        return _BY_NUMBER[which](values)
    if k is None or which not in (14, 15, 16, 17):
        return ExcelError.VALUE
    place = number(k)
    if isinstance(place, ExcelError):
        return place
    found = RangeValue(len(values), 1, values, computed=True)
    fresh = Indexes()
    match which:
        case 14:
            return _large(fresh, found, place)
        case 15:
            return _small(fresh, found, place)
        case 16:
            return _percentile(fresh, found, place)
        case _:
            return _quartile(fresh, found, place)


def _first(_count: int) -> tuple[int, ...]:
    return (0,)


FUNCTIONS: Final[tuple[Function, ...]] = (
    ranges("SUM", "range range*", Type.NUMBER, _over(_sum)),
    ranges("PRODUCT", "range range*", Type.NUMBER, _over(_product)),
    ranges("COUNT", "range range*", Type.NUMBER, _count),
    ranges("COUNTA", "range range*", Type.NUMBER, _counta),
    ranges("COUNTBLANK", "reference", Type.NUMBER, _countblank),
    ranges("AVERAGE", "range range*", Type.NUMBER, _over(mean), like=_first),
    ranges("MIN", "range range*", Type.NUMBER, _over(_smallest), like=range),
    ranges("MAX", "range range*", Type.NUMBER, _over(_largest), like=range),
    ranges("MEDIAN", "range range*", Type.NUMBER, _over(median), like=_first),
    ranges("STDEV", "range range*", Type.NUMBER, _over(_deviation)),
    ranges("STDEV.S", "range range*", Type.NUMBER, _over(_deviation), 2010, prefix="_xlfn."),
    ranges("STDEV.P", "range range*", Type.NUMBER, _over(_deviation_p), 2010, prefix="_xlfn."),
    ranges("LARGE", "range number", Type.NUMBER, _large, like=_first),
    ranges("SMALL", "range number", Type.NUMBER, _small, like=_first),
    ranges("RANK", "number reference number?", Type.NUMBER, _rank),
    ranges("RANK.EQ", "number reference number?", Type.NUMBER, _rank, 2010, prefix="_xlfn."),
    ranges("PERCENTILE", "range number", Type.NUMBER, _percentile),
    ranges("PERCENTILE.INC", "range number", Type.NUMBER, _percentile, 2010, prefix="_xlfn."),
    ranges("QUARTILE", "range number", Type.NUMBER, _quartile),
    ranges("QUARTILE.INC", "range number", Type.NUMBER, _quartile, 2010, prefix="_xlfn."),
    ranges("SUBTOTAL", "number reference reference*", Type.NUMBER, _subtotal),
    ranges("AGGREGATE", "number number array value?", Type.NUMBER, _aggregate, 2010, prefix="_xlfn."),
)
