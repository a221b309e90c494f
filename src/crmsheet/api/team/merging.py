"""Merge: what people did in their copies is brought into the master, by one refresh of it.

Knows the order: choices first, then what the copies changed, then the rows as they are to be written. What is taken and
what is not is `weighing`'s; how a workbook is written is a refresh's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from crmsheet.api.entries import NewRow, RowChanges
from crmsheet.api.following import refreshed
from crmsheet.api.results import Refreshed
from crmsheet.api.team.copies import Master, opened
from crmsheet.api.team.sides import Cells, CopySide, Wording, cells_of, copy_side
from crmsheet.api.team.weighing import Tally, Weighed, Weighing
from crmsheet.compile.words import say as word
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import CrmsheetError, WorkbookRefused
from crmsheet.excel.values import Value
from crmsheet.messages import say
from crmsheet.model.changelog import ITEM, ROW, original
from crmsheet.model.identity import text_value
from crmsheet.model.merged import CHANGED, TAKEN_OUT, Conflict, Merging
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.model.visible_ids import filled, id_text
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, field

_MOST_LOST: Final = 0.2
_FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of one copy: numbers of rows and cells by the label of their table. `problems` say why it was left
    out; then nothing of it was taken. `kept_out` is what its role may not change."""

    file: str
    person: str = ""
    added: tuple[tuple[str, int], ...] = ()
    changed: tuple[tuple[str, int], ...] = ()
    removed: tuple[tuple[str, int], ...] = ()
    conflicts: int = 0
    kept_out: int = 0
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict in words, as its sheet shows it."""

    table: str
    row: str
    field: str
    copy: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`content` is None when there is nothing to write."""

    content: bytes | None = field(repr=False)
    refreshed: Refreshed
    copies: tuple[Brought, ...]
    decided: int
    """Conflicts of earlier merges that were settled, as people chose or because both sides agree by now."""
    open: tuple[ConflictRow, ...]
    """All that is to be decided."""
    renumbered: tuple[tuple[str, str], ...]
    """Visible numbers of new rows that were taken: as in the copy, as in the master."""


def merge(
    content: bytes,
    copies: Sequence[tuple[str, bytes]],
    *,
    name: str,
    today: date,
    accept_deletions: bool = False,
) -> Merged:
    """Bring copies (file name and content) into their master. Raises WorkbookRefused or InternalError for the master;
    a copy that cannot be merged is told of, and the others are."""
    with opened(content, name, today, accept_deletions=accept_deletions) as master:
        sides, left_out = _sides(copies, master, today, accept_deletions=accept_deletions)
        plan = _Plan(master)
        plan.choose()
        plan.weigh(sides)
        entering = plan.entering()
        merging = plan.remembered()
        labels = _Labels(master)
        done = refreshed(
            content,
            name=name,
            today=today,
            accept_deletions=accept_deletions,
            entering=entering,
            merging=merging,
        )
        still = merging.conflicts or () if merging is not None else ()
        told = {t.file: _told(t, labels) for t in plan.done.tallies} | left_out
        return Merged(
            done.content,
            done,
            tuple(told[file] for file, _ in copies),
            plan.decided,
            tuple(labels.conflict(one) for one in still),
            tuple(plan.renumbered),
        )


def _sides(
    copies: Sequence[tuple[str, bytes]], master: Master, today: date, *, accept_deletions: bool
) -> tuple[list[CopySide], dict[str, Brought]]:
    """The copies that can be merged, and those that cannot, with why."""
    sides: list[CopySide] = []
    left_out: dict[str, Brought] = {}
    codes: dict[str, str] = {}
    for file, content in copies:
        try:
            side = copy_side(content, file, today, master.reading.record)
            if side.code in codes:
                raise _twice(file, codes[side.code])
            _ensure_role(side, master)
            if not accept_deletions:
                _ensure_plausible(side, master)
        except CrmsheetError as problem:
            left_out[file] = Brought(file, problems=problem.diagnostics)
            continue
        codes[side.code] = file
        sides.append(side)
    return sides, left_out


def _ensure_role(side: CopySide, master: Master) -> None:
    role = side.origin.role
    if role and all(r.id != role for r in master.model.roles):
        raise WorkbookRefused(
            Diagnostic(
                "W235",
                say(
                    "the copy was made for the role '{role}', which the workbook does not have any more",
                    role=role,
                ),
                FilePlace(side.file),
                reason=say("Nobody knows what its people may change."),
                remedy=say("Bring the role back into the spec (crmsheet refresh --spec), or split anew."),
            )
        )


