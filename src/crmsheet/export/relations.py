"""Relations: columns of one type each, keys, and what refers to what.

Knows data only; not where it comes from, nor the file that it goes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from crmsheet.structs import dataclass


class Stored(StrEnum):
    """What a column holds, in the words of the data package standard. Every one may lack values."""

    TEXT = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    """Exact, four places."""
    DOUBLE = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


Datum: TypeAlias = bool | int | float | Decimal | str | date | None
"""A datetime is a date, too."""


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    stored: Stored
    values: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`of` is the column of which this one is the key, if another one is."""

    column: str
    relation: str
    target: str
    of: str = ""


class Kind(StrEnum):
    """What a relation is: rows that people entered, a list, the items of multi-choice cells, what is said about the
    book, and the parts of the star and the flat shape."""

    ENTRY = "entry"
    LIST = "list"
    ITEMS = "items"
    ABOUT = "about"
    DIMENSION = "dimension"
    FACT = "fact"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class FlatPart:
    """A column of a flat relation: `column` of the fact, or of the dimension that the fact's key `via` leads to."""

    id: str
    column: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """`key` is the column that tells rows apart, empty for none. `parts` say of a flat relation what it is joined
    of; its `of` is the fact."""

    id: str
    kind: Kind
    columns: tuple[Column, ...]
    key: str = ""
    foreign: tuple[ForeignKey, ...] = ()
    indexed: tuple[str, ...] = ()
    of: str = ""
    parts: tuple[FlatPart, ...] = ()

    @property
    def size(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def column(self, id: str) -> Column:
        return next(c for c in self.columns if c.id == id)

    def rows(self) -> Iterable[tuple[Datum, ...]]:
        return zip(*(c.values for c in self.columns), strict=True)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A cell whose value is not of its field's type: its column has none there."""

    table: str
    row: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """All that is exported. `about` are facts of the book: title, date, language, currency, version."""

    about: Mapping[str, str]
    relations: tuple[Relation, ...]
    misfits: tuple[Misfit, ...] = ()
    left_out: Mapping[str, int] | None = None
    """By table, how many rows stay out because nobody consented."""
    private: int = 0
    """How many fields stay out because they are private."""

    def relation(self, id: str) -> Relation:
        return next(r for r in self.relations if r.id == id)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that differs from others, without regard to case."""
    known = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in known:
        name, number = f"{wanted}__{number}", number + 1
    return name
