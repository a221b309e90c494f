"""What happened between the last refresh and this one, as events for other programs.

Knows where it shows: in rows that are new or gone, in logged changes, in rules and reminders that hold for rows for which
they did not. Does not know where events go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from crmsheet.api.memory import shown_key
from crmsheet.api.rowpaths import RowPaths, text_of
from crmsheet.compile.columns import with_rules
from crmsheet.compile.flags import REMINDER, RULE
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.baseline import Baseline
from crmsheet.model.boards import AnalysisBlock, AnalysisType
from crmsheet.model.changelog import ITEM, ROW, Change, original
from crmsheet.model.due import owner_way, reminders_of
from crmsheet.model.events import Content, Event, EventType
from crmsheet.model.reminders import Reminder
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.structs import dataclass, field, replace

_KIND: Final = "kind"
"""The attribute of list items that says which stage is open, won or lost."""
_DAYS: Final = (FieldType.DATE, FieldType.DATETIME)


def happened(
    before: Baseline,
    rows: RowPaths,
    flags: Mapping[str, str],
    log: Iterable[Change],
    *,
    as_of: date,
    today: date,
) -> Iterator[Event]:
    """The events of a refresh. `before` is the record as the refresh before it left it, `log` the changes to audited
    fields that were found since."""
    book = _Book(before, rows, as_of.isoformat(), today.isoformat())
    logged = tuple(log)
    for table in rows.model.tables:
        yield from book.rows_of(table, [c for c in logged if c.table == table.id])
    yield from book.flags(flags)


@dataclass(frozen=True, slots=True)
class _Book:
    before: Baseline
    paths: RowPaths
    as_of: str
    day: str
    _owners: dict[tuple[str, tuple[str, ...]], Callable[[int], str]] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        return self.paths.model

    def rows_of(self, table: Table, log: Sequence[Change]) -> Iterator[Event]:
        """Rows that are new, gone, or changed. Tables that the record does not know begin now."""
        mark = self.before.tables.get(table.id)
        if mark is None:
            return
        ids = self.paths.state.tables[table.id].ids
        places = {row: i for i, row in enumerate(ids) if row}
        for row, index in places.items():
            if row not in mark.rows:
                yield self._event(EventType.ROW_ADDED, table, index, values=self._values(table, index))
        for row, (_, key) in mark.rows.items():
            if row not in places:
                yield Event(EventType.ROW_REMOVED, self.day, self.as_of, table.id, row, shown_key(key))
        for change in log:
            # What is new or gone is told as that.
            if (
                change.field
                and change.row in mark.rows
                and change.row in places
                and table.has_field(change.field)
            ):
                yield self._changed(table, places[change.row], change)

    def flags(self, flags: Mapping[str, str]) -> Iterator[Event]:
        """Rules and reminders that hold for rows for which they did not; those that the record does not know begin
        now."""
        known = self.before.flags or {}
        places = {
            t.id: {row: i for i, row in enumerate(self.paths.state.tables[t.id].ids) if row}
            for t in self.model.tables
        }
        reminders = {r.id: r for r in reminders_of(self.model)}
        for name, lines in flags.items():
            if name not in known:
                continue
            held = set(known[name].split("\n"))
            fresh = [row for row in lines.split("\n") if row and row not in held]
            kind, _, rest = name.partition(".")
            if kind == RULE:
                table_id, _, rule_id = rest.partition(".")
                table = self.model.table(table_id)
                rule = next(r for r in table.rules if r.id == rule_id)
                label = rule.label.text(self.paths.language)
                for row in fresh:
                    yield self._event(
                        EventType.FLAG_RAISED, table, places[table_id][row], subject=rule_id, label=label
                    )
            elif kind == REMINDER:
                yield from self._overdue(reminders[rest], fresh, places)

    def _overdue(
        self, one: Reminder, fresh: Iterable[str], places: Mapping[str, Mapping[str, int]]
    ) -> Iterator[Event]:
        table = self.model.table(one.table)
        rows = tuple(fresh)
        days = self.paths.rows.results(one.table, with_rules(self.model, one.due)) if rows else ()
        for row in rows:
            index = places[one.table][row]
            due = self._event(
                EventType.OVERDUE,
                table,
                index,
                subject=one.id,
                label=one.label.text(self.paths.language),
                way=one.owner,
            )
            yield replace(due, due=_iso(days[index]))

    def _changed(self, table: Table, index: int, change: Change) -> Event:
        own = table.field(change.field)
        stage = own.type is FieldType.CHOICE and self._is_stage(table, own)
        return self._event(
            EventType.STAGE_CHANGED if stage else EventType.FIELD_CHANGED,
            table,
            index,
            subject=own.id,
            label=own.label.text(self.paths.language),
            old=self._content(own, change.old),
            new=self._content(own, change.new),
        )

    def _event(
        self,
        kind: EventType,
        table: Table,
        index: int,
        *,
        subject: str = "",
        label: str = "",
        old: Content | None = None,
        new: Content | None = None,
        way: tuple[str, ...] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> Event:
        state = self.paths.state.tables[table.id]
        key = table.field(table.key)
        return Event(
            kind,
            self.day,
            self.as_of,
            table.id,
            state.ids[index],
            self.paths.shown(key, self.paths.column(table, key)[index]),
            self._owner(table, way)(index),
            subject,
            label,
            old,
            new,
            values=values or {},
        )

    def _owner(self, table: Table, way: tuple[str, ...] | None) -> Callable[[int], str]:
        found = owner_way(self.model.tables, table) if way is None else way
        if (table.id, found) not in self._owners:
            self._owners[table.id, found] = self.paths.owner(table, found)
        return self._owners[table.id, found]

    def _values(self, table: Table, index: int) -> dict[str, str]:
        """What is filled in, without private fields."""
        return {
            own.id: text
            for own in table.fields
            if not own.type.computed
            and not own.private
            and (text := self.paths.shown(own, self.paths.column(table, own)[index]))
        }

    def _is_stage(self, table: Table, own: Field) -> bool:
        """Whether a choice is one of stages: its items say which is open, won or lost, or an analysis follows it."""
        if _KIND in self.model.list(own.list).attribute_names:
            return True
        return any(
            (table.id, own.id) in dimension.paths
            for board in self.model.boards
            for block in board.blocks
            if isinstance(block, AnalysisBlock) and block.type is AnalysisType.STAGES
            for dimension in block.by
        )

    def _content(self, own: Field, token: str) -> Content | None:
        """What a logged value is: an item, a row, a day, or as it is."""
        if not token:
            return None
        if own.type is FieldType.CHOICE and token.startswith(ITEM):
            item = token[1:]
            rows = self.paths.state.lists.get(own.list, ())
            return Content(item, next((r.label for r in rows if r.id == item), item))
        if own.type is FieldType.REFERENCE and token.startswith(ROW):
            return Content(token[1:], self._name(own, token[1:]))
        value = original(token, own.type)
        return Content(_plain(own, value), self.paths.shown(own, value))

    def _name(self, own: Field, row: str) -> str:
        there = self.model.table(own.table)
        ids = self.paths.state.tables[there.id].ids
        keys = self.paths.column(there, there.field(there.key))
        known = next((text_of(k) for i, k in zip(ids, keys, strict=True) if i == row), "")
        if known or there.id not in self.before.tables:
            return known
        _, key = self.before.tables[there.id].rows.get(row, ("", ""))
        return shown_key(key)


def _plain(own: Field, value: Value) -> str:
    if own.type in _DAYS:
        return _iso(value)
    return ("true" if value else "false") if isinstance(value, bool) else text_of(value)


def _iso(value: Value) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return date_of(value).isoformat()
        except (ValueError, OverflowError):
            pass
    return text_of(value)
