"""A refresh that takes the whole way: a filled workbook is recomputed, by its own spec or by a changed one.

Knows when one pass is enough and when the workbook's structure has to follow first. Does not know how any of
it is done, and writes no user file: the new content is returned, or nothing when nothing is to change.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crmsheet.api.asof import effective_date
from crmsheet.api.entries import Entering
from crmsheet.api.forgetting import NOTHING, Forgetting
from crmsheet.api.reading import Options, read
from crmsheet.api.recomputing import Lacking, recomputed
from crmsheet.api.results import Refreshed
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.excel.dates import date_system
from crmsheet.messages import listed, say
from crmsheet.model.boards import Board
from crmsheet.model.merged import Merging
from crmsheet.model.spec import Model
from crmsheet.opc.package import Package
from crmsheet.plan.book import SheetKind
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit
from crmsheet.structs import replace

if TYPE_CHECKING:
    from crmsheet.api.lending import Lent
    from crmsheet.api.restructuring import Restructured

_SPEC_DID_IT = (
    NoteKind.FORMULA_RESTORED,
    NoteKind.TEXT_RESTORED,
    NoteKind.UPGRADED,
    NoteKind.NAME_RESTORED,
    NoteKind.TABLE_REPAIRED,
    NoteKind.HISTORY_RESTORED,
)
"""In the pass behind a change of structure, owned cells differ because the spec does."""

_TOLD_EACH_TIME = (NoteKind.KEY_RENAMED, NoteKind.KEY_UNCLEAR, NoteKind.KEY_IN_FORMULA)
"""What the pass behind a change of structure tells again, in the names that things have by then."""


def refreshed(
    content: bytes | Contents,
    *,
    name: str,
    today: date,
    spec: Path | None = None,
    as_of: date | str | None = None,
    accept_deletions: bool = False,
    apply_renames: bool = False,
    restore_sheets: bool = False,
    events: bool = False,
    looking: bool = False,
    entering: Entering | None = None,
    typing: tuple[tuple[str, CellEdit], ...] = (),
    forgetting: Forgetting = NOTHING,
    merging: Merging | None = None,
) -> Refreshed:
    """Recompute a workbook (or one whose cells were read already), after these rows were entered into it. With
    `looking` nothing is to be written, and only the problems of the rows are told. Raises WorkbookRefused, SpecError,
    UsageError or InternalError; changes nothing."""
    contents = (
        content if isinstance(content, Contents) else Contents(Package.of(content, name), condensing=True)
    )
    options = Options(
        today,
        as_of,
        accept_deletions,
        apply_renames,
        entering=entering or {},
        merging=merging,
        typing=typing,
        forgetting=forgetting,
        events=events,
        looking=looking,
    )
    with date_system(since_1904=contents.package.workbook.date1904):
        model = _model(spec) if spec is not None else None
        lent: tuple[Lent, ...] = ()
        if model is not None:
            from crmsheet.api.lending import with_columns_lent

            contents, lent = with_columns_lent(contents, model)
        done = _recomputed(contents, options, restore=restore_sheets)
        later = replace(
            options,
            as_of=None,
            accept_deletions=False,
            apply_renames=False,
            entering={},
            merging=None,
            typing=(),
            forgetting=NOTHING,
        )
        record = done.record
        assert record is not None
        left_out = record.left_out
        if model is not None:
            wanted, left_out = _without(model, () if restore_sheets else left_out)
        else:
            wanted = record.model
            if restore_sheets and (left_out or _lost_blocks(done)):
                wanted, left_out = _with_back(wanted, left_out), ()
        same = wanted == record.model and not (restore_sheets and _lost_blocks(done))
        age = done.age or UNAGED
        if same and not age.looks:
            return done
        if done.content is not None:
            contents = Contents(Package.of(done.content, contents.package.file))
        restore = restore_sheets and not same
        return _followed(contents, done, later, wanted, left_out, age, lent, restore=restore)


def _recomputed(contents: Contents, options: Options, *, restore: bool) -> Refreshed:
    """One pass, and before it what has to be brought back."""
    found = recomputed(contents, options)
    if isinstance(found, Lacking) and (plain := contents.plain()) is not contents:
        contents, found = plain, recomputed(plain, options)
    notes: tuple[Note, ...] = ()
    healed: bytes | None = None
    for _ in range(2):
        if isinstance(found, Refreshed):
            break
        done, more = _healed(contents, found, restore=restore)
        contents = Contents(Package.of(done.content, contents.package.file))
        notes, healed = (*notes, *more), done.content
        options = replace(
            options, stale=(*options.stale, *done.changed), since=options.since or found.reading.record
        )
        found = recomputed(contents, options)
    if isinstance(found, Lacking):
        raise _lost(contents.package.file, found)
    later = found.notes
    if healed is not None:
        # Formulas that pointed at what was gone were written anew; what people typed over one is told.
        later = tuple(n for n in later if n.kind not in _SPEC_DID_IT or not n.old.startswith(("=", "#")))
    return replace(found, content=found.content or healed, notes=(*notes, *later))


def _healed(contents: Contents, lacking: Lacking, *, restore: bool) -> tuple[Restructured, tuple[Note, ...]]:
    """The workbook with what formulas need brought back, and without the boards whose sheets are gone."""
    from crmsheet.api.restructuring import restructured

    record = lacking.reading.record
    model, left_out = record.model, record.left_out
    if lacking.gone and not restore:
        left_out = (*left_out, *(b for b in model.boards if b.id in lacking.gone))
        model = replace(model, boards=tuple(b for b in model.boards if b.id not in lacking.gone))
    if not restore and not _hidden_only(lacking):
        raise _lost(contents.package.file, lacking)
    done = restructured(
        contents,
        lacking.reading,
        model,
        lacking.effective,
        left_out=left_out,
        healing=True,
        restore=restore,
        grown=lacking.sizes,
        age=lacking.age,
    )
    names = [record.sheets.get(i, i) for i in lacking.gone] if not restore else []
    notes = tuple(Note(NoteKind.SHEET_LEFT_OUT, "", old=name) for name in names)
    return done, (*notes, *done.notes)


def _hidden_only(lacking: Lacking) -> bool:
    """Whether all that is lost stood on the hidden sheet, or only has to grow, or never was there: nobody
    decided that."""
    if lacking.plan is None:
        return True
    known = lacking.reading.record.anchors
    kinds = {s.id: s.kind for s in lacking.plan.sheets}
    sheets = {b.anchor: kinds[b.sheet] for b in lacking.plan.blocks}
    return all(sheets[a] is SheetKind.CALC or a not in known for a in lacking.lost)


def _lost(file: str, lacking: Lacking) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W213",
            say(
                "cells that formulas of the workbook need are gone or cut: {what}",
                what=listed((*lacking.lost, *lacking.short)[:5]),
            ),
            FilePlace(file),
            remedy=say(
                "Undo that in the workbook, or take the last backup (crmsheet restore), and run again.\n"
                "With --restore-sheets they are built anew: what people had entered there is the spec's "
                "again."
            ),
        )
    )


def _lost_blocks(done: Refreshed) -> bool:
    return any(n.kind is NoteKind.BLOCK_LEFT_OUT for n in done.notes)


def _model(spec: Path) -> Model:
    from crmsheet.spec import load

    if not spec.is_file():
        raise UsageError(
            Diagnostic(
                "U101",
                say("there is no such file"),
                FilePlace(str(spec)),
                remedy=say("Check the name and the folder."),
            )
        )
    return load(spec)


def _without(model: Model, left_out: tuple[Board, ...]) -> tuple[Model, tuple[Board, ...]]:
    """A model without the boards that people deleted, and these boards as it has them."""
    gone = {b.id for b in left_out}
    return (
        replace(model, boards=tuple(b for b in model.boards if b.id not in gone)),
        tuple(b for b in model.boards if b.id in gone),
    )


def _with_back(model: Model, left_out: tuple[Board, ...]) -> Model:
    return replace(model, boards=(*model.boards, *left_out))


def _followed(
    contents: Contents,
    before: Refreshed,
    options: Options,
    model: Model,
    left_out: tuple[Board, ...],
    age: Aged,
    lent: tuple[Lent, ...],
    *,
    restore: bool,
) -> Refreshed:
    """The workbook carried over to another model, or to how this version draws its own, and recomputed by it; then
    nothing needs any more what was `lent` to it."""
    from crmsheet.api.changes import ensure_possible
    from crmsheet.api.restructuring import restructured
    from crmsheet.api.returning import with_returning

    contents = contents.plain()
    reading = read(contents, options)
    record = reading.record
    if (known := with_returning(record, model, contents)) is not None:
        reading = read(contents, options, known)
    ensure_possible(reading.record.model, model, contents.package.file)
    effective = effective_date(reading, options.today)
    done = restructured(
        contents, reading, model, effective, left_out=left_out, healing=restore, restore=restore, age=age
    )
    if model == record.model and not (restore or done.notes or done.changed):
        # Nothing looks otherwise; a workbook is not written for what the record says of that.
        return before
    options = replace(options, stale=done.changed)
    content = done.content
    if lent:
        from crmsheet.api.lending import given_back, untold

        content = given_back(content, contents.package.file, lent)
    after = _recomputed(Contents(Package.of(content, contents.package.file)), options, restore=False)
    again = {(n.kind, n.cell, n.old) for n in after.notes if n.kind in _TOLD_EACH_TIME}
    kept = [
        n
        for n in before.notes
        if not (restore and n.kind is NoteKind.BLOCK_LEFT_OUT) and (n.kind, n.cell, n.old) not in again
    ]
    later = [n for n in after.notes if n.kind not in _SPEC_DID_IT and n not in kept]
    notes: tuple[Note, ...] = (*kept, *done.notes, *later)
    if lent:
        notes = tuple(untold(notes, lent))
    return replace(
        after,
        content=after.content or content,
        values_changed=before.values_changed + after.values_changed,
        notes=notes,
        renames=after.renames or before.renames,
        events=(*before.events, *after.events),
    )
