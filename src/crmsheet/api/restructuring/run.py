"""The order in which a workbook follows a changed Model.

Knows the stages, and that each is proven. Does not know what any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from crmsheet.api.proving import ensure_kept
from crmsheet.api.restructuring.cells import user_cells
from crmsheet.api.restructuring.change import (
    Change,
    followed_charts,
    frozen_blocks,
    kept_sizes,
    left_out_sheets,
    outdated_blocks,
    planned,
    restyled_columns,
    torn_blocks,
    with_free_names,
)
from crmsheet.api.restructuring.claims import claim_helpers, claimed_fields, table_places
from crmsheet.api.restructuring.helpers import unneeded_helpers
from crmsheet.api.restructuring.naming import renamed, renamed_names, retired_names
from crmsheet.api.restructuring.remembering import record_patch
from crmsheet.api.restructuring.ruling import remaining, rules_off, rules_on, succeeded
from crmsheet.api.restructuring.scratch import scratch_workbook, wardrobe
from crmsheet.api.restructuring.telling import conflict_note, followed_notes, stranger_notes, structure_notes
from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import RangeRef, a1
from crmsheet.formulas.renaming import Renames
from crmsheet.messages import say
from crmsheet.model.boards import Board
from crmsheet.model.carrying import Carried, carried
from crmsheet.model.spec import Model
from crmsheet.model.succession import succession
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan
from crmsheet.plan.place import ANCHOR_PREFIX, addresses, names_of
from crmsheet.plan.recorded import RECORD_SHEET
from crmsheet.read import Reading, with_tops
from crmsheet.refresh import Note, NoteKind, Patch, Patched, applied, broken_promises
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.graft.transplant import Transplant
from crmsheet.refresh.names import OwnName, own_names
from crmsheet.refresh.renames import rename_patch, renamed_only
from crmsheet.refresh.rules import RuleRepair
from crmsheet.refresh.structure.arrange import Arrangement, Before, arranged
from crmsheet.refresh.structure.astray import charts_astray
from crmsheet.refresh.structure.drawn import drawn_edit, known_drawings, redrawn
from crmsheet.refresh.structure.figures import Becoming, Fate, becomings, figures
from crmsheet.refresh.structure.following import following_patch
from crmsheet.refresh.structure.furnish import Furnishing
from crmsheet.refresh.structure.ground import cells_between
from crmsheet.refresh.structure.heights import heights_patch
from crmsheet.refresh.structure.printing import printing_patch
from crmsheet.refresh.structure.vacate import freezing_edits, helpers_patch, vacating_patch
from crmsheet.refresh.structure.widths import widths_patch
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.names import defined_names
from crmsheet.structs import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Restructured:
    """The new workbook, and what was done."""

    content: bytes = field(repr=False)
    notes: tuple[Note, ...]
    changed: tuple[RangeRef, ...]
    """The cells that hold something else now."""


@dataclass(slots=True)
class _Stages:
    """The workbook after the last stage."""

    contents: Contents
    notes: list[Note] = field(default_factory=list)
    changed: list[RangeRef] = field(default_factory=list)

    def apply(self, patch: Patch) -> None:
        """Apply a patch and prove that it changed nothing else. Raises InternalError."""
        if patch.empty:
            return
        done = applied(self.contents, patch)
        after = self._followed(done)
        ensure_kept(self.contents.package.file, broken_promises(self.contents, done, after))
        self.contents = after
        self.changed += [
            RangeRef(row, column, row, column, sheet)
            for sheet, cells in done.changed_cells.items()
            for row, column in cells
            if sheet != RECORD_SHEET
        ]

    def _followed(self, done: Patched) -> Contents:
        """The result, of which only what was changed is decoded anew; that the rest is equal is proven first."""
        package = Package.of(done.data, self.contents.package.file)
        return self.contents.following(package, {p: part.replacements for p, part in done.parts.items()})

    def mend(self, rules: RuleRepair) -> None:
        self.apply(Patch({}, rules.spans, rules=rules.claims))

    def rename(self, renames: Renames) -> None:
        """The same for renames, which reach into people's formulas: these must read as renamed, no more."""
        if renames.empty:
            return
        before = self.contents
        patch = rename_patch(before, renames)
        self.notes += patch.notes
        done = applied(before, patch.patch)
        after = self._followed(done)
        proofs = (*broken_promises(before, done, after), *renamed_only(before, after, renames))
        ensure_kept(before.package.file, proofs)
        self.contents = after


