"""Cells of a column as values of one type.

Knows field types, Excel's dates, and which numbers are exact. A cell that does not fit its type has no value, and is
told. Does not know what fields mean. Works inside the date system of the workbook (`excel.dates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple, assert_never

from crmsheet.excel.dates import date_of, datetime_of
from crmsheet.excel.numbers import general_text, to_fifteen_digits
from crmsheet.excel.values import ExcelError, Value
from crmsheet.export.relations import Datum, Stored
from crmsheet.model.spec import FieldType

PLACES: Final = 4
"""Decimal places of exact amounts."""
_STEP: Final = Decimal(1).scaleb(-PLACES)
_MOST_EXACT: Final = Decimal(10) ** 15
"""Amounts from here on have no exact form with that many places."""
_EXACT_WHOLE: Final = 2**53


class Typed(NamedTuple):
    """`misfits` are the indexes of cells that had something else."""

    stored: Stored
    values: tuple[Datum, ...]
    misfits: tuple[int, ...]


def stored_as(kind: FieldType) -> Stored:
    """The type of the column that a field of a type becomes, if all of its values fit."""
    match kind:
        case FieldType.NUMBER | FieldType.PERCENT | FieldType.SENTIMENT_SCORE:
            return Stored.DOUBLE
        case FieldType.INTEGER | FieldType.RATING:
            return Stored.INTEGER
        case FieldType.CURRENCY:
            return Stored.DECIMAL
        case FieldType.DATE:
            return Stored.DATE
        case FieldType.DATETIME:
            return Stored.DATETIME
        case FieldType.BOOLEAN:
            return Stored.BOOLEAN
        case (
            FieldType.TEXT
            | FieldType.LONG_TEXT
            | FieldType.CHOICE
            | FieldType.MULTI_CHOICE
            | FieldType.REFERENCE
            | FieldType.LOOKUP
            | FieldType.ROLLUP
            | FieldType.FORMULA
            | FieldType.TOPIC
            | FieldType.TOPIC_WORDS
            | FieldType.ID
            | FieldType.EMAIL
            | FieldType.PHONE
            | FieldType.URL
        ):
            return Stored.TEXT
        case _:
            assert_never(kind)


def typed(kind: FieldType, values: Sequence[Value], *, computed: bool = False) -> Typed:
    """A column's cells. Whole numbers and amounts that are not all exact make it a column of doubles; computed
    amounts are rounded to the places there are."""
    stored = stored_as(kind)
    if stored is Stored.INTEGER and not all(_is_whole(v) for v in _numbers(values)):
        stored = Stored.DOUBLE
    if stored is Stored.DECIMAL and not all(_is_exact(v, computed) for v in _numbers(values)):
        stored = Stored.DOUBLE
    found: list[Datum] = []
    misfits: list[int] = []
    for index, value in enumerate(values):
        datum = None if value is None or value == "" else _datum(stored, value)
        if datum is None and value is not None and value != "":
            misfits.append(index)
        found.append(datum)
    return Typed(stored, tuple(found), tuple(misfits))


def _numbers(values: Iterable[Value]) -> Iterable[float]:
    return (v for v in values if isinstance(v, int | float) and not isinstance(v, bool))


def _is_whole(value: float) -> bool:
    return float(to_fifteen_digits(value)).is_integer() and abs(value) <= _EXACT_WHOLE


def _is_exact(value: float, computed: bool) -> bool:
    number = _decimal(value)
    return abs(number) < _MOST_EXACT and (computed or number == number.quantize(_STEP))


def _decimal(value: float) -> Decimal:
    return Decimal(repr(to_fifteen_digits(value)))


def _datum(stored: Stored, value: Value) -> Datum:
    """One value; None for what is not of the type."""
    if isinstance(value, ExcelError) or value is None:
        return None
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    match stored:
        case Stored.TEXT:
            if isinstance(value, str):
                return value
            return ("TRUE" if value else "FALSE") if number is None else general_text(number)
        case Stored.BOOLEAN:
            # A truth value that LibreOffice saved may be a number.
            return value if isinstance(value, bool) else bool(number) if number in (0, 1) else None
        case Stored.INTEGER:
            return None if number is None else round(number)
        case Stored.DOUBLE:
            return None if number is None else float(number)
        case Stored.DECIMAL:
            try:
                return None if number is None else _decimal(number).quantize(_STEP)
            except InvalidOperation:
                return None
        case Stored.DATE | Stored.DATETIME:
            if number is None:
                return None
            try:
                return date_of(number) if stored is Stored.DATE else datetime_of(number)
            except (ValueError, OverflowError):
                return None
        case _:
            assert_never(stored)
