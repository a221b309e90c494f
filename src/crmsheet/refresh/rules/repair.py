"""The rules of all sheets compared with what a plan asks for, and the edits that mend them.

Knows the order of work and how findings become replacements. Does not know what is wrong with a rule
(`validations`, `formats`) nor how one is written (`sheetml`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.messages import say
from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.refresh.rules.coverage import Cells
from crmsheet.refresh.rules.formats import FormatComparison, standing_formats
from crmsheet.refresh.rules.formats import Standing as StandingFormat
from crmsheet.refresh.rules.found import Findings, Ours
from crmsheet.refresh.rules.looks import Differentials, DxfBook, shape_of
from crmsheet.refresh.rules.meaning import RuleReader, Tokens
from crmsheet.refresh.rules.proof import RuleClaim
from crmsheet.refresh.rules.settled import formats_settled, validations_settled
from crmsheet.refresh.rules.validations import Standing as StandingValidation
from crmsheet.refresh.rules.validations import ValidationComparison
from crmsheet.refresh.rules.wanted import SheetRules, reach_there, reach_wanted, wanted_rules
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.ruleedits import (
    FormatEdits,
    ValidationEdits,
    format_edits,
    format_xml,
    moved_format,
    validation_edits,
    validation_xml,
)
from crmsheet.sheetml.rules import FormatRule, ValidationRule, cells_edits, format_rules_of, validations_of
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class RuleRepair:
    """The replacements by part, what to tell, and for the proof: what is ours, by sheet name."""

    spans: Mapping[str, tuple[Replacement, ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    claims: Mapping[str, RuleClaim] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with the rules on it."""

    cells: SheetCells
    reader: RuleReader
    validations: tuple[ValidationRule, ...]
    formats: tuple[FormatRule, ...]

    def areas(self) -> Iterable[RangeRef]:
        for validation in self.validations:
            yield from validation.cells
        for rule in self.formats:
            yield from rule.cells


def rule_edits(
    contents: Contents,
    plan: Plan,
    layout: Layout,
    meanings: Meanings,
    *,
    before: Plan | None = None,
    before_layout: Layout | None = None,
    differentials: Differentials | None = None,
) -> RuleRepair:
    """Compare and mend, sheet by sheet.

    `layout` says where the plan's things are to stand (columns that do not exist yet included); sheets that the
    package lacks are left out. `before` is the plan of the spec that the workbook was last refreshed with, in
    `before_layout`; without it nothing of the spec has changed. `differentials` gives highlights their indexes;
    without it they are appended to the workbook's own list, and the replacement is among the spans.
    """
    sheets: dict[str, _Sheet] = {}

    def sheet(name: str) -> _Sheet | None:
        if name not in sheets:
            cells = contents.sheet(name)
            if cells is None:
                return None
            reader = RuleReader(cells.sheet.name, meanings.tables)
            sheets[name] = _Sheet(cells, reader, validations_of(cells.scan), format_rules_of(cells.scan))
        return sheets[name]

    there, reaches = _reaches(plan, layout, sheet)
    wanted = former = wanted_rules(plan, layout, reaches)
    if before is not None or there != reaches:
        old, old_layout = before or plan, before_layout or layout
        old_there, old_reaches = (there, reaches) if before is None else _reaches(old, old_layout, sheet)
        ends = {id_: end if end >= 0 else old_reaches[id_] for id_, end in old_there.items()}
        former = wanted_rules(old, old_layout, ends)
    dxfs = DxfBook.of(contents.package)
    names = [n for n in dict.fromkeys((*wanted, *former)) if sheet(n) is not None]
    unsettled = [
        n
        for n in names
        if not _settled(sheets[n], wanted.get(n), None if former is wanted else former.get(n), dxfs)
    ]
    if not unsettled:
        return RuleRepair()
    ours = _ours(
        [(sheets[n].reader, rules.get(n, SheetRules())) for n in names for rules in (wanted, former)]
    )
    spans: dict[str, tuple[Replacement, ...]] = {}
    notes: list[Note] = []
    claims: dict[str, RuleClaim] = {}
    for name in unsettled:
        asked, were, at = wanted.get(name, SheetRules()), former.get(name, SheetRules()), sheets[name]
        findings = Findings()
        standing = [StandingValidation(r, at.reader.validation(r)) for r in at.validations]
        ValidationComparison(name, at.reader, standing, asked, ours).all(were, findings)
        formats = tuple(standing_formats(at.formats, at.reader, dxfs.look))
        FormatComparison(name, at.reader, formats, asked, ours, findings).all(were)
        notes += findings.notes
        notes += _extended(name, asked, findings)
        edits = _edits(at, formats, findings, differentials or dxfs)
        if edits:
            spans[at.cells.sheet.part] = edits
            graphics: dict[str, Cells] = {}
            for highlight in (h for r in (asked, were) for h in r.highlights if h.graphic):
                graphics[highlight.graphic] = (*graphics.get(highlight.graphic, ()), *highlight.areas)
            areas = tuple(v.area for r in (asked, were) for v in r.validations)
            claims[name] = RuleClaim(areas, ours, graphics)
    if dxfs.edits():
        spans[dxfs.styles.part] = dxfs.edits()
    return RuleRepair(spans, tuple(notes), claims)