def restructured(
    contents: Contents,
    reading: Reading,
    model: Model,
    effective: date,
    *,
    left_out: tuple[Board, ...] = (),
    healing: bool = False,
    restore: bool = False,
    grown: Mapping[str, tuple[int, int]] | None = None,
    age: Aged = UNAGED,
) -> Restructured:
    """Carry a workbook over to another Model; or, `healing`, to its own, to bring back what is lost.

    `left_out` are boards that the workbook is not to have, for the record. `restore` brings back charts and
    sheets that people deleted. What `age` says to look otherwise in this version does from now on. Raises
    WorkbookRefused when people's things are in the way, InternalError when a stage breaks a promise.
    """
    reading = _with_calc(reading, contents)
    # A sheet that this run brings is none of those that the workbook was written with.
    written = replace(reading.state, merging=reading.record.merging)
    old_plan = planned(reading, reading.record.model, written, reading.sizes, effective, as_it_is=True)
    reading = with_tops(reading, old_plan.blocks, contents)
    pairs = succession(reading.record.model, model)
    change = Change(
        contents, reading, model, pairs, effective, left_out, old_plan, healing, restore, grown or {}, age
    )
    return _run(change)


def _run(change: Change) -> Restructured:
    old_plan, pairs, old_layout = change.old_plan, change.pairs, change.reading.layout
    stages = _Stages(change.contents)
    claims = claimed_fields(change)
    over = carried(
        change.old,
        change.new,
        pairs,
        change.reading.state,
        change.reading.next_ids,
        change.record.language,
        claims.values,
    )
    plan = planned(change.reading, change.new, over.state, kept_sizes(change), change.effective)
    plan = with_free_names(change, plan)
    claim_helpers(change, plan, claims)
    frozen, retired = frozen_blocks(change)
    torn = torn_blocks(change)
    standing = figures(old_plan, old_layout, change.contents)
    hidden = old_layout.sheets.get(CALC_SHEET, "")
    astray = charts_astray(old_plan, old_layout, change.contents, torn, standing, hidden)
    known = {f.anchor for f in standing}
    between = cells_between(old_plan, old_layout, change.contents)
    first = {f.anchor: f for f in reversed(astray.figures) if f.anchor not in known}
    before = Before(old_plan, old_layout, (*standing, *first.values()), torn, between)
    places = table_places(change, claims.columns)
    arrangement = arranged(
        plan,
        before,
        pairs,
        change.contents,
        places,
        left_out_sheets(change, plan),
        frozen,
        outdated_blocks(change, plan),
    )
    charts = tuple(
        becomings(
            old_plan,
            plan,
            pairs,
            before.figures,
            arrangement.layout,
            arrangement.relaid,
            arrangement.new_sheets,
            restore=change.restore,
        )
    )
    names = renamed_names(change, plan)
    renames, arrangement, renamings = renamed(change, plan, arrangement, names)
    left = remaining(change, plan, arrangement, frozen)
    stages.notes += (*claims.notes, *map(conflict_note, over.conflicts), *retired, *renamings)
    stages.mend(rules_off(change, left))
    stages.rename(renames)
    vacated = {renames.sheet(name): areas for name, areas in arrangement.vacated.items()}
    spared = {renames.sheet(name): cells for name, cells in between.items()}
    stages.apply(vacating_patch(stages.contents, vacated, spared, hidden))
    helpers = [
        (replace(place, sheet=renames.sheet(place.sheet), name=renames.table(place.name)), gone)
        for place, gone in unneeded_helpers(change, plan)
    ]
    stages.apply(helpers_patch(stages.contents, helpers))
    kept = [replace(p, sheet=renames.sheet(p.sheet)) for a, p in old_layout.anchors.items() if a in frozen]
    stages.apply(Patch(freezing_edits(stages.contents, kept)))
    stages.notes += structure_notes(change, plan, arrangement, charts)
    scratch = _furnish(change, stages, plan, arrangement, charts, over, names, frozen)
    if change.age.charts:
        _redraw(change, stages, plan, arrangement, scratch)
    following = followed_charts(change, plan, charts, astray.figures)
    stages.apply(following_patch(stages.contents, plan, arrangement.layout, following, torn))
    stages.notes += followed_notes(astray.figures, following)
    stages.notes += stranger_notes(astray.strangers)
    rules = rules_on(change, stages.contents, plan, arrangement, succeeded(change, left, frozen), renames)
    stages.notes += [n for n in rules.notes if n.kind is NoteKind.RULE_KEPT]
    stages.mend(rules)
    stages.apply(heights_patch(stages.contents, old_plan, plan, pairs, arrangement))
    stages.apply(printing_patch(stages.contents, old_plan, plan, pairs, arrangement))
    stages.apply(widths_patch(stages.contents, plan, change.age.widths, arrangement.layout))
    stages.apply(record_patch(change, stages.contents, plan, arrangement, over))
    return Restructured(stages.contents.package.data, tuple(stages.notes), tuple(stages.changed))


