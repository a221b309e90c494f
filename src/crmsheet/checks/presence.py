"""Required cells that are empty, and unique values that are not."""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.checks.subject import Subject
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.model.spec import FieldType

_ROWS_SHOWN = 3
_FILLED = {str, int, float}
"""Types of values of which only texts may be empty."""


def check_required(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if not field.required and field.required_when is None:
            continue
        kinds = subject.kinds(field)
        if kinds <= _FILLED:
            texts = [value for value in subject.values(field) if isinstance(value, str)]
            if all(texts) and not any(map(str.isspace, texts)):
                continue
        needed = _needed(subject, None if field.required else field.required_when)
        for index, value in enumerate(subject.values(field)):
            empty = value is None or (isinstance(value, str) and not value.strip())
            if empty and subject.rows.ids[index] and needed[index]:
                yield subject.finding("D104", index, field)


def _needed(subject: Subject, condition: Node | None) -> list[bool]:
    if condition is None:
        return [True] * subject.rows.size
    holds = subject.evaluate(condition)
    return [holds(i) is True for i in range(subject.rows.size)]


def check_unique(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if not field.unique and field.type is not FieldType.ID:
            continue
        where: dict[Value, list[int]] = {}
        for index, value in subject.filled(field):
            where.setdefault(value.strip().casefold() if isinstance(value, str) else value, []).append(index)
        for rows in where.values():
            for index in rows if len(rows) > 1 else ():
                others = [str(subject.place.rows[i] + 1) for i in rows if i != index]
                shown = ", ".join(others[:_ROWS_SHOWN]) + (" …" if len(others) > _ROWS_SHOWN else "")
                yield subject.finding("D105", index, field, rows=shown)
