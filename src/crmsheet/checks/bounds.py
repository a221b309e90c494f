"""Values outside their bounds: too small, too large, too early, too late, too long."""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.checks.subject import Subject, shown_value
from crmsheet.checks.words import NOUNS
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.values import Value
from crmsheet.model.literals import bounds


def check_range(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        for bound, is_minimum in zip(bounds(field), (True, False), strict=True):
            if bound is None:
                continue
            limit_of = subject.evaluate(bound)
            for index, value in subject.filled(field):
                limit = limit_of(index)
                if _outside(value, limit, is_minimum):
                    noun = NOUNS["at_least" if is_minimum else "at_most"].text(subject.language)
                    text = noun.format(bound=shown_value(limit, field.type))
                    yield subject.finding("D107", index, field, bound=text)


def _outside(value: Value, limit: Value, is_minimum: bool) -> bool:
    if not isinstance(value, int | float) or not isinstance(limit, int | float):
        return False
    if isinstance(value, bool) or isinstance(limit, bool):
        return False
    return value < limit if is_minimum else value > limit


def check_length(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if field.max_length is None:
            continue
        for index, value in subject.filled(field):
            length = len(str(value))
            if length > field.max_length:
                yield subject.finding("D109", index, field, limit=str(field.max_length), length=str(length))
