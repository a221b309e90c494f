"""One pass over a workbook: read, check, compile, compare, patch, prove.

Knows the order. Does not know how any of it is done, nor what to do when the workbook lacks what the pass
needs: that is `Lacking`, for the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from crmsheet.api.asof import effective_date, with_date
from crmsheet.api.entries import Entered
from crmsheet.api.forgetting import unused_strings
from crmsheet.api.keyrenames import followed
from crmsheet.api.marks import as_written, baseline_block
from crmsheet.api.memory import logged_changes, memory_notes
from crmsheet.api.proving import Planned, ensure_kept, proven
from crmsheet.api.reading import Options, context_of, parts_of, read
from crmsheet.api.recording import outbox_with, with_record
from crmsheet.api.results import Refreshed
from crmsheet.api.seals import sealed
from crmsheet.api.telling import reading_notes, row_problems
from crmsheet.api.usercells import settled
from crmsheet.checks import data_problems
from crmsheet.compile import compiled
from crmsheet.compile.board_words import REFRESHED
from crmsheet.compile.flags import flagged
from crmsheet.edition import edition
from crmsheet.excel.dates import serial_of_date
from crmsheet.opc.package import Package
from crmsheet.plan.cells import Role
from crmsheet.plan.place import addresses
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.read import Reading, with_tops
from crmsheet.read.inputs import value_at
from crmsheet.refresh import Note, Patch, applied, broken_promises
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.difference import difference, lacking, record_edits
from crmsheet.refresh.patch import combined
from crmsheet.refresh.written import aged
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.structs import dataclass, replace

if TYPE_CHECKING:
    from crmsheet.model.written import Written
    from crmsheet.plan.book import Plan


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
    age: Aged = UNAGED

    @property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """How large the blocks are to be that are too small."""
        blocks = self.plan.blocks if self.plan is not None else ()
        return {b.anchor: (b.rows, b.columns) for b in blocks if b.anchor in self.short}


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
    told = proven(contents, after, parts, found, options, broken)
    ensure_kept(contents.package.file, broken)
    if told is not None:
        data = sealed(data, contents.package.file, told, after.package)
    return replace(found.result, content=data)


def _planned(contents: Contents, options: Options) -> Planned | Lacking:
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
    rows = Entered(reading, (), ())
    if options.entering:
        from crmsheet.api.entering import entered

        rows = entered(reading, contents, options.entering)
    extra += (*rows.edits, *options.typing)
    notes += rows.notes
    keys = followed(rows.reading, apply=options.apply_renames)
    theirs = settled(keys.reading, serial_of_date(effective))
    reading = theirs.reading
    extra += (*keys.edits, *theirs.edits)
    notes += (*keys.notes, *theirs.notes)
    log = logged_changes(reading, contents, keys.pending, options.today)
    context = context_of(reading, model, effective, options.today, log, options.forgetting)
    done = compiled(context)
    reading = with_tops(reading, done.plan.blocks, contents)
    newer = tuple(_unknown(done.plan, reading))
    if newer:
        from crmsheet.api.newcells import with_new_cells

        reading = with_new_cells(reading, done.plan, newer, contents)
    places = addresses(done.plan, reading.layout)
    age = aged(as_left.record.written, done.plan, edition(), as_left.record.tables, places)
    lost, short = _wanting(done.plan, reading, contents, age)
    if lost or short or _columns_unknown(done.plan, reading):
        return Lacking(as_left, effective, (), lost, short, done.plan, age)
    problems = data_problems(
        *(model, reading.record.language, reading.state, reading.layout, done.environment.compiled),
        keys.new_keys,
    )
    labels = tuple(
        (t.label.text(reading.record.language), reading.state.tables[t.id].filled) for t in model.tables
    )
    result = Refreshed(
        None,
        reading.record.language.value,
        effective,
        labels,
        0,
        tuple(notes),
        (*problems, *row_problems(reading, model)),
        done.findings,
        keys.renames,
        record=reading.record,
    )
    if options.looking:
        return Planned(result, Patch(), done, reading, problems, {}, {})
    flags = flagged(model, reading.state, done.environment, context.as_of)
    outbox = outbox_with(reading, done, flags, log, options, effective)
    # Nothing more is computed: what helped with that need not stand beside a new workbook.
    done.environment.forget()
    kept = outbox.fetched if outbox is not None and options.events else outbox
    plan, record = with_record(done, reading, model, keys.pending, flags, kept, places, age.now)
    today = serial_of_date(options.today)
    found = difference(
        plan,
        reading.layout,
        contents,
        parts_of(reading),
        _last_of_each_cell(extra),
        today,
        options.stale,
        age=age,
        fresh=rows.fresh,
        texts=places.texts,
    )
    notes += (*reading_notes(as_left, model), *found.notes, *memory_notes(reading, contents, context, record))
    result = replace(
        result,
        values_changed=found.values_changed,
        notes=tuple(notes),
        events=outbox.lines if outbox is not None and options.events else (),
        record=record,
        age=age,
    )
    same = record == as_left.record
    # The old record need not stand beside a new one.
    reading = replace(reading, record=record, as_read=reading.as_read if same else None)
    return _completed(
        Planned(result, found.patch, done, reading, problems, places.texts, flags),
        plan,
        contents,
        options,
        again=same and age.by != edition(),
        known=age.now,
    )


def _completed(
    planned: Planned, plan: Plan, contents: Contents, options: Options, *, again: bool, known: Written | None
) -> Planned:
    """With what goes along with other changes; `again` is whether the record is that of an earlier version, `known` what
    this one writes."""
    patch, reading, record = planned.patch, planned.reading, planned.reading.record
    if options.forgetting.texts:
        patch = combined((patch, unused_strings(contents, patch.cells, options.forgetting.texts)))
    if again and not patch.empty:
        # What this version wrote is not to be taken for an earlier one's next time.
        record = as_written(record, planned.done.plan, record, known=known)
        place = reading.layout.anchors[RECORD_ANCHOR]
        lines = tuple(record_edits(contents, baseline_block(record), place))
        patch = combined((patch, Patch({place.sheet: lines})))
    if not patch.empty or options.stale:
        patch = combined((patch, Patch(_stamps(plan, reading, contents, options.today))))
    return replace(planned, patch=patch, reading=replace(reading, record=record))


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


def _wanting(
    plan: Plan, reading: Reading, contents: Contents, age: Aged
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The anchors of blocks that are lost, and of those that have to be formed anew: too small, or an earlier version
    merged cells where this one has something."""
    lost, short = lacking(plan, reading.layout)
    if not age.known or age.forms:
        from crmsheet.refresh.structure.hidden import hidden_blocks

        short = (*short, *hidden_blocks(plan, reading.layout, contents))
    return (*lost, *(a for a in _unknown(plan, reading) if a not in lost)), short


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
