"""Conditional formats as they should be against those that are there.

Knows when a rule of ours is whole, shredded, restyled by people, or pasted where it does not belong, and where
in the order a restored one stands. People's own formats are never touched.
Does not know how a format is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.messages import listed, phrase, say
from crmsheet.plan.rules import PlacedHighlight
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.notes import NoteKind
from crmsheet.refresh.rules.coverage import Cells, common, count, joined, minus, overlap, same_cells, within
from crmsheet.refresh.rules.found import Findings, Ours, counted
from crmsheet.refresh.rules.looks import alike, shape_of
from crmsheet.refresh.rules.meaning import FormulaMeaning, RuleReader, broken
from crmsheet.refresh.rules.prints import standing_format, wanted_format
from crmsheet.refresh.rules.wanted import SheetRules
from crmsheet.sheetml.rules import FormatRule
from crmsheet.structs import dataclass, field

_SHOWN = 60
_GRAPHICS = {"dataBar": phrase("data bar"), "colorScale": phrase("colour scale")}
_NO_FORMULA = FormulaMeaning((), ())


@dataclass(frozen=True, slots=True)
class Standing:
    """A conditional format that is there; `formula` is empty for bars, scales, icons and the like."""

    rule: FormatRule
    formula: FormulaMeaning
    look: Shape

    @property
    def cells(self) -> Cells:
        return self.rule.cells


@dataclass(frozen=True, slots=True)
class Mine:
    """A rule of ours, wanted or as it was."""

    placed: PlacedHighlight
    formula: FormulaMeaning
    look: Shape

    @staticmethod
    def of(placed: PlacedHighlight, reader: RuleReader) -> Mine:
        formula = reader.on(placed.formula, placed.areas) if placed.formula else _NO_FORMULA
        return Mine(placed, formula, shape_of(placed.look))

    def kin(self, there: Standing) -> bool:
        """Whether it is this rule, perhaps in another look or reaching to other rows."""
        if self.placed.graphic:
            return there.rule.kind == self.placed.graphic
        return there.rule.kind == "expression" and there.formula.loose == self.formula.loose

    def looks(self, there: Standing) -> bool:
        """Whether the look is the same. LibreOffice forgets that a rule ends the list."""
        if self.placed.graphic:
            return True
        return alike(there.look, self.look) and (self.placed.stop or not there.rule.stop)

    def exactly(self, there: Standing) -> bool:
        return self.kin(there) and self.looks(there) and there.formula.exact == self.formula.exact

    def same(self, other: Mine) -> bool:
        return (self.formula, self.look, self.placed.stop, self.placed.data_bar, self.placed.scale) == (
            other.formula,
            other.look,
            other.placed.stop,
            other.placed.data_bar,
            other.placed.scale,
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A rule of ours as it is wanted and as it was; one of the two may be missing."""

    wanted: Mine | None
    former: Mine | None

    @property
    def some(self) -> Mine:
        found = self.wanted or self.former
        assert found is not None
        return found

    @property
    def area(self) -> Cells:
        return self.some.placed.areas

    def kin(self, there: Standing) -> bool:
        return any(m is not None and m.kin(there) for m in (self.wanted, self.former))

    @property
    def reached(self) -> Cells:
        return (self.former or self.some).placed.areas


def units(wanted: Sequence[Mine], former: Sequence[Mine]) -> list[Unit]:
    """What is wanted and what it was: equal formulas and looks first, then equal formulas, then by columns."""
    left = list(former)
    partners: dict[int, Mine] = {}

    def pair(fit: Callable[[Mine, Mine], bool]) -> None:
        for number, rule in enumerate(wanted):
            if number not in partners:
                found = next((f for f in left if _tops(f) == _tops(rule) and fit(rule, f)), None)
                if found is not None:
                    partners[number] = found
                    left.remove(found)

    pair(lambda w, f: w.formula.loose == f.formula.loose and w.look == f.look)
    pair(lambda w, f: w.formula.loose == f.formula.loose)
    pair(lambda w, f: w.look == f.look)
    pair(lambda *_: True)
    return [
        *(Unit(rule, partners.get(number)) for number, rule in enumerate(wanted)),
        *(Unit(None, rule) for rule in left),
    ]


def _tops(rule: Mine) -> list[tuple[int, int, int]]:
    return [(a.top, a.left, a.right) for a in rule.placed.areas]


