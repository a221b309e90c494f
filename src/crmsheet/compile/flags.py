"""Which rows are flagged: those for which a rule that warns holds, and those that are overdue by a reminder.

Knows how to find them in the rows as they are computed. What was so before is the record's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from crmsheet.compile.columns import with_rules
from crmsheet.compile.pieces import Rows
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.model.due import reminders_of
from crmsheet.model.spec import Model, RuleStyle
from crmsheet.model.state import State

RULE: Final = "rule"
REMINDER: Final = "reminder"
_WARNING: Final = (RuleStyle.BAD, RuleStyle.WARN)


def flagged(model: Model, state: State, rows: Rows, as_of: int) -> Mapping[str, str]:
    """By `rule.TABLE.RULE` and `reminder.REMINDER` the ids of the rows, a line each. `as_of` is a serial."""
    return rows.remembered(("flags", as_of), lambda: _flagged(model, state, rows, as_of))


def _flagged(model: Model, state: State, rows: Rows, as_of: int) -> Mapping[str, str]:
    found: dict[str, str] = {}

    def results(table: str, node: Node) -> Sequence[Value]:
        return rows.results(table, with_rules(model, node))

    for table in model.tables:
        ids = state.tables[table.id].ids
        for rule in table.rules:
            if rule.style in _WARNING:
                held = results(table.id, rule.when) if ids else ()
                found[f"{RULE}.{table.id}.{rule.id}"] = _lines(
                    row for row, value in zip(ids, held, strict=False) if row and _holds(value)
                )
    for one in reminders_of(model):
        ids = state.tables[one.table].ids
        due = results(one.table, one.due) if ids else ()
        done = results(one.table, one.done) if ids and one.done is not None else (None,) * len(ids)
        found[f"{REMINDER}.{one.id}"] = _lines(
            row
            for row, day, over in zip(ids, due, done, strict=False)
            if row and _passed(day, as_of) and not _holds(over)
        )
    return found


def _lines(rows: Iterable[str]) -> str:
    return "\n".join(sorted(rows))


def _passed(day: Value, as_of: int) -> bool:
    return isinstance(day, int | float) and not isinstance(day, bool) and 0 < day < as_of


def _holds(value: Value) -> bool:
    return isinstance(value, bool | int | float) and bool(value)
