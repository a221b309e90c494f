"""Heights of the rows in which something was put.

Knows what a new workbook gives them, and leaves rows that people made higher or lower. Does not know widths.
"""

from __future__ import annotations

from crmsheet.model.succession import Succession
from crmsheet.plan.book import Plan, PlanSheet
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.furniture import height_edits, row_heights
from crmsheet.sheetml.spanedit import Replacement


def heights_patch(
    contents: Contents, old_plan: Plan, plan: Plan, pairs: Succession, arrangement: Arrangement
) -> Patch:
    """The rows of what was put in get the heights they have in a new workbook; on a sheet laid out anew
    all rows do, but those that people made higher or lower: also the usual height, where they were tall."""
    spans: dict[str, tuple[Replacement, ...]] = {}
    first = {s.id: _heights_of(s) for s in old_plan.sheets}
    for sheet in plan.sheets:
        name = arrangement.layout.sheets.get(sheet.id)
        held = contents.sheet(name) if name is not None else None
        if held is None or sheet.id in arrangement.new_sheets:
            continue
        planned = _heights_of(sheet)
        wanted: dict[int, float | None] = {}
        if sheet.id in arrangement.relaid:
            built, now = first.get(pairs.sheet(sheet.id), {}), row_heights(held.scan)
            wanted = {
                row: planned.get(row)
                for row in planned.keys() | built.keys()
                if now.get(row) != planned.get(row) and now.get(row) in (None, built.get(row))
            }
        else:
            for block in plan.blocks:
                place = arrangement.layout.anchors.get(block.anchor)
                if block.sheet == sheet.id and block.anchor in arrangement.fresh and place is not None:
                    wanted |= {
                        row: planned[block.row + offset]
                        for offset, row in enumerate(place.rows)
                        if block.row + offset in planned
                    }
        edits = height_edits(held.scan, wanted)
        if edits:
            spans[held.sheet.part] = edits
    return Patch({}, spans)


def _heights_of(sheet: PlanSheet) -> dict[int, float]:
    return {row: rule.height for rule in sheet.heights for row in range(rule.first, rule.last + 1)}