@dataclass(slots=True)
class FormatComparison:
    """Compares the conditional formats of one sheet; `standing` first wins."""

    sheet: str
    reader: RuleReader
    standing: Sequence[Standing]
    wanted: SheetRules
    ours: Ours
    findings: Findings
    _substitutes: set[int] = field(default_factory=set)
    """Rules of people's that stand in for one of ours."""

    def all(self, former: SheetRules) -> None:
        """Every rule of ours, then what was pasted where it does not belong."""
        known = units(
            [Mine.of(h, self.reader) for h in self.wanted.highlights],
            [Mine.of(h, self.reader) for h in former.highlights],
        )
        restored: list[Unit] = []
        for unit in known:
            if self._one(unit, known):
                restored.append(unit)
        self._misplaced(known)
        self._outlived(known)
        order = [u for u in known if u.wanted is not None]
        for unit in restored:
            assert unit.wanted is not None
            self.findings.highlights.append((unit.wanted.placed, self._before(unit, order)))

    def _outlived(self, known: Sequence[Unit]) -> None:
        """What an earlier version wrote and nothing asks for any more goes."""
        for there in self.standing:
            if self.ours.outlived(self._print(there)) and not any(u.kin(there) for u in known):
                self.findings.format_cells[there.rule.element.start] = ()
                self.findings.upgraded.append(there.cells)

    def _print(self, there: Standing) -> str:
        return standing_format(there.rule, there.look)

    def _one(self, unit: Unit, known: Sequence[Unit]) -> bool:
        """Whether the rule is to be written anew; what is there of it then makes way."""
        here = [s for s in self.standing if unit.kin(s) and overlap(s.cells, unit.area)]
        wanted, former = unit.wanted, unit.former
        if wanted is None:
            assert former is not None
            gone = [s for s in here if former.exactly(s)]
            if gone:
                self._clear(gone, unit.area)
                self._tell(NoteKind.RULE_UPDATED, unit, say("taken away"))
            return False
        good = [s for s in here if wanted.exactly(s)]
        if len(good) == len(here) == 1 and within(unit.area, good[0].cells):
            return False
        if not good and self._kept(unit, here, known):
            return False
        self._clear(here, (*unit.area, *unit.reached))
        self._report(unit, here)
        return True

    def _kept(self, unit: Unit, here: Sequence[Standing], known: Sequence[Unit]) -> bool:
        """Whether people changed the rule on purpose: on all of its cells, in one way."""
        mine = [m for m in (unit.wanted, unit.former) if m is not None]
        data = tuple(self.wanted.data_of(a) for a in unit.area)
        if here:
            if all(self.ours.outlived(self._print(s)) for s in here):
                return False
            restyled = [s for s in here if not any(m.looks(s) for m in mine)]
            one = len({(s.look, s.rule.stop) for s in restyled}) == 1 and len(restyled) == len(here)
            if not (one and within(data, [c for s in here for c in s.cells])):
                return False
            what = say("another look that people chose")
        else:
            stand_in = self._substitute(unit, known)
            if stand_in is None:
                return False
            self._substitutes.add(stand_in.rule.element.start)
            what = say("another condition that people chose")
        changed = unit.wanted is not None and unit.former is not None and not unit.wanted.same(unit.former)
        if changed and unit.wanted is not None and unit.former is not None:
            moved = (
                unit.wanted.look == unit.former.look
                and unit.wanted.formula.loose == unit.former.formula.loose
            )
            what += "" if moved else say("; the spec has changed it too")
        self._tell(NoteKind.RULE_KEPT, unit, what)
        return True

    def _substitute(self, unit: Unit, known: Sequence[Unit]) -> Standing | None:
        """A rule of people's on exactly the cells and in exactly the look of one that is not there."""
        mine = [m for m in (unit.former, unit.wanted) if m is not None]
        for there in self.standing:
            if (
                there.rule.element.start not in self._substitutes
                and there.rule.kind in ("expression", "cellIs")
                and not broken(there.rule.formulas)
                and any(same_cells(there.cells, m.placed.areas) and m.looks(there) for m in mine)
                and not any(u.kin(there) for u in known)
                and not self.ours.has(there.formula, there.look)
                and not self.ours.outlived(self._print(there))
            ):
                return there
        return None

    def _clear(self, here: Iterable[Standing], area: Sequence[RangeRef]) -> None:
        for there in here:
            start = there.rule.element.start
            left = minus(self.findings.format_cells.get(start, there.cells), area)
            self.findings.format_cells[start] = joined(left)

    def _misplaced(self, known: Sequence[Unit]) -> None:
        """Rules of ours on cells of tables where they do not belong: they came by pasting."""
        for there in self.standing:
            if there.rule.kind != "expression":
                continue
            if not self.ours.has(there.formula, there.look):
                continue
            home = [a for u in known if u.kin(there) for a in (*u.area, *u.reached)]
            if overlap(there.cells, home) and not self._pasted(there, home):
                continue
            start = there.rule.element.start
            cells = self.findings.format_cells.get(start, there.cells)
            stray = common(minus(cells, home), self.wanted.tables)
            if stray:
                self.findings.format_cells[start] = joined(minus(cells, stray))
                pasted = counted(
                    count(stray), phrase("pasted onto {count:,} cell"), phrase("pasted onto {count:,} cells")
                )
                what = say("{rule}: {wrong}", rule=_formula(there.rule.formulas[0]), wrong=pasted)
                self.findings.tell(NoteKind.RULE_RESTORED, self.sheet, joined(stray), "", what)

    def _pasted(self, there: Standing, home: Sequence[RangeRef]) -> bool:
        """Whether the cells beyond its own are too few to be meant: whole columns are meant."""
        stray = common(minus(there.cells, home), self.wanted.tables)
        for column in {c for area in stray for c in range(area.left, area.right + 1)}:
            for whole, data in zip(self.wanted.tables, self.wanted.data, strict=True):
                if whole.left <= column <= whole.right:
                    strip = RangeRef(data.top, column, data.bottom, column)
                    if not within((strip,), stray):
                        return True
        return False

    def _report(self, unit: Unit, here: Sequence[Standing]) -> None:
        assert unit.wanted is not None
        before = unit.former
        earlier = [s for s in here if self.ours.outlived(self._print(s))]
        if len(here) == len(earlier) <= 1 and (here or self.ours.new(wanted_format(unit.wanted.placed))):
            self.findings.upgraded.append(unit.area)
            return
        if before is not None:
            whole = [s for s in here if before.exactly(s) and within(before.placed.areas, s.cells)]
            if len(whole) == len(here) == 1:
                grown = unit.wanted.look == before.look and unit.wanted.formula.loose == before.formula.loose
                if grown and unit.area != before.placed.areas:
                    self.findings.extended.update(unit.area)
                else:
                    self._tell(NoteKind.RULE_UPDATED, unit, "")
                return
        elif not here:
            self._tell(NoteKind.RULE_UPDATED, unit, say("new"))
            return
        mine = [m for m in (unit.wanted, before) if m is not None]
        held = [c for s in here if any(m.exactly(s) for m in mine) for c in s.cells]
        expected = common(unit.area, unit.reached)
        bare = minus(expected, (c for s in here for c in s.cells))
        other = minus(minus(expected, held), bare)
        wrong = [
            say("it was gone")
            if not here
            else counted(count(bare), phrase("{count:,} cell had none"), phrase("{count:,} cells had none"))
            if bare
            else "",
            counted(
                count(other),
                phrase("{count:,} cell had it changed"),
                phrase("{count:,} cells had it changed"),
            )
            if other
            else "",
            say("it was in {count} pieces", count=len(here)) if len(here) > 1 else "",
        ]
        self._tell(NoteKind.RULE_RESTORED, unit, listed(w for w in wrong if w))

    def _tell(self, kind: NoteKind, unit: Unit, what: str) -> None:
        name = (
            _formula(unit.some.placed.formula)
            if unit.some.placed.formula
            else say(_GRAPHICS.get(unit.some.placed.graphic, phrase("rule")))
        )
        told = say("{rule}: {wrong}", rule=name, wrong=what) if what else name
        self.findings.tell(kind, self.sheet, unit.area, unit.some.placed.about, told)

    def _before(self, unit: Unit, order: Sequence[Unit]) -> int:
        """Before which of the rules there a restored one stands: where it stood, else behind the last one of
        ours that comes before it on its cells, else before the first one that comes after it."""
        pieces = [n for n, s in enumerate(self.standing) if unit.kin(s) and overlap(s.cells, unit.area)]
        if pieces:
            return pieces[0]
        at = order.index(unit)
        for other in reversed(order[:at]):
            numbers = self._places(other, unit)
            if numbers:
                return max(numbers) + 1
        for other in order[at + 1 :]:
            numbers = self._places(other, unit)
            if numbers:
                return min(numbers)
        return len(self.standing)

    def _places(self, other: Unit, unit: Unit) -> list[int]:
        if not overlap(other.area, unit.area):
            return []
        return [n for n, s in enumerate(self.standing) if other.kin(s) and overlap(s.cells, other.area)]


def standing_formats(
    rules: Iterable[FormatRule], reader: RuleReader, look: Callable[[FormatRule], Shape]
) -> Iterator[Standing]:
    """The rules of a sheet with what they say, first wins."""
    numbered = sorted(enumerate(rules), key=lambda pair: (pair[1].priority, pair[0]))
    for _, rule in numbered:
        formula = _NO_FORMULA
        if rule.kind == "expression" and rule.formulas and rule.cells:
            formula = reader.on(rule.formulas[0], rule.cells)
        yield Standing(rule, formula, look(rule))


def _formula(text: str) -> str:
    return "=" + (text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
