"""Charts of ours in a workbook: which of them shows which block, and what becomes of each.

Knows a chart by the ranges its series show. Does not know how a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.model.layout import AnchorPlace, Layout
from crmsheet.model.succession import Succession
from crmsheet.patterns import regex
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import PlanChart
from crmsheet.sheetml.charts import ChartRef, charts_of, title_of
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.drawings import Floating, floating_on
from crmsheet.structs import dataclass, replace

_UNIT = regex(r"\s*[(（][^()（）]*[)）]\s*$")
VALUES = ("val", "yVal")
"""The roles of a series' numbers."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of a plan as it stands in a workbook."""

    anchor: str
    sheet: str
    """The sheet's name."""
    chart: str
    """The chart's part."""
    floating: Floating
    title: str | None = None
    """The text above it; None where it has none of its own."""


class Fate(StrEnum):
    KEPT = "kept"
    MOVED = "moved"
    """It goes along with its block."""
    REPLACED = "replaced"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Becoming:
    """What becomes of a chart. `chart` is the new one in its place (of a removed one, the old), `figure`
    what stands there now; `rows` and `columns` say how far one that is moved goes."""

    fate: Fate
    chart: PlanChart
    figure: Figure | None = None
    rows: int = 0
    columns: int = 0


def figures(plan: Plan, layout: Layout, contents: Contents) -> tuple[Figure, ...]:
    """The charts of a plan that a workbook still has; of several copies, the one on its own sheet."""
    shown = [
        (sheet, thing, tuple(_ranges(r.formula for r in refs if r.role in VALUES)))
        for sheet, thing, refs in charts_shown(contents)
    ]
    found: list[Figure] = []
    for chart in plan.charts:
        place = _source(chart, layout)
        if place is None:
            continue
        own = layout.sheets.get(chart.sheet, "")
        candidates = [
            (sheet, thing) for sheet, thing, ranges in shown if any(_inside(r, place) for r in ranges)
        ]
        candidates = [
            (s, t)
            for s, t in candidates
            if _fits(chart, next(r for n, x, r in shown if x is t and n == s), layout)
        ] or candidates
        candidates.sort(
            key=lambda c: (c[0] != own, (c[1].row, c[1].column) != (chart.row, chart.column), c[1].chart)
        )
        taken = {f.chart for f in found}
        free = [c for c in candidates if c[1].chart not in taken]
        if free:
            part = free[0][1].chart
            found.append(Figure(chart.anchor, free[0][0], part, free[0][1], title_of(contents.package, part)))
    return tuple(found)


def charts_shown(contents: Contents) -> Iterator[tuple[str, Floating, tuple[ChartRef, ...]]]:
    """Every chart: the name of its sheet, where it floats, what its series show."""
    package = contents.package
    for sheet in package.workbook.sheets:
        if not package.related(sheet.part, "drawing"):
            continue
        charts = {c.part: c for c in charts_of(package, sheet.part)}
        for thing in floating_on(package, sheet.part):
            if thing.chart in charts:
                yield sheet.name, thing, charts[thing.chart].refs


def _ranges(formulas: Iterable[str]) -> Iterator[RangeRef]:
    for formula in formulas:
        try:
            yield parse_range(formula)
        except ValueError:
            continue


def _source(chart: PlanChart, layout: Layout) -> AnchorPlace | None:
    return layout.anchors.get(chart.series[0].values.anchor) if chart.series else None


def _inside(area: RangeRef, place: AnchorPlace) -> bool:
    return (
        area.sheet.casefold() == place.sheet.casefold()
        and place.rows[0] <= area.top
        and area.bottom <= place.rows[-1]
        and place.columns[0] <= area.left
        and area.right <= place.columns[-1]
    )


