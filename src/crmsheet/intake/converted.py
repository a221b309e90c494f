"""What becomes of raw values: the values of cells, and why some stay as they are.

Knows the reasons. Does not know how a value is converted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from crmsheet.excel.values import Value
from crmsheet.structs import dataclass, field


class Reason(StrEnum):
    """Why a value is not what its field holds."""

    NOT_A_DATE = "not a date"
    YEAR_MISSING = "a date without its year"
    ONLY_A_YEAR = "only a year"
    NOT_A_NUMBER = "not a number"
    NOT_IN_LIST = "not in the list"
    NOT_YES_OR_NO = "neither yes nor no"
    DIGITS_LOST = "digits are missing"
    ERROR_VALUE = "an error value"
    TOO_LONG = "too long for a cell"


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that stays as it is (of a text that is too long: its beginning)."""

    reason: Reason
    value: str
    allowed: tuple[str, ...] = ()
    """Values that would be right, the most similar first."""


@dataclass(frozen=True, slots=True)
class Converted:
    value: Value
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one field in many rows, and by their places the problems of those that do not fit."""

    values: Sequence[Value]
    problems: Mapping[int, Problem] = field(default_factory=dict)
