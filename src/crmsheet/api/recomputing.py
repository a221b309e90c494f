"""One pass over a workbook: read, check, compile, compare, patch, prove.

Knows the order. Does not know how any of it is done, nor what to do when the workbook lacks what the pass
needs: that is `Lacking`, for the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from crmsheet import __version__
from crmsheet.api.asof import effective_date, with_date
from crmsheet.api.entering import Entering, entered
from crmsheet.api.forgetting import NOTHING, Forgetting, unused_strings
from crmsheet.api.keyrenames import Pending, followed
from crmsheet.api.marks import baseline, baseline_block
from crmsheet.api.memory import logged_changes, memory_notes, remembered
from crmsheet.api.results import Refreshed
from crmsheet.api.seals import Told, sealed
from crmsheet.api.telling import reading_notes, row_problems
from crmsheet.api.usercells import settled
from crmsheet.checks import data_problems
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.board_words import REFRESHED
from crmsheet.compile.flags import flagged
from crmsheet.compile.pieces import Context
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import InternalError
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.references import RangeRef, a1
from crmsheet.messages import say
from crmsheet.model.baseline import Baseline
from crmsheet.model.changelog import Change
from crmsheet.model.events import Outbox
from crmsheet.model.layout import Layout
from crmsheet.model.merged import Merging
from crmsheet.model.spec import Model
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.plan.cells import Block, Role
from crmsheet.plan.recorded import RECORD_ANCHOR, RECORD_SHEET
from crmsheet.read import Reading, aligned_places, cut_blocks, found_again, read_book, with_tops
from crmsheet.read.inputs import value_at
from crmsheet.refresh import Note, Patch, applied, broken_promises
from crmsheet.refresh.difference import difference, lacking, record_edits
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.patch import combined
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.splice import CellEdit, EditKind

if TYPE_CHECKING:
    from crmsheet.plan.book import Plan

_MANY: Final = 2_000
"""Cells that are compared sooner with all of their columns than one by one."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a refresh was asked to do. `today` is the user's calendar day."""

    today: date
    as_of: date | str | None = None
    accept_deletions: bool = False
    apply_renames: bool = False
    stale: tuple[RangeRef, ...] = ()
    """Cells that changed just before, so that people's formulas that read them are out of date."""
    entering: Entering = field(default_factory=dict)
    """Rows that are to be changed, added and taken out first."""
    typing: tuple[tuple[str, CellEdit], ...] = ()
    """Cells of people's own sheets that a command writes, by sheet name."""
    forgetting: Forgetting = NOTHING
    """Of rows that are taken out: what is not to be remembered of them."""
    merging: Merging | None = None
    """What copies brought, to be remembered."""
    events: bool = False
    """Whether somebody fetches the events."""
    since: Baseline | None = None
    """The record that events are told since, where the workbook's own was written just now."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the pass needs and the workbook does not have."""

    reading: Reading
    effective: date
    gone: tuple[str, ...]
    """Ids of the boards whose sheets people deleted."""
    lost: tuple[str, ...] = ()
    """Anchors of blocks that are gone and that formulas need."""
    short: tuple[str, ...] = ()
    """Anchors of blocks that are too small for what they are to hold now."""
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to be done, and what the proof needs to know. All else of a pass is forgotten by then.

    `problems` are those of the rows' content."""

    result: Refreshed
    patch: Patch
    done: Compiled
    reading: Reading
    problems: tuple[Diagnostic, ...]


def recomputed(contents: Contents, options: Options) -> Refreshed | Lacking:
    """Recompute a workbook by the Model it holds. Raises WorkbookRefused or InternalError."""
    found = _planned(contents, options)
    if isinstance(found, Lacking):
        return found
    if found.patch.empty:
        return found.result
    patched = applied(contents, found.patch)
    # What stands outside of the replaced spans is known already; that it is the same is proven first.
    after = contents.following(
        Package.of(patched.data, contents.package.file),
        {part: done.replacements for part, done in patched.parts.items()},
    )
    ensure_kept(contents.package.file, broken_promises(contents, patched, after))
    data, parts = patched.data, tuple(patched.parts)
    del patched
    contents.let_go(parts)
    broken: list[str] = []
    told = _proven(contents, after, parts, found, options, broken)
    ensure_kept(contents.package.file, broken)
    if told is not None:
        data = sealed(data, contents.package.file, told)
    return replace(found.result, content=data)


