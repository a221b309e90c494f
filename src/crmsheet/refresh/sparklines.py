"""The sparklines of our blocks against those of a workbook.

Knows which are ours: those that read the hidden sheet. Programs that do not know sparklines drop them; they come
back. Does not know what they show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import AnchorPlace, Layout
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.sparklines import Sparkline, sparkline_edits, sparklines_of


def sparkline_differences(
    contents: Contents, plan: Plan, layout: Layout, beside: Mapping[str, Sequence[Replacement]]
) -> dict[str, tuple[Replacement, ...]]:
    """By part: the edits that give every block its sparklines. `beside` are the other edits of the parts."""
    wanted: dict[str, list[Sparkline]] = {}
    for block in plan.blocks:
        place = layout.anchors.get(block.anchor)
        if place is not None and block.sparklines:
            wanted.setdefault(place.sheet, []).extend(_placed(block, place, layout))
    found: dict[str, tuple[Replacement, ...]] = {}
    for name, lines in wanted.items():
        sheet = contents.sheet(name)
        if sheet is None:
            continue
        there = {(one.row, one.column): one.source for one in sparklines_of(sheet.scan)}
        hidden = {line.source.sheet for line in lines if line.source is not None}
        fresh, gone = [], []
        for line in lines:
            at = line.row, line.column
            source = there.get(at)
            if at not in there:
                fresh.append(line)
            elif source is not None and source != line.source and source.sheet in hidden:
                fresh.append(line)
                gone.append(at)
        if fresh:
            part = sheet.sheet.part
            found[part] = sparkline_edits(sheet.scan, fresh, gone, beside.get(part, ()))
    return found


def _placed(block: Block, place: AnchorPlace, layout: Layout) -> list[Sparkline]:
    found = []
    for line in block.sparklines:
        source = layout.anchors.get(line.values.anchor)
        if source is not None:
            values = line.values
            area = RangeRef(
                source.rows[values.top],
                source.columns[values.left],
                source.rows[values.bottom],
                source.columns[values.right],
                source.sheet,
            )
            found.append(Sparkline(place.rows[line.row], place.columns[line.column], area, line.color))
    return found
