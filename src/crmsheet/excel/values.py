"""The values a cell can hold, as Excel has them.

Knows the Python types that stand for cell values and how they are compared "by meaning".
Does not know formulas, files or number formats.

A date is a serial number (days since 1899-12-30, `excel.dates`), exactly as in the sheet.
"""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Final, TypeAlias, final


@final
class ExcelError(Enum):
    """An error value; the member's value is its text in a cell."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"

    def __repr__(self) -> str:
        return f"ExcelError.{self.name}"


Value: TypeAlias = bool | int | float | str | ExcelError | None
"""A cell's content: `None` is a blank cell, `""` is empty text (what a formula returns)."""


_NUMBERS: Final = frozenset((int, float))


def told_apart(kinds: AbstractSet[type]) -> bool:
    """Whether values of these types that are equal in Python are the same in a cell: 1 and TRUE are not."""
    return bool not in kinds or kinds.isdisjoint(_NUMBERS)


def same_value(left: Value, right: Value) -> bool:
    """Whether two cells mean the same: same type, numbers equal to 15 significant digits.

    Blank and empty text differ; `1` and `1.0` do not; `True` and `1` do.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right or math.isclose(left, right, rel_tol=1e-14, abs_tol=1e-300)
    return type(left) is type(right) and left == right