def _planned(contents: Contents, options: Options) -> _Planned | Lacking:
    # What is brought back first goes by the workbook as people left it; their changes are followed after that.
    as_left = reading = _with_merged(read(contents, options), options)
    model = reading.record.model
    notes: list[Note] = []
    extra: list[tuple[str, CellEdit]] = []
    if options.as_of is not None:
        reading = with_date(reading, options.as_of, notes, extra)
    effective = effective_date(reading, options.today)
    gone = tuple(b.id for b in model.boards if b.id not in reading.layout.sheets)
    if gone:
        return Lacking(as_left, effective, gone)
    rows = entered(reading, contents, options.entering)
    extra += (*rows.edits, *options.typing)
    notes += rows.notes
    keys = followed(rows.reading, apply=options.apply_renames)
    theirs = settled(keys.reading, serial_of_date(effective))
    reading = theirs.reading
    extra += (*keys.edits, *theirs.edits)
    notes += (*keys.notes, *theirs.notes)
    log = logged_changes(reading, contents, keys.pending, options.today)
    context = _context(reading, model, effective, options.today, log, options.forgetting)
    done = compiled(context)
    reading = with_tops(reading, done.plan.blocks, contents)
    flags = flagged(model, reading.state, done.environment, context.as_of)
    outbox = _outbox(reading, done, flags, log, options, effective)
    plan, record = _with_record(
        done, reading, model, keys.pending, flags, outbox.fetched if outbox and options.events else outbox
    )
    lost, short = lacking(plan, reading.layout)
    lost = (*lost, *(a for a in _unknown(done.plan, reading) if a not in lost))
    if lost or short or _columns_unknown(done.plan, reading):
        return Lacking(as_left, effective, (), lost, short, done.plan)
    upgrading = as_left.record.version != __version__
    problems = data_problems(
        model, reading.record.language, reading.state, reading.layout, done.environment.compiled
    )
    today = serial_of_date(options.today)
    found = difference(
        plan,
        reading.layout,
        contents,
        _parts(reading),
        _last_of_each_cell(extra),
        today,
        options.stale,
        upgrading=upgrading,
    )
    labels = tuple((t.label.text(record.language), reading.state.tables[t.id].filled) for t in model.tables)
    result = Refreshed(
        None,
        record.language.value,
        effective,
        labels,
        found.values_changed,
        (
            *notes,
            *reading_notes(as_left, model),
            *found.notes,
            *memory_notes(reading, contents, context, record),
        ),
        (*problems, *row_problems(reading, model)),
        done.findings,
        keys.renames,
        outbox.lines if outbox is not None and options.events else (),
        record,
    )
    patch = found.patch
    if options.forgetting.texts:
        patch = combined((patch, unused_strings(contents, patch.cells, options.forgetting.texts)))
    if upgrading and record == as_left.record and not patch.empty:
        # What this version wrote is not to be taken for an earlier one's next time.
        record = replace(record, version=__version__)
        place = reading.layout.anchors[RECORD_ANCHOR]
        lines = tuple(record_edits(contents, baseline_block(record), place))
        patch = combined((patch, Patch({place.sheet: lines})))
    if not patch.empty or options.stale:
        patch = combined((patch, Patch(_stamps(plan, reading, contents, options.today))))
    return _Planned(result, patch, done, replace(reading, record=record), tuple(problems))


def _with_merged(reading: Reading, options: Options) -> Reading:
    """A reading that knows what copies brought, and nothing of rows that are to be forgotten."""
    merging = options.merging or reading.state.merging
    origin, rows = reading.record.origin, options.forgetting.rows
    if rows:
        merging = merging.without(rows) if merging is not None else None
        origin = origin.without(rows) if origin is not None else None
    if merging is reading.state.merging and origin is reading.record.origin:
        return reading
    return replace(
        reading,
        state=replace(reading.state, merging=merging),
        record=replace(reading.record, origin=origin),
    )


def _last_of_each_cell(edits: Iterable[tuple[str, CellEdit]]) -> tuple[tuple[str, CellEdit], ...]:
    """What becomes of each cell when several edits of it follow each other."""
    return tuple({(sheet, edit.row, edit.column): (sheet, edit) for sheet, edit in edits}.values())


def _columns_unknown(plan: Plan, reading: Reading) -> bool:
    """Whether tables lack hidden columns that the version that wrote the workbook did not have yet."""
    tables = reading.layout.tables
    return any(column.id not in tables[table.id].columns for table in plan.tables for column in table.columns)


def _unknown(plan: Plan, reading: Reading) -> Iterator[str]:
    """The blocks that the version that wrote the workbook did not have yet."""
    for block in plan.blocks:
        known = block.anchor in reading.record.anchors or block.anchor in reading.layout.anchors
        if block.anchored and block.anchor != RECORD_ANCHOR and not known:
            yield block.anchor


