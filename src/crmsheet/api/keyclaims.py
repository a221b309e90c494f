"""Cells that hold the old key of a row which people renamed, and which row each of them means.

Knows when that is certain. Does not decide what becomes of the cells, and not how a row is told from others
(`model.identity`).

A cell means a renamed row when it holds the row's old key, as Excel compares texts, and no other row has
that key now. Where another row took it over in the same stretch of work (two rows exchanged their names),
only rows that nobody touched since the last refresh still mean the old one: they are remembered by id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from crmsheet.api.marks import row_hashes
from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import Value
from crmsheet.messages import phrase
from crmsheet.model.baseline import FormerKey
from crmsheet.model.identity import text_value, value_text
from crmsheet.model.spec import FieldType, Table
from crmsheet.read import Reading
from crmsheet.structs import dataclass, replace


class Doubt(StrEnum):
    """Why cells that hold an old key are left to people."""

    NONE = ""
    TAKEN = phrase("another row is called so now")
    SHARED = phrase("several rows were called so")
    TWICE = phrase("two rows have the new name")
    UNSURE = phrase("other cells of the row changed with it")


def former_keys(reading: Reading, table: Table) -> dict[str, tuple[FormerKey, ...]]:
    """The keys that rows had: those remembered, and those changed since the last refresh."""
    chosen = any(s.table == table.id for b in reading.record.model.boards for s in b.selectors)
    if not chosen and not any(True for _ in _references(reading, table.id)):
        return {}
    rows, found = reading.state.tables[table.id], reading.rows[table.id].identity
    keys = rows.columns.get(table.key)
    if keys is None:
        return {}
    now = {row: value_text(key) for row, key in zip(rows.ids, keys, strict=True) if row}
    former = {
        row: tuple(k for k in given if k.key != now[row])
        for row, given in reading.record.renamed_keys.get(table.id, {}).items()
        if row in now
    }
    known = reading.record.tables[table.id].rows
    for indexes, sure in ((found.renamed, True), (found.doubtful, False)):
        for row in (rows.ids[i] for i in indexes):
            before = known[row][1]
            if before not in ("", now[row]) and folded(text_value(now[row])):
                rest = tuple(k for k in former.get(row, ()) if k.key != before)
                former[row] = (*rest, FormerKey(before, sure))
    return {row: given for row, given in former.items() if given}


def _references(reading: Reading, table: str) -> Iterator[tuple[str, str]]:
    """The input columns that refer to a table."""
    for owner in reading.record.model.tables:
        for own in owner.fields:
            columns = reading.state.tables[owner.id].columns
            if own.type is FieldType.REFERENCE and own.table == table and own.id in columns:
                yield owner.id, own.id


def folded(value: Value) -> str:
    """A key as Excel compares it: without case; empty for what is none."""
    if isinstance(value, str):
        return value.lower()
    return general_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


Cell: TypeAlias = tuple[str, str, int]
"""Table, field and row index."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A former key of a row, and the cells that hold it; with a doubt, they are left alone."""

    row: str
    former: FormerKey
    new: Value
    cells: tuple[Cell, ...]
    selectors: tuple[str, ...]
    doubt: Doubt


class Claims:
    """Which cells mean which former key of which row of one table."""

    def __init__(self, reading: Reading, table: Table, former: Mapping[str, Sequence[FormerKey]]) -> None:
        self._reading = reading
        rows = reading.state.tables[table.id]
        self._keys = dict(zip(rows.ids, rows.columns[table.key], strict=True))
        self._bearers: dict[str, list[str]] = {}
        for row, key in self._keys.items():
            if row and folded(key):
                self._bearers.setdefault(folded(key), []).append(row)
        known = reading.record.tables[table.id].rows
        self._newly_called = {
            rows.ids[i]
            for i in reading.rows[table.id].identity.renamed
            if folded(text_value(known[rows.ids[i]][1])) != folded(self._keys[rows.ids[i]])
        }
        self._by_text: dict[str, list[tuple[str, FormerKey]]] = {}
        for row, given in former.items():
            for one in given:
                self._by_text.setdefault(folded(text_value(one.key)), []).append((row, one))
        self._cells: dict[str, list[Cell]] = {}
        for owner, name in _references(reading, table.id):
            for index, value in enumerate(reading.state.tables[owner].columns[name]):
                if value is not None and (text := folded(value)) in self._by_text:
                    self._cells.setdefault(text, []).append((owner, name, index))
        self._selectors: dict[str, list[str]] = {}
        for board in reading.record.model.boards:
            for selector in board.selectors:
                shown = reading.state.selectors.get(f"{board.id}.{selector.id}")
                if selector.table == table.id and (text := folded(shown)) in self._by_text:
                    self._selectors.setdefault(text, []).append(f"{board.id}.{selector.id}")
        self._untouched: dict[str, frozenset[int]] = {}

    def settled(self) -> Iterator[Claim]:
        for text, claims in self._by_text.items():
            named = {cell for _, former in claims for cell in self._named(text, former)}
            several = sum(not former.cells for _, former in claims) > 1
            for row, former in claims:
                new = self._keys[row]
                others = [r for r in self._bearers.get(text, ()) if r != row]
                doubt = self._doubt(former, new, several=several)
                free = tuple(c for c in self._cells.get(text, ()) if c not in named and self._value(c) != new)
                selectors = () if others else tuple(self._selectors.get(text, ()))
                if former.cells:
                    yield Claim(row, former, new, self._named(text, former), (), doubt)
                elif not others:
                    yield Claim(row, former, new, free, selectors, doubt)
                else:
                    taken_over = all(r in self._newly_called for r in others)
                    old = tuple(c for c in free if taken_over and self._is_untouched(c))
                    rest = tuple(c for c in free if c not in old)
                    if old or not rest:
                        yield Claim(row, replace(former, cells=self._ids(old)), new, old, (), doubt)
                    if rest:
                        yield Claim(row, former, new, rest, (), Doubt.TAKEN)

    def _doubt(self, former: FormerKey, new: Value, *, several: bool) -> Doubt:
        if not former.sure:
            return Doubt.UNSURE
        if several and not former.cells:
            return Doubt.SHARED
        return Doubt.TWICE if len(self._bearers.get(folded(new), ())) > 1 else Doubt.NONE

    def _named(self, text: str, former: FormerKey) -> tuple[Cell, ...]:
        """The cells remembered as meaning this row that still hold its old key."""
        meant = {name: frozenset(rows) for name, rows in former.cells.items()}
        tables = self._reading.state.tables
        return tuple(
            (owner, name, index)
            for owner, name, index in (self._cells.get(text, ()) if meant else ())
            if tables[owner].ids[index] in meant.get(f"{owner}.{name}", ())
        )

    def _ids(self, cells: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for owner, name, index in cells:
            found.setdefault(f"{owner}.{name}", []).append(self._reading.state.tables[owner].ids[index])
        return {column: tuple(sorted(rows)) for column, rows in found.items()}

    def _value(self, cell: Cell) -> Value:
        owner, name, index = cell
        return self._reading.state.tables[owner].columns[name][index]

    def _is_untouched(self, cell: Cell) -> bool:
        """Whether a row is as it was at the last refresh."""
        owner, _, index = cell
        if owner not in self._untouched:
            record, rows = self._reading.record, self._reading.rows[owner].state
            known = record.tables[owner].rows
            hashes = row_hashes(record.model.table(owner), rows, record.book_code)
            self._untouched[owner] = frozenset(
                i
                for i, (row, digest) in enumerate(zip(rows.ids, hashes, strict=True))
                if row in known and known[row][0] == digest
            )
        return index in self._untouched[owner]
