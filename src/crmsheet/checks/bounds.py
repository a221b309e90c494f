"""Values outside their bounds: too small, too large, too early, too late, too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from crmsheet.checks.subject import Subject, shown_value
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Cell, walk
from crmsheet.model.literals import bounds


def check_range(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        for bound, is_minimum in zip(bounds(field), (True, False), strict=True):
            if bound is None:
                continue
            limit_of = subject.evaluate(bound)
            if not any(isinstance(part, Cell) for part in walk(bound)) and _all_inside(
                subject.values(field), limit_of(0), is_minimum
            ):
                continue
            for index, value in subject.filled(field):
                limit = limit_of(index)
                if _outside(value, limit, is_minimum):
                    bound_text = shown_value(limit, field.type)
                    text = noun("at_least" if is_minimum else "at_most", subject.language, bound=bound_text)
                    yield subject.finding("D107", index, field, bound=text)


def _all_inside(values: Sequence[Value], limit: Value, is_minimum: bool) -> bool:
    """Whether the farthest of the numbers is inside, when there are only numbers and blanks."""
    if set(map(type, values)) <= {int, float}:
        numbers = cast("Sequence[float]", values)
    else:
        numbers = [v for v in values if v.__class__ is float or v.__class__ is int]
        if any(v is not None and v != "" for v in values if not (v.__class__ is float or v.__class__ is int)):
            return False
    if not numbers:
        return True
    return not _outside(min(numbers) if is_minimum else max(numbers), limit, is_minimum)


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
        texts = subject.distinct(field, str)
        if texts is not None and all(len(str(text)) <= field.max_length for text in texts):
            continue
        for index, value in subject.filled(field):
            length = len(str(value))
            if length > field.max_length:
                yield subject.finding("D109", index, field, limit=str(field.max_length), length=str(length))
