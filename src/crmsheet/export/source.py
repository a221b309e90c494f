"""What an export is made of: a book's Model and State, the values of its computed columns, and what is asked for.

Knows how to find things in it: what a field's values mean, rows by their keys, list items by their labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from crmsheet.excel.values import Value
from crmsheet.model.spec import Field, FieldType, ListDefinition, Model, Table
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, field


class Shape(StrEnum):
    """The tables as they are, facts with their dimensions, and facts joined with them."""

    TABLES = "tables"
    STAR = "star"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. No `tables`: all of them."""

    tables: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = tuple(Shape)
    private: bool = False
    without_consent: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the values of a field are, looked up and computed ones followed to where they come from."""

    kind: FieldType
    list: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """`values` are the columns of all fields, by table and field. `language` is the book's, `shown` the one that
    labels are exported in."""

    model: Model
    state: State
    language: Language
    shown: Language
    as_of: date
    book_code: str
    version: str
    values: Mapping[tuple[str, str], Sequence[Value]] = field(repr=False)

    def rows(self, table: str) -> TableState:
        return self.state.tables.get(table, TableState())

    def column(self, table: str, field_id: str) -> Sequence[Value]:
        return self.values[table, field_id]

    def meaning(self, table: Table, own: Field) -> Meaning:
        """What the cells of a field hold."""
        kind = own.result if own.type.computed else own.type
        if own.lookup is not None:
            via = table.field(own.lookup.via)
            if via.table:
                there = self.model.table(via.table)
                if there.has_field(own.lookup.field):
                    return self.meaning(there, there.field(own.lookup.field))
        return Meaning(kind, own.list, own.table if own.type is FieldType.REFERENCE else "")

    def item_label(self, definition: ListDefinition, row: ListRow) -> str:
        """A list row's label in the language asked for; one that people wrote is as they wrote it."""
        if self.shown is self.language or not row.id:
            return row.label
        known = next((i for i in definition.items if i.id == row.id), None)
        if known is None or known.label.text(self.language) != row.label:
            return row.label
        return known.label.text(self.shown)
