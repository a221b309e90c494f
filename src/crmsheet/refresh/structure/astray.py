"""Charts of ours whose numbers are gone from where they look, wholly or in part, copies of people's included.

Knows a chart by what it still shows of its blocks or of their remains, else by its alternative text or its place.
Does not know where the numbers are put (`following` lets the charts show them again), nor how a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.model.layout import AnchorPlace, Layout
from crmsheet.plan.book import Plan
from crmsheet.plan.charts import PlanChart
from crmsheet.refresh.structure.figures import VALUES, Figure, charts_shown
from crmsheet.sheetml.charts import ChartRef
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.drawings import Floating
from crmsheet.structs import dataclass, replace

BROKEN = "#REF!"


@dataclass(frozen=True, slots=True)
class Astray:
    """`figures` are charts of the plan's that lost sight of numbers, of each planned one the one that stands for
    it first; `strangers` those that read lost numbers of ours and resemble no planned chart."""

    figures: tuple[Figure, ...]
    strangers: tuple[Figure, ...]


def charts_astray(
    plan: Plan,
    layout: Layout,
    contents: Contents,
    torn: Mapping[str, RangeRef],
    standing: Collection[Figure],
    hidden: str,
) -> Astray:
    """Charts that do not show all of their numbers any more. `torn` are the remains of blocks by anchor, `standing`
    the charts that stand for planned ones, `hidden` is the name of the sheet with the numbers."""
    own = {f.chart: f.anchor for f in standing}
    planned = [(chart, _Blocks.of(chart, layout, torn)) for chart in plan.charts if chart.series]
    found: dict[str, list[Figure]] = {}
    strangers: list[Figure] = []
    for sheet, thing, refs in charts_shown(contents):
        lost = [r for r in refs if BROKEN in r.formula or any(reads(a, r.formula) for a in torn.values())]
        if not lost:
            continue
        here = [
            (blocks.shown_by(refs), _likeness(chart, thing, sheet, layout, refs), chart)
            for chart, blocks in planned
            if blocks.lost and own.get(thing.chart, chart.anchor) == chart.anchor
        ]
        here = [c for c in here if c[0] or c[1]]
        best = max(here, key=lambda c: c[:2], default=None)
        if best is not None and (best[0] or [c[:2] for c in here].count(best[:2]) == 1):
            found.setdefault(best[2].anchor, []).append(Figure(best[2].anchor, sheet, thing.chart, thing))
        elif any(_is_hidden(r.formula, hidden) or BROKEN not in r.formula for r in lost):
            strangers.append(Figure("", sheet, thing.chart, thing))
    figures: list[Figure] = []
    for chart in plan.charts:
        home = layout.sheets.get(chart.sheet, "")
        figures += sorted(
            found.get(chart.anchor, ()),
            key=lambda f, c=chart, h=home: (
                own.get(f.chart) != c.anchor,
                f.sheet != h,
                not _at_home(c, f.floating),
                f.chart,
            ),
        )
    return Astray(tuple(figures), tuple(strangers))


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Where the blocks of a planned chart stand, or what is left of them, and those of which nothing is right."""

    held: tuple[RangeRef, ...]
    lost: frozenset[str]

    @staticmethod
    def of(chart: PlanChart, layout: Layout, torn: Mapping[str, RangeRef]) -> _Blocks:
        anchors = {a.anchor for s in chart.series for a in (s.name, s.categories, s.values)}
        standing = [layout.anchors[a] for a in anchors if a in layout.anchors]
        remains = [torn[a] for a in anchors if a in torn]
        lost = frozenset(a for a in anchors if a not in layout.anchors)
        return _Blocks((*map(_range, standing), *remains), lost)

    def shown_by(self, refs: Sequence[ChartRef]) -> int:
        """How many of a chart's numbers stand there."""
        return sum(r.role in VALUES and any(reads(a, r.formula) for a in self.held) for r in refs)


def _likeness(chart: PlanChart, thing: Floating, sheet: str, layout: Layout, refs: Sequence[ChartRef]) -> int:
    """How much a chart that shows nothing of its own any more resembles a planned one: by its words anywhere, by
    its place on its own sheet."""
    if len({r.series for r in refs}) != len(chart.series):
        return 0
    at_home = sheet == layout.sheets.get(chart.sheet, "") and _at_home(chart, thing)
    alike = bool(chart.alt_text) and _described(thing) == chart.alt_text
    return 2 * alike + at_home


def _range(place: AnchorPlace) -> RangeRef:
    return replace(place.extent, sheet=place.sheet)


def _is_hidden(formula: str, hidden: str) -> bool:
    """Whether a reference lost cells of the sheet with our numbers; when that is gone, nothing names it."""
    start = f"{hidden}!" if hidden else BROKEN
    return formula.replace("'", "").casefold().startswith(start.casefold())


def _at_home(chart: PlanChart, thing: Floating) -> bool:
    return (thing.row, thing.column) == (chart.row, chart.column)


def _described(thing: Floating) -> str:
    return next((e.get("descr") for e in thing.element.walk() if e.local == "cNvPr" and e.get("descr")), "")


def reads(area: RangeRef, formula: str) -> bool:
    """Whether a reference lies in an area."""
    try:
        there = parse_range(formula)
    except ValueError:
        return False
    return there.sheet.casefold() == area.sheet.casefold() and area.covers(there)
