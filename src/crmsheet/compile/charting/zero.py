"""Bars begin at 0: a series of zeros that is not seen makes every program start the axis there.

Knows how such a series is added without taking room. An axis that is told to begin at 0 would hide what is
below it; without either, Excel cuts the axis when all values are alike, and a bar half as long as another is
no longer half of it.
"""

from __future__ import annotations

from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting.plots import Plot, Sketch
from crmsheet.plan.charts import Mark, Point, Series
from crmsheet.structs import replace


def from_zero(sketch: Sketch, plot: Plot) -> Plot:
    """The plot, with zeros among its series where its axis may begin elsewhere."""
    bars = [s for s in plot.series if not s.overlay]
    told = plot.values.from_zero or plot.share or plot.values.log
    if plot.mark not in (Mark.COLUMN, Mark.BAR) or told:
        return plot
    line = plot.mark is Mark.COLUMN and not any(s.second_axis for s in plot.series)
    if not (line or plot.stacked or len(bars) == 1 or plot.overlaid):
        # Bars side by side would make room for one more.
        return plot
    calc = CalcBlock(sketch.anchor("zero"))
    area = bars[0].values
    count = area.bottom - area.top + 1
    calc.put(0, 0, "0")
    for row in range(1, count + 1):
        calc.put(row, 0, 0)
    zeros = Series(
        calc.spot(0, 0),
        bars[0].categories,
        calc.column(0, 1, count),
        spacer=True,
        overlay=line,
        stroke=False,
        point=Point.NONE,
        labels=False,
    )
    together = plot.overlaid or (not line and not plot.stacked)
    return replace(plot, series=(*plot.series, zeros), calc=(*plot.calc, calc.placed()), overlaid=together)
