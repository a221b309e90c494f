"""A model and its rows as a role may see them.

Knows which rows, fields and boards stay, what masking makes of values, and that a row that others refer to stays with
its name alone. What is hidden is not in the result in any form. Does not know workbooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.api.team.masking import Scrubber, distinct, masked
from crmsheet.api.team.whose import Ownership, Person, References
from crmsheet.excel.dates import shift
from crmsheet.excel.values import Value
from crmsheet.model.reduction import reduced
from crmsheet.model.roles import Access, Role, RowScope
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.model.state import State, TableState
from crmsheet.structs import dataclass, replace

_DATES = (FieldType.DATE, FieldType.DATETIME)
_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)


@dataclass(frozen=True, slots=True)
class Redacted:
    """What a role sees. `given` are the ids of the rows that are there as they are (but for masks), `names` those of
    which only the name is."""

    model: Model
    state: State
    given: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[str]]
    followed: tuple[tuple[str, str], ...]
    """What was left out because it needs what was to be: kind and id."""
    hidden: tuple[tuple[str, str, Access], ...]
    """Fields that are masked or left out by the role, by table and field."""
    scrubbed: int
    """Cells in which a hidden number or address stood besides, in a text."""


def redacted(
    model: Model, state: State, role: Role, person: Person | None, references: References
) -> Redacted:
    """The part of a model and a state that a role, and whoever has it, may see."""
    hidden = tuple(
        (t.id, f.id, access)
        for t in model.tables
        if role.table(t.id).rows is not RowScope.NONE
        for f in t.fields
        if (access := role.table(t.id).of(f.id)) in (Access.MASK, Access.DROP)
    )
    unreadable = frozenset((t, f) for t, f, access in hidden if access is Access.MASK)
    smaller = reduced(
        model,
        tables=(t.id for t in model.tables if role.table(t.id).rows is RowScope.NONE),
        fields=((t, f) for t, f, access in hidden if access is Access.DROP),
        boards=role.boards,
        unread=unreadable,
    )
    small = _plain(smaller.model, unreadable)
    visible = Ownership(model, state, role, references).visible(person)
    given = {t.id: visible[t.id] for t in small.tables}
    names = _named_only(small, state, given, references)
    scrubber = Scrubber(
        (model.table(t).field(f).type, state.tables[t].columns.get(f, ())) for t, f, _ in hidden
    )
    work = _Rows(model, small, state, given, names, unreadable, references, scrubber)
    tables = {t.id: work.table(t) for t in small.tables}
    lists = {x.id for x in small.lists}
    as_of = state.as_of_input
    return Redacted(
        small,
        State(
            tables,
            {
                name: tuple(replace(row, offset=-1) for row in rows)
                for name, rows in state.lists.items()
                if name in lists
            },
            {s.id: _moved(state.settings.get(s.id, s.value), s.type) for s in small.settings},
            {},
            _moved(as_of, FieldType.DATE),
        ),
        given,
        names,
        smaller.followed,
        hidden,
        work.scrubbed,
    )


def _plain(model: Model, unreadable: frozenset[tuple[str, str]]) -> Model:
    """The model with masked fields as the plain texts they are now, and without what only the master needs."""

    def shown(table: Table, one: Field) -> Field:
        if (table.id, one.id) not in unreadable:
            return one
        return replace(
            one,
            type=FieldType.TEXT,
            result=FieldType.TEXT,
            required=False,
            required_when=None,
            unique=False,
            default=None,
            pattern="",
            max_length=None,
            audit=False,
            format="",
        )

    tables = tuple(replace(t, fields=tuple(shown(t, f) for f in t.fields)) for t in model.tables)
    return replace(model, tables=tables, roles=(), sources=())


def _named_only(
    model: Model, state: State, given: Mapping[str, frozenset[str]], references: References
) -> dict[str, frozenset[str]]:
    """Rows that are not the role's, and that rows which are refer to."""
    found: dict[str, set[str]] = {t.id: set() for t in model.tables}
    for table in model.tables:
        held = state.tables[table.id]
        for one in table.fields:
            if one.type is FieldType.REFERENCE and one.table in found:
                for row, value in zip(held.ids, held.columns.get(one.id, ()), strict=False):
                    if row in given[table.id]:
                        target = references.row(one.table, value)
                        if target and target not in given[one.table]:
                            found[one.table].add(target)
    return {table: frozenset(rows) for table, rows in found.items()}


