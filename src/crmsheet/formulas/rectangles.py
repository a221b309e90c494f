"""References that are computed: what INDEX cuts out, what `:` puts together, what IF and CHOOSE choose between.

Knows rectangles inside a range. Does not know nodes: `evaluate` compiles the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from crmsheet.excel.values import ExcelError
from crmsheet.formulas import semantics
from crmsheet.formulas.calls import Ranged
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.ranges import RangeValue, single

Corner: TypeAlias = tuple[RangeValue, int, int, int, int] | ExcelError
"""A rectangle inside a range, by its top, left, bottom and right."""
Cornered: TypeAlias = Callable[[int], Corner]


def rectangle(corner: Corner) -> Argument:
    return corner if isinstance(corner, ExcelError) else corner[0].part(*corner[1:])


def cut(cells: Ranged, places: Sequence[Scalar]) -> Cornered:
    """INDEX as the rectangle it cuts out of its first argument; the places are coerced to numbers already."""

    def run(row: int) -> Corner:
        whole = cells(row)
        if not isinstance(whole, RangeValue):
            if isinstance(whole, ExcelError):
                return whole
            whole = single(whole)
        numbers: list[int] = []
        for place in places:
            value = place(row)
            if isinstance(value, ExcelError):
                return value
            assert isinstance(value, int | float)
            numbers.append(int(value))
        if len(numbers) == 1:
            numbers = [0, numbers[0]] if whole.rows == 1 and whole.columns > 1 else [numbers[0], 0]
            if whole.columns > 1 and whole.rows > 1 and numbers[0]:
                return whole, numbers[0] - 1, 0, numbers[0] - 1, whole.columns - 1
        down, right = numbers
        if down < 0 or right < 0:
            return ExcelError.VALUE
        if down > whole.rows or right > whole.columns:
            return ExcelError.REF
        top, bottom = (down - 1, down - 1) if down else (0, whole.rows - 1)
        left, last = (right - 1, right - 1) if right else (0, whole.columns - 1)
        return whole, top, left, bottom, last

    return run


def all_of(cells: Ranged) -> Cornered:
    """The rectangle that is a whole range."""

    def run(row: int) -> Corner:
        whole = cells(row)
        if isinstance(whole, RangeValue):
            return whole, 0, 0, whole.rows - 1, whole.columns - 1
        return whole if isinstance(whole, ExcelError) else ExcelError.VALUE

    return run


def joined(first: Cornered, second: Cornered) -> Ranged:
    """`:` between two rectangles of one range."""

    def run(row: int) -> Argument:
        a, b = first(row), second(row)
        if isinstance(a, ExcelError):
            return a
        if isinstance(b, ExcelError):
            return b
        if a[0] is not b[0]:
            return ExcelError.VALUE
        return a[0].part(min(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3]), max(a[4], b[4]))

    return run


def by_test(decide: Scalar, answers: Sequence[Ranged]) -> Ranged:
    """IF between references."""

    def run(row: int) -> Argument:
        truth = semantics.boolean(decide(row))
        if isinstance(truth, ExcelError):
            return truth
        if truth:
            return answers[0](row)
        return answers[1](row) if len(answers) > 1 else False

    return run


def by_number(which: Scalar, answers: Sequence[Ranged]) -> Ranged:
    """CHOOSE between references; the number is coerced already."""

    def run(row: int) -> Argument:
        index = which(row)
        if isinstance(index, ExcelError):
            return index
        assert isinstance(index, int | float)
        return answers[int(index) - 1](row) if 1 <= int(index) <= len(answers) else ExcelError.VALUE

    return run
