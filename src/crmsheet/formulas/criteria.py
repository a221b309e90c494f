"""Criteria of COUNTIF, SUMIFS and their family, and wildcards.

Knows which cells a criterion holds for. Does not know ranges or how matching rows are found fast (`indexes`).

The rules (Microsoft's help of COUNTIF; behaviour of Excel where the help is silent):
- a number, or a text that looks like one, equals numbers and texts that look like that number (likewise TRUE,
  FALSE and the errors);
- `=` alone means truly blank, `<>` alone anything but blank, empty text blank or empty text;
- `<>x` holds for everything that `=x` does not, blanks and errors included;
- `<` and its like compare numbers with numbers and texts with texts only;
- `* ? ~` are wildcards in equal and unequal, and match texts only; case never matters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from crmsheet.excel.dates import shift
from crmsheet.excel.limits import CRITERION
from crmsheet.excel.numbers import number_in, to_fifteen_digits
from crmsheet.excel.values import ExcelError, Value
from crmsheet.patterns import regex
from crmsheet.structs import dataclass

Key: TypeAlias = float | str | bool | ExcelError | tuple[str, str | bool] | None
"""What equal cells of a column share: a number to 15 digits (also of a text that looks like one), a text in
lower case, `("boolean", …)`, an error, None for blank."""


@dataclass(frozen=True, slots=True)
class Equal:
    """Holds for cells whose key is one of these."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Unequal:
    """Holds for cells whose key is none of these."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is `<`, `>`, `<=` or `>=`; `bound` a number, or a text in lower case."""

    op: str
    bound: float | str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with wildcards."""

    matches: Callable[[str], object]
    negated: bool


@dataclass(frozen=True, slots=True)
class Never:
    """Holds for no cell."""


Criterion: TypeAlias = Equal | Unequal | Compare | Pattern | Never

_BLANK_OR_EMPTY: Final = Equal((None, ""))
_PREFIX: Final = regex(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_ERRORS: Final = {error.value: error for error in ExcelError}


def key(value: Value) -> Key:
    """The key under which a cell is found by an equality criterion."""
    kind = value.__class__
    if kind is int or kind is float:
        return to_fifteen_digits(value)  # type: ignore[arg-type] # its class was looked at
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, str):
        return _text_key(value, shift())
    return value


@lru_cache(maxsize=65536)
def _text_key(text: str, _shift: int) -> Key:
    """What a text reads as: a number, a logical value, an error, or itself. Dates among texts depend on the
    workbook's date system."""
    number = number_in(text)
    if number is not None:
        return number
    word = text.upper()
    if word in ("TRUE", "FALSE"):
        return ("boolean", word == "TRUE")
    return _ERRORS.get(word) or text.lower()


def criterion(value: Value) -> Criterion | ExcelError:
    """The meaning of a criterion; #VALUE! for a text Excel finds too long."""
    if not isinstance(value, str):
        return Equal((0.0 if value is None else key(value),))
    if len(value) > CRITERION:
        return ExcelError.VALUE
    return _parsed(value, shift())


@lru_cache(maxsize=65536)
def _parsed(text: str, shift_: int) -> Criterion:
    if not text:
        return _BLANK_OR_EMPTY
    match = _PREFIX.fullmatch(text)
    assert match is not None
    op, operand = match[1] or "", match[2]
    if not operand:
        if op == "=":
            return Equal((None,))
        return Unequal((None,)) if op == "<>" else Compare(op, "")
    if op in ("", "=", "<>"):
        if has_wildcards(operand):
            return Pattern(wildcard_matcher(operand), op == "<>")
        found = _text_key(without_escapes(operand), shift_)
        return Unequal((found,)) if op == "<>" else Equal((found,))
    bound = _text_key(operand, shift_)
    if isinstance(bound, tuple | ExcelError):
        return Never()
    return Compare(op, bound if isinstance(bound, int | float) else operand.lower())


def holds(test: Criterion, cell: Value) -> bool:
    """Whether a criterion holds for one cell."""
    match test:
        case Equal(keys):
            return key(cell) in keys
        case Unequal(keys):
            return key(cell) not in keys
        case Compare(op, bound):
            return compares(op, cell, bound)
        case Pattern(matches, negated):
            return (isinstance(cell, str) and bool(matches(cell))) is not negated
        case Never():
            return False


def compares(op: str, cell: Value, bound: float | str) -> bool:
    """Whether a cell of the bound's type stands in the relation to it."""
    if isinstance(bound, str):
        if not isinstance(cell, str):
            return False
        text = cell.lower()
        return {"<": text < bound, ">": text > bound, "<=": text <= bound, ">=": text >= bound}[op]
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    if op == "<":
        return cell < bound
    if op == ">":
        return cell > bound
    return cell <= bound if op == "<=" else cell >= bound


# Wildcards


def has_wildcards(pattern: str) -> bool:
    """Whether a `*` or `?` without its `~` stands in the text."""
    if "*" not in pattern and "?" not in pattern:
        return False
    at = 0
    while at < len(pattern):
        if pattern[at] == "~" and pattern[at + 1 : at + 2] in ("~", "*", "?"):
            at += 1
        elif pattern[at] in "*?":
            return True
        at += 1
    return False


def without_escapes(pattern: str) -> str:
    """The text a pattern without wildcards stands for."""
    return re.sub(r"~([~*?])", r"\1", pattern) if "~" in pattern else pattern


def wildcard_regex(pattern: str) -> str:
    """The regular expression of a pattern."""
    parts = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "~" and pattern[at + 1 : at + 2] in ("~", "*", "?"):
            at += 1
            parts.append(re.escape(pattern[at]))
        elif letter == "*":
            parts.append(".*")
        elif letter == "?":
            parts.append(".")
        else:
            parts.append(re.escape(letter))
        at += 1
    return "".join(parts)


@lru_cache(maxsize=4096)
def wildcard_matcher(pattern: str) -> Callable[[str], object]:
    """A test whether a whole text fits the pattern."""
    return re.compile(wildcard_regex(pattern), re.IGNORECASE | re.DOTALL).fullmatch
