"""Values of the wrong type: text for a number, a date stored as text, an error value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TypeGuard

from crmsheet.checks.subject import Subject
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.dates import last_serial
from crmsheet.excel.values import ExcelError, Value
from crmsheet.model.spec import Field, FieldType
from crmsheet.patterns import regex

_NUMBERS = {
    FieldType.NUMBER: "number",
    FieldType.CURRENCY: "number",
    FieldType.PERCENT: "number",
    FieldType.INTEGER: "integer",
    FieldType.RATING: "integer",
}
_NOTHING = type(None)
_DATE = regex(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")


def check(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if _all_fit(field.type, subject.kinds(field)) or _all_dates(subject, field):
            continue
        for index, value in subject.filled(field):
            if isinstance(value, ExcelError):
                yield subject.finding("D112", index, field)
            elif field.type in _NUMBERS:
                kind = _NUMBERS[field.type]
                if not _is_number(value) or (kind == "integer" and value != int(value)):
                    yield subject.finding("D101", index, field, kind=noun(kind, subject.language))
            elif field.type in (FieldType.DATE, FieldType.DATETIME):
                yield from _date(subject, index, field, value)
            elif field.type is FieldType.BOOLEAN and not isinstance(value, bool):
                yield subject.finding("D101", index, field, kind=noun("boolean", subject.language))


def _all_fit(kind: FieldType, found: frozenset[type]) -> bool:
    """Whether values of these types are right whatever they are."""
    if kind in _NUMBERS:
        return found <= ({int, _NOTHING} if _NUMBERS[kind] == "integer" else {int, float, _NOTHING})
    if kind is FieldType.BOOLEAN:
        return found <= {bool, _NOTHING}
    return kind not in (FieldType.DATE, FieldType.DATETIME) and ExcelError not in found


def _all_dates(subject: Subject, field: Field) -> bool:
    """Whether a field of dates holds nothing but serials that are dates."""
    if field.type not in (FieldType.DATE, FieldType.DATETIME):
        return False
    serials = subject.distinct(field, int, float)
    return serials is not None and all(map(_is_date, serials))


def _is_date(value: Value) -> bool:
    return _is_number(value) and 1 <= value <= last_serial()


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _date(subject: Subject, index: int, field: Field, value: Value) -> Iterator[Diagnostic]:
    if _is_date(value):
        return
    suggestion = date_in(value) if isinstance(value, str) else None
    if suggestion is not None:
        yield subject.finding("D102", index, field, suggestion=suggestion.isoformat())
    else:
        yield subject.finding("D101", index, field, kind=noun("date", subject.language))


def date_in(text: str) -> dt.date | None:
    """The date a text names, year first, with the separators people use; None when it names none."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
