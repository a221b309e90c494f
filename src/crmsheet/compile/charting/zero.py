"""Series that are not seen and keep an axis in order: it begins at 0, and has a scale while there is nothing.

Knows how such a series is added without taking room. An axis that is told to begin at 0 would hide what is
below it; without either, Excel cuts the axis when all values are alike, and a bar half as long as another is
no longer half of it. An axis of no number but 0 is left to programs, which write 0K three times, or 1200 %.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting.plots import Plot, Sketch
from crmsheet.compile.grids import nothing_in
from crmsheet.compile.shorthand import NA, both, if_
from crmsheet.formulas.tree import Node
from crmsheet.plan.charts import Axis, Mark, Point, Series
from crmsheet.structs import replace

_SCALES: Final = (("%", 0.5), ("万", 50_000.0), ('"K"', 5_000.0), ("+", 50.0))
"""Up to where an axis reaches that shows nothing, by what its number format has. Programs go a step further, in
six steps: the words behind the chart stand between two lines."""
_PLAIN: Final = 5.0


def kept_in_order(sketch: Sketch, plot: Plot) -> Plot:
    """The plot, with series among its own that are not seen, where its axes may need them."""
    if plot.mark is Mark.SCATTER:
        return _with_a_scale(sketch, plot, plot.values, "scale", {"overlay": False})
    if plot.mark in (Mark.COLUMN, Mark.BAR) and not (plot.values.from_zero or plot.share or plot.values.log):
        plot = _from_zero(sketch, plot)
    elif plot.mark is Mark.LINE or _has_room(plot):
        plot = _with_a_scale(sketch, plot, plot.values, "scale", {"overlay": _as_line(plot)})
    if any(s.second_axis for s in plot.series):
        plot = _with_a_scale(sketch, plot, plot.second, "second", {"overlay": True, "second_axis": True})
    return plot


def _as_line(plot: Plot) -> bool:
    """Whether a further series can be a line over columns."""
    return plot.mark is Mark.COLUMN and not any(s.second_axis for s in plot.series)


def _has_room(plot: Plot) -> bool:
    """Whether a further series takes none: bars side by side would make room for one more."""
    if plot.mark not in (Mark.COLUMN, Mark.BAR):
        return False
    bars = [s for s in plot.series if not s.overlay]
    return _as_line(plot) or plot.stacked or len(bars) == 1 or plot.overlaid


def _nothing(plot: Plot, *, second: bool = False) -> Node:
    """Whether an axis has no number but 0."""
    areas = dict.fromkeys(s.values for s in plot.series if not s.spacer and s.second_axis == second)
    return both(*map(nothing_in, areas))


def _reach(axis: Axis) -> float:
    return next((reach for sign, reach in _SCALES if sign in axis.number_format), _PLAIN)


def _from_zero(sketch: Sketch, plot: Plot) -> Plot:
    if not _has_room(plot):
        return plot
    calc = CalcBlock(sketch.anchor("zero"))
    bars = [s for s in plot.series if not s.overlay]
    area = bars[0].values
    count = area.bottom - area.top + 1
    calc.put(0, 0, "0")
    calc.put(1, 0, if_(_nothing(plot), _reach(plot.values), 0))
    for row in range(2, count + 1):
        calc.put(row, 0, 0)
    zeros = Series(
        calc.spot(0, 0),
        bars[0].categories,
        calc.column(0, 1, count),
        spacer=True,
        overlay=_as_line(plot),
        stroke=False,
        point=Point.NONE,
        labels=False,
    )
    return _added(plot, zeros, calc)


def _with_a_scale(sketch: Sketch, plot: Plot, axis: Axis, part: str, place: dict[str, bool]) -> Plot:
    """A point that is there only while there is no other."""
    if axis.log or axis.most is not None or plot.share or not axis.shown:
        return plot
    calc = CalcBlock(sketch.anchor(part))
    second = place.get("second_axis", False)
    first = next(s for s in plot.series if s.second_axis == second)
    calc.put(0, 0, "0")
    if plot.mark is Mark.SCATTER:
        nothing = nothing_in(first.values)
        categories = calc.column(1, 1, 1)
        calc.put(1, 1, _reach(plot.across))
    else:
        nothing = _nothing(plot, second=second)
        categories = first.categories
    calc.put(1, 0, if_(nothing, _reach(axis), NA))
    point = Series(
        calc.spot(0, 0),
        categories,
        calc.column(0, 1, 1),
        spacer=True,
        stroke=False,
        point=Point.NONE,
        labels=False,
        overlay=place["overlay"],
        second_axis=second,
    )
    return _added(plot, point, calc)


def _added(plot: Plot, unseen: Series, calc: CalcBlock) -> Plot:
    together = plot.overlaid or (
        not unseen.overlay and plot.mark in (Mark.COLUMN, Mark.BAR) and not plot.stacked
    )
    return replace(plot, series=(*plot.series, unseen), calc=(*plot.calc, calc.placed()), overlaid=together)
