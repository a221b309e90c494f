"""Charts that lost sight of their numbers show them again: each series by its own block.

Knows a series by the column that it showed, else by what the others of its chart show, else by its order. Does not
touch what shows something: title, colours, axes, trend lines and place stay as people have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.formulas.tree import Area, Spot
from crmsheet.model.layout import Layout
from crmsheet.opc.xmltree import escaped
from crmsheet.plan.book import Plan
from crmsheet.plan.charts import PlanChart, Series
from crmsheet.plan.place import Addresses, addresses
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.structure.astray import BROKEN, reads
from crmsheet.refresh.structure.figures import VALUES
from crmsheet.sheetml.charts import Chart, ChartRef, charts_of
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.spanedit import Replacement

_CATEGORIES = ("cat", "xVal")


def following_patch(
    contents: Contents,
    plan: Plan,
    layout: Layout,
    astray: Mapping[str, PlanChart],
    torn: Mapping[str, RangeRef],
) -> Patch:
    """Let the series of charts that went `astray` (by part) show the blocks that stand in `layout`. `torn` are the
    remains of blocks by anchor."""
    places = addresses(plan, layout)
    widths = {b.anchor: b.columns for b in plan.blocks}
    # Where columns are gone, the place of one says nothing.
    whole = {a: area for a, area in torn.items() if area.columns == widths.get(a)}
    spans: dict[str, tuple[Replacement, ...]] = {}
    package = contents.package
    for sheet in package.workbook.sheets:
        for shown in charts_of(package, sheet.part):
            chart = astray.get(shown.part)
            if chart is not None:
                spans[shown.part] = tuple(_edits(shown, chart, torn, whole, places))
    return Patch({}, {part: edits for part, edits in spans.items() if edits})


def _edits(
    shown: Chart,
    chart: PlanChart,
    torn: Mapping[str, RangeRef],
    whole: Mapping[str, RangeRef],
    places: Addresses,
) -> Iterator[Replacement]:
    groups = [list(refs) for _, refs in groupby(shown.refs, key=lambda r: r.series)]
    for refs, series in zip(groups, _paired(groups, chart, whole, places), strict=True):
        if series is None:
            continue
        for ref in refs:
            holder = ref.element.child("f")
            node = _part(ref.role, series)
            if holder is None or node is None:
                continue
            if BROKEN in ref.formula or any(reads(area, ref.formula) for area in torn.values()):
                text = escaped(_text(node, places)).replace(b"&quot;", b'"')
                yield Replacement(holder.open_end, holder.close_start, text)


def _paired(
    groups: Sequence[Sequence[ChartRef]],
    chart: PlanChart,
    whole: Mapping[str, RangeRef],
    places: Addresses,
) -> list[Series | None]:
    """Of each series of a chart the planned one that it is."""
    found = [_shown(refs, chart, whole, places) for refs in groups]
    if len(groups) == len(chart.drawn):
        # One may stand in another's place only if both say so.
        return [known or (s if s not in found else None) for known, s in zip(found, chart.drawn, strict=True)]
    # People took some out of the chart. Those that show nothing can be the others only if there are as many.
    rest = [s for s in chart.drawn if s not in found]
    if found.count(None) == len(rest):
        left = iter(rest)
        return [known or next(left) for known in found]
    return found


def _shown(
    refs: Sequence[ChartRef], chart: PlanChart, whole: Mapping[str, RangeRef], places: Addresses
) -> Series | None:
    """The series whose numbers these references show, or showed."""
    for ref in refs:
        if ref.role not in VALUES:
            continue
        for series in chart.drawn:
            area = whole.get(series.values.anchor)
            if area is not None and reads(area, ref.formula):
                same = [s for s in chart.drawn if _stood_in(s, series.values.anchor, ref, area)]
                return same[0] if len(same) == 1 else None
            if reads(parse_range(_text(series.values, places)), ref.formula):
                return series
    return None


def _stood_in(series: Series, anchor: str, ref: ChartRef, area: RangeRef) -> bool:
    return series.values.anchor == anchor and series.values.left == parse_range(ref.formula).left - area.left


def _part(role: str, series: Series) -> Area | Spot | None:
    if role == "tx":
        return series.name
    if role in _CATEGORIES:
        return series.categories
    return series.values if role in VALUES else None


def _text(node: Area | Spot, places: Addresses) -> str:
    match node:
        case Spot():
            return places.spot(node.anchor, node.row, node.column)
        case Area():
            return places.area(node.anchor, node.top, node.left, node.bottom, node.right)
