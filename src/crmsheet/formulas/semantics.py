"""How Excel treats values: coercion, arithmetic, comparison, joining.

Knows the rules for blanks, texts that look like numbers, logical values and errors, in one place.
Does not know functions, ranges or criteria (`criteria` has the rules of COUNTIF and its family).
Every function here takes any values and gives a value; an error that comes in goes out, the left one first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from crmsheet.excel.dates import shift
from crmsheet.excel.limits import CELL_TEXT, EXACT_INTEGER
from crmsheet.excel.numbers import general_text, number_in, to_fifteen_digits
from crmsheet.excel.values import ExcelError, Value

_NUMBERS: Final = (float, int)
NumberOrError: TypeAlias = float | ExcelError
TextOrError: TypeAlias = str | ExcelError
BooleanOrError: TypeAlias = bool | ExcelError


@lru_cache(maxsize=65536)
def _text_number(text: str, _shift: int) -> float | None:
    """What a text reads as; dates among texts depend on the workbook's date system."""
    return number_in(text)


def number(value: Value) -> NumberOrError:
    """A value where a number is needed: blank is 0, TRUE is 1, a text must look like a number."""
    kind = value.__class__
    if kind is float or kind is int:
        return value  # type: ignore[return-value] # its class was looked at
    if value is None:
        return 0
    if isinstance(value, ExcelError):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        found = _text_number(value, shift())
        return ExcelError.VALUE if found is None else found
    return value


def text(value: Value) -> TextOrError:
    """A value where a text is needed: blank is empty, numbers in their General form."""
    if isinstance(value, str | ExcelError):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return general_text(value)


def boolean(value: Value) -> BooleanOrError:
    """A value where a logical one is needed: 0 and blank are FALSE; of the texts only TRUE and FALSE do."""
    if isinstance(value, bool | ExcelError):
        return value
    if value is None:
        return False
    if isinstance(value, str):
        word = value.upper()
        return word == "TRUE" if word in ("TRUE", "FALSE") else ExcelError.VALUE
    return value != 0


def result(value: Value) -> Value:
    """What a cell shows whose formula gave this value: a formula never leaves its cell blank."""
    if value is None:
        return 0
    if isinstance(value, str) and len(value) > CELL_TEXT:
        return ExcelError.VALUE
    return value


def checked(value: float) -> NumberOrError:
    """A computed number as Excel keeps it: too large is #NUM!, whole numbers past 2^53 lose their ends."""
    if isinstance(value, int):
        if -EXACT_INTEGER <= value <= EXACT_INTEGER:
            return value
        try:
            value = float(value)
        except OverflowError:
            return ExcelError.NUM
    return value if math.isfinite(value) else ExcelError.NUM


# Arithmetic


def add(left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    return checked(a + b)


def subtract(left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    return checked(a - b)


def multiply(left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    return checked(a * b)


def divide(left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    return ExcelError.DIV0 if b == 0 else checked(a / b)


def power(left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    if a == 0 and b <= 0:
        return ExcelError.NUM if b == 0 else ExcelError.DIV0
    try:
        answer = float(a) ** b
    except OverflowError:
        return ExcelError.NUM
    if isinstance(answer, complex):
        return ExcelError.NUM
    return checked(answer)


def near_zero_snapped(operation: Callable[[Value, Value], Value], left: Value, right: Value) -> Value:
    """A sum or difference that is the last step of a formula: what is left of rounding alone becomes 0.

    Excel does this for the final operation only: `=0.5-0.4-0.1` is 0, `=1*(0.5-0.4-0.1)` is not
    (Microsoft KB 78113).
    """
    answer = operation(left, right)
    if answer.__class__ is not float or answer == 0:
        return answer
    assert isinstance(answer, float)
    size = number(left)
    if isinstance(size, float | int) and abs(answer) < abs(size) * 2**-48:
        return 0
    return answer


def negative(value: Value) -> Value:
    a = number(value)
    return a if isinstance(a, ExcelError) else -a


def percent(value: Value) -> Value:
    a = number(value)
    return a if isinstance(a, ExcelError) else a / 100


def unchanged(value: Value) -> Value:
    """Unary plus: Excel does not even turn a text into a number."""
    return value


def joined(left: Value, right: Value) -> Value:
    a, b = text(left), text(right)
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    return a + b if len(a) + len(b) <= CELL_TEXT else ExcelError.VALUE


# Comparison


def order(left: Value, right: Value) -> int | ExcelError:
    """-1, 0 or 1. Numbers come before texts before logical values; a blank takes the other's type."""
    if left.__class__ in _NUMBERS and right.__class__ in _NUMBERS:
        return _order_of_numbers(left, right)
    if isinstance(left, ExcelError):
        return left
    if isinstance(right, ExcelError):
        return right
    if left is None:
        left = _blank_like(right)
    if right is None:
        right = _blank_like(left)
    left_rank, right_rank = _rank(left), _rank(right)
    if left_rank != right_rank:
        return -1 if left_rank < right_rank else 1
    if isinstance(left, str) and isinstance(right, str):
        a, b = left.lower(), right.lower()
        return 0 if a == b else -1 if a < b else 1
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    return _order_of_numbers(left, right)


def _order_of_numbers(left: float, right: float) -> int:
    if left == right or to_fifteen_digits(left) == to_fifteen_digits(right):
        return 0
    return -1 if left < right else 1


def equal(left: Value, right: Value) -> Value:
    kind = left.__class__
    if kind is str and right.__class__ is str:
        return left == right or left.lower() == right.lower()  # type: ignore[union-attr] # its class was looked at
    answer = order(left, right)
    return answer if isinstance(answer, ExcelError) else answer == 0


def unequal(left: Value, right: Value) -> Value:
    answer = equal(left, right)
    return answer if isinstance(answer, ExcelError) else not answer


def less(left: Value, right: Value) -> Value:
    answer = order(left, right)
    return answer if isinstance(answer, ExcelError) else answer < 0


def greater(left: Value, right: Value) -> Value:
    answer = order(left, right)
    return answer if isinstance(answer, ExcelError) else answer > 0


def less_or_equal(left: Value, right: Value) -> Value:
    answer = order(left, right)
    return answer if isinstance(answer, ExcelError) else answer <= 0


def greater_or_equal(left: Value, right: Value) -> Value:
    answer = order(left, right)
    return answer if isinstance(answer, ExcelError) else answer >= 0


def _blank_like(other: Value) -> Value:
    if isinstance(other, str):
        return ""
    if isinstance(other, bool):
        return False
    return 0


def _rank(value: Value) -> int:
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


BINARY: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "^": power,
    "&": joined,
    "=": equal,
    "<>": unequal,
    "<": less,
    ">": greater,
    "<=": less_or_equal,
    ">=": greater_or_equal,
}
UNARY: Final[dict[str, Callable[[Value], Value]]] = {"-": negative, "+": unchanged, "%": percent}
