"""Rows that people renamed, and the cells elsewhere that still hold the old key.

Knows when it is certain which row such a cell means; what is not certain is listed and left alone. Changes
cells only when people asked for it, and writes nothing: edits are returned. Does not know how a row is told
from others (`model.identity`).

A cell means a renamed row when it holds the row's old key, as Excel compares texts, and no other row has
that key now. Where another row took it over in the same stretch of work (two rows exchanged their names),
only rows that nobody touched since the last refresh still mean the old one: they are remembered by id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from crmsheet.api.marks import row_hashes
from crmsheet.excel.numbers import general_text
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.model.baseline import FormerKey
from crmsheet.model.identity import text_value, value_text
from crmsheet.model.spec import FieldType, Table
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind
from crmsheet.sheetml.splice import CellEdit, EditKind


class RenameStatus(StrEnum):
    PENDING = "pending"
    APPLIED = "applied"
    UNCLEAR = "unclear"


class Doubt(StrEnum):
    """Why cells that hold an old key are left to people."""

    NONE = ""
    TAKEN = "another row is called so now"
    SHARED = "several rows were called so"
    TWICE = "two rows have the new name"
    UNSURE = "other cells of the row changed with it"


@dataclass(frozen=True, slots=True)
class Holders:
    """How many cells of a column hold an old key, and how many of them are formulas, which stay."""

    table: str
    field: str
    sheet: str
    column: str
    cells: int
    formulas: int = 0


@dataclass(frozen=True, slots=True)
class KeyRename:
    """A row with another key than cells elsewhere say; `cell` is where its key stands."""

    table: str
    row: str
    sheet: str
    cell: str
    column: str
    old: str
    new: str
    status: RenameStatus
    doubt: Doubt
    held_by: tuple[Holders, ...]
    selectors: tuple[str, ...] = ()
    """Selectors of boards that show the old key, as `board.selector`."""


Pending = Mapping[str, Mapping[str, tuple[FormerKey, ...]]]
"""What the record keeps of renames: table id to row id to former keys."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A reading with these cells as they will be, the edits that make them so, what to tell people, and what
    the workbook is to remember."""

    reading: Reading
    edits: tuple[tuple[str, CellEdit], ...] = ()
    notes: tuple[Note, ...] = ()
    renames: tuple[KeyRename, ...] = ()
    pending: Pending = field(default_factory=dict)


def followed(reading: Reading, *, apply: bool) -> Followed:
    """Find renamed rows and the cells that hold their old keys; with `apply`, carry the new keys there."""
    settled = _Settled()
    for table in reading.record.model.tables:
        former = _former_keys(reading, table)
        if former:
            for claim in _Claims(reading, table, former).settled():
                settled.add(reading, table, claim, apply=apply)
    tables = {
        table_id: replace(rows, columns=_with(rows.columns, table_id, settled.values))
        for table_id, rows in reading.state.tables.items()
    }
    if settled.edits:
        selectors = {**reading.state.selectors, **settled.selectors}
        reading = replace(reading, state=replace(reading.state, tables=tables, selectors=selectors))
    return Followed(
        reading,
        tuple(settled.edits),
        tuple(settled.notes),
        tuple(settled.renames),
        {table: {row: tuple(keys) for row, keys in rows.items()} for table, rows in settled.pending.items()},
    )


def _with(
    columns: Mapping[str, tuple[Value, ...]],
    table: str,
    values: Mapping[tuple[str, str], Mapping[int, Value]],
) -> dict[str, tuple[Value, ...]]:
    result = dict(columns)
    for (owner, name), changed in values.items():
        if owner == table:
            result[name] = tuple(changed.get(i, value) for i, value in enumerate(columns[name]))
    return result


def _former_keys(reading: Reading, table: Table) -> dict[str, tuple[FormerKey, ...]]:
    """The keys that rows had: those remembered, and those changed since the last refresh."""
    if not any(True for _ in _references(reading, table.id)):
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
            if before not in ("", now[row]) and _folded(text_value(now[row])):
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


def _folded(value: Value) -> str:
    """A key as Excel compares it: without case; empty for what is none."""
    if isinstance(value, str):
        return value.lower()
    return general_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


_Cell = tuple[str, str, int]
"""Table, field and row index."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A former key of a row, and the cells that hold it; with a doubt, they are left alone."""

    row: str
    former: FormerKey
    new: Value
    cells: tuple[_Cell, ...]
    selectors: tuple[str, ...]
    doubt: Doubt


