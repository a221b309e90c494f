"""Charts of ours whose numbers are gone from where they look, and how they find them again.

Knows a chart by the remains of its numbers that it shows, else by its alternative text or its place, and its
series by their columns, else by their order. Does not know where the numbers are put, nor how a chart is drawn:
title, colours and place stay as people have them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.formulas.tree import Area, Spot
from crmsheet.model.layout import Layout
from crmsheet.opc.xmltree import escaped
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import PlanChart, Series
from crmsheet.plan.place import Addresses, addresses
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.structure.figures import Figure, charts_shown
from crmsheet.sheetml.charts import Chart, ChartRef, charts_of
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.drawings import Floating
from crmsheet.sheetml.spanedit import Replacement

_BROKEN = "#REF!"


def figures_astray(
    plan: Plan,
    layout: Layout,
    contents: Contents,
    torn: Mapping[str, RangeRef],
    standing: Collection[Figure],
) -> tuple[Figure, ...]:
    """Charts that show what is left of a block, copies included; of each plan's chart the one that stands for it
    comes first. `torn` are the remains by anchor, `standing` the charts that are all right."""
    known = {f.anchor for f in standing}
    taken = {f.chart for f in standing}
    shown = [s for s in charts_shown(contents) if s[1].chart not in taken]
    found: list[Figure] = []
    for chart in plan.charts:
        source = chart.series[0].values.anchor if chart.series else ""
        if chart.anchor in known or not source or source in layout.anchors:
            continue
        own = layout.sheets.get(chart.sheet, "")
        remains = torn.get(source)
        here = [
            (sheet, thing)
            for sheet, thing, values in shown
            if thing.chart not in taken
            and (
                any(_reads(remains, value) for value in values)
                or (sheet == own and _is_broken(values) and _is_like(chart, thing, len(values)))
            )
        ]
        here.sort(key=lambda c: (c[0] != own, not _at_home(chart, c[1]), c[1].chart))
        found += [Figure(chart.anchor, sheet, thing.chart, thing) for sheet, thing in here]
        taken |= {thing.chart for _, thing in here}
    return tuple(found)


def _is_broken(values: Sequence[str]) -> bool:
    """Whether numbers of a chart are gone; those of its series that stand in another block may be left."""
    return any(_BROKEN in value for value in values)


def _is_like(chart: PlanChart, thing: Floating, series: int) -> bool:
    """Whether a chart that shows nothing any more is a planned one."""
    return series == len(chart.series) and (
        _at_home(chart, thing) or bool(chart.alt_text and _described(thing) == chart.alt_text)
    )


def _at_home(chart: PlanChart, thing: Floating) -> bool:
    return (thing.row, thing.column) == (chart.row, chart.column)


def _described(thing: Floating) -> str:
    return next((e.get("descr") for e in thing.element.walk() if e.local == "cNvPr" and e.get("descr")), "")


def _reads(remains: RangeRef | None, formula: str) -> bool:
    """Whether a reference lies in what is left of a block."""
    if remains is None:
        return False
    try:
        area = parse_range(formula)
    except ValueError:
        return False
    return area.sheet.casefold() == remains.sheet.casefold() and remains.covers(area)


def following_patch(
    contents: Contents,
    plan: Plan,
    layout: Layout,
    astray: Mapping[str, PlanChart],
    torn: Mapping[str, RangeRef],
) -> Patch:
    """Let the series of charts that went `astray` (by part) show the blocks that stand in `layout`."""
    places = addresses(plan, layout)
    blocks = {b.anchor: b for b in plan.blocks}
    spans: dict[str, tuple[Replacement, ...]] = {}
    package = contents.package
    for sheet in package.workbook.sheets:
        for shown in charts_of(package, sheet.part):
            chart = astray.get(shown.part)
            if chart is not None:
                source = chart.series[0].values.anchor
                spans[shown.part] = tuple(_edits(shown, chart, blocks[source], torn.get(source), places))
    return Patch({}, {part: edits for part, edits in spans.items() if edits})


def _edits(
    shown: Chart, chart: PlanChart, block: Block, remains: RangeRef | None, places: Addresses
) -> Iterator[Replacement]:
    groups = [list(refs) for _, refs in groupby(shown.refs, key=lambda r: r.series)]
    for number, refs in enumerate(groups):
        series = _by_column(refs, chart, block, remains)
        if series is None and len(groups) == len(chart.series):
            series = chart.series[number]
        if series is None:
            continue
        parts: dict[str, Area | Spot] = {"tx": series.name, "cat": series.categories, "val": series.values}
        for ref in refs:
            holder = ref.element.child("f")
            if holder is None or ref.role not in parts:
                continue
            if _BROKEN in ref.formula or _reads(remains, ref.formula):
                text = escaped(_text(parts[ref.role], places)).replace(b"&quot;", b'"')
                yield Replacement(holder.open_end, holder.close_start, text)


def _by_column(
    refs: Sequence[ChartRef], chart: PlanChart, block: Block, remains: RangeRef | None
) -> Series | None:
    """The series whose values stood in the column that these references show; None when columns are gone."""
    if remains is None or remains.columns != block.columns:
        return None
    for ref in refs:
        if ref.role == "val" and _reads(remains, ref.formula):
            at = parse_range(ref.formula).left - remains.left
            found = [s for s in chart.series if s.values.left == at]
            return found[0] if len(found) == 1 else None
    return None


def _text(node: Area | Spot, places: Addresses) -> str:
    match node:
        case Spot():
            return places.spot(node.anchor, node.row, node.column)
        case Area():
            return places.area(node.anchor, node.top, node.left, node.bottom, node.right)
