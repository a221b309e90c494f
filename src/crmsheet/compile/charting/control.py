"""Control charts: what varies as it always does, and what stands out (XmR, after Wheeler).

Knows the limits: the mean of the values, and 2.66 times the mean moving range above and below it. 2.66 is
3 / 1.128, three sigma as far as ranges of two values tell. Periods that are not over do not count, nor do
those before there were data. Does not know how periods are cut (`grids`).
"""

from __future__ import annotations

from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.periods import counts, first_day, span_text
from crmsheet.compile.charting.plots import DARK_GREY, GREY, LOSS, Plot, Sketch
from crmsheet.compile.charting.wording import left_out
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.formulas.tree import Area, Spot
from crmsheet.plan.charts import Mark, Point, Series

_NAME, _VALUE, _CENTRE, _UPPER, _LOWER, _OUTSIDE, _RANGE = range(7)
FACTOR = 2.66
LEAST = 6
"""Values from which limits are drawn."""
FIRM = 12
"""Values from which they are more than provisional."""


def control(sketch: Sketch) -> Plot:
    context, metric = sketch.context, sketch.metrics[0]
    numbers = sketch.grid()
    anchor, column = numbers.block.anchor, numbers.column(metric.id)
    calc = CalcBlock(sketch.anchor("plot"))
    heads = (sketch.by.label, metric.label, words.CENTRE, words.UPPER, words.LOWER, words.SIGNAL)
    for at, head in enumerate(heads):
        calc.put(0, at, context.text(head))
    count = numbers.rows
    first = calc.put(count + 1, _NAME, first_day(sketch, numbers), "yyyy-mm-dd")
    values = calc.column(_VALUE, 1, count)
    n = calc.put(count + 1, _VALUE, call("COUNT", values))
    ranges = calc.column(_RANGE, 1, count)
    enough = op(n, ">=", LEAST)
    # The mean of what counts: AVERAGE would pass on the #N/A of what does not.
    mean = op(call("SUMIF", values, ">-1E+300"), "/", n)
    centre = calc.put(count + 1, _CENTRE, if_(enough, mean, NA))
    reach = op(FACTOR, "*", call("IFERROR", call("AVERAGE", ranges), 0))
    upper = calc.put(count + 1, _UPPER, op(centre, "+", reach))
    low = op(centre, "-", reach)
    # What has never been below 0 is not expected there.
    negative = op(call("COUNTIF", values, "<0"), ">", 0)
    lower = calc.put(count + 1, _LOWER, if_(negative, low, call("MAX", 0, low)))
    for k in range(count):
        row, source = k + 1, numbers.top + k
        calc.put(row, _NAME, Spot(anchor, source, numbers.short))
        own = Spot(anchor, source, column)
        shown = if_(both(counts(sketch, numbers, source, first), is_number(own)), own, NA)
        value = calc.put(row, _VALUE, shown)
        for at, level in ((_CENTRE, centre), (_UPPER, upper), (_LOWER, lower)):
            calc.put(row, at, level)
        # An #N/A is outside of nothing.
        outside = call("IFERROR", call("OR", op(value, ">", upper), op(value, "<", lower)), False)
        calc.put(row, _OUTSIDE, if_(outside, value, NA))
        if k:
            earlier = calc.spot(row - 1, _VALUE)
            distance = call("ABS", op(value, "-", earlier))
            calc.put(row, _RANGE, if_(both(is_number(value), is_number(earlier)), distance, ""))
        else:
            calc.put(row, _RANGE, "")
    labels = Area(calc.anchor, 1, _NAME, count, _NAME)

    def line(at: int, color: str, *, dashed: bool = False) -> Series:
        values = calc.column(at, 1, count)
        return Series(calc.spot(0, at), labels, values, color, dashed=dashed, point=Point.NONE)

    actual = Series(calc.spot(0, _VALUE), labels, values, ACCENT)
    signals = Series(
        calc.spot(0, _OUTSIDE),
        labels,
        calc.column(_OUTSIDE, 1, count),
        LOSS,
        stroke=False,
        point=Point.DIAMOND,
    )
    few = if_(
        op(n, "<", LEAST),
        context.text(words.TOO_FEW).format(n=LEAST),
        if_(op(n, "<", FIRM), context.text(words.PROVISIONAL).format(n=FIRM), ""),
    )
    used = joined(context.text(words.PERIODS), n)
    return Plot(
        Mark.LINE,
        (
            actual,
            line(_CENTRE, DARK_GREY),
            line(_UPPER, GREY, dashed=True),
            line(_LOWER, GREY, dashed=True),
            signals,
        ),
        (numbers.block, calc.placed()),
        span_text(numbers),
        sketch.axis(bars=False),
        numbers.pairs,
        legend=True,
        remarks=(used, context.text(words.XMR), few, *left_out(sketch, numbers)),
    )