def _furnish(
    change: Change,
    stages: _Stages,
    plan: Plan,
    arrangement: Arrangement,
    charts: Sequence[Becoming],
    over: Carried,
    renames: Mapping[str, str],
    frozen: frozenset[str],
) -> Contents:
    """Everything put in; the workbook from which it was taken."""
    scratch = scratch_workbook(change, plan, arrangement, charts)
    names = own_names(plan, arrangement.layout, addresses(plan, arrangement.layout))
    _refuse_taken(change, stages.contents, names, renames)
    edits, notes = user_cells(change, over, arrangement)
    stages.notes += notes
    transplant = Transplant(stages.contents, scratch)
    restyled = restyled_columns(change, plan)
    furnishing = Furnishing(
        plan, arrangement, stages.contents, scratch, transplant, wardrobe(change), restyled
    )
    gone = tuple(retired_names(change, plan, renames, frozen))
    stages.apply(furnishing.patch(charts, names, gone, edits))
    drawn = {b.chart.anchor for b in charts if b.fate in (Fate.ADDED, Fate.REPLACED)}
    shown = [f for f in figures(plan, arrangement.layout, stages.contents) if f.anchor in drawn]
    stages.apply(Patch({RECORD_SHEET: drawn_edit(stages.contents, shown)}))
    return scratch


def _redraw(change: Change, stages: _Stages, plan: Plan, arrangement: Arrangement, scratch: Contents) -> None:
    """Charts that people left as they were, as this version draws them."""
    layout = arrangement.layout
    standing = figures(plan, layout, stages.contents)
    known = known_drawings(change.contents)
    patch, done = redrawn(stages.contents, standing, scratch, figures(plan, layout, scratch), known)
    stages.apply(patch)
    stages.apply(Patch({RECORD_SHEET: drawn_edit(stages.contents, done)} if done else {}))
    for sheet in dict.fromkeys(f.sheet for f in done):
        first = next(f for f in done if f.sheet == sheet)
        cell = a1(max(0, first.floating.row), max(0, first.floating.column))
        count = sum(f.sheet == sheet for f in done)
        new = say("{count:,} chart", count=1) if count == 1 else say("{count:,} charts", count=count)
        stages.notes.append(Note(NoteKind.UPGRADED, sheet, cell, say("charts"), new=new))


def _refuse_taken(
    change: Change, contents: Contents, names: Mapping[str, OwnName], renames: Mapping[str, str]
) -> None:
    """Names of people's are not overwritten."""
    ours = {*names_of(change.old_plan).values(), *change.record.retired_names, *renames.values()}
    fresh = {n.casefold() for n in names} - {n.casefold() for n in ours}
    for name in defined_names(contents.package):
        own = name.name.startswith(ANCHOR_PREFIX)
        if name.sheet_index is None and name.name.casefold() in fresh and not own:
            raise WorkbookRefused(
                Diagnostic(
                    "W218",
                    say(
                        "the workbook has a name '{name}' already, which the changed spec needs",
                        name=name.name,
                    ),
                    FilePlace(change.file),
                    reason=say("It means {name}.", name=name.text),
                    remedy=say(
                        "Rename one of them: the name in Excel's Name Manager, or the id in the spec."
                    ),
                )
            )


def _with_calc(reading: Reading, contents: Contents) -> Reading:
    """The hidden sheet is used again that a workbook without boards still has."""
    sheet = contents.package.workbook.sheet(CALC_SHEET)
    if sheet is None or CALC_SHEET in reading.layout.sheets:
        return reading
    sheets = {**reading.layout.sheets, CALC_SHEET: sheet.name}
    return replace(reading, layout=replace(reading.layout, sheets=sheets))
