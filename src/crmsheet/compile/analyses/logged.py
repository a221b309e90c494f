"""The change log as analyses read it: what became of one field, row by row.

Knows tokens of the log and where watching began. Does not know what is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crmsheet.analysis.stages import Path
from crmsheet.compile.analyses.facts import Facts
from crmsheet.excel.values import Value
from crmsheet.model.changelog import ITEM, Change, original
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Field, FieldType
from crmsheet.model.state import ListRow
from crmsheet.structs import dataclass

ROW_ID: Final = "_id"
WON: Final = "won"
LOST: Final = "lost"
_KIND: Final = "kind"


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


def stage_paths(facts: Facts, metric: Metric, field: Field) -> list[Path]:
    """The way of each row that a metric counts through the items of a choice, as far as it is known."""
    rows = facts.context.state.lists.get(field.list, ())
    items = {row.label: row.id for row in rows}
    logged = moves(facts, metric.table, field.id)
    starts = facts.starts(metric.id)
    now = facts.rows.column(metric.table, field.id)
    paths = []
    for row, id_ in enumerate(facts.rows.column(metric.table, ROW_ID)):
        began = starts[row]
        if began is None:
            continue
        steps = logged.get(str(id_), [])
        first = steps[0].old if steps else items.get(str(now[row]), "")
        if steps and steps[0].old in (None, ""):
            first, steps = steps[0].new, steps[1:]
        paths.append(Path(began, _stage(first), tuple((s.day, _stage(s.new)) for s in steps)))
    return paths


def ends(rows: Iterable[ListRow], kind: str) -> list[str]:
    """The items of a list that are an end of a kind: won or lost."""
    return [row.id for row in rows if row.attributes.get(_KIND) == kind]


def _stage(value: Value) -> str:
    """An item's id, of a token or by itself."""
    return str(value or "").removeprefix(ITEM)


def _value(token: str, kind: FieldType) -> Value:
    return token if token.startswith(ITEM) else original(token, kind)
