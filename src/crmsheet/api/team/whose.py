"""Persons, and the rows that are theirs.

Knows how rows lead to persons through references, and who belongs to whose team. Does not know what becomes of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsheet.api.team.masking import value_words
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.excel.values import Value
from crmsheet.messages import listed, say
from crmsheet.model.roles import Role, RowScope
from crmsheet.model.spec import FieldType, Model
from crmsheet.model.state import State, TableState
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as rows name them: by the row id of the people's table, where there is one, else by the text."""

    token: str
    name: str


def name_key(value: Value) -> str:
    """A name as names are compared."""
    return "" if value is None else value_words(value).strip().casefold()


@dataclass(frozen=True, slots=True)
class References:
    """Which row a cell that refers to a table means: by its key, or by one that the row had before."""

    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By table, name to row id."""

    @classmethod
    def of(cls, model: Model, state: State, former: Mapping[str, Mapping[str, str]]) -> References:
        found: dict[str, dict[str, str]] = {}
        for table in model.tables:
            held = state.tables.get(table.id, TableState())
            keys = held.columns.get(table.key, ())
            names = {name_key(k): row for k, row in former.get(table.id, {}).items()}
            names |= {
                name_key(k): row
                for k, row in reversed(list(zip(keys, held.ids, strict=False)))
                if row and name_key(k)
            }
            found[table.id] = names
        return cls(found)

    def row(self, table: str, value: Value) -> str:
        """The row id that a cell means; empty when it means none."""
        if value is None or value == "":
            return ""
        return self.rows.get(table, {}).get(name_key(value), "")


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose each row is, by the ways that a role knows."""

    model: Model
    state: State
    role: Role
    references: References

    def persons(self) -> tuple[Person, ...]:
        """All who are named by rows, or stand in the people's table; in the order in which they are found."""
        found: dict[str, Person] = {}
        if self.role.people:
            table = self.model.table(self.role.people)
            held = self.state.tables[table.id]
            for row, key in zip(held.ids, held.columns[table.key], strict=True):
                if row and name_key(key):
                    found[row] = Person(row, value_words(key).strip())
            return tuple(found.values())
        for access in self.role.tables:
            if access.owner:
                for token, name in zip(*self._named(access.table, access.owner), strict=True):
                    if token:
                        found.setdefault(token, Person(token, name))
        return tuple(found.values())

    def person(self, name: str) -> Person:
        """The person of that name. Raises UsageError when there is none, or several."""
        everybody = self.persons()
        wanted = [p for p in everybody if name_key(p.name) == name_key(name)]
        if len(wanted) == 1:
            return wanted[0]
        from difflib import get_close_matches

        names = [p.name for p in everybody]
        near = tuple(get_close_matches(name, names, 3, 0.4)) or tuple(names[:20])
        raise UsageError(
            Diagnostic(
                "U140",
                say("several people are called '{name}'", name=name)
                if wanted
                else say("nobody is called '{name}'", name=name),
                remedy=say("Give them different names in the workbook.")
                if wanted
                else say("Names in the workbook: {near}", near=listed(near)),
                allowed=() if wanted else near,
            )
        )

    def of_table(self, table: str) -> tuple[str, ...]:
        """The token of each row's person; empty where nobody is named."""
        access = self.role.table(table)
        held = self.state.tables[table]
        if table == self.role.people:
            return held.ids
        return self._named(table, access.owner)[0] if access.owner else ("",) * held.size

    def _named(self, table: str, way: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Tokens and names at the end of a way, row by row."""
        own = self.model.table(table)
        held = self.state.tables[table]
        last = own.field(way[0])
        column = held.columns.get(last.id, (None,) * held.size)
        if len(way) == 1:
            names = tuple("" if v is None else value_words(v).strip() for v in column)
            if last.type is FieldType.REFERENCE:
                return tuple(self.references.row(last.table, v) for v in column), names
            return tuple(name_key(v) for v in column), names
        far = self.state.tables[last.table]
        tokens, names = self._named(last.table, way[1:])
        by_row = {row: (t, n) for row, t, n in zip(far.ids, tokens, names, strict=True) if row}
        found = [by_row.get(self.references.row(last.table, v), ("", "")) for v in column]
        return tuple(t for t, _ in found), tuple(n for _, n in found)

    def team(self, person: Person) -> frozenset[str]:
        """The person and those who answer to them, or who share their team."""
        role = self.role
        if not role.people or not role.team:
            return frozenset((person.token,))
        held = self.state.tables[role.people]
        own = self.model.table(role.people).field(role.team)
        column = held.columns.get(own.id, (None,) * held.size)
        if own.type is FieldType.REFERENCE and own.table == role.people:
            above = {row: self.references.row(own.table, v) for row, v in zip(held.ids, column, strict=True)}
            members = {person.token}
            while more := {row for row, boss in above.items() if boss in members} - members:
                members |= more
            return frozenset(members)
        team_of = {row: name_key(v) for row, v in zip(held.ids, column, strict=True) if row}
        mine = team_of.get(person.token, "")
        return frozenset({person.token, *(r for r, t in team_of.items() if mine and t == mine)})

    def visible(self, person: Person | None) -> dict[str, frozenset[str]]:
        """The ids of the rows that the role sees, by table; `person` may be None when it does not matter who."""
        found = {}
        for table in self.model.tables:
            scope = self.role.table(table.id).rows
            ids = self.state.tables[table.id].ids
            if scope is RowScope.ALL:
                found[table.id] = frozenset(filter(None, ids))
            elif scope is RowScope.NONE or person is None:
                found[table.id] = frozenset()
            else:
                who = self.team(person) if scope is RowScope.TEAM else frozenset((person.token,))
                found[table.id] = _of(ids, self.of_table(table.id), who)
        return found


def _of(ids: Iterable[str], tokens: Iterable[str], who: frozenset[str]) -> frozenset[str]:
    return frozenset(row for row, token in zip(ids, tokens, strict=True) if row and token in who)
