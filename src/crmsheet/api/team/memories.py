"""What a workbook remembers of earlier dates, as far as a copy may have it.

Knows that figures of the past are those of all rows, and that a log names rows and values. Does not know how either
is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.api.team.masking import value_words
from crmsheet.api.team.redaction import Redacted
from crmsheet.excel.dates import shift
from crmsheet.model.changelog import ROW, Change
from crmsheet.model.history import NO_HISTORY, History
from crmsheet.model.roles import Role, RowScope
from crmsheet.model.spec import FieldType


def history_for(history: History, copy: Redacted, role: Role) -> History:
    """Figures of earlier dates are those of everybody's rows: only who sees all of them has them."""
    if any(t.rows is not RowScope.ALL for t in role.tables) or copy.model.history is None or shift():
        return NO_HISTORY
    rules = copy.model.history
    scopes = {"", *(d.id for d in rules.by)}
    masks = {d.id for d in rules.by if d.table and _is_masked(copy, d.table)}
    return History(
        {
            key: one
            for key, one in history.series.items()
            if key.metric in rules.metrics and key.by in scopes and key.by not in masks
        }
    )


def changes_for(log: Sequence[Change], copy: Redacted) -> tuple[Change, ...]:
    """The changes of cells that the copy has as they are, in rows that are its own. Rows that are gone are nobody's
    any more."""
    tables = {t.id: t for t in copy.model.tables}
    keys: dict[str, Mapping[str, str]] = {}
    for table in copy.model.tables:
        held = copy.state.tables[table.id]
        names = held.columns.get(table.key, (None,) * held.size)
        keys[table.id] = {
            row: "" if name is None else value_words(name) for row, name in zip(held.ids, names, strict=True)
        }
    found = []
    for one in log:
        there = tables.get(one.table)
        if there is None or one.row not in copy.given[one.table]:
            continue
        own = next((f for f in there.fields if f.id == one.field), None)
        if own is None or not own.audit or own.type.computed:
            continue
        if own.type is FieldType.REFERENCE and not all(
            not token or (token.startswith(ROW) and token[1:] in keys.get(own.table, {}))
            for token in (one.old, one.new)
        ):
            continue
        day = one.day + shift()
        found.append(one._replace(key=keys[one.table][one.row], day=day))
    return tuple(found)


def _is_masked(copy: Redacted, table: str) -> bool:
    key = next((t.key for t in copy.model.tables if t.id == table), "")
    return any((t, f) == (table, key) for t, f, _ in copy.hidden)
