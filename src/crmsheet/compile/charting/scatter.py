"""Scatter charts: a point for each value of a dimension, one metric against another, and the line through them.

Knows which values have both numbers, and how well the line fits (R²). Does not know how values are ranked.
"""

from __future__ import annotations

from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.plots import Plot, Sketch, room
from crmsheet.compile.charting.wording import metric_title, window_text
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.formulas.tree import Node, Spot
from crmsheet.plan.charts import Axis, Mark, Series

POINTS = 50
_X, _Y, _DX, _DY, _DXDY, _DX2, _DY2 = range(1, 8)


def scatter(sketch: Sketch) -> Plot:
    context = sketch.context
    x_metric, y_metric = sketch.metrics
    top = sketch.block.top
    most = room(context.model, top) if isinstance(top, str) else top or POINTS
    numbers = sketch.grid(top=most)
    calc = CalcBlock(sketch.anchor("plot"))
    count = numbers.rows
    for at, head in ((0, sketch.by.label), (_X, x_metric.label), (_Y, y_metric.label)):
        calc.put(0, at, context.text(head))
    anchor = numbers.block.anchor
    largest = call("IFERROR", op(Spot(anchor, numbers.top, numbers.column(x_metric.id)), "+", 0), 0)
    aside = calc.put(count + 1, 0, largest)
    means = [
        calc.put(count + 2, column, call("IFERROR", call("AVERAGE", calc.column(column, 1, count)), 0))
        for column in (_DX, _DY)
    ]
    for k in range(count):
        row, source = k + 1, numbers.top + k
        calc.put(row, 0, Spot(anchor, source, 0))
        pair = [Spot(anchor, source, numbers.column(m.id)) for m in (x_metric, y_metric)]
        drawn: list[Node] = [is_number(p) for p in pair]
        if sketch.block.log:
            drawn += [op(p, ">", 0) for p in pair]
        # Without both numbers there is no point; its x must be a number all the same, or Excel would count
        # 1, 2, 3 for all of them.
        usable = call("IFERROR", both(*drawn), False)
        calc.put(row, _DX, if_(usable, pair[0], ""))
        calc.put(row, _DY, if_(usable, pair[1], ""))
        x = calc.put(row, _X, if_(usable, pair[0], aside))
        y = calc.put(row, _Y, if_(usable, pair[1], NA))
        offsets = (op(x, "-", means[0]), op(y, "-", means[1]))
        for column, one, other in ((_DXDY, 0, 1), (_DX2, 0, 0), (_DY2, 1, 1)):
            product = op(offsets[one], "*", offsets[other])
            calc.put(row, column, if_(is_number(y), product, ""))
    sums = [call("SUM", calc.column(column, 1, count)) for column in (_DXDY, _DX2, _DY2)]
    fit = op(op(sums[0], "*", sums[0]), "/", op(sums[1], "*", sums[2]))
    points = call("COUNT", calc.column(_DX, 1, count))
    fit_spot = calc.put(count + 1, _DXDY, call("IFERROR", if_(op(points, "<", 3), NA, fit), NA))
    remarks: list[Node | str] = []
    ranked = context.text(words.BIGGEST).format(n=count)
    remarks.append(f"{context.text(x_metric.label)}{context.text(words.COLON)}{ranked}")
    if sketch.block.trendline:
        told = joined(context.text(words.FIT), call("TEXT", fit_spot, "0.00"))
        remarks.append(if_(is_number(fit_spot), told, ""))
    if sketch.block.log:
        remarks.append(context.text(words.LOG))
    return Plot(
        Mark.SCATTER,
        (
            Series(
                calc.spot(0, _Y),
                calc.column(_X, 1, count),
                calc.column(_Y, 1, count),
                ACCENT,
                trendline=sketch.block.trendline,
            ),
        ),
        (numbers.block, calc.placed()),
        window_text(sketch),
        Axis(sketch.format(y_metric), metric_title(sketch, y_metric), log=sketch.block.log),
        numbers.pairs,
        across=Axis(sketch.format(x_metric), metric_title(sketch, x_metric), log=sketch.block.log),
        remarks=tuple(remarks),
        n=points,
    )
