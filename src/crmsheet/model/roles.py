"""Roles: which rows, fields and boards somebody sees in a copy that is made for them.

Knows the resolved rules. Does not know how a copy is made (`api.team`), nor who has which role.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.model.words import Label
from crmsheet.structs import dataclass


class RowScope(StrEnum):
    """Whose rows: the person's, those of the person's team, everybody's, or none: then the table is left out."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"
    NONE = "none"


class Access(StrEnum):
    """What becomes of a field: filled in, only read, made unreadable, or left out."""

    WRITE = "write"
    READ = "read"
    MASK = "mask"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class TableAccess:
    """`owner` are the fields that lead to the person of a row, each but the last a reference; nothing in the table of
    the people itself. `fields` says of each field what becomes of it."""

    table: str
    rows: RowScope
    owner: tuple[str, ...] = ()
    fields: tuple[tuple[str, Access], ...] = ()

    def of(self, field: str) -> Access:
        """Fields that the role does not know came later; nobody has decided that they may be seen."""
        return dict(self.fields).get(field, Access.DROP)


@dataclass(frozen=True, slots=True)
class Role:
    """`people` is the table of the people and `team` its field that says who belongs together: a reference to the
    person they answer to, or a text that they share. Both are empty where owners are texts or list values."""

    id: str
    label: Label
    people: str = ""
    team: str = ""
    tables: tuple[TableAccess, ...] = ()
    boards: tuple[str, ...] = ()

    def table(self, table: str) -> TableAccess:
        return next((t for t in self.tables if t.table == table), TableAccess(table, RowScope.NONE))

    @property
    def needs_person(self) -> bool:
        """Whether it depends on who has it what the copy holds."""
        return any(t.rows in (RowScope.OWN, RowScope.TEAM) for t in self.tables)