def _stamps(plan: Plan, reading: Reading, contents: Contents, today: date) -> dict[str, tuple[CellEdit, ...]]:
    """The day of this refresh, by sheet, where boards tell it; only for refreshes that change something."""
    text = REFRESHED.text(reading.record.language) + today.isoformat()
    found: dict[str, tuple[CellEdit, ...]] = {}
    for block in plan.blocks:
        place = reading.layout.anchors.get(block.anchor)
        stamps = [cell for cell in block.cells if cell.role is Role.STAMP]
        for cell in stamps if place is not None else ():
            assert place is not None
            if value_at(contents, place, cell.row, cell.column) != text:
                edit = CellEdit(place.rows[cell.row], place.columns[cell.column], EditKind.VALUE, text)
                found[place.sheet] = (*found.get(place.sheet, ()), edit)
    return found


def ensure_kept(file: str, broken: Iterable[str]) -> None:
    """Raise InternalError when a promise is broken."""
    found = list(broken)
    if found:
        raise InternalError(
            Diagnostic(
                "B101",
                say("the refreshed workbook did not pass its own proof; it was thrown away"),
                FilePlace(file),
                reason="\n".join(found[:10]),
                remedy=say("Your file is untouched. Please report this."),
            )
        )


def read(
    contents: Contents, options: Options, by: Baseline | None = None, known: Reading | None = None
) -> Reading:
    """The workbook; blocks that only their content can place are looked for with what they should hold.

    `by` is the record to read it by instead of its own; `known` a reading of it before it was patched.
    """
    reading = read_book(contents, accept_deletions=options.accept_deletions, by=by, known=known)
    if all(anchor in reading.layout.anchors for anchor in reading.record.anchors):
        return reading
    plan = compiled(_context(reading, reading.record.model, options.today, options.today)).plan
    lost = [b for b in plan.blocks if b.anchored and b.anchor not in reading.layout.anchors]
    placed = aligned_places(lost, contents)
    # Of what was cut the rest is known: what resembles it elsewhere is something else.
    cut = cut_blocks([b for b in lost if b.anchor not in placed], contents)
    nameless = [b for b in lost if b.anchor not in placed and b.anchor not in cut]
    standing = (*reading.layout.anchors.values(), *placed.values())
    taken = [replace(p.extent, sheet=p.sheet) for p in standing if p.rows]
    placed |= found_again(nameless, reading.layout.sheets, contents, (*taken, *cut.values()))
    if not placed:
        return reading
    return read_book(contents, accept_deletions=options.accept_deletions, placed=placed, by=by, known=known)


def _context(
    reading: Reading,
    model: Model,
    effective: date,
    today: date,
    log: Sequence[Change] = (),
    forgetting: Forgetting = NOTHING,
) -> Context:
    """`log` are the changes that were found just now."""
    history, before = remembered(reading.record)
    return Context(
        model,
        reading.record.language,
        reading.state,
        serial_of_date(effective),
        reading.sizes,
        __version__,
        forgetting.history(history),
        forgetting.changes((*before, *log)),
        serial_of_date(today),
    )


def _parts(reading: Reading) -> Mapping[str, tuple[str, frozenset[int]]]:
    """Of each table: its part, and the sheet rows new to it."""
    return {
        id_: (found.part.part, frozenset(reading.rows[id_].adopted)) for id_, found in reading.tables.items()
    }


def _outbox(
    reading: Reading,
    done: Compiled,
    flags: Mapping[str, str],
    log: Sequence[Change],
    options: Options,
    effective: date,
) -> Outbox | None:
    """The events that nobody has fetched, with those of this refresh; None where nobody fetches any."""
    old = reading.record
    if old.outbox is None and not options.events:
        return None
    from crmsheet.api.happening import happened
    from crmsheet.api.rowpaths import RowPaths

    paths = RowPaths(old.model, old.language, reading.state, done.environment)
    since = options.since or old
    found = tuple(happened(since, paths, flags, log, as_of=effective, today=options.today))
    outbox = (old.outbox or Outbox()).with_events(found, old.book_code, old.model.name)
    return outbox.without(options.forgetting.rows, options.forgetting.texts)


