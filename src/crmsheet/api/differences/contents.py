"""One cell's content, as data and as people see it.

Knows number formats, dates and formulas that people typed. Does not know whose cell it is.
"""

from __future__ import annotations

from crmsheet.api.differences.found import Content, Data
from crmsheet.compile import theme
from crmsheet.excel.dates import date_of, datetime_of, shift
from crmsheet.excel.number_formats import formatted
from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import ExcelError, Value, same_value
from crmsheet.model.spec import Field, FieldType, Model
from crmsheet.model.words import Language

_DATES = (FieldType.DATE, FieldType.DATETIME)


def kind_of(field: Field) -> FieldType:
    """The type of a field's values."""
    return field.result if field.type.computed else field.type


def meaning(value: Value, kind: FieldType) -> Value:
    """What a cell's value means: empty text is blank, a date is its serial from 1900. To be called in the date system
    of the workbook."""
    if value == "":
        return None
    if kind in _DATES and isinstance(value, int | float) and not isinstance(value, bool):
        return value + shift()
    return value


def same(old: Value, new: Value) -> bool:
    """Whether two values mean the same."""
    return old is new or same_value(old, new)


def format_of(field: Field, model: Model, language: Language) -> str:
    """The number format of a field's cells."""
    return theme.number_format(kind_of(field), field.format, language, model.currency)


def content(value: Value, kind: FieldType, code: str, formula: str = "") -> Content:
    """A value with serials from 1900 as data and as shown."""
    return Content(_data(value, kind), shown(value, code), "=" + formula if formula else "")


def shown(value: Value, code: str) -> str:
    """A value as its cell shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            text = formatted(value, code) if code and code != "@" else None
            return text if isinstance(text, str) and text else general_text(value)
        case ExcelError():
            return value.value
        case str():
            return value


def _data(value: Value, kind: FieldType) -> Data:
    if kind in _DATES and isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return date_of(value).isoformat() if value == int(value) else datetime_of(value).isoformat()
        except (ValueError, OverflowError):
            return value
    return value
