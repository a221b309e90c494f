"""Arithmetic functions: rounding, division, powers and logarithms.

Knows Excel's decimal rounding (half away from zero, on 15 digits: ROUND(1.005,2) is 1.01).
Does not know coercion; numbers arrive as numbers.
"""

from __future__ import annotations

import math
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Function, Type, scalar
from crmsheet.formulas.semantics import checked, power
from crmsheet.formulas.semantics import number as number_of

_HALF_UP: Final = "ROUND_HALF_UP"
_UP: Final = "ROUND_UP"
_DOWN: Final = "ROUND_DOWN"
_CEILING: Final = "ROUND_CEILING"
_FLOOR: Final = "ROUND_FLOOR"
"""As `decimal` calls them."""


def _rounded(number: float, digits: float, mode: str) -> Value:
    if not number:
        return number
    from crmsheet.excel.decimals import rounded

    return checked(rounded(number, digits, mode))


def _multiple(number: float, step: float, mode: str) -> Value:
    from crmsheet.excel.decimals import multiple

    return checked(multiple(number, step, mode))


def _round(number: float, digits: float) -> Value:
    return _rounded(number, digits, _HALF_UP)


def _round_up(number: float, digits: float) -> Value:
    return _rounded(number, digits, _UP)


def _round_down(number: float, digits: float) -> Value:
    return _rounded(number, digits, _DOWN)


def _trunc(number: float, digits: float = 0) -> Value:
    return _rounded(number, digits, _DOWN)


def _int(number: float) -> Value:
    return math.floor(number)


def _mod(number: float, divisor: float) -> Value:
    if divisor == 0:
        return ExcelError.DIV0
    return checked(number % divisor)


def _quotient(number: float, divisor: float) -> Value:
    if divisor == 0:
        return ExcelError.DIV0
    return math.trunc(number / divisor)


def _ceiling(number: float, step: float) -> Value:
    if step == 0 or number == 0:
        return 0
    if number > 0 > step:
        return ExcelError.NUM
    return _multiple(number, step, _UP if number < 0 and step < 0 else _CEILING)


def _floor(number: float, step: float) -> Value:
    if number == 0:
        return 0
    if step == 0:
        return ExcelError.DIV0
    if number > 0 > step:
        return ExcelError.NUM
    return _multiple(number, step, _DOWN if number < 0 and step < 0 else _FLOOR)


def _mround(number: float, step: float) -> Value:
    if number == 0 or step == 0:
        return 0
    if (number < 0) != (step < 0):
        return ExcelError.NUM
    return _multiple(number, step, _HALF_UP)


def _sqrt(number: float) -> Value:
    return ExcelError.NUM if number < 0 else math.sqrt(number)


def _exp(number: float) -> Value:
    try:
        return math.exp(number)
    except OverflowError:
        return ExcelError.NUM


def _ln(number: float) -> Value:
    return ExcelError.NUM if number <= 0 else math.log(number)


def _log10(number: float) -> Value:
    return ExcelError.NUM if number <= 0 else math.log10(number)


def _log(number: float, base: float = 10) -> Value:
    if number <= 0 or base <= 0:
        return ExcelError.NUM
    if base == 1:
        return ExcelError.DIV0
    return math.log10(number) if base == 10 else math.log(number) / math.log(base)


def _abs(number: float) -> Value:
    return abs(number)


def _sign(number: float) -> Value:
    return (number > 0) - (number < 0)


def _even(value: Value) -> Value:
    """Of the logical values neither is even or odd."""
    whole = ExcelError.VALUE if isinstance(value, bool) else number_of(value)
    return whole if isinstance(whole, ExcelError) else math.trunc(whole) % 2 == 0


def _odd(value: Value) -> Value:
    answer = _even(value)
    return answer if isinstance(answer, ExcelError) else not answer


FUNCTIONS: Final[tuple[Function, ...]] = (
    scalar("ABS", "number", Type.NUMBER, _abs),
    scalar("ROUND", "number number", Type.NUMBER, _round),
    scalar("ROUNDUP", "number number", Type.NUMBER, _round_up),
    scalar("ROUNDDOWN", "number number", Type.NUMBER, _round_down),
    scalar("TRUNC", "number number?", Type.NUMBER, _trunc),
    scalar("INT", "number", Type.NUMBER, _int),
    scalar("MOD", "number number", Type.NUMBER, _mod),
    scalar("QUOTIENT", "number number", Type.NUMBER, _quotient),
    scalar("CEILING", "number number", Type.NUMBER, _ceiling),
    scalar("FLOOR", "number number", Type.NUMBER, _floor),
    scalar("MROUND", "number number", Type.NUMBER, _mround),
    scalar("SQRT", "number", Type.NUMBER, _sqrt),
    scalar("POWER", "number number", Type.NUMBER, power),
    scalar("EXP", "number", Type.NUMBER, _exp),
    scalar("LN", "number", Type.NUMBER, _ln),
    scalar("LOG", "number number?", Type.NUMBER, _log),
    scalar("LOG10", "number", Type.NUMBER, _log10),
    scalar("SIGN", "number", Type.NUMBER, _sign),
    scalar("PI", "", Type.NUMBER, lambda: math.pi),
    scalar("ISEVEN", "value", Type.BOOLEAN, _even),
    scalar("ISODD", "value", Type.BOOLEAN, _odd),
)
