"""Rows that people renamed: what is told of them, and their new keys carried where people asked for it.

Knows edits and notes; writes nothing. Which cell means which row is `keyclaims`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from crmsheet.api.keyclaims import Cell, Claim, Claims, Doubt, folded, former_keys
from crmsheet.api.usercells import is_held_back
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.messages import listed, say
from crmsheet.model.baseline import FormerKey
from crmsheet.model.identity import text_value
from crmsheet.model.spec import Table
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.structs import dataclass, field, replace


class RenameStatus(StrEnum):
    PENDING = "pending"
    APPLIED = "applied"
    UNCLEAR = "unclear"


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

    @property
    def new_keys(self) -> dict[tuple[str, str], str]:
        """Of renames that wait to be confirmed: table and old key, casefolded, to the new one."""
        waiting = (r for r in self.renames if r.status is RenameStatus.PENDING)
        return {(r.table, r.old.casefold()): r.new for r in waiting}


def followed(reading: Reading, *, apply: bool) -> Followed:
    """Find renamed rows and the cells that hold their old keys; with `apply`, carry the new keys there."""
    settled = _Settled()
    for table in reading.record.model.tables:
        former = former_keys(reading, table)
        if former:
            for claim in Claims(reading, table, former).settled():
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


@dataclass(slots=True)
class _Settled:
    """What is decided so far: the edits, what to tell people, what to remember."""

    edits: list[tuple[str, CellEdit]] = field(default_factory=list)
    values: dict[tuple[str, str], dict[int, Value]] = field(default_factory=dict)
    selectors: dict[str, Value] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    renames: list[KeyRename] = field(default_factory=list)
    pending: dict[str, dict[str, list[FormerKey]]] = field(default_factory=dict)

    def add(self, reading: Reading, table: Table, claim: Claim, *, apply: bool) -> None:
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
    def _is_new(reading: Reading, table: Table, claim: Claim) -> bool:
        """Whether people renamed the row since the last refresh."""
        return reading.record.tables[table.id].rows[claim.row][1] == claim.former.key

    def _carry(self, reading: Reading, claim: Claim, fixed: frozenset[Cell]) -> None:
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


def _is_constant(reading: Reading, cell: Cell) -> bool:
    """Whether a cell can be written: no formula, not hidden under a merged one."""
    owner, name, index = cell
    place, cells = reading.layout.tables[owner], reading.tables[owner].cells
    row, column = place.rows[index], place.columns[name]
    return cells.at(row, column) is not None and not is_held_back(cells, row, column)


def _holders(reading: Reading, cells: Sequence[Cell], fixed: frozenset[Cell]) -> Iterator[Holders]:
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
        say("{count:,} in {sheet}", count=count, sheet=sheet)
        if i
        else say("{count:,} row in {sheet}", count=count, sheet=sheet)
        if count == 1
        else say("{count:,} rows in {sheet}", count=count, sheet=sheet)
        for i, (sheet, count) in enumerate(by_sheet.items())
    ]
    if rename.selectors:
        count = len(rename.selectors)
        one = count == 1
        places.append(say("{count} selector", count=count) if one else say("{count} selectors", count=count))
    if places and rename.status is RenameStatus.APPLIED:
        text += say(": carried into {places}", places=listed(places))
    elif places:
        text += say(": {places} still hold the old text", places=listed(places))
        if rename.doubt:
            text += say("; left alone, since {doubt}", doubt=say(rename.doubt.value))
        else:
            text += say("; --apply-renames rewrites them")
    return Note(kind, rename.sheet, rename.cell, rename.column, rename.old, text)


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else folded(value)
