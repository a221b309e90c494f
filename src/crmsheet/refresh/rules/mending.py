"""Rules that are not as a plan asks for, and the edits that mend them.

Knows how findings become replacements. Does not know what is wrong with a rule (`validations`, `formats`) nor how one is
written (`sheetml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crmsheet.messages import say
from crmsheet.refresh.aging import Aged
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.refresh.rules.coverage import Cells, text
from crmsheet.refresh.rules.formats import FormatComparison, standing_formats
from crmsheet.refresh.rules.formats import Standing as StandingFormat
from crmsheet.refresh.rules.found import Findings, Ours
from crmsheet.refresh.rules.looks import Differentials, DxfBook, shape_of
from crmsheet.refresh.rules.meaning import RuleReader, Tokens
from crmsheet.refresh.rules.prints import standing_validation, wanted_format, wanted_validation
from crmsheet.refresh.rules.proof import RuleClaim
from crmsheet.refresh.rules.repair import RuleRepair
from crmsheet.refresh.rules.settled import RuledSheet
from crmsheet.refresh.rules.validations import Standing as StandingValidation
from crmsheet.refresh.rules.validations import ValidationComparison
from crmsheet.refresh.rules.wanted import SheetRules
from crmsheet.sheetml.ruleedits import (
    FormatEdits,
    ValidationEdits,
    format_edits,
    format_xml,
    moved_format,
    validation_edits,
    validation_xml,
)
from crmsheet.sheetml.rules import cells_edits
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import replace


def mended(
    sheets: Mapping[str, RuledSheet],
    names: Sequence[str],
    unsettled: Sequence[str],
    wanted: Mapping[str, SheetRules],
    former: Mapping[str, SheetRules],
    meanings: Meanings,
    dxfs: DxfBook,
    differentials: Differentials,
    age: Aged,
) -> RuleRepair:
    """What mends the `unsettled` sheets among those with these `names`; the rules `wanted` and `former` are by name."""
    readers = {n: RuleReader(sheets[n].cells.sheet.name, meanings.tables) for n in names}
    ours = _ours([(readers[n], rules.get(n, SheetRules())) for n in names for rules in (wanted, former)])
    ours = replace(ours, age=age, asked=_asked(wanted.values()))
    spans: dict[str, tuple[Replacement, ...]] = {}
    notes: list[Note] = []
    claims: dict[str, RuleClaim] = {}
    for name in unsettled:
        asked, were, at = wanted.get(name, SheetRules()), former.get(name, SheetRules()), sheets[name]
        reader = readers[name]
        findings = Findings()
        standing = [
            StandingValidation(r, reader.validation(r), standing_validation(r)) for r in at.validations
        ]
        ValidationComparison(name, reader, standing, asked, ours).all(were, findings)
        formats = tuple(standing_formats(at.formats, reader, dxfs.look))
        FormatComparison(name, reader, formats, asked, ours, findings).all(were)
        notes += findings.notes
        notes += _extended(name, asked, findings)
        notes += _upgraded(name, findings)
        edits = _edits(at, formats, findings, differentials)
        if edits:
            spans[at.cells.sheet.part] = edits
            graphics: dict[str, Cells] = {}
            for highlight in (h for r in (asked, were) for h in r.highlights if h.graphic):
                graphics[highlight.graphic] = (*graphics.get(highlight.graphic, ()), *highlight.areas)
            areas = tuple(v.area for r in (asked, were) for v in r.validations) + tuple(findings.stray)
            claims[name] = RuleClaim(areas, ours, graphics)
    if dxfs.edits():
        spans[dxfs.styles.part] = dxfs.edits()
    return RuleRepair(spans, tuple(notes), claims)


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


def _asked(rules: Iterable[SheetRules]) -> frozenset[str]:
    """The prints of all rules that are wanted."""
    found = list(rules)
    validations = {wanted_validation(v) for r in found for v in r.validations}
    return frozenset(validations | {wanted_format(h) for r in found for h in r.highlights})


def _upgraded(name: str, findings: Findings) -> Iterable[Note]:
    """One note for all rules of a sheet that an earlier version wrote otherwise."""
    if findings.upgraded:
        first = sorted(area for areas in findings.upgraded for area in areas)[0]
        what = say("{count:,} rules", count=len(findings.upgraded))
        yield Note(NoteKind.UPGRADED, name, text((first,)), say("drop-downs, checks and colours"), new=what)


def _extended(name: str, asked: SheetRules, findings: Findings) -> Iterable[Note]:
    """One note for a table whose rules reach further down now."""
    for whole in asked.tables:
        if any(whole.overlaps(area) for area in findings.extended):
            yield Note(
                NoteKind.RULE_EXTENDED, name, str(whole), old=say("down to row {row:,}", row=whole.bottom + 1)
            )


def _edits(
    at: RuledSheet, formats: Sequence[StandingFormat], findings: Findings, dxfs: Differentials
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
