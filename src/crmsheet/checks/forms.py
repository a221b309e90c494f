"""E-mail addresses, phone numbers, web addresses and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmsheet.checks.subject import Subject
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.numbers import general_text
from crmsheet.model.spec import FieldType
from crmsheet.patterns import regex

_FORMS: dict[FieldType, tuple[str, re.Pattern[str], str]] = {
    FieldType.EMAIL: ("email", regex(r"[^@\s]+@[^@\s]+\.[^@\s.]+"), "name@example.com"),
    FieldType.PHONE: (
        "phone",
        regex(r"\+?[0-9][0-9 ()/.\-]{4,22}(\s*(转|ext\.?|x)\s*[0-9]{1,6})?", re.IGNORECASE),
        "13800001234",
    ),
    FieldType.URL: (
        "url",
        regex(r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(/\S*)?", re.IGNORECASE),
        "https://example.com",
    ),
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if field.pattern:
            kind, form, example = "pattern", re.compile(field.pattern), field.pattern
        elif field.type in _FORMS:
            kind, form, example = _FORMS[field.type]
        else:
            continue
        for index, value in subject.filled(field):
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                continue
            text = value if isinstance(value, str) else general_text(value)
            if form.fullmatch(text.strip()) is None:
                yield subject.finding(
                    "D108", index, field, kind=noun(kind, subject.language), example=example
                )
