"""Blocks that merged cells of a workbook would hide: those that an earlier version of crmsheet formed otherwise.

Knows places and merged cells. Does not know who merged them.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.sheetml.contents import Contents


def hidden_blocks(plan: Plan, layout: Layout, contents: Contents) -> Iterator[str]:
    """The anchors of blocks of which a cell is to stand under a merged one."""
    for block in plan.blocks:
        if block.anchored and block.anchor != RECORD_ANCHOR and _hidden(block, layout, contents):
            yield block.anchor


def _hidden(block: Block, layout: Layout, contents: Contents) -> bool:
    place = layout.anchors.get(block.anchor)
    sheet = contents.sheet(place.sheet) if place is not None else None
    if place is None or sheet is None or not sheet.scan.merges:
        return False
    if len(place.rows) < block.rows or len(place.columns) < block.columns:
        return False
    own = {
        (place.rows[m.row], place.columns[m.column], place.rows[m.bottom], place.columns[m.right])
        for m in block.merges
    }
    merges = [
        m
        for m in sheet.scan.merges
        if m.overlaps(place.extent) and (m.top, m.left, m.bottom, m.right) not in own
    ]
    if not merges:
        return False
    cells = [(place.rows[c.row], place.columns[c.column]) for c in block.cells if _shown(c)]
    return any(m.contains(*at) and at != (m.top, m.left) for m in merges for at in cells)


def _shown(cell: PlanCell) -> bool:
    return cell.formula is not None or cell.value not in (None, "")