def _fits(chart: PlanChart, ranges: tuple[RangeRef, ...], layout: Layout) -> bool:
    """Whether a chart shows exactly the ranges of a planned one."""
    wanted = set()
    for series in chart.series:
        area = series.values
        place = layout.anchors.get(area.anchor)
        if place is None:
            return False
        wanted.add(
            (
                place.rows[area.top],
                place.columns[area.left],
                place.rows[area.bottom],
                place.columns[area.right],
            )
        )
    return wanted == {(r.top, r.left, r.bottom, r.right) for r in ranges}


def becomings(
    old: Plan,
    new: Plan,
    pairs: Succession,
    found: tuple[Figure, ...],
    layout: Layout,
    relaid: frozenset[str],
    new_sheets: tuple[str, ...],
    *,
    restore: bool,
) -> Iterator[Becoming]:
    """What becomes of every chart on the sheets that exist; `layout` is the new one."""
    before = {c.anchor: c for c in old.charts}
    standing = {f.anchor: f for f in found}
    blocks = {b.anchor: b for b in new.blocks}
    continued: set[str] = set()
    for chart in new.charts:
        if chart.sheet in new_sheets or chart.sheet not in layout.sheets:
            continued.add(pairs.anchor(chart.anchor))
            continue
        was = before.get(pairs.anchor(chart.anchor))
        placed = _placed(chart, blocks, layout)
        if was is None:
            yield Becoming(Fate.ADDED, placed)
            continue
        continued.add(was.anchor)
        figure = standing.get(was.anchor)
        if figure is None:
            if restore:
                yield Becoming(Fate.ADDED, placed)
            continue
        at_home = (figure.floating.row, figure.floating.column) == (was.row, was.column)
        if not _alike(was, chart, pairs):
            home = (
                placed if at_home else replace(placed, row=figure.floating.row, column=figure.floating.column)
            )
            yield Becoming(Fate.REPLACED, replace(home, title=_title(figure, was, home)), figure)
        elif at_home and chart.sheet in relaid and (placed.row, placed.column) != (was.row, was.column):
            yield Becoming(Fate.MOVED, placed, figure, placed.row - was.row, placed.column - was.column)
        else:
            yield Becoming(Fate.KEPT, chart, figure)
    for anchor, figure in standing.items():
        if anchor not in continued and _new_sheet(before[anchor].sheet, pairs) in layout.sheets:
            yield Becoming(Fate.REMOVED, before[anchor], figure)


def _title(figure: Figure, was: PlanChart, now: PlanChart) -> str:
    """The title of a chart that is drawn anew: people's own stays. Behind ours stands a unit, which may have been
    another one when it was drawn."""
    known = (was.title, now.title)
    if not figure.title or any(_UNIT.sub("", figure.title) == _UNIT.sub("", title) for title in known):
        return now.title
    return figure.title


def _new_sheet(old: str, pairs: Succession) -> str:
    """The new id of an old sheet; its own when it has no successor."""
    names = {was: now for now, was in (*pairs.boards.items(), *pairs.tables.items())}
    return names.get(old, old)


def _placed(chart: PlanChart, blocks: Mapping[str, Block], layout: Layout) -> PlanChart:
    """A chart at the place of the block it belongs to."""
    owner = blocks.get(chart.anchor.removesuffix(".chart"))
    place = layout.anchors.get(chart.anchor.removesuffix(".chart"))
    if owner is None or place is None:
        return chart
    return replace(
        chart,
        row=place.rows[0] + chart.row - owner.row,
        column=place.columns[0] + chart.column - owner.column,
    )


def _alike(was: PlanChart, now: PlanChart, pairs: Succession) -> bool:
    """Whether two plans of a chart differ at most in where it stands."""
    series = tuple(
        replace(
            s,
            name=replace(s.name, anchor=pairs.anchor(s.name.anchor)),
            categories=replace(s.categories, anchor=pairs.anchor(s.categories.anchor)),
            values=replace(s.values, anchor=pairs.anchor(s.values.anchor)),
        )
        for s in now.series
    )
    return was == replace(
        now,
        anchor=was.anchor,
        sheet=was.sheet,
        row=was.row,
        column=was.column,
        series=series,
        width=was.width,
        height=was.height,
    )
