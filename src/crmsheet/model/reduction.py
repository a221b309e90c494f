"""A Model without some of its fields and tables, and without everything that needs them.

Knows what tables, metrics and reminders refer to (boards: `reducedboards`). Does not know why anything is left out,
nor the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from crmsheet.formulas.tree import Cell, Column, Item, walk
from crmsheet.model.boards import (
    Dimension,
    NoteBlock,
    Selector,
)
from crmsheet.model.gone import Gone
from crmsheet.model.metrics import Aggregation, Metric
from crmsheet.model.reducedboards import BoardReduction
from crmsheet.model.reminders import Reminder
from crmsheet.model.spec import Field, ListDefinition, Model, Table
from crmsheet.structs import dataclass, is_dataclass, replace
from crmsheet.structs import fields as attributes

_ROUNDS: Final = 100


@dataclass(frozen=True, slots=True)
class Reduced:
    """The smaller Model, and what went with what was to go: kind and id (`field customers.phone`)."""

    model: Model
    followed: tuple[tuple[str, str], ...]


def reduced(
    model: Model,
    *,
    tables: Iterable[str] = (),
    fields: Iterable[tuple[str, str]] = (),
    boards: Iterable[str] | None = None,
    unread: Iterable[tuple[str, str]] = (),
) -> Reduced:
    """The Model without these tables and fields (table and field), of the boards only these, and without what counts
    the values of `unread`: fields that keep their place while what they say is hidden."""
    gone = Gone(model, set(tables), set(fields), unread=frozenset(unread))
    asked = gone.size, set(gone.tables), set(gone.fields)
    kept_boards = tuple(b for b in model.boards if boards is None or b.id in boards)
    reduction, on_boards = _Reduction(model, gone), BoardReduction(model, gone)
    for _ in range(_ROUNDS):
        before = gone.size
        reduction.spread()
        if gone.size == before:
            break
    new_tables = tuple(reduction.table(t) for t in model.tables if t.id not in gone.tables)
    metrics = tuple(reduction.metric(m) for m in model.metrics if m.id not in gone.metrics)
    found = tuple(on_boards.board(b) for b in kept_boards)
    new_boards = tuple(b for b in found if any(not isinstance(x, NoteBlock) for x in b.blocks))
    history = model.history
    if history is not None:
        by = tuple(d for one in history.by if (d := on_boards.dimension(one)) is not None)
        left = tuple(m for m in history.metrics if m not in gone.metrics)
        history = replace(history, metrics=left, by=by) if left else None
    there = {(b.id, block.id) for b in new_boards for block in b.blocks}
    small = replace(
        model,
        tables=new_tables,
        metrics=metrics,
        boards=new_boards,
        history=history,
        brief=tuple(one for one in model.brief if not one[0] or one in there),
        reminders=reduction.reminders(),
    )
    if model.reminders is not None:
        small = replace(small, reminders=tuple(r for r in model.reminders if _stands(small, r)))
    small = replace(small, lists=_used_lists(model, small))
    followed = (
        *(("table", t) for t in sorted(gone.tables - asked[1])),
        *(("field", f"{t}.{f}") for t, f in sorted(gone.fields - asked[2]) if t not in gone.tables),
        *(("metric", m) for m in sorted(gone.metrics)),
        *(
            ("block", f"{b.id}.{block.id}")
            for b in kept_boards
            for block in b.blocks
            if (b.id, block.id) not in there
        ),
        *(("sheet", b.id) for b in kept_boards if all(n.id != b.id for n in new_boards)),
    )
    return Reduced(small, followed)


def _stands(model: Model, reminder: Reminder) -> bool:
    """Whether all that a reminder needs is there."""
    tables = {t.id: t for t in model.tables}
    table = tables.get(reminder.table)
    if table is None:
        return False
    for node in (reminder.due, reminder.done):
        for part in walk(node) if node is not None else ():
            if isinstance(part, Cell | Column):
                there = tables.get(part.table)
                if there is None or part.field not in _named(there):
                    return False
    return all(
        _leads(tables, table, path) for path in (reminder.owner, *(t.split(".") for t in reminder.text))
    )


def _named(table: Table) -> frozenset[str]:
    """What expressions may name in a row."""
    return frozenset(
        (*(f.id for f in table.fields), *(r.id for r in table.rules), *(x.id for x in table.segments))
    )


def _leads(tables: Mapping[str, Table], table: Table, path: Sequence[str]) -> bool:
    """Whether a path of fields, each but the last a reference, is whole."""
    here: Table | None = table
    for step in path:
        if here is None or not here.has_field(step):
            return False
        here = tables.get(here.field(step).table)
    return True


def _used_lists(before: Model, after: Model) -> tuple[ListDefinition, ...]:
    """The lists without those that only what is gone has used."""
    parents = {x.id: x.depends_on for x in before.lists}
    still = set(_list_ids(after.tables)) | set(_list_ids(after.metrics)) | set(_list_ids(after.boards))
    for one in tuple(still):
        parent = parents.get(one, "")
        while parent and parent not in still:
            still.add(parent)
            parent = parents.get(parent, "")
    was = set(_list_ids(before.tables)) | set(_list_ids(before.metrics)) | set(_list_ids(before.boards))
    return tuple(x for x in before.lists if x.id in still or x.id not in was)


def _list_ids(part: object) -> Iterator[str]:
    """The lists that any piece of a Model names."""
    if isinstance(part, tuple):
        for one in part:
            yield from _list_ids(one)
    elif is_dataclass(part):
        if isinstance(part, Field | Selector | Dimension | Item) and part.list:
            yield part.list
        if isinstance(part, Field) and part.words:
            yield part.words
        for own in attributes(part):
            yield from _list_ids(getattr(part, own.name))


@dataclass(frozen=True, slots=True)
class _Reduction:
    model: Model
    gone: Gone

    def spread(self) -> None:
        """One round: what needs what is gone is gone too."""
        gone = self.gone
        for table in self.model.tables:
            if gone.table(table.id):
                continue
            for one in table.fields:
                if (table.id, one.id) not in gone.fields and self._lost(table, one):
                    gone.fields.add((table.id, one.id))
            left = [f for f in table.fields if (table.id, f.id) not in gone.fields]
            if gone.field(table.id, table.key) or all(f.type.computed for f in left):
                gone.tables.add(table.id)
        for metric in self.model.metrics:
            if metric.id not in gone.metrics and self._without_ground(metric):
                gone.metrics.add(metric.id)

    def _lost(self, table: Table, one: Field) -> bool:
        gone = self.gone
        if one.table and gone.table(one.table):
            return True
        if one.depends_on and gone.field(table.id, one.depends_on):
            return True
        if one.of and gone.counted(table.id, one.of):
            return True
        if one.lookup is not None:
            via = table.field(one.lookup.via) if table.has_field(one.lookup.via) else None
            far = via.table if via is not None else ""
            if gone.field(table.id, one.lookup.via) or (far and gone.field(far, one.lookup.field)):
                return True
        roll = one.rollup
        if roll is not None and (
            gone.table(roll.table)
            or gone.field(roll.table, roll.via)
            or (roll.field and self._uncounted(roll.table, roll.field, roll.agg))
            or gone.node(roll.where)
        ):
            return True
        return gone.node(one.expr)

    def _uncounted(self, table: str, name: str, agg: Aggregation) -> bool:
        return (
            self.gone.counted(table, name) if agg is not Aggregation.COUNT else self.gone.field(table, name)
        )

    def _without_ground(self, metric: Metric) -> bool:
        gone = self.gone
        others = (metric.numerator, metric.denominator, metric.metric, metric.base, metric.conversion)
        return (
            gone.table(metric.table)
            or (bool(metric.field) and self._uncounted(metric.table, metric.field, metric.agg))
            or gone.field(metric.table, metric.time)
            or gone.table(metric.entity)
            or any(other in gone.metrics for other in others if other)
            or any(gone.node(n) for n in (metric.filter, metric.expr, metric.having))
            or any(gone.node(n.when) for n in metric.not_applicable)
            or any(gone.path(table, path) for table, path in metric.via)
        )

    def table(self, table: Table) -> Table:
        gone = self.gone
        fields = tuple(self._field(table, f) for f in table.fields if (table.id, f.id) not in gone.fields)
        groups = {f.group for f in fields}
        return replace(
            table,
            fields=fields,
            groups=tuple(g for g in table.groups if g.id in groups),
            display=tuple(p for p in table.display if not gone.path(table.id, p)),
            rules=tuple(
                r for r in table.rules if not gone.node(r.when) and not gone.field(table.id, r.column)
            ),
            segments=tuple(
                replace(s, columns=columns)
                for s in table.segments
                if not gone.node(s.where)
                and ((columns := self._columns(table.id, s.columns)) or not s.columns)
            ),
        )

    def _columns(self, table: str, columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(c for c in columns if not self.gone.path(table, c))

    def _field(self, table: Table, one: Field) -> Field:
        gone = self.gone
        return replace(
            one,
            required_when=None if gone.node(one.required_when) else one.required_when,
            default=None if gone.node(one.default) else one.default,
            minimum=None if gone.node(one.minimum) else one.minimum,
            maximum=None if gone.node(one.maximum) else one.maximum,
            override="" if gone.field(table.id, one.override) else one.override,
        )

    def metric(self, metric: Metric) -> Metric:
        """A metric that stays, without what it says of things that do not."""
        gone = self.gone
        target = metric.target
        if target is not None:
            by = tuple((d, f) for d, f in target.by if not gone.field(target.table, f))
            lost = gone.counted(target.table, target.field) or gone.node(target.where)
            lost = lost or gone.field(target.table, target.time) or by != target.by
            target = None if lost else target
        sample = "" if metric.sample in gone.metrics else metric.sample
        return replace(metric, target=target, sample=sample)

    def reminders(self) -> tuple[Reminder, ...] | None:
        """The reminders whose days are still there."""
        gone = self.gone
        if self.model.reminders is None:
            return None
        found = []
        for one in self.model.reminders:
            if gone.table(one.table) or gone.node(one.due) or gone.node(one.done):
                continue
            text = tuple(p for p in one.text if not gone.path(one.table, p))
            owner = () if gone.way(one.table, one.owner) else one.owner
            found.append(replace(one, text=text, owner=owner))
        return tuple(found)
