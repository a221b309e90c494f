"""Operators of formulas over whole columns: the same values as row by row, sooner.

Knows which values need no look at their digits or kinds. What the operators mean otherwise: `semantics`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence, Set
from itertools import repeat
from typing import Final, cast

from crmsheet.excel.limits import EXACT_INTEGER
from crmsheet.excel.values import Value
from crmsheet.formulas.semantics import BINARY

_LARGEST: Final = 1e300
_FAR_APART: Final = 1e-12
"""Numbers that differ by more of their size differ in their first fifteen digits."""
_PLAINLY: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_NEAR: Final = 1e-11
_NUMBERS: Final = {int, float}
_NUMBERS_AND_BLANK: Final = {int, float, type(None)}


def compared(op: str, lefts: Sequence[Value], rights: Sequence[Value]) -> list[Value]:
    """A comparison row by row; numbers that are far apart need no look at their digits."""
    operation, plainly = BINARY[op], _PLAINLY[op]
    found: list[Value] = []
    add = found.append
    for a, b in zip(lefts, rights, strict=True):
        if (
            (a.__class__ is float or a.__class__ is int)
            and (b.__class__ is float or b.__class__ is int)
            and abs(a - b) > _FAR_APART * (abs(a) + abs(b))
        ):
            add(plainly(a, b))
        else:
            add(operation(a, b))
    return found


def compared_to_one(op: str, lefts: Sequence[Value], kinds: Set[type], one: Value) -> list[Value] | None:
    """A comparison of values of these types with one value for all rows; None where nothing simple can be said of
    them."""
    kind = type(one)
    if kinds <= _NUMBERS_AND_BLANK and type(None) in kinds and kind in _NUMBERS:
        # A blank is 0 beside a number.
        lefts = [0 if value is None else value for value in lefts]
        kinds = _NUMBERS
    if kinds <= _NUMBERS and isinstance(one, int | float) and kind in _NUMBERS:
        found: list[Value] = list(map(_PLAINLY[op], cast("Sequence[float]", lefts), repeat(one)))
        low, high = one - abs(one) * _NEAR, one + abs(one) * _NEAR
        for index, value in enumerate(cast("Sequence[float]", lefts)):
            if low <= value <= high:
                found[index] = BINARY[op](value, one)
        return found
    if op not in ("=", "<>") or not isinstance(one, str):
        return None
    if kinds <= _NUMBERS:
        # No number equals a text.
        return [op == "<>"] * len(lefts)
    if kinds == {str} and not one:
        return list(map(_PLAINLY[op], cast("Sequence[float]", lefts), cast("repeat[float]", repeat(one))))
    return None


def picked(cells: Sequence[Value], numbers: Sequence[Value]) -> list[Value] | None:
    """The cells with these numbers, the first is 1; None where one is no number of a cell."""
    if not set(map(type, numbers)) <= _NUMBERS:
        return None
    places = list(map(int, cast("Sequence[float]", numbers)))
    if min(places) < 1 or max(places) > len(cells):
        return None
    return [cells[place - 1] for place in places]


def multiplied(lefts: Sequence[Value], rights: Sequence[Value]) -> list[Value]:
    operation = BINARY["*"]
    if set(map(type, lefts)) <= _NUMBERS and set(map(type, rights)) <= _NUMBERS:
        products = list(map(operator.mul, cast("Sequence[float]", lefts), cast("Sequence[float]", rights)))
        most = _LARGEST if set(map(type, products)) == {float} else EXACT_INTEGER
        if products and min(products) > -most and max(products) < most:
            return cast("list[Value]", products)
    found: list[Value] = []
    add = found.append
    for a, b in zip(lefts, rights, strict=True):
        if (a.__class__ is float or a.__class__ is int) and (b.__class__ is float or b.__class__ is int):
            product = a * b
            if product.__class__ is float and -_LARGEST < product < _LARGEST:
                add(product)
                continue
        add(operation(a, b))
    return found
