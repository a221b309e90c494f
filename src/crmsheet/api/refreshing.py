"""Refresh: a filled workbook is recomputed in place.

Knows the order: read, check, compile, compare, patch, prove. Does not know how any of them is done, and
writes no user file: the new content is returned, or nothing when nothing is to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crmsheet import __version__
from crmsheet.api.keyrenames import KeyRename, Pending, followed
from crmsheet.api.marks import baseline, baseline_block, row_hashes
from crmsheet.api.usercells import settled
from crmsheet.checks import data_problems
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.pieces import Context
from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace, Severity
from crmsheet.errors import InternalError, UsageError, WorkbookRefused
from crmsheet.excel.dates import date_of, date_system, serial_of_date
from crmsheet.excel.references import a1
from crmsheet.model.baseline import Baseline
from crmsheet.model.spec import Model
from crmsheet.opc.package import Package
from crmsheet.read import Reading, aligned_places, read_book, read_record
from crmsheet.refresh import Note, NoteKind, Patch, Patched, applied, broken_promises, difference
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.splice import CellEdit, EditKind

if TYPE_CHECKING:
    from crmsheet.plan.book import Plan

AS_OF_INPUT = "as_of_input"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found and made. `content` is None when the workbook is up to date.

    `problems` are what `check` says of the data; `findings` concern the workbook.
    """

    content: bytes | None = field(repr=False)
    language: str
    as_of: date
    rows: tuple[tuple[str, int], ...]
    values_changed: int
    notes: tuple[Note, ...]
    problems: tuple[Diagnostic, ...]
    findings: tuple[Diagnostic, ...]
    renames: tuple[KeyRename, ...] = ()
    """Rows with another key than cells elsewhere say."""


def refresh(
    content: bytes,
    *,
    name: str,
    today: date,
    spec: Path | None = None,
    as_of: date | str | None = None,
    accept_deletions: bool = False,
    apply_renames: bool = False,
) -> Refreshed:
    """Recompute a workbook. Raises WorkbookRefused, SpecError, UsageError or InternalError; changes nothing."""
    contents = Contents(Package.of(content, name))
    with date_system(since_1904=contents.package.workbook.date1904):
        return _refreshed(contents, today, spec, as_of, accept_deletions, apply_renames)


def _refreshed(
    contents: Contents,
    today: date,
    spec: Path | None,
    as_of: date | str | None,
    accept_deletions: bool,
    apply_renames: bool,
) -> Refreshed:
    name = contents.package.file
    reading = _read(contents, today, accept_deletions)
    model = reading.record.model if spec is None else _changed_model(spec, reading.record, name)
    notes: list[Note] = []
    extra: list[tuple[str, CellEdit]] = []
    if as_of is not None:
        reading = _with_date(reading, as_of, notes, extra)
    effective = _effective_date(reading, today)
    keys = followed(reading, apply=apply_renames)
    theirs = settled(keys.reading, serial_of_date(effective))
    reading = theirs.reading
    extra += (*keys.edits, *theirs.edits)
    notes += (*keys.notes, *theirs.notes)
    done = _compiled(reading, model, effective)
    plan, record = _with_record(done.plan, reading, model, keys.pending)
    problems = data_problems(
        model, reading.record.language, reading.state, reading.layout, done.environment.compiled
    )
    found = difference(plan, reading.layout, contents, _parts(reading), tuple(extra), serial_of_date(today))
    labels = tuple((t.label.text(record.language), reading.state.tables[t.id].size) for t in model.tables)
    result = Refreshed(
        None,
        record.language.value,
        effective,
        labels,
        found.values_changed,
        (*notes, *_reading_notes(reading, model), *found.notes),
        (*problems, *_row_problems(reading, model)),
        done.findings,
        keys.renames,
    )
    if found.patch.empty:
        return result
    patched = applied(contents, found.patch)
    broken = list(_broken(contents, patched, done.plan, reading, model, today, accept_deletions))
    if broken:
        raise InternalError(
            Diagnostic(
                "B101",
                "the refreshed workbook did not pass its own proof; it was thrown away",
                FilePlace(name),
                reason="\n".join(broken[:10]),
                remedy="Your file is untouched. Please report this.",
            )
        )
    return replace(result, content=patched.data)


def _read(contents: Contents, today: date, accept_deletions: bool) -> Reading:
    """The workbook; blocks that only their content can place are looked for with what they should hold."""
    reading = read_book(contents, accept_deletions=accept_deletions)
    if all(anchor in reading.layout.anchors for anchor in reading.record.anchors):
        return reading
    plan = _compiled(reading, reading.record.model, today).plan
    lost = [b for b in plan.blocks if b.anchored and b.anchor not in reading.layout.anchors]
    placed = aligned_places(lost, contents)
    return read_book(contents, accept_deletions=accept_deletions, placed=placed) if placed else reading


