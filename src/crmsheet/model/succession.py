"""What in a new Model is what in an old one: by id, or by `renamed_from`.

Knows ids only. Does not know what follows from a rename in a workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from crmsheet.model.spec import Model
from crmsheet.structs import dataclass


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def renamed_from(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Succession:
    """New id to old id, of everything that was there before; what is not in it is new."""

    tables: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]
    """By new table id."""
    lists: Mapping[str, str]
    items: Mapping[str, Mapping[str, str]]
    """By new list id."""
    settings: Mapping[str, str]
    boards: Mapping[str, str]

    def sheet(self, sheet: str) -> str:
        """The former id of a sheet; generated sheets keep theirs."""
        return self.boards.get(sheet, self.tables.get(sheet, sheet))

    def anchor(self, anchor: str) -> str:
        """The former anchor of a block: the words between its dots are ids of sheets, lists or blocks."""
        head, dot, rest = anchor.partition(".")
        if head in ("calc", "options"):
            board, second, block = rest.partition(".")
            return f"{head}.{self.boards.get(board, board)}{second}{block}"
        if head in ("lists", "listhead"):
            name, second, part = rest.partition(".")
            return f"{head}.{self.lists.get(name, name)}{second}{part}"
        return self.sheet(head) + dot + rest

    def column(self, table: str, column: str) -> str:
        """The former id of a table's column: a field's, or one made of fields' (`_row.customer`,
        `customer.region`)."""
        own = self.fields.get(table, {})
        if column in own:
            return own[column]
        first, dot, rest = column.partition(".")
        if not dot:
            return column
        everywhere = {
            new: old for fields in self.fields.values() for new, old in fields.items() if new != old
        }
        parts = [own.get(first, first), *(everywhere.get(p, p) for p in rest.split("."))]
        if first.startswith("_"):
            parts[1:] = [own.get(p, everywhere.get(p, p)) for p in rest.split(".")]
        return ".".join(parts)


def succession(old: Model, new: Model) -> Succession:
    """Pair the two models."""
    tables = _paired(old.tables, new.tables)
    lists = _paired(old.lists, new.lists)
    return Succession(
        tables,
        {t: _paired(old.table(was).fields, new.table(t).fields) for t, was in tables.items()},
        lists,
        {x: _paired(old.list(was).items, new.list(x).items) for x, was in lists.items()},
        _paired(old.settings, new.settings),
        _paired(old.boards, new.boards),
    )


def _paired(old: Iterable[_Named], new: Iterable[_Named]) -> dict[str, str]:
    """By id; else by the former id, unless something still has it."""
    before = [thing.id for thing in old]
    after = {thing.id for thing in new}
    pairs: dict[str, str] = {}
    for thing in new:
        if thing.id in before:
            pairs[thing.id] = thing.id
        elif thing.renamed_from in before and thing.renamed_from not in after:
            pairs[thing.id] = thing.renamed_from
    return pairs
