"""Roles: from their form to the Model, every field of every table decided.

Knows how a table leads to the person of a row, and what is meant where a role says nothing. Does not know how copies
are made.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.messages import say
from crmsheet.model.ownership import (
    ALL,
    OWNER,
    PERSONAL,
    TEAMS,
    maskable,
    people_table,
    unsaid,
    ways_to_person,
)
from crmsheet.model.roles import Access, Role, RowScope, TableAccess
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.roles import RoleShape, TableAccessShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Roles:
    """Resolves roles over resolved tables."""

    tables: tuple[Table, ...]
    boards: tuple[str, ...]
    labels: Labels
    problems: Problems

    def resolved(self, shape: SpecShape) -> tuple[Role, ...]:
        return tuple(self._role(name, given) for name, given in shape.roles.items())

    def _role(self, name: str, given: RoleShape) -> Role:
        path: Path = ("roles", name)
        for table in given.tables:
            if self._table(table) is None and not self.problems.is_broken("tables", table):
                remedy, allowed = did_you_mean(table, [t.id for t in self.tables])
                self.problems.error(
                    Code.UNKNOWN_TABLE,
                    (*path, "tables", table),
                    say("there is no table '{table}'", table=table),
                    remedy=remedy,
                    allowed=allowed,
                    key=True,
                )
        owner = given.owner or OWNER
        people = people_table(self.tables, owner)
        accesses = tuple(
            self._access(t, given, given.tables.get(t.id, TableAccessShape()), owner, people, path)
            for t in self.tables
        )
        if given.rows in (RowScope.OWN, RowScope.TEAM) and not any(a.owner for a in accesses):
            self._nobody(name, owner)
        team = ""
        if any(a.rows is RowScope.TEAM for a in accesses):
            team = self._team(given, people, path)
        return Role(
            name,
            self.labels.of(given.label, name, path),
            people,
            team,
            accesses,
            self._boards(given, path),
        )

    def _nobody(self, name: str, owner: str) -> None:
        """No table says whose its rows are, so that everybody would get all of them."""
        references = dict.fromkeys(
            f.id for t in self.tables for f in t.fields if f.type is FieldType.REFERENCE
        )
        if self.problems.is_broken("roles", name):
            return
        self.problems.error(
            Code.ROLE_ROWS,
            ("roles", name, "rows"),
            say("no table has a field '{owner}' that says whose a row is", owner=owner),
            remedy=say(
                "Name the field that holds a row's person:  owner: {example}",
                example=next(iter(references), "…"),
            ),
        )

    def _access(
        self, table: Table, role: RoleShape, given: TableAccessShape, owner: str, people: str, path: Path
    ) -> TableAccess:
        at: Path = (*path, "tables", table.id)
        asked = given.rows or role.rows
        way: tuple[str, ...] = ()
        if given.owner is not None or (asked in (RowScope.OWN, RowScope.TEAM) and table.id != people):
            ways = self._ways(table, given, owner, people, at)
            if len(ways) > 1:
                options = " or ".join(".".join(w) for w in ways)
                self.problems.error(
                    Code.ROLE_ROWS,
                    at if table.id in role.tables else path,
                    say(
                        "'{table}' leads to a person in several ways: {options}",
                        table=table.id,
                        options=options,
                    ),
                    remedy=say(
                        "Say which:  {table}: {{owner: {ways}}}", table=table.id, ways=".".join(ways[0])
                    ),
                    key=True,
                )
            if not ways and (given.rows is not None or given.owner is not None):
                if given.owner is None:
                    self.problems.error(
                        Code.ROLE_ROWS,
                        (*at, "rows"),
                        say("nothing in '{table}' says whose a row is", table=table.id),
                        reason=say(
                            "It has no field '{owner}', and refers to no table that has one.", owner=owner
                        ),
                        remedy=say(
                            "Name the field:  {table}: {{rows: {asked}, owner: …}}, or write  rows: all",
                            table=table.id,
                            asked=asked,
                        ),
                    )
            elif not ways and asked in (RowScope.OWN, RowScope.TEAM):
                # What belongs to nobody, such as products, is everybody's.
                asked = RowScope.ALL
            way = ways[0] if ways else ()
        return TableAccess(table.id, asked, way, tuple(self._fields(table, given, at)))

    def _ways(
        self, table: Table, given: TableAccessShape, owner: str, people: str, at: Path
    ) -> tuple[tuple[str, ...], ...]:
        if given.owner is None:
            return ways_to_person(self.tables, table, owner, people)
        way = tuple(given.owner.split("."))
        here: Table | None = table
        for index, step in enumerate(way):
            found = next((f for f in here.fields if f.id == step), None) if here else None
            last = index == len(way) - 1
            if found is None or here is None:
                remedy, allowed = did_you_mean(step, [f.id for f in here.fields] if here else ())
                self.problems.error(
                    Code.UNKNOWN_FIELD,
                    (*at, "owner"),
                    say("the table '{here}' has no field '{step}'", here=here.id if here else "", step=step),
                    remedy=remedy,
                    allowed=allowed,
                )
                return ()
            if found.type not in (PERSONAL if last else (FieldType.REFERENCE,)):
                self.problems.error(
                    Code.ROLE_ROWS,
                    (*at, "owner"),
                    f"'{here.id}.{step}' is {found.type}",
                    remedy=say("A person is a reference, a choice or a text.")
                    if last
                    else say("Only references lead to another table."),
                )
                return ()
            if last and people and found.type is FieldType.REFERENCE and found.table != people:
                self.problems.error(
                    Code.ROLE_ROWS,
                    (*at, "owner"),
                    say(
                        "'{here}.{step}' refers to '{table}', other owners to '{people}'",
                        here=here.id,
                        step=step,
                        table=found.table,
                        people=people,
                    ),
                    remedy=say("All tables name people of the same table."),
                )
                return ()
            here = self._table(found.table) if found.table else None
        return (way,)

    def _team(self, given: RoleShape, people: str, path: Path) -> str:
        table = self._table(people)
        fields = [f.id for f in table.fields if not f.type.computed and f.id != table.key] if table else []
        if given.team is not None and given.team in fields:
            return given.team
        found = next((name for name in TEAMS if name in fields), "")
        if found and given.team is None:
            return found
        remedy, allowed = did_you_mean(given.team or "team", fields)
        self.problems.error(
            Code.ROLE_ROWS,
            (*path, "team") if given.team is not None else path,
            say("the table '{people}' has no field '{team}'", people=people, team=given.team)
            if table is not None and given.team is not None
            else say("a team needs a table of the people that says who belongs together"),
            remedy=remedy
            if fields
            else say("Write  rows: own, or make the owner a reference to a table of the people."),
            allowed=allowed,
            key=given.team is None,
        )
        return ""

    def _fields(self, table: Table, given: TableAccessShape, at: Path) -> Iterator[tuple[str, Access]]:
        named: dict[str, Access] = {}
        rest: Access | None = None
        known = {f.id: f for f in table.fields}
        for access in Access:
            for index, name in enumerate(getattr(given, access.value)):
                place: Path = (*at, access.value, index)
                if name == ALL and access in (Access.READ, Access.WRITE) and name not in known:
                    rest = access if rest is None else rest
                    continue
                field = known.get(name)
                if field is None:
                    if not self.problems.is_broken("tables", table.id, "fields", name):
                        remedy, allowed = did_you_mean(name, known)
                        self.problems.error(
                            Code.UNKNOWN_FIELD,
                            place,
                            say("the table '{table}' has no field '{name}'", table=table.id, name=name),
                            remedy=remedy,
                            allowed=allowed,
                        )
                    continue
                if name in named and named[name] is not access:
                    self.problems.error(
                        Code.ROLE_FIELD,
                        place,
                        say(
                            "'{name}' stands under `{named}` and under `{access}`",
                            name=name,
                            named=named[name],
                            access=access,
                        ),
                        remedy=say("Keep one of the two."),
                    )
                    continue
                self._check(table, field, access, place)
                named[name] = access
        for field in table.fields:
            access = named.get(field.id) or rest or unsaid(table, field)
            computed = field.type.computed and access is Access.WRITE
            yield field.id, Access.READ if computed else access

    def _check(self, table: Table, field: Field, access: Access, place: Path) -> None:
        if access is Access.DROP and field.id == table.key:
            self.problems.error(
                Code.ROLE_FIELD,
                place,
                say(
                    "'{field}' names the rows of '{table}'; without it there are none",
                    field=field.id,
                    table=table.id,
                ),
                remedy=say("Mask it:  mask: [{field}]; or leave out the table:  rows: none", field=field.id),
            )
        if access is Access.MASK and not maskable(field):
            self.problems.error(
                Code.ROLE_FIELD,
                place,
                say(
                    "'{field}' is {type}: only texts that people fill in can be masked",
                    field=field.id,
                    type=field.type,
                ),
                reason=say(
                    "A figure made of masked values would be wrong, and what is computed would tell them."
                ),
                remedy=say("Leave it out:  drop: [{field}]", field=field.id),
            )

    def _boards(self, given: RoleShape, path: Path) -> tuple[str, ...]:
        if given.sheets is None:
            return self.boards
        for index, name in enumerate(given.sheets):
            if name not in self.boards and not self.problems.is_broken("sheets", name):
                remedy, allowed = did_you_mean(name, self.boards)
                self.problems.error(
                    Code.ROLE_SHEET,
                    (*path, "sheets", index),
                    say("there is no board '{name}'", name=name),
                    remedy=remedy,
                    allowed=allowed,
                )
        return tuple(b for b in self.boards if b in given.sheets)

    def _table(self, name: str) -> Table | None:
        return next((t for t in self.tables if t.id == name), None)