def _compiled(reading: Reading, model: Model, effective: date) -> Compiled:
    return compiled(
        Context(
            model,
            reading.record.language,
            reading.state,
            serial_of_date(effective),
            reading.sizes,
            __version__,
        )
    )


def _parts(reading: Reading) -> Mapping[str, tuple[str, frozenset[int]]]:
    """Of each table: its part, and the sheet rows new to it."""
    return {
        id_: (found.part.part, frozenset(reading.rows[id_].adopted)) for id_, found in reading.tables.items()
    }


def _with_record(plan: Plan, reading: Reading, model: Model, renames: Pending) -> tuple[Plan, Baseline]:
    """The plan with the record the workbook will hold; the old one when nothing to remember changed."""
    old = reading.record
    new = baseline(
        model,
        old.language,
        reading.state,
        plan,
        book_code=old.book_code,
        next_row=reading.next_row,
        next_ids=reading.next_ids,
        version=old.version,
        sheet_names=reading.layout.sheets,
        headers={id_: found.headers for id_, found in reading.tables.items()},
        numbers={id_: found.numbers for id_, found in reading.tables.items()},
        renamed_keys=renames,
    )
    if new != old:
        new = replace(new, version=__version__)
    return replace(plan, blocks=(*plan.blocks, baseline_block(new))), new


def _broken(
    contents: Contents,
    patched: Patched,
    plan: Plan,
    reading: Reading,
    model: Model,
    today: date,
    accept_deletions: bool,
) -> Iterator[str]:
    """The obligations that the finished bytes break, in words; none when all is well.

    The result is read like any workbook. Its plan is computed again only if it holds anything else than
    was computed for: a plan depends on nothing but the model, the state, the blocks' sizes and the date.
    """
    after = Contents(Package.of(patched.data, contents.package.file))
    broken = list(broken_promises(contents, patched, after))
    yield from broken
    if broken:
        return
    again = _read(after, today, accept_deletions)
    effective = _effective_date(again, today)
    if (again.state, again.sizes, effective) != (
        reading.state,
        reading.sizes,
        _effective_date(reading, today),
    ):
        plan = _compiled(again, model, effective).plan
    with_record = _with_record(plan, again, model, followed(again, apply=False).pending)[0]
    rest = difference(with_record, again.layout, after, _parts(again), (), serial_of_date(today))
    if not rest.patch.empty:
        yield f"obligation 5, a second refresh would change {_first_place(rest.patch)}"


def _first_place(patch: Patch) -> str:
    for sheet, edits in patch.cells.items():
        for edit in edits:
            return f"{sheet}!{a1(edit.row, edit.column)} ({edit.kind}: {edit.formula or edit.value!r})"
    return ", ".join(part for part, spans in patch.spans.items() if spans)


def _effective_date(reading: Reading, today: date) -> date:
    typed = reading.state.as_of_input
    if typed is None or typed == "":
        return today
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        try:
            return date_of(typed)
        except (ValueError, OverflowError):
            pass
    anchor, row, column = reading.record.inputs[AS_OF_INPUT]
    place = reading.layout.anchors[anchor]
    raise WorkbookRefused(
        Diagnostic(
            "W211",
            f"the as-of date is not a date: '{typed}'",
            CellPlace(place.sheet, a1(place.rows[row], place.columns[column]), value=str(typed)),
            remedy="Type a date there such as 2026-03-31, or clear the cell to follow the calendar.",
        )
    )


def _with_date(
    reading: Reading, as_of: date | str, notes: list[Note], extra: list[tuple[str, CellEdit]]
) -> Reading:
    """The reading with another as-of input, and the edit that puts it into the workbook."""
    value = serial_of_date(as_of) if isinstance(as_of, date) else None
    if reading.state.as_of_input == value:
        return reading
    anchor, row, column = reading.record.inputs[AS_OF_INPUT]
    if anchor not in reading.layout.anchors:
        # The difference refuses it and names every lost block.
        return reading
    place = reading.layout.anchors[anchor]
    at = place.rows[row], place.columns[column]
    extra.append((place.sheet, CellEdit(*at, EditKind.VALUE, value)))
    notes.append(
        Note(
            NoteKind.DATE_SET,
            place.sheet,
            a1(*at),
            new=as_of.isoformat() if isinstance(as_of, date) else "today",
        )
    )
    return replace(reading, state=replace(reading.state, as_of_input=value))