class _Claims:
    """Which cells mean which former key of which row of one table."""

    def __init__(self, reading: Reading, table: Table, former: Mapping[str, Sequence[FormerKey]]) -> None:
        self._reading = reading
        rows = reading.state.tables[table.id]
        self._keys = dict(zip(rows.ids, rows.columns[table.key], strict=True))
        self._bearers: dict[str, list[str]] = {}
        for row, key in self._keys.items():
            if row and _folded(key):
                self._bearers.setdefault(_folded(key), []).append(row)
        known = reading.record.tables[table.id].rows
        self._newly_called = {
            rows.ids[i]
            for i in reading.rows[table.id].identity.renamed
            if _folded(text_value(known[rows.ids[i]][1])) != _folded(self._keys[rows.ids[i]])
        }
        self._by_text: dict[str, list[tuple[str, FormerKey]]] = {}
        for row, given in former.items():
            for one in given:
                self._by_text.setdefault(_folded(text_value(one.key)), []).append((row, one))
        self._cells: dict[str, list[_Cell]] = {}
        for owner, name in _references(reading, table.id):
            for index, value in enumerate(reading.state.tables[owner].columns[name]):
                if value is not None and (text := _folded(value)) in self._by_text:
                    self._cells.setdefault(text, []).append((owner, name, index))
        self._selectors: dict[str, list[str]] = {}
        for board in reading.record.model.boards:
            for selector in board.selectors:
                shown = reading.state.selectors.get(f"{board.id}.{selector.id}")
                if selector.table == table.id and (text := _folded(shown)) in self._by_text:
                    self._selectors.setdefault(text, []).append(f"{board.id}.{selector.id}")
        self._untouched: dict[str, frozenset[int]] = {}

    def settled(self) -> Iterator[_Claim]:
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
                    yield _Claim(row, former, new, self._named(text, former), (), doubt)
                elif not others:
                    yield _Claim(row, former, new, free, selectors, doubt)
                else:
                    taken_over = all(r in self._newly_called for r in others)
                    old = tuple(c for c in free if taken_over and self._is_untouched(c))
                    rest = tuple(c for c in free if c not in old)
                    if old or not rest:
                        yield _Claim(row, replace(former, cells=self._ids(old)), new, old, (), doubt)
                    if rest:
                        yield _Claim(row, former, new, rest, (), Doubt.TAKEN)

    def _doubt(self, former: FormerKey, new: Value, *, several: bool) -> Doubt:
        if not former.sure:
            return Doubt.UNSURE
        if several and not former.cells:
            return Doubt.SHARED
        return Doubt.TWICE if len(self._bearers.get(_folded(new), ())) > 1 else Doubt.NONE

    def _named(self, text: str, former: FormerKey) -> tuple[_Cell, ...]:
        """The cells remembered as meaning this row that still hold its old key."""
        meant = {name: frozenset(rows) for name, rows in former.cells.items()}
        tables = self._reading.state.tables
        return tuple(
            (owner, name, index)
            for owner, name, index in (self._cells.get(text, ()) if meant else ())
            if tables[owner].ids[index] in meant.get(f"{owner}.{name}", ())
        )

    def _ids(self, cells: Sequence[_Cell]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for owner, name, index in cells:
            found.setdefault(f"{owner}.{name}", []).append(self._reading.state.tables[owner].ids[index])
        return {column: tuple(sorted(rows)) for column, rows in found.items()}

    def _value(self, cell: _Cell) -> Value:
        owner, name, index = cell
        return self._reading.state.tables[owner].columns[name][index]

    def _is_untouched(self, cell: _Cell) -> bool:
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


@dataclass(slots=True)
class _Settled:
    """What is decided so far: the edits, what to tell people, what to remember."""

    edits: list[tuple[str, CellEdit]] = field(default_factory=list)
    values: dict[tuple[str, str], dict[int, Value]] = field(default_factory=dict)
    selectors: dict[str, Value] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    renames: list[KeyRename] = field(default_factory=list)
    pending: dict[str, dict[str, list[FormerKey]]] = field(default_factory=dict)

    def add(self, reading: Reading, table: Table, claim: _Claim, *, apply: bool) -> None:
        """One former key: carried, or kept in mind while cells hold it."""
        held = bool(claim.cells or claim.selectors)
        fixed = tuple(c for c in claim.cells if not _is_constant(reading, c))
        status = RenameStatus.UNCLEAR if claim.doubt else RenameStatus.PENDING
        if apply and not claim.doubt:
            status = RenameStatus.APPLIED
            self._carry(reading, claim, frozenset(fixed))
        elif held and claim.doubt is not Doubt.TAKEN:
            self.pending.setdefault(table.id, {}).setdefault(claim.row, []).append(claim.former)
        if not held and (
            status is RenameStatus.UNCLEAR or claim.former.cells or not self._is_new(reading, table, claim)
        ):
            return
        place = reading.layout.tables[table.id]
        index = reading.state.tables[table.id].ids.index(claim.row)
        rename = KeyRename(
            table.id,
            claim.row,
            place.sheet,
            a1(place.rows[index], place.columns[table.key]),
            place.headers[table.key],
            _shown(text_value(claim.former.key)),
            _shown(claim.new),
            status,
            claim.doubt,
            tuple(_holders(reading, claim.cells, frozenset(fixed))),
            claim.selectors,
        )
        self.renames.append(rename)
        self.notes.insert(len(self.renames) - 1, _note(rename))

    @staticmethod
    def _is_new(reading: Reading, table: Table, claim: _Claim) -> bool:
        """Whether people renamed the row since the last refresh."""
        return reading.record.tables[table.id].rows[claim.row][1] == claim.former.key

    def _carry(self, reading: Reading, claim: _Claim, fixed: frozenset[_Cell]) -> None:
        for cell in claim.cells:
            owner, name, index = cell
            place = reading.layout.tables[owner]
            at = place.rows[index], place.columns[name]
            old = _shown(reading.state.tables[owner].columns[name][index])
            if cell in fixed:
                kind = NoteKind.KEY_IN_FORMULA
            else:
                kind = NoteKind.KEY_CARRIED
                self.values.setdefault((owner, name), {})[index] = claim.new
                self.edits.append((place.sheet, CellEdit(*at, EditKind.VALUE, claim.new)))
            self.notes.append(Note(kind, place.sheet, a1(*at), place.headers[name], old, _shown(claim.new)))
        for selector in claim.selectors:
            anchor, row, column = reading.record.inputs[f"selectors.{selector}"]
            shown = reading.layout.anchors.get(anchor)
            if shown is not None:
                at = shown.rows[row], shown.columns[column]
                old = _shown(reading.state.selectors[selector])
                self.selectors[selector] = claim.new
                self.edits.append((shown.sheet, CellEdit(*at, EditKind.VALUE, claim.new)))
                self.notes.append(
                    Note(NoteKind.KEY_CARRIED, shown.sheet, a1(*at), "", old, _shown(claim.new))
                )


def _is_constant(reading: Reading, cell: _Cell) -> bool:
    """Whether a cell can be written: no formula, not hidden under a merged one."""
    owner, name, index = cell
    place, cells = reading.layout.tables[owner], reading.tables[owner].cells
    row, column = place.rows[index], place.columns[name]
    there = cells.at(row, column)
    hidden = any(
        m.top <= row <= m.bottom and m.left <= column <= m.right and (row, column) != (m.top, m.left)
        for m in cells.scan.merges
    )
    return there is not None and there.formula is None and not hidden


def _holders(reading: Reading, cells: Sequence[_Cell], fixed: frozenset[_Cell]) -> Iterator[Holders]:
    counts: dict[tuple[str, str], list[int]] = {}
    for cell in cells:
        count = counts.setdefault(cell[:2], [0, 0])
        count[0] += 1
        count[1] += cell in fixed
    for (owner, name), (total, formulas) in counts.items():
        place = reading.layout.tables[owner]
        yield Holders(owner, name, place.sheet, place.headers[name], total, formulas)


def _note(rename: KeyRename) -> Note:
    """`new` says how many cells hold the old key, and what becomes of them."""
    kind = NoteKind.KEY_UNCLEAR if rename.doubt else NoteKind.KEY_RENAMED
    text = rename.new
    by_sheet: dict[str, int] = {}
    for held in rename.held_by:
        by_sheet[held.sheet] = by_sheet.get(held.sheet, 0) + held.cells
    places = [
        f"{count:,} {'' if i else 'row ' if count == 1 else 'rows '}in {sheet}"
        for i, (sheet, count) in enumerate(by_sheet.items())
    ]
    if rename.selectors:
        places.append(f"{len(rename.selectors)} {'selector' if len(rename.selectors) == 1 else 'selectors'}")
    if places and rename.status is RenameStatus.APPLIED:
        text += f": carried into {', '.join(places)}"
    elif places:
        text += f": {', '.join(places)} still hold the old text"
        text += f"; left alone, since {rename.doubt}" if rename.doubt else "; --apply-renames rewrites them"
    return Note(kind, rename.sheet, rename.cell, rename.column, rename.old, text)


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else _folded(value)
