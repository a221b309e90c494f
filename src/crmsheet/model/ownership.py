"""Whose a row is: the way from a table to the person of its rows, and what is private in it.

Knows fields and references. Does not know rows (`api.team`), nor which roles a spec has.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.roles import Access
from crmsheet.model.spec import Field, FieldType, Table

ALL: Final = "all"
"""In place of field ids: every field."""
OWNER: Final = "owner"
"""The field that holds a row's person, where nothing else is said."""
PERSONAL: Final = (FieldType.REFERENCE, FieldType.CHOICE, FieldType.TEXT)
"""What a person may be written as."""
TEAMS: Final = ("team", "manager")
"""Fields of the people's table that say who belongs together, where a role names none."""
_TEXTUAL: Final = frozenset(
    (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL, FieldType.PHONE, FieldType.URL, FieldType.ID)
)
_FAR: Final = 3
"""References on the way from a row to its person."""


def maskable(field: Field) -> bool:
    """Whether a masked value still is one of its field: a text that people fill in."""
    return field.type in _TEXTUAL


def unsaid(table: Table, field: Field) -> Access:
    """What becomes of a field that a role does not name."""
    if not field.private:
        return Access.READ if field.type.computed else Access.WRITE
    return Access.MASK if maskable(field) or field.id == table.key else Access.DROP


def people_table(tables: tuple[Table, ...], owner: str) -> str:
    """The table that fields of this id refer to; empty where they are texts or list values."""
    return next((f.table for t in tables for f in t.fields if f.id == owner and f.table), "")


def ways_to_person(
    tables: tuple[Table, ...], table: Table, owner: str, people: str
) -> tuple[tuple[str, ...], ...]:
    """The shortest ways from a row to its person: the field of that id, else the only reference to the people,
    else the same behind references."""
    by_id = {t.id: t for t in tables}
    reached: list[tuple[tuple[str, ...], Table]] = [((), table)]
    for _ in range(_FAR):
        found = [(*way, end) for way, here in reached if (end := _person(here, owner, people))]
        if found:
            return tuple(found)
        reached = [
            ((*way, f.id), by_id[f.table])
            for way, here in reached
            for f in here.fields
            if f.type is FieldType.REFERENCE and f.table in by_id and f.table not in (here.id, people)
        ]
    return ()


def _person(table: Table, owner: str, people: str) -> str:
    if any(f.id == owner and f.type in PERSONAL for f in table.fields):
        return owner
    to_people = [f.id for f in table.fields if people and f.type is FieldType.REFERENCE and f.table == people]
    return to_people[0] if len(to_people) == 1 else ""
