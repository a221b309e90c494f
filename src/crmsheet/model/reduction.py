"""A Model without some of its fields and tables, and without everything that needs them.

Knows what every part of a Model refers to. Does not know why anything is left out, nor the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, assert_never

from crmsheet.formulas.tree import Cell, Column, Item, Measure, Node, walk
from crmsheet.model.boards import (
    AnalysisBlock,
    AnalysisType,
    Block,
    Board,
    CardsBlock,
    ChartBlock,
    Dimension,
    HeatBlock,
    KpiBlock,
    ListBlock,
    NoteBlock,
    RecordBlock,
    Selector,
    TableBlock,
)
from crmsheet.model.metrics import Aggregation, Metric
from crmsheet.model.reminders import Reminder
from crmsheet.model.spec import Field, FieldType, ListDefinition, Model, Table
from crmsheet.structs import dataclass, field, is_dataclass, replace
from crmsheet.structs import fields as attributes

_ROUNDS: Final = 100


@dataclass(frozen=True, slots=True)
class Reduced:
    """The smaller Model, and what went with what was to go: kind and id (`field customers.phone`)."""

    model: Model
    followed: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Gone:
    """What is no longer there."""

    tables: set[str] = field(default_factory=set)
    fields: set[tuple[str, str]] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)
    unread: frozenset[tuple[str, str]] = frozenset()
    """Fields whose values no longer mean anything, though they are there."""

    def table(self, table: str) -> bool:
        return bool(table) and table in self.tables

    def field(self, table: str, name: str) -> bool:
        return bool(name) and (self.table(table) or (table, name) in self.fields)

    def counted(self, table: str, name: str) -> bool:
        """Whether figures cannot be made of a field."""
        return self.field(table, name) or (table, name) in self.unread

    def node(self, node: Node | None) -> bool:
        """Whether an expression needs any of it."""
        return node is not None and any(self._part(part) for part in walk(node))

    def _part(self, part: Node) -> bool:
        if isinstance(part, Cell | Column):
            return self.field(part.table, part.field)
        return isinstance(part, Measure) and part.metric in self.metrics

    @property
    def size(self) -> int:
        return len(self.tables) + len(self.fields) + len(self.metrics)


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
    gone = _Gone(set(tables), set(fields), unread=frozenset(unread))
    asked = gone.size, set(gone.tables), set(gone.fields)
    kept_boards = tuple(b for b in model.boards if boards is None or b.id in boards)
    reduction = _Reduction(model, gone)
    for _ in range(_ROUNDS):
        before = gone.size
        reduction.spread()
        if gone.size == before:
            break
    new_tables = tuple(reduction.table(t) for t in model.tables if t.id not in gone.tables)
    metrics = tuple(reduction.metric(m) for m in model.metrics if m.id not in gone.metrics)
    found = tuple(reduction.board(b) for b in kept_boards)
    new_boards = tuple(b for b in found if any(not isinstance(x, NoteBlock) for x in b.blocks))
    history = model.history
    if history is not None:
        by = tuple(d for one in history.by if (d := reduction.dimension(one)) is not None)
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
        for own in attributes(part):
            yield from _list_ids(getattr(part, own.name))


@dataclass(frozen=True, slots=True)
class _Reduction:
    model: Model
    gone: _Gone

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
            or any(self._no_path(table, path) for table, path in metric.via)
        )

    def _no_path(self, table: str, path: str) -> bool:
        """Whether a path (a field, or a field behind a reference) is gone."""
        if self.gone.table(table):
            return True
        first, dot, second = path.partition(".")
        if self.gone.field(table, first):
            return True
        if not dot:
            return False
        own = next((t for t in self.model.tables if t.id == table), None)
        if own is None or not own.has_field(first):
            return False
        return self.gone.field(own.field(first).table, second)

    def _paths(self, paths: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((t, p) for t, p in paths if not self._no_path(t, p))

    def table(self, table: Table) -> Table:
        gone = self.gone
        fields = tuple(self._field(table, f) for f in table.fields if (table.id, f.id) not in gone.fields)
        groups = {f.group for f in fields}
        return replace(
            table,
            fields=fields,
            groups=tuple(g for g in table.groups if g.id in groups),
            display=tuple(p for p in table.display if not self._no_path(table.id, p)),
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
        return tuple(c for c in columns if not self._no_path(table, c))

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
            text = tuple(p for p in one.text if not self._no_path(one.table, p))
            owner = () if self._no_way(one.table, one.owner) else one.owner
            found.append(replace(one, text=text, owner=owner))
        return tuple(found)

    def _no_way(self, table: str, way: tuple[str, ...]) -> bool:
        """Whether a step of a way through references is gone."""
        for step in way:
            if self.gone.field(table, step):
                return True
            own = next((t for t in self.model.tables if t.id == table), None)
            if own is None or not own.has_field(step):
                return True
            table = own.field(step).table
        return False

    def dimension(self, one: Dimension) -> Dimension | None:
        """A dimension that some table still leads to."""
        if self.gone.table(one.table):
            return None
        paths = self._paths(one.paths)
        return replace(one, paths=paths) if paths or not one.paths else None

    def _whole(self, one: Dimension | None) -> bool:
        """Whether every table still leads to it."""
        found = None if one is None else self.dimension(one)
        return one is None or (found is not None and found.paths == one.paths)

    def board(self, board: Board) -> Board:
        selectors = tuple(s for one in board.selectors if (s := self._selector(one)) is not None)
        left = {s.id for s in selectors}
        records = {s.table for s in selectors if s.record}
        blocks = []
        for one in board.blocks:
            block = self._block(one, records)
            if block is not None:
                blocks.append(_following(block, left))
        return replace(board, selectors=selectors, blocks=tuple(blocks))

    def _selector(self, one: Selector) -> Selector | None:
        if one.is_period:
            return one
        if self.gone.table(one.table):
            return None
        # Blocks of the tables that it no longer reached would have to say that they ignore it.
        return one if self._paths(one.paths) == one.paths else None

    def _metrics(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(m for m in ids if m not in self.gone.metrics)

    def _block(self, block: Block, records: set[str]) -> Block | None:
        gone = self.gone
        match block:
            case NoteBlock():
                return block
            case CardsBlock():
                cards = tuple(c for c in block.cards if c.metric not in gone.metrics)
                return replace(block, cards=cards) if cards else None
            case KpiBlock():
                kpis = self._metrics(block.metrics)
                return replace(block, metrics=kpis) if kpis else None
            case ChartBlock():
                if not self._whole(block.by) or not self._whole(block.series):
                    return None
                # A chart of fewer series may be of a kind that it cannot be: it goes as a whole.
                return block if self._metrics(block.metrics) == block.metrics else None
            case HeatBlock():
                whole = self._whole(block.by) and self._whole(block.across)
                return block if whole and block.metric not in gone.metrics else None
            case TableBlock():
                left = self._metrics(block.metrics)
                if not left or not self._whole(block.by) or block.sort in gone.metrics:
                    return None
                if block.ranking.share and left != block.metrics:
                    return None
                figures = tuple((m, f) for m, f in block.figures if m in left)
                return replace(block, metrics=left, figures=figures)
            case ListBlock():
                columns = tuple(c for c in block.columns if not self._no_path(block.table, c.path))
                sort = block.sort and self._no_path(block.table, block.sort)
                if gone.table(block.table) or gone.node(block.where) or not columns:
                    return None
                paths = tuple((s, p) for s, p in block.paths if not self._no_path(block.table, p))
                linked = block.link and columns[0] == block.columns[0]
                return replace(
                    block, columns=columns, sort="" if sort else block.sort, paths=paths, link=linked
                )
            case RecordBlock():
                shown = tuple(c for c in block.fields if not self._no_path(block.table, c.path))
                return replace(block, fields=shown) if shown and block.table in records else None
            case AnalysisBlock():
                dimensions = (block.entity, *block.by, block.across)
                if not all(self._whole(d) for d in dimensions):
                    return None
                if self._metrics(block.metrics) != block.metrics:
                    return None
                effects = tuple((item, m) for item, m in block.figures if m not in gone.metrics)
                if block.figures and not effects:
                    return None
                kept = replace(block, figures=effects)
                return kept if block.type is not AnalysisType.SLIP or self._promised(block) else None
            case _:
                assert_never(block)

    def _promised(self, block: AnalysisBlock) -> bool:
        """Whether the days that are put off are still there."""
        table = self.model.table(self.model.metric(block.metrics[0]).table)
        dates = (FieldType.DATE, FieldType.DATETIME)
        return any(f.audit and f.type in dates and not self.gone.field(table.id, f.id) for f in table.fields)


def _following(block: Block, selectors: set[str]) -> Block:
    """A block that ignores, and follows, no selectors but those that are left."""

    def left(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(n for n in names if n in selectors)

    match block:
        case CardsBlock():
            return replace(block, cards=tuple(replace(c, ignores=left(c.ignores)) for c in block.cards))
        case ChartBlock() | HeatBlock() | TableBlock() | KpiBlock():
            return replace(block, ignores=left(block.ignores))
        case ListBlock():
            return replace(block, paths=tuple((s, p) for s, p in block.paths if s in selectors))
        case RecordBlock() | AnalysisBlock() | NoteBlock():
            return block
        case _:
            assert_never(block)