class _Rows:
    """The rows of a copy, table by table."""

    def __init__(
        self,
        model: Model,
        small: Model,
        state: State,
        given: Mapping[str, frozenset[str]],
        names: Mapping[str, frozenset[str]],
        unreadable: frozenset[tuple[str, str]],
        references: References,
        scrubber: Scrubber,
    ) -> None:
        self.model, self.small, self.state = model, small, state
        self.given, self.names, self.unreadable = given, names, unreadable
        self.references, self.scrubber = references, scrubber
        self.scrubbed = 0
        self.keys = {t.id: self._keys(t) for t in small.tables}

    def _kept(self, table: str) -> list[int]:
        """The indexes of the rows that stay."""
        there = self.given[table] | self.names[table]
        return [i for i, row in enumerate(self.state.tables[table].ids) if row in there]

    def _keys(self, table: Table) -> dict[str, Value]:
        """What names each row that stays, by its id."""
        held = self.state.tables[table.id]
        kept = self._kept(table.id)
        column = held.columns.get(table.key, (None,) * held.size)
        values: list[Value] = [column[i] for i in kept]
        if (table.id, table.key) in self.unreadable:
            kind = self.model.table(table.id).field(table.key).type
            values = distinct(masked(v, kind) for v in values)
        return {held.ids[i]: value for i, value in zip(kept, values, strict=True)}

    def table(self, table: Table) -> TableState:
        held = self.state.tables[table.id]
        kept = self._kept(table.id)
        ids = tuple(held.ids[i] for i in kept)
        told = {table.key, *(p for p in table.display if "." not in p)}
        columns = {}
        for one in table.fields:
            if one.type.computed:
                continue
            column = held.columns.get(one.id, (None,) * held.size)
            values: Sequence[Value] = self._values(table, one, [column[i] for i in kept], ids)
            if one.id not in told or one.type is FieldType.REFERENCE:
                values = [
                    v if row in self.given[table.id] else None for row, v in zip(ids, values, strict=True)
                ]
            columns[one.id] = tuple(values)
        return TableState(ids, columns)

    def _values(
        self, table: Table, one: Field, values: Sequence[Value], ids: Sequence[str]
    ) -> Sequence[Value]:
        if one.id == table.key:
            return [self.keys[table.id][row] for row in ids]
        if (table.id, one.id) in self.unreadable:
            kind = self.model.table(table.id).field(one.id).type
            return [masked(v, kind) for v in values]
        if one.type is FieldType.REFERENCE:
            return [self._reference(one.table, v) for v in values]
        if one.type in _TEXTS and self.scrubber:
            return [self._scrubbed(v) for v in values]
        return [_moved(v, one.type) for v in values]

    def _reference(self, table: str, value: Value) -> Value:
        """A cell that refers to a row, in the words by which the copy names it."""
        row = self.references.row(table, value)
        if row in self.keys[table]:
            return self.keys[table][row]
        key = self.model.table(table).key
        # A text that names no row says something all the same.
        return masked(value, FieldType.TEXT) if (table, key) in self.unreadable else value

    def _scrubbed(self, value: Value) -> Value:
        clean = self.scrubber.scrubbed(value)
        self.scrubbed += clean != value
        return clean


def _moved(value: Value, kind: FieldType) -> Value:
    """A date as a new workbook counts it, which is from 1900."""
    if shift() and kind in _DATES and isinstance(value, int | float) and not isinstance(value, bool):
        return value + shift()
    return value
