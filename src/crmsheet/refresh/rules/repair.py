"""The rules of all sheets compared with what a plan asks for.

Knows which sheets have their rules as they should be, which are all of them at most refreshes. Does not know what is
wrong with a rule, nor how it is mended: `mending` does, which is loaded when there is something to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.rules.looks import Differentials, DxfBook
from crmsheet.refresh.rules.settled import RuledSheet
from crmsheet.refresh.rules.wanted import reach_there, reach_wanted, wanted_rules
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.rules import format_rules_of, validations_of
from crmsheet.structs import dataclass, field

if TYPE_CHECKING:
    from crmsheet.refresh.notes import Note
    from crmsheet.refresh.rules.proof import RuleClaim
    from crmsheet.sheetml.spanedit import Replacement


@dataclass(frozen=True, slots=True)
class RuleRepair:
    """The replacements by part, what to tell, and for the proof: what is ours, by sheet name."""

    spans: Mapping[str, tuple[Replacement, ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    claims: Mapping[str, RuleClaim] = field(default_factory=dict)


def rule_edits(
    contents: Contents,
    plan: Plan,
    layout: Layout,
    meanings: Meanings,
    *,
    before: Plan | None = None,
    before_layout: Layout | None = None,
    differentials: Differentials | None = None,
    age: Aged = UNAGED,
) -> RuleRepair:
    """Compare and mend, sheet by sheet.

    `layout` says where the plan's things are to stand (columns that do not exist yet included); sheets that the
    package lacks are left out. `before` is the plan of the spec that the workbook was last refreshed with, in
    `before_layout`; without it nothing of the spec has changed. `differentials` gives highlights their indexes;
    without it they are appended to the workbook's own list, and the replacement is among the spans. `age` tells the rules
    that an earlier crmsheet wrote.
    """
    sheets: dict[str, RuledSheet] = {}

    def sheet(name: str) -> RuledSheet | None:
        if name not in sheets:
            cells = contents.sheet(name)
            if cells is None:
                return None
            sheets[name] = RuledSheet(cells, validations_of(cells.scan), format_rules_of(cells.scan))
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
        if not sheets[n].settled(wanted.get(n), None if former is wanted else former.get(n), dxfs.look)
    ]
    if not unsettled:
        return RuleRepair()
    from crmsheet.refresh.rules.mending import mended

    return mended(sheets, names, unsettled, wanted, former, meanings, dxfs, differentials or dxfs, age)


def _reaches(
    plan: Plan, layout: Layout, sheet: Callable[[str], RuledSheet | None]
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
