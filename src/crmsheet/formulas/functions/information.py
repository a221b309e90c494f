"""Functions that ask what kind of value something is.

Knows the kinds. Errors are looked at here, not passed on.
"""

from __future__ import annotations

from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Function, Type, scalar


def _is_blank(value: Value) -> Value:
    return value is None


def _is_number(value: Value) -> Value:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Value) -> Value:
    return isinstance(value, str)


def _is_nontext(value: Value) -> Value:
    return not isinstance(value, str)


def _is_logical(value: Value) -> Value:
    return isinstance(value, bool)


def _is_error(value: Value) -> Value:
    return isinstance(value, ExcelError)


def _is_err(value: Value) -> Value:
    return isinstance(value, ExcelError) and value is not ExcelError.NA


def _is_na(value: Value) -> Value:
    return value is ExcelError.NA


def _na() -> Value:
    return ExcelError.NA


FUNCTIONS: Final[tuple[Function, ...]] = (
    scalar("ISBLANK", "any", Type.BOOLEAN, _is_blank),
    scalar("ISNUMBER", "any", Type.BOOLEAN, _is_number),
    scalar("ISTEXT", "any", Type.BOOLEAN, _is_text),
    scalar("ISNONTEXT", "any", Type.BOOLEAN, _is_nontext),
    scalar("ISLOGICAL", "any", Type.BOOLEAN, _is_logical),
    scalar("ISERROR", "any", Type.BOOLEAN, _is_error),
    scalar("ISERR", "any", Type.BOOLEAN, _is_err),
    scalar("ISNA", "any", Type.BOOLEAN, _is_na),
    scalar("NA", "", Type.ANY, _na),
)