def _changed_model(spec: Path, record: Baseline, name: str) -> Model:
    """The model of a changed spec, if the workbook's structure need not change for it."""
    from crmsheet.spec import load

    if not spec.is_file():
        raise UsageError(
            Diagnostic(
                "U101", "there is no such file", FilePlace(str(spec)), remedy="Check the name and the folder."
            )
        )
    model = load(spec)
    changes = list(_structural_changes(record.model, model))
    if changes:
        raise WorkbookRefused(
            Diagnostic(
                "W212",
                "the changed spec asks for another structure than this workbook has",
                FilePlace(name),
                reason="\n".join(changes[:12]),
                remedy="Labels, help, rules, formulas, metrics' definitions and settings may change in a filled\n"
                "workbook; for another structure build a new workbook.",
            )
        )
    return model


def _structural_changes(old: Model, new: Model) -> list[str]:
    def shape(model: Model) -> dict[str, object]:
        parts: dict[str, object] = {}
        for table in model.tables:
            for f in table.fields:
                parts[f"field {table.id}.{f.id}"] = (f.type, f.list, f.table)
        parts |= {f"list {x.id}": (x.depends_on, x.attribute_names) for x in model.lists}
        parts |= {f"setting {s.id}": s.editable for s in model.settings}
        for board in model.boards:
            parts[f"selectors of {board.id}"] = tuple(s.id for s in board.selectors)
            parts |= {f"block {board.id}.{b.id}": b for b in board.blocks}
        return parts

    before, after = shape(old), shape(new)
    return [
        *(f"new: {k}" for k in after if k not in before),
        *(f"gone: {k}" for k in before if k not in after),
        *(f"changed: {k}" for k in after if k in before and before[k] != after[k]),
    ]


def _reading_notes(reading: Reading, model: Model) -> list[Note]:
    """What reading the workbook had to decide."""
    notes: list[Note] = []
    for sheet_id, (old, new) in reading.renamed_sheets.items():
        notes.append(Note(NoteKind.SHEET_RENAMED, new, old=old, new=sheet_id and new))
    for table in model.tables:
        found, rows = reading.tables[table.id], reading.rows[table.id]
        sheet, column = found.sheet.name, found.columns.get(table.key, 0)
        for column_id, header in found.renamed.items():
            old = next(m.header for m in reading.record.tables[table.id].columns if m.id == column_id)
            notes.append(
                Note(
                    NoteKind.HEADER_RENAMED,
                    sheet,
                    a1(found.part.ref.top, found.columns[column_id]),
                    header,
                    old,
                    header,
                )
            )
        for kind, indexes in (
            (NoteKind.ROW_COPIED, rows.identity.copied),
            (NoteKind.ROW_RECOGNISED, rows.identity.moved),
        ):
            notes += [Note(kind, sheet, a1(rows.rows[i], column)) for i in indexes]
        notes += [Note(NoteKind.ROW_ADOPTED, sheet, a1(r, column)) for r in rows.adopted]
        known = reading.record.tables[table.id].rows
        notes += [
            Note(NoteKind.ROW_DELETED, sheet, old=known[i][1].lstrip("'#!")) for i in rows.identity.missing
        ]
    return notes


def _row_problems(reading: Reading, model: Model) -> list[Diagnostic]:
    """Copied and doubtful rows, as data problems."""
    from crmsheet.checks.words import WORDS

    language = reading.record.language
    problems = []
    for table in model.tables:
        found, rows = reading.tables[table.id], reading.rows[table.id]
        for code, indexes in (("D111", rows.identity.copied), ("D113", rows.identity.doubtful)):
            words = WORDS[code]
            for i in indexes:
                problems.append(
                    Diagnostic(
                        code,
                        words.message.text(language),
                        CellPlace(found.sheet.name, a1(rows.rows[i], found.part.ref.left)),
                        Severity.WARNING,
                        remedy=words.remedy.text(language),
                    )
                )
    return problems


def is_untouched(content: bytes, name: str) -> bool:
    """Whether a file is a workbook as a build left it: ours, never saved by another program, no row changed."""
    try:
        contents = Contents(Package.of(content, name))
        record, _ = read_record(contents)
        reading = read_book(contents)
    except WorkbookRefused:
        return False
    core = next(iter(contents.package.related("", "core-properties")), "")
    text = contents.package.xml(core).decode("utf-8") if core else ""
    stamps = re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", text)
    return len(set(stamps)) == 1 and all(
        {i: known[0] for i, known in record.tables[table.id].rows.items()}
        == dict(
            zip(
                reading.rows[table.id].state.ids,
                row_hashes(table, reading.rows[table.id].state, record.book_code),
                strict=True,
            )
        )
        for table in record.model.tables
    )
