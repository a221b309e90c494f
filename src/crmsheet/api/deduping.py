"""Dedupe: duplicates listed on a sheet for people to decide, and decided ones merged.

Knows what becomes of a row that goes into another: its values where the other has none, what refers to it, what is
dropped and where that is written down. How duplicates are found is `duplicates`', the sheet `decisions`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from crmsheet.api.decisions import Decision, Found, Line, decided, edits, sheet_patch
from crmsheet.api.duplicates import Group, Pair, comparable, duplicate_groups
from crmsheet.api.entries import RowChanges
from crmsheet.api.following import refreshed
from crmsheet.api.keyclaims import folded
from crmsheet.api.proving import ensure_kept
from crmsheet.api.reading import Options, read
from crmsheet.api.results import Refreshed
from crmsheet.api.tables import table_of
from crmsheet.checks.subject import shown_value
from crmsheet.diagnostics import Diagnostic, FilePlace, Severity
from crmsheet.errors import UsageError
from crmsheet.excel.dates import date_system
from crmsheet.excel.values import Value, same_value
from crmsheet.messages import say
from crmsheet.model.spec import FieldType, Table
from crmsheet.model.words import Label, Language
from crmsheet.opc.package import Package
from crmsheet.read import Reading
from crmsheet.refresh import applied, broken_promises
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit
from crmsheet.structs import dataclass, replace

_DETAILS = (FieldType.PHONE, FieldType.EMAIL, FieldType.REFERENCE, FieldType.CHOICE, FieldType.TEXT)
_MOST_DETAILS = 5
_LONGEST = 30_000
"""Characters of a note on what was dropped; a cell takes 32,767."""
_MERGED = Label("{day} 并入 {key}", "merged into {key} on {day}")
_TOOK = Label("{day} 收入 {count} 行", "took {count} rows in on {day}")
_DROPPED = Label("；未采用：{dropped}", "; dropped: {dropped}")


@dataclass(frozen=True, slots=True)
class Merge:
    """A row that goes into another one of its table, by their keys; `dropped` is what the other says otherwise."""

    table: str
    row: str
    key: str
    into: str
    dropped: tuple[tuple[str, str], ...]
    referring: int


@dataclass(frozen=True, slots=True)
class Deduped:
    """`content` is None when nothing changes. `groups` counts groups by label of the table, `undecided` those that
    wait for a decision; `sheet` is where they are listed."""

    content: bytes | None
    refreshed: Refreshed | None
    sheet: str
    groups: tuple[tuple[str, int], ...]
    sure: int
    undecided: int
    merges: tuple[Merge, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def list_duplicates(
    content: bytes, *, name: str, today: date, tables: Sequence[str] = (), least: float = 0.88
) -> Deduped:
    """Write the groups that may be duplicates onto their sheet; what was decided there stays. Raises UsageError,
    WorkbookRefused or InternalError; changes nothing."""
    contents = Contents(Package.of(content, name))
    with date_system(since_1904=contents.package.workbook.date1904):
        reading = read(contents, Options(today, accept_deletions=True))
        model, language = reading.record.model, reading.record.language
        wanted = tuple(table_of(model, t) for t in tables) or comparable(model)
        found = decided(contents)
        known = found.lines if found is not None else ()
        apart = frozenset(_apart(known))
        groups = [g for table in wanted for g in duplicate_groups(reading, table, apart=apart, least=least)]
        lines = tuple(_lines(reading, groups, known))
        counts = tuple(
            (t.label.text(language), sum(g.table == t.id for g in groups))
            for t in wanted
            if any(g.table == t.id for g in groups)
        )
        sheet = found.sheet if found is not None else ""
        if found is None and not groups:
            return Deduped(None, None, "", (), 0, 0)
        if found is not None:
            typing = tuple(_differing(contents, found, lines, language))
            done = refreshed(content, name=name, today=today, typing=typing) if typing else None
            written = done.content if done is not None else None
        else:
            patch = sheet_patch(contents, lines, language, today)
            made = applied(contents, patch)
            after = Contents(Package.of(made.data, name))
            ensure_kept(name, broken_promises(contents, made, after))
            done, written = None, made.data
            fresh = decided(after)
            sheet = fresh.sheet if fresh is not None else ""
    return Deduped(written, done, sheet, counts, sum(g.sure for g in groups), _undecided(lines))


def apply_decisions(content: bytes, *, name: str, today: date, take_sure: bool = False) -> Deduped:
    """Merge what people decided on the sheet; with `take_sure` also, as suggested, groups that are sure and that
    nobody decided on. Raises UsageError where there is no sheet, WorkbookRefused or InternalError."""
    contents = Contents(Package.of(content, name))
    with date_system(since_1904=contents.package.workbook.date1904):
        reading = read(contents, Options(today))
        found = decided(contents)
        if found is None:
            raise UsageError(
                Diagnostic(
                    "U127",
                    say("the workbook has no sheet of duplicates"),
                    FilePlace(name),
                    remedy=say("List them first:  crmsheet dedupe {book}", book=name),
                )
            )
        work = _Merging(reading, found, today, take_sure=take_sure)
        work.run()
        typing = tuple(_differing(contents, found, work.lines, reading.record.language))
        entering = {t: c for t, c in work.changes().items() if c}
        undecided = _undecided(work.lines)
    if not entering:
        return Deduped(None, None, found.sheet, (), 0, undecided, (), tuple(work.findings))
    done = refreshed(content, name=name, today=today, entering=entering, typing=typing)
    return Deduped(
        done.content, done, found.sheet, (), 0, undecided, tuple(work.merges), tuple(work.findings)
    )


def _differing(
    contents: Contents, found: Found, lines: Sequence[Line], language: Language
) -> Iterator[tuple[str, CellEdit]]:
    """The edits of cells that do not say it already."""
    cells = contents.sheet(found.sheet)
    assert cells is not None
    for sheet, edit in edits(found, lines, language):
        there = cells.at(edit.row, edit.column)
        old = None if there is None else there.value
        if not (same_value(old, edit.value) or (old in (None, "") and edit.value in (None, ""))):
            yield sheet, edit


def _apart(lines: Sequence[Line]) -> Iterator[Pair]:
    """Pairs of which people said that they are two."""
    for line in lines:
        if line.decision is Decision.SEPARATE:
            yield from (
                frozenset((line.row, other.row))
                for other in lines
                if other.group == line.group and other is not line
            )


def _undecided(lines: Sequence[Line]) -> int:
    """Groups in which nothing is decided."""
    groups: dict[int, bool] = {}
    for line in lines:
        groups[line.group] = groups.get(line.group, False) or line.decision is not None or bool(line.result)
    return sum(not done for done in groups.values())


def _lines(reading: Reading, groups: Sequence[Group], known: Sequence[Line]) -> Iterator[Line]:
    """The groups as lines; behind them what is settled: merged, or no duplicates."""
    before = {line.row: line for line in known if not line.result}
    shown = {m.row for g in groups for m in g.members}
    model, language = reading.record.model, reading.record.language
    for number, group in enumerate(groups, start=1):
        table = model.table(group.table)
        for n, member in enumerate(group.members):
            old = before.get(member.row)
            yield Line(
                number,
                table.label.text(language),
                member.row,
                member.key,
                _details(reading, table, member.index),
                Decision.KEEP if n == 0 else Decision.MERGE,
                old.decision if old is not None else None,
                member.filled,
                member.referring,
                _why(group, n, language),
                round(member.likeness.score, 2),
            )
    settled = [
        line
        for line in known
        if line.result or (line.row not in shown and line.decision is Decision.SEPARATE)
    ]
    numbers: dict[int, int] = {}
    kept = {line.group for line in settled}
    for line in known:
        if line in settled or (line.group in kept and line.row not in shown):
            number = numbers.setdefault(line.group, len(groups) + len(numbers) + 1)
            yield replace(line, group=number)


def _details(reading: Reading, table: Table, index: int) -> str:
    columns = reading.state.tables[table.id].columns
    texts = [
        shown_value(columns[f.id][index], f.type)
        for kind in _DETAILS
        for f in table.fields
        if f.type is kind and f.id in columns and f.id != table.key and columns[f.id][index] not in (None, "")
    ]
    return " · ".join(texts[:_MOST_DETAILS])


def _why(group: Group, n: int, language: Language) -> str:
    found = group.members[n].likeness
    words = [Label("{field}相同", "same {field}").text(language).format(field=f) for f in found.same]
    if found.names:
        share = f"{found.names:.0%}"
        words.append(Label("名称相似 {share}", "names {share} alike").text(language).format(share=share))
    return Label("；", "; ").text(language).join(words)


class _Merging:
    """Decisions as they are carried out."""

    def __init__(self, reading: Reading, found: Found, today: date, *, take_sure: bool) -> None:
        self.reading, self.found, self.today, self.take_sure = reading, found, today, take_sure
        self.lines = list(found.lines)
        self.merges: list[Merge] = []
        self.findings: list[Diagnostic] = []
        self._updates: dict[str, dict[str, dict[str, Value]]] = {}
        self._removals: dict[str, list[str]] = {}
        tables = reading.state.tables
        self._places = {id_: (t, i) for t, s in tables.items() for i, id_ in enumerate(s.ids) if id_}

    def run(self) -> None:
        groups: dict[int, list[int]] = {}
        for number, line in enumerate(self.lines):
            if line.row in self._places and not line.result:
                groups.setdefault(line.group, []).append(number)
        for numbers in groups.values():
            self._group(numbers)

    def changes(self) -> Mapping[str, RowChanges]:
        return {
            t: RowChanges(
                {r: v for r, v in self._updates.get(t, {}).items() if r not in self._removals.get(t, ())},
                (),
                tuple(self._removals.get(t, ())),
            )
            for t in {*self._updates, *self._removals}
        }

    def _group(self, numbers: Sequence[int]) -> None:
        lines = [self.lines[n] for n in numbers]
        if all(line.decision is None for line in lines):
            if not (self.take_sure and self._is_sure(lines)):
                return
            for n in numbers:
                self.lines[n] = replace(self.lines[n], decision=self.lines[n].suggestion)
            lines = [self.lines[n] for n in numbers]
        kept = [n for n in numbers if self.lines[n].decision is Decision.KEEP]
        merged = [n for n in numbers if self.lines[n].decision is Decision.MERGE]
        if not merged:
            return
        if len(kept) != 1 or len({self._places[line.row][0] for line in lines}) != 1:
            self.findings.append(
                Diagnostic(
                    "U128",
                    say(
                        "group {group} has {count} rows to keep; it was left alone",
                        group=lines[0].group,
                        count=len(kept),
                    ),
                    FilePlace(self.found.sheet),
                    Severity.WARNING,
                    remedy=say("Choose one row to keep in it."),
                )
            )
            return
        self._merge(kept[0], merged)

    def _is_sure(self, lines: Sequence[Line]) -> bool:
        """Whether a fresh look finds the group, and is sure of it."""
        table = self.reading.record.model.table(self._places[lines[0].row][0])
        rows = {line.row for line in lines}
        return any(g.sure and {m.row for m in g.members} == rows for g in self._fresh(table))

    def _fresh(self, table: Table) -> tuple[Group, ...]:
        return duplicate_groups(self.reading, table, apart=frozenset(_apart(self.found.lines)))

    def _merge(self, kept: int, merged: Sequence[int]) -> None:
        language, day = self.reading.record.language, self.today.isoformat()
        table_id, index = self._places[self.lines[kept].row]
        table = self.reading.record.model.table(table_id)
        state = self.reading.state.tables[table_id]
        values = {name: column[index] for name, column in state.columns.items()}
        taken: dict[str, Value] = {}
        for number in merged:
            row = self.lines[number].row
            other = self._places[row][1]
            dropped: list[tuple[str, str]] = []
            for own in table.fields:
                value = state.columns[own.id][other] if own.id in state.columns else None
                if value in (None, "") or own.type is FieldType.ID:
                    continue
                here = values[own.id]
                label = own.label.text(language)
                if here in (None, ""):
                    values[own.id] = taken[own.id] = value
                elif own.type is FieldType.LONG_TEXT and str(value) not in str(here):
                    values[own.id] = taken[own.id] = f"{here}\n{value}"
                elif not same_value(here, value):
                    dropped.append((label, shown_value(value, own.type)))
            dropped += self._theirs(table_id, other)
            count = self._carry(table, state.columns[table.key][other], values[table.key])
            self._removals.setdefault(table_id, []).append(row)
            key, into = (str(state.columns[table.key][i] or "") for i in (other, index))
            self.merges.append(Merge(table_id, row, key, into, tuple(dropped), count))
            text = _MERGED.text(language).format(day=day, key=into)
            if dropped:
                told = " · ".join(f"{label} {value}" for label, value in dropped)
                text += _DROPPED.text(language).format(dropped=told[:_LONGEST])
            self.lines[number] = replace(self.lines[number], result=text)
        if taken:
            self._updates.setdefault(table_id, {}).setdefault(self.lines[kept].row, {}).update(taken)
        text = _TOOK.text(language).format(day=day, count=len(merged))
        self.lines[kept] = replace(self.lines[kept], result=text)

    def _theirs(self, table: str, index: int) -> Iterator[tuple[str, str]]:
        """What stands in columns that people added to the table: it goes with the row, and is written down."""
        place, found = self.reading.layout.tables[table], self.reading.tables[table]
        headers = {found.part.ref.left + n: c.name for n, c in enumerate(found.part.columns)}
        for column, cell in found.cells.row(place.rows[index]).items():
            theirs = column in headers and column not in place.columns.values()
            if theirs and cell.formula is None and cell.value not in (None, ""):
                yield headers[column], str(cell.value)

    def _carry(self, table: Table, old: Value, new: Value) -> int:
        """Rows that refer to one key refer to another from now on; how many."""
        count = 0
        if not folded(old):
            return 0
        for owner in self.reading.record.model.tables:
            state = self.reading.state.tables[owner.id]
            for own in owner.fields:
                if own.type is FieldType.REFERENCE and own.table == table.id and own.id in state.columns:
                    for row, value in zip(state.ids, state.columns[own.id], strict=True):
                        if row and folded(value) == folded(old):
                            self._updates.setdefault(owner.id, {}).setdefault(row, {})[own.id] = new
                            count += 1
        return count
