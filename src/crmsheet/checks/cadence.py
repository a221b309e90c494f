"""A table that nobody has added to for longer than its `cadence`.

Knows that a table's first date field says how old a row is, and that later dates are plans.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.checks.subject import Subject
from crmsheet.diagnostics import Diagnostic, Severity
from crmsheet.formulas.tree import Name


def check(subject: Subject) -> Iterator[Diagnostic]:
    dated = subject.table.dated
    if subject.table.cadence is None or dated is None or dated.id not in subject.rows.columns:
        return
    today = subject.evaluate(Name("as_of"))(0)
    if not isinstance(today, int | float):
        return
    days = [
        (value, index)
        for index, value in subject.filled(dated)
        if isinstance(value, int | float) and not isinstance(value, bool) and value < today + 1
    ]
    if not days:
        return
    newest, index = max(days)
    age = int(today) - int(newest)
    if age > subject.table.cadence:
        limit = str(subject.table.cadence)
        yield subject.finding("D114", index, dated, severity=Severity.WARNING, age=str(age), limit=limit)
