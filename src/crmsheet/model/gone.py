"""What of a Model is no longer there, and what of an expression, a path or a way needs it.

Does not know what becomes of the rest (`reduction`).
"""

from __future__ import annotations

from crmsheet.formulas.tree import Cell, Column, Measure, Node, walk
from crmsheet.model.spec import Model
from crmsheet.structs import dataclass, field


@dataclass(slots=True)
class Gone:
    """What is no longer there."""

    model: Model
    """What there was."""
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

    def path(self, table: str, path: str) -> bool:
        """Whether a path (a field, or a field behind a reference) is gone."""
        if self.table(table):
            return True
        first, dot, second = path.partition(".")
        if self.field(table, first):
            return True
        if not dot:
            return False
        own = next((t for t in self.model.tables if t.id == table), None)
        if own is None or not own.has_field(first):
            return False
        return self.field(own.field(first).table, second)

    def way(self, table: str, way: tuple[str, ...]) -> bool:
        """Whether a step of a way through references is gone."""
        for step in way:
            if self.field(table, step):
                return True
            own = next((t for t in self.model.tables if t.id == table), None)
            if own is None or not own.has_field(step):
                return True
            table = own.field(step).table
        return False
