"""What an expression may name: asked of whoever knows the spec.

Knows the questions. Does not know the answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Protocol

from crmsheet.formulas.tree import Node
from crmsheet.structs import dataclass


class ValueType(StrEnum):
    """The type of a field, setting or metric as expressions see it."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    """One label of a list."""
    MULTI_CHOICE = "multi_choice"
    REFERENCE = "reference"
    """The key of a row elsewhere."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a named thing before any row is seen."""

    type: ValueType
    list: str = ""
    """Of a choice: its list."""
    maybe_empty_text: bool = False
    """Computed, and empty text when there is nothing to compute from (a `max` over no rows)."""
    maybe_blank: bool = False
    """Typed by people, who may leave it out."""
    several: bool = False
    """A name that means more than one cell."""


class Scope(Protocol):
    """Where an expression stands."""

    @property
    def table(self) -> str:
        """The table whose row `[field]` means; empty where there is no row."""
        ...

    @property
    def compatibility(self) -> int:
        """The oldest Excel that must understand the formula: 2016, 2019, …"""
        ...

    def tables(self) -> Collection[str]: ...

    def fields(self, table: str) -> Collection[str]: ...

    def field(self, table: str, id: str) -> Known | None:
        """None when the table has no such field; dotted paths may be answered as well."""
        ...

    def meant(self, table: str, word: str) -> str:
        """A remedy for a word that names no field of a table: its label, a way to it; empty when none is known."""
        ...

    def rules(self) -> Collection[str]:
        """Rules and segments of this table, whose ids stand for their conditions."""
        ...

    def rule(self, id: str) -> Node | None: ...

    def names(self) -> Collection[str]:
        """Settings and other named cells."""
        ...

    def name(self, id: str) -> Known | None: ...

    def metrics(self) -> Collection[str]:
        """Metrics, where an expression may use them; else nothing."""
        ...

    def metric(self, id: str) -> Known | None: ...

    def items(self, list: str) -> Mapping[str, Collection[str]]:
        """The items of a list in order, each with its labels."""
        ...