def _settled(at: _Sheet, wanted: SheetRules | None, former: SheetRules | None, dxfs: DxfBook) -> bool:
    """Whether nothing is to be done on a sheet, told without reading any rule."""
    if wanted is None or (former is not None and former != wanted):
        return False
    return validations_settled(at.validations, wanted.validations) and formats_settled(
        at.formats, wanted.highlights, dxfs.look
    )


def _reaches(
    plan: Plan, layout: Layout, sheet: Callable[[str], _Sheet | None]
) -> tuple[dict[str, int], dict[str, int]]:
    """By table: the last row its rules reach (-1 when it has none), and the last row they should reach."""
    there: dict[str, int] = {}
    wanted: dict[str, int] = {}
    for table in plan.tables:
        place = layout.tables.get(table.id)
        if place is None:
            continue
        at = sheet(place.sheet)
        there[table.id] = reach_there(table, place, at.areas() if at is not None else ())
        wanted[table.id] = reach_wanted(table, place, there[table.id])
    return there, wanted


def _ours(sheets: Iterable[tuple[RuleReader, SheetRules]]) -> Ours:
    validations: set[object] = set()
    highlights: dict[Tokens, tuple[Shape, ...]] = {}
    for reader, rules in sheets:
        validations |= {reader.planned(v).outdated() for v in rules.validations}
        for rule in rules.highlights:
            if rule.formula:
                loose = reader.on(rule.formula, rule.areas).loose
                look = shape_of(rule.look)
                if look not in highlights.get(loose, ()):
                    highlights[loose] = (*highlights.get(loose, ()), look)
    return Ours(frozenset(validations), highlights)


def _extended(name: str, asked: SheetRules, findings: Findings) -> Iterable[Note]:
    """One note for a table whose rules reach further down now."""
    for whole in asked.tables:
        if any(whole.overlaps(area) for area in findings.extended):
            yield Note(
                NoteKind.RULE_EXTENDED, name, str(whole), old=say("down to row {row:,}", row=whole.bottom + 1)
            )


def _edits(
    at: _Sheet, formats: Sequence[StandingFormat], findings: Findings, dxfs: Differentials
) -> tuple[Replacement, ...]:
    if findings.empty:
        return ()
    scan = at.cells.scan
    extension: list[Replacement] = []
    gone: set[int] = set()
    priorities: dict[int, int] = {}
    added: list[bytes] = []
    taken = floor = 0

    def number(before: int | None) -> int:
        """The next priority: as it was while it is behind all that were given out."""
        nonlocal taken, floor
        if before is not None and before > floor:
            taken = max(taken, before)
            return before
        taken = floor = taken + 1
        return taken

    for place in range(len(formats) + 1):
        for rule, before in findings.highlights:
            if before == place:
                added.append(
                    format_xml(rule, 0 if rule.graphic else dxfs.index(rule.look), number(None), scan.prefix)
                )
        if place == len(formats):
            break
        there = formats[place].rule
        start = there.element.start
        cells = findings.format_cells.get(start, there.cells)
        if not cells:
            gone.add(start)
            continue
        priority = number(there.priority) if "priority" in there.attributes else 0
        if cells == there.cells:
            if priority != there.priority:
                priorities[start] = priority
        elif not there.extension:
            gone.add(start)
            added.append(moved_format(scan, there, cells, priority, scan.prefix))
        elif len(there.block.all("cfRule")) == 1:
            extension += cells_edits(scan, there, cells)
        else:
            gone.add(start)
    new = tuple(validation_xml(rule, cells, scan.prefix) for rule, cells in findings.validations)
    return (
        *format_edits(scan, at.formats, FormatEdits(frozenset(gone), priorities, tuple(added))),
        *extension,
        *validation_edits(scan, at.validations, ValidationEdits(findings.validation_cells, new)),
    )
