"""Pareto charts: values by size, and the share of the total that they make together.

Knows the running share: of all that is above 0, so that it ends at 100 %; the rest of the values and rows
without a value are the last column. Does not know how values are ranked (`grids`).
"""

from __future__ import annotations

from crmsheet.compile import board_words, theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.comparisons import dwarfed, rest_remark, shown_cases
from crmsheet.compile.charting.plots import BARS, Plot, Sketch, cut, label_format, ranked
from crmsheet.compile.charting.wording import window_text
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.formulas.tree import Area, Spot
from crmsheet.plan.charts import Axis, Mark, Point, Series

_ROUND = 6
_MOST = 0.8
"""What the first few make, by Pareto's rule."""


def pareto(sketch: Sketch) -> Plot:
    context, metric = sketch.context, sketch.metrics[0]
    numbers = sketch.grid(top=ranked(sketch, BARS) or BARS, positive=True)
    anchor, column = numbers.block.anchor, numbers.column(metric.id)
    calc = CalcBlock(sketch.anchor("plot"))
    for at, head in enumerate((sketch.by.label, metric.label, words.CUMULATIVE)):
        calc.put(0, at, context.text(head))
    rest_row = numbers.rows + 1
    shown = calc.column(1, 1, numbers.rows)
    for k in range(numbers.rows):
        source = numbers.top + k
        calc.put(k + 1, 0, cut(sketch, Spot(anchor, source, 0)))
        value = calc.put(k + 1, 1, Spot(anchor, source, column))
        running = op(call("SUMIF", calc.column(1, 1, k + 1), ">0"), "/", calc.spot(rest_row + 1, 1))
        calc.put(k + 1, 2, if_(is_number(value), running, NA))
    every = numbers.every(metric.id)
    # Rows without a listed value, which no value's number has.
    unlisted = op(Spot(anchor, numbers.total, column), "-", call("SUMIF", every, ">-1E+300"))
    whole = op(call("SUMIF", every, ">0"), "+", call("MAX", 0, call("ROUND", unlisted, _ROUND)))
    total = calc.put(rest_row + 1, 1, whole)
    calc.put(rest_row + 1, 0, context.text(board_words.TOTAL))
    rest = calc.put(rest_row + 1, 2, call("ROUND", op(total, "-", call("SUMIF", shown, ">0")), _ROUND))
    dwarfs = calc.put(rest_row + 1, 3, dwarfed(rest, shown))
    rest_spot = calc.put(rest_row, 1, if_(both(op(rest, ">", 0), op(dwarfs, "=", 0)), rest, NA))
    calc.put(rest_row, 0, if_(is_number(rest_spot), context.text(board_words.OTHER), ""))
    calc.put(rest_row, 2, if_(is_number(rest_spot), 1, NA))
    shares = calc.column(2, 1, numbers.rows)
    few = op(call("COUNTIF", shares, f"<{_MOST}"), "+", 1)
    said = joined(context.text(words.PARETO_FIRST), few, context.text(words.PARETO_MAKE))
    labels = Area(calc.anchor, 1, 0, rest_row, 0)
    return Plot(
        Mark.COLUMN,
        (
            Series(
                calc.spot(0, 1),
                labels,
                calc.column(1, 1, rest_row),
                ACCENT,
                point_colors=(*([ACCENT] * numbers.rows), theme.OTHER),
                number_format=label_format(sketch.format(metric)),
            ),
            Series(
                calc.spot(0, 2),
                labels,
                calc.column(2, 1, rest_row),
                theme.MUTED,
                overlay=True,
                second_axis=True,
                point=Point.DOT,
                number_format="0%",
            ),
        ),
        (numbers.block, calc.placed()),
        window_text(sketch),
        Axis(sketch.format(metric), from_zero=True),
        numbers.pairs,
        second=Axis("0%", from_zero=True, most=1),
        legend=True,
        gap=30,
        remarks=(
            if_(op(few, "<=", call("COUNT", shares)), said, ""),
            rest_remark(sketch, dwarfs, rest),
            context.text(words.POSITIVE),
        ),
        n=shown_cases(sketch, numbers),
    )