def _ensure_plausible(side: CopySide, master: Master) -> None:
    """A copy that lacks many of its rows was more likely cut than tidied up."""
    for table, given in side.origin.given.items():
        ids = given.rows.rows.split("\n") if given.rows.rows else []
        held = side.tables[table].rows if table in side.tables else {}
        here = {row for t in master.state.tables.values() for row in t.ids}
        lost = [row for row in ids if row not in held and row in here]
        if len(lost) > max(_FEW, _MOST_LOST * len(ids)):
            raise WorkbookRefused(
                Diagnostic(
                    "W236",
                    say(
                        "{lost:,} of {count:,} rows of '{table}' are gone from the copy",
                        lost=len(lost),
                        count=len(ids),
                        table=table,
                    ),
                    FilePlace(side.file),
                    remedy=say("If they were deleted on purpose, run again with --accept-deletions."),
                )
            )


def _twice(file: str, first: str) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W237",
            say("this is another state of the copy '{first}'", first=first),
            FilePlace(file),
            remedy=say("Merge one of them; the other one in a run of its own, if both were filled in."),
        )
    )


class _Plan:
    """What is to become of a master."""

    def __init__(self, master: Master) -> None:
        self.master = master
        self.model, self.state = master.model, master.state
        self.before = self.state.merging
        self.cells: dict[str, dict[str, dict[str, str]]] = {
            table: {row: dict(tokens) for row, tokens in found.rows.items()}
            for table, found in cells_of(master).items()
        }
        self.updates: dict[str, dict[str, dict[str, str]]] = {}
        self.back: dict[str, dict[str, dict[str, str]]] = {}
        self.out: dict[str, set[str]] = {}
        self.waiting: list[Conflict] = []
        self.decided = 0
        self.done = Weighed()
        self.agreed: set[str] = set()
        self.renumbered: list[tuple[str, str]] = []

    def choose(self) -> None:
        """Carry out what people chose; a cell for which two copies were chosen stays to be decided."""
        conflicts = self.before.conflicts if self.before is not None else None
        wanted: dict[tuple[str, str, str], list[Conflict]] = {}
        for one in conflicts or ():
            if _choice(one) == "choice_theirs":
                wanted.setdefault((one.table, one.row, one.column), []).append(one)
        for one in conflicts or ():
            chosen = wanted.get((one.table, one.row, one.column), [])
            if len({c.theirs for c in chosen}) == 1:
                self.decided += 1
                if one is chosen[0]:
                    self._take(one)
            elif _choice(one) == "choice_ours" or self._same(one):
                self.decided += 1
            else:
                self.waiting.append(one)

    def _same(self, one: Conflict) -> bool:
        """Whether the master has by now what the copy has."""
        held = self.cells.get(one.table, {}).get(one.row)
        if one.column:
            return held is not None and held.get(one.column, "") == one.theirs
        return held is None and one.theirs == TAKEN_OUT

    def _take(self, one: Conflict) -> None:
        rows = self.cells.get(one.table)
        if rows is None:
            return
        if one.column and one.row in rows:
            rows[one.row][one.column] = one.theirs
            self.updates.setdefault(one.table, {}).setdefault(one.row, {})[one.column] = one.theirs
        elif not one.column and one.theirs == TAKEN_OUT and rows.pop(one.row, None) is not None:
            self.out.setdefault(one.table, set()).add(one.row)
        elif not one.column and one.theirs == CHANGED and one.row not in rows:
            rows[one.row] = dict(one.values)
            self.back.setdefault(one.table, {})[one.row] = dict(one.values)

    def weigh(self, sides: Iterable[CopySide]) -> None:
        keys = {
            t.id: {
                row: str(text_value(tokens.get(t.key, "")) or "")
                for row, tokens in self.cells.get(t.id, {}).items()
            }
            for t in self.model.tables
        }
        remembered = {r for m in self.master.reading.record.tables.values() for r in m.rows}
        known = frozenset(remembered | {row for rows in self.cells.values() for row in rows})
        weighing = Weighing(
            self.model,
            {table: Cells(rows) for table, rows in self.cells.items()},
            Wording.of(self.model, self.state, self.master.former),
            sides,
            self.before.brought if self.before is not None else {},
            keys,
            known,
        )
        self.done = weighing.weighed()
        self.agreed = weighing.agreed

    def remembered(self) -> Merging | None:
        later = {one.id: one for one in self.done.conflicts}
        conflicts = []
        for one in self.waiting:
            if one.id in self.agreed:
                self.decided += 1
            else:
                conflicts.append(later.pop(one.id, one))
        conflicts += later.values()
        ever = self.before is not None and self.before.conflicts is not None
        found = tuple(conflicts) if conflicts or ever else None
        if not self.done.brought and found is None:
            return self.before
        return Merging(self.done.brought, found)

    def entering(self) -> dict[str, RowChanges]:
        """The rows as they are to be written: values in the words of the master."""
        additions = {
            t.id: {**self.back.get(t.id, {}), **self.done.additions.get(t.id, {})} for t in self.model.tables
        }
        for table in self.model.tables:
            self._number(table, additions[table.id])
        words = _Words(self, additions)
        found = {}
        for table in self.model.tables:
            updates: dict[str, dict[str, Value]] = {}
            removals = self.out.get(table.id, set()) | self.done.removals.get(table.id, set())
            for source in (self.updates, self.done.updates):
                for row, tokens in source.get(table.id, {}).items():
                    if row in removals:
                        continue
                    values = {c: words.value(table.field(c), t) for c, t in tokens.items()}
                    if row in additions[table.id]:
                        additions[table.id][row].update(tokens)
                    else:
                        updates.setdefault(row, {}).update(values)
            rows = tuple(
                NewRow(
                    {c: v for c, t in tokens.items() if (v := words.value(table.field(c), t)) is not None},
                    row,
                )
                for row, tokens in additions[table.id].items()
            )
            changes = RowChanges(updates, rows, tuple(sorted(removals)))
            if changes:
                found[table.id] = changes
        return found

    def _number(self, table: Table, rows: Mapping[str, dict[str, str]]) -> None:
        """Visible numbers of new rows that are taken become the next free ones."""
        for own in table.fields:
            if own.type is not FieldType.ID or not rows:
                continue
            column = self.state.tables[table.id].columns[own.id]
            taken = {str(v).casefold() for v in column if v is not None}
            given = [text_value(tokens.get(own.id, "")) for tokens in rows.values()]
            start = self.master.reading.next_ids.get(f"{table.id}.{own.id}", 1)
            _, number = filled((*column, *given), [True] * (len(column) + len(given)), own.format, start)
            for tokens, value in zip(rows.values(), given, strict=True):
                text = "" if value is None else str(value)
                if not text or text.casefold() in taken:
                    new = id_text(own.format, number)
                    number += 1
                    tokens[own.id] = f"'{new}"
                    if text:
                        self.renumbered.append((text, new))
                    text = new
                taken.add(text.casefold())


