"""Data validations as they should be against those that are there.

Knows when a column's validation is whole, shredded or another one that people chose. Does not know how a
validation is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.messages import listed, phrase, say
from crmsheet.plan.cells import ValidationKind
from crmsheet.plan.rules import PlacedValidation
from crmsheet.refresh.notes import NoteKind
from crmsheet.refresh.rules.coverage import Cells, common, count, joined, minus, overlap, within
from crmsheet.refresh.rules.found import Findings, Ours, counted
from crmsheet.refresh.rules.meaning import RuleReader, ValidationMeaning, broken
from crmsheet.refresh.rules.prints import wanted_validation
from crmsheet.refresh.rules.wanted import SheetRules
from crmsheet.sheetml.rules import ValidationRule
from crmsheet.structs import dataclass, replace

_MANY = 5
"""From so many rows of data on, another validation on all of them was chosen, not pasted."""
_GROWN = 8
"""From so many rows on, it may also have been chosen when the last ones were not there yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A validation that is there."""

    rule: ValidationRule
    meaning: ValidationMeaning
    print: str

    @property
    def cells(self) -> Cells:
        return self.rule.cells


@dataclass(frozen=True, slots=True)
class Unit:
    """A validation of ours as it is wanted, and as it was; one of the two may be missing."""

    wanted: PlacedValidation | None
    former: PlacedValidation | None

    @property
    def area(self) -> RangeRef:
        placed = self.wanted or self.former
        assert placed is not None
        return placed.area

    @property
    def about(self) -> str:
        placed = self.wanted or self.former
        return placed.about if placed is not None else ""


def units(wanted: Sequence[PlacedValidation], former: Sequence[PlacedValidation]) -> Iterator[Unit]:
    """What is wanted and what it was, brought together by place."""
    before = {(f.area.top, f.area.left): f for f in former}
    for rule in wanted:
        yield Unit(rule, before.pop((rule.area.top, rule.area.left), None))
    for rule in before.values():
        yield Unit(None, rule)


@dataclass(frozen=True, slots=True)
class ValidationComparison:
    """Compares the validations of one sheet."""

    sheet: str
    reader: RuleReader
    standing: Sequence[Standing]
    wanted: SheetRules
    ours: Ours

    def all(self, former: SheetRules, findings: Findings) -> None:
        """Every validation of ours."""
        cleared: list[RangeRef] = []
        for unit in units(self.wanted.validations, former.validations):
            cleared += self._one(unit, findings)
        for there in self.standing:
            if self.ours.outlived(there.print):
                left = common(minus(there.cells, cleared), self._places())
                findings.stray += left
                findings.upgraded += [left] if left else []
                cleared += left
        if not cleared:
            return
        for there in self.standing:
            if overlap(there.cells, cleared):
                findings.validation_cells[there.rule.element.start] = joined(minus(there.cells, cleared))

    def _one(self, unit: Unit, findings: Findings) -> Cells:
        """The cells on which the validations that are there make way."""
        area = unit.area
        here = [s for s in self.standing if overlap(s.cells, (area,))]
        wanted = None if unit.wanted is None else self.reader.planned(unit.wanted)
        former = None if unit.former is None else self.reader.planned(unit.former)
        if wanted is None:
            old = [s for s in here if s.meaning == former]
            return common((c for s in old for c in s.cells), (area,))
        good = [s for s in here if s.meaning == wanted]
        if len(good) == len(here) == 1 and within((area,), good[0].cells):
            return ()
        theirs = [s for s in here if not self._ours(s, wanted, former)]
        data = self.wanted.data_of(area)
        if _chosen(theirs, area, data):
            what = say("another validation that people chose")
            if unit.former is not None and wanted != former:
                what += say("; the spec has changed it too")
            findings.tell(NoteKind.RULE_KEPT, self.sheet, (data,), unit.about, what)
            return ()
        # Below the data a validation of people's is for what they keep there.
        spared = minus(common((c for s in theirs for c in s.cells), (area,)), (data,))
        healed = minus((area,), spared)
        if len(good) == 1 and within(healed, good[0].cells) and not _others(here, good, healed):
            return ()
        assert unit.wanted is not None
        findings.validations.append((unit.wanted, joined(healed)))
        self._tell(unit, healed, here, former, findings)
        return healed

    def _places(self) -> Cells:
        """The cells where rules of ours can be: tables with their headers, and what is wanted elsewhere."""
        heads = [RangeRef(max(0, a.top - 1), a.left, a.top, a.right) for a in self.wanted.tables]
        return (*self.wanted.tables, *heads, *(v.area for v in self.wanted.validations))

    def _earlier(self, there: Standing, wanted: ValidationMeaning) -> bool:
        """Whether an earlier version wrote it. Where nobody remembers, what is worded otherwise is taken for that."""
        if self.ours.outlived(there.print):
            return True
        return (
            not self.ours.age.known
            and replace(there.meaning, texts=()).outdated() == replace(wanted, texts=()).outdated()
        )

    def _ours(self, there: Standing, wanted: ValidationMeaning, *mine: ValidationMeaning | None) -> bool:
        return (
            there.meaning in (wanted, *mine)
            or self._earlier(there, wanted)
            or there.meaning.outdated() in self.ours.validations
            or broken(there.rule.formulas)
        )

    def _only_upgraded(
        self, unit: Unit, healed: Cells, here: Sequence[Standing], wanted: ValidationMeaning
    ) -> bool:
        """Whether nothing is wrong but that an earlier version had another rule there, or none."""
        assert unit.wanted is not None
        earlier = [s for s in here if s.meaning != wanted and self._earlier(s, wanted)]
        if not here:
            return self.ours.new(wanted_validation(unit.wanted))
        reached = unit.former.area if unit.former is not None else unit.area
        return len(earlier) == len(here) == 1 and within(common(healed, (reached,)), earlier[0].cells)

    def _tell(
        self,
        unit: Unit,
        healed: Cells,
        here: Sequence[Standing],
        former: ValidationMeaning | None,
        findings: Findings,
    ) -> None:
        assert unit.wanted is not None
        wanted = self.reader.planned(unit.wanted)
        if self._only_upgraded(unit, healed, here, wanted):
            findings.upgraded.append(healed)
            return
        mine = [s for s in here if s.meaning == former]
        mine += [s for s in here if s.meaning == wanted and wanted != former]
        behind = [s for s in here if s not in mine and s.meaning.outdated() == wanted.outdated()]
        held: list[RangeRef] = [c for s in (*mine, *behind) for c in s.cells]
        reached = unit.former.area if unit.former is not None else unit.area
        expected = common(healed, (reached,))
        bare = minus(expected, (c for s in here for c in s.cells))
        other = minus(minus(expected, held), bare)
        if unit.former is not None and not (bare or other or behind) and len(mine) == 1:
            if unit.former.area != unit.area:
                findings.extended.add(unit.area)
            elif wanted != former:
                findings.tell(NoteKind.RULE_UPDATED, self.sheet, healed, unit.about, _name(unit))
            return
        wrong = [
            counted(count(other), phrase("{count:,} cell had another"), phrase("{count:,} cells had another"))
            if other
            else "",
            counted(count(bare), phrase("{count:,} cell had none"), phrase("{count:,} cells had none"))
            if bare
            else "",
            say("it spoke of other cells") if behind else "",
            say("it was in {count} pieces", count=len(mine))
            if len(mine) > 1 and not other and not bare
            else "",
        ]
        what = say("{rule}: {wrong}", rule=_name(unit), wrong=listed(w for w in wrong if w))
        findings.tell(NoteKind.RULE_RESTORED, self.sheet, healed, unit.about, what)


def _name(unit: Unit) -> str:
    kind = unit.wanted.kind if unit.wanted is not None else ValidationKind.ANY
    match kind:
        case ValidationKind.LIST:
            return say("drop-down")
        case ValidationKind.ANY:
            return say("prompt")
        case _:
            return say("validation")


def _others(here: Iterable[Standing], good: Sequence[Standing], cells: Cells) -> bool:
    """Whether any other validation stands on these cells."""
    return any(overlap(s.cells, cells) for s in here if s not in good)


def _chosen(theirs: Sequence[Standing], area: RangeRef, data: RangeRef) -> bool:
    """Whether one validation of people's stands on all of a column, so that nobody can have pasted it there."""
    if len({s.meaning for s in theirs}) != 1:
        return False
    cells = [c for s in theirs for c in s.cells]
    if within((area,), cells):
        return True
    free = minus((data,), cells)
    if not free:
        return data.rows >= _MANY
    # Rows may have come below since.
    grown = data.rows >= _GROWN and len(free) == 1 and free[0].bottom == data.bottom
    return grown and free[0].rows * 4 <= data.rows