def _with_record(
    done: Compiled,
    reading: Reading,
    model: Model,
    renames: Pending,
    flags: Mapping[str, str],
    outbox: Outbox | None,
) -> tuple[Plan, Baseline]:
    """The plan with the record the workbook will hold; the old one when nothing to remember changed."""
    old, plan = reading.record, done.plan
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
        found=reading.rows,
        history=done.history,
        changes=done.changes,
        before={id_: mark.rows for id_, mark in old.tables.items()},
        flags=flags,
    )
    # Blocks have the size that they stand in, or had when they were seen last: what the plan says may be less.
    sizes = {anchor: reading.sizes.get(anchor, size) for anchor, size in new.anchors.items()}
    new = replace(
        new,
        anchors=sizes,
        left_out=old.left_out,
        retired=old.retired,
        retired_names=old.retired_names,
        origin=old.origin,
        outbox=outbox,
    )
    if new == old:
        # Packing takes its time; what the workbook holds says the same.
        lines = len(reading.layout.anchors[RECORD_ANCHOR].rows)
        block = Block(RECORD_ANCHOR, RECORD_SHEET, 0, 0, lines, 1, ())
    else:
        new = replace(new, version=__version__)
        block = baseline_block(new)
    return replace(plan, blocks=(*plan.blocks, block)), new


def _proven(
    contents: Contents,
    after: Contents,
    parts: Collection[str],
    planned: _Planned,
    options: Options,
    broken: list[str],
) -> Told | None:
    """What a refresh of the finished bytes, which differ in these parts, would tell. That it would change
    something is added to `broken`, in words; nothing is when all is well.

    The result is read like any workbook. Its plan is computed again only if it holds anything else than
    was computed for: a plan depends on nothing but the model, the state, the blocks' sizes and the date.
    """
    reading = planned.reading
    again = read(after, options, known=reading)
    model = again.record.model
    effective = effective_date(again, options.today)
    done, as_planned = planned.done, True
    if (again.state, again.sizes, effective) != (
        reading.state,
        reading.sizes,
        effective_date(reading, options.today),
    ):
        done, as_planned = compiled(_context(again, model, effective, options.today)), False
    again = with_tops(again, done.plan.blocks, after)
    keys = followed(again, apply=False)
    flags = flagged(model, again.state, done.environment, serial_of_date(effective))
    with_record = _with_record(done, again, model, keys.pending, flags, again.record.outbox)[0]
    same_places = as_planned and _places(again) == _places(reading)
    unproven = _unproven(contents, planned.patch, parts, after) if same_places else None
    today = serial_of_date(options.today)
    rest = difference(with_record, again.layout, after, _parts(again), (), today, only=unproven)
    if not rest.patch.empty:
        broken.append(f"obligation 5, a second refresh would change {_first_place(rest.patch)}")
        return None
    theirs = settled(again, serial_of_date(effective))
    if theirs.edits or keys.renames or not same_places:
        return None
    notes = (*keys.notes, *theirs.notes, *reading_notes(again, model), *rest.notes)
    problems = (*planned.problems, *row_problems(again, model))
    return Told(
        planned.result.language,
        effective.isoformat(),
        again.state.as_of_input not in (None, ""),
        planned.result.rows,
        notes,
        problems,
        planned.result.findings,
    )


def _places(reading: Reading) -> Layout:
    """Where everything stands but the record, which is compared for itself."""
    anchors = {a: place for a, place in reading.layout.anchors.items() if a != RECORD_ANCHOR}
    return replace(reading.layout, anchors=anchors)


def _unproven(
    before: Contents, patch: Patch, changed: Collection[str], after: Contents
) -> dict[str, set[tuple[int, int]]] | None:
    """By sheet name the cells of which it is not known whether they are as planned: those that were to change and
    those that did. All others have been compared with the same plan. None when that may be any: formulas may mean
    something else by now, or so many cells were to change that all of them are sooner looked at."""
    if sum(map(len, patch.cells.values())) > _MANY or Meanings.of(before) != Meanings.of(after):
        return None
    found = {name: {(e.row, e.column) for e in edits} for name, edits in patch.cells.items()}
    parts = {part_key(part) for part in changed}
    for sheet in before.package.workbook.sheets:
        if part_key(sheet.part) in parts:
            old, new = before.sheet(sheet.name), after.sheet(sheet.name)
            if old is None or new is None:
                return None
            found.setdefault(sheet.name, set()).update(old.rows.differing_cells(new.rows))
    return found


def _first_place(patch: Patch) -> str:
    for sheet, edits in patch.cells.items():
        for edit in edits:
            return f"{sheet}!{a1(edit.row, edit.column)} ({edit.kind}: {edit.formula or edit.value!r})"
    return ", ".join(part for part, spans in patch.spans.items() if spans)
