"""The change log as analyses read it: what became of one field, row by row.

Knows tokens of the log and where watching began. Does not know what is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from crmsheet.compile.analyses.facts import Facts
from crmsheet.excel.values import Value
from crmsheet.model.changelog import ITEM, Change, original
from crmsheet.model.spec import FieldType


@dataclass(frozen=True, slots=True)
class Moved:
    """One change: its day, and both values (of a choice the item's id behind `=`)."""

    day: int
    old: Value
    new: Value


def moves(facts: Facts, table: str, field: str) -> dict[str, list[Moved]]:
    """The changes of a field by row id, the oldest first."""
    kind = facts.context.model.table(table).field(field).type
    found: dict[str, list[Moved]] = {}
    for one in facts.context.changes:
        if one.table == table and one.field == field:
            # The first filling of a new row is where it starts.
            found.setdefault(one.row, []).append(Moved(one.day, _value(one.old, kind), _value(one.new, kind)))
    return found


def since(facts: Facts, before: int) -> list[Change]:
    """What was found after a day, the oldest first."""
    return [one for one in facts.context.changes if one.day > before]


def watched_since(facts: Facts) -> int:
    """The first day that is known of; the as-of day when nothing is."""
    days = [day for one in facts.context.history.series.values() for day in one.points]
    days += [one.day for one in facts.context.changes[:1]]
    return min(days, default=facts.context.as_of)


def _value(token: str, kind: FieldType) -> Value:
    return token if token.startswith(ITEM) else original(token, kind)