class _Words:
    """Tokens as the values that cells of the master hold."""

    def __init__(self, plan: _Plan, additions: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self.labels = {name: {r.id: r.label for r in rows} for name, rows in plan.state.lists.items()}
        self.keys: dict[str, dict[str, str]] = {}
        for table in plan.model.tables:
            rows = {**plan.cells.get(table.id, {}), **additions[table.id]}
            self.keys[table.id] = {row: tokens.get(table.key, "") for row, tokens in rows.items()}
            for row, tokens in plan.done.updates.get(table.id, {}).items():
                if table.key in tokens:
                    self.keys[table.id][row] = tokens[table.key]

    def value(self, own: Field, token: str) -> Value:
        if not token:
            return None
        if token.startswith(ITEM) and own.list:
            return self.labels.get(own.list, {}).get(token[1:], token[1:])
        if token.startswith(ROW) and own.type is FieldType.REFERENCE:
            key = self.keys.get(own.table, {}).get(token[1:], "")
            return text_value(key)
        return original(token, own.type)


def _choice(one: Conflict) -> str:
    """What people chose, as the word it is in either language; empty for nothing that is understood."""
    text = str(one.choice or "").strip().casefold()
    for name in ("choice_ours", "choice_theirs"):
        if text and text in {word(language, name).casefold() for language in Language}:
            return name
    return ""


class _Labels:
    def __init__(self, master: Master) -> None:
        self.model, self.language = master.model, master.reading.record.language

    def table(self, table: str) -> str:
        found = next((t for t in self.model.tables if t.id == table), None)
        return found.label.text(self.language) if found is not None else table

    def conflict(self, one: Conflict) -> ConflictRow:
        table = next((t for t in self.model.tables if t.id == one.table), None)
        own = next((f for f in table.fields if f.id == one.column), None) if table is not None else None
        label = own.label.text(self.language) if own is not None else one.column
        return ConflictRow(self.table(one.table), one.key, label, one.source)


def _told(tally: Tally, labels: _Labels) -> Brought:
    def named(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
        return tuple((labels.table(table), count) for table, count in counts.items())

    return Brought(
        tally.file,
        tally.person,
        named(tally.added),
        named(tally.changed),
        named(tally.removed),
        tally.conflicts,
        tally.kept_out,
    )
