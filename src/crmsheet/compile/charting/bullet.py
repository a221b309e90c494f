"""Bullet charts: a column for each value, and a mark where its target is.

Knows the targets of a dimension's values; by time they stand in the grid already.
"""

from __future__ import annotations

from crmsheet.compile import board_words
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting.comparisons import shown_cases, shown_window
from crmsheet.compile.charting.plots import (
    BARS,
    Plot,
    Sketch,
    cut,
    label_format,
    metric_series,
    ranked,
    target_area,
)
from crmsheet.compile.charting.wording import left_out, no_target
from crmsheet.compile.measures import target_value
from crmsheet.compile.shorthand import NA, call, if_, op
from crmsheet.compile.slices import Slice
from crmsheet.compile.windows import board_windows
from crmsheet.formulas.tree import Area, Spot
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import Mark, Point, Series

_TARGET = "1F2937"
_GAP = 50


def bullet(sketch: Sketch) -> Plot:
    metric = sketch.metrics[0]
    numbers = sketch.grid(top=ranked(sketch, BARS))
    if sketch.timed:
        head, aims = target_area(numbers)
        labels = numbers.labels()
        calc: tuple[Block, ...] = (numbers.block,)
        values = metric_series(sketch, numbers, metric, ACCENT, numbers.bottom)
    else:
        own = CalcBlock(sketch.anchor("plot"))
        anchor, column = numbers.block.anchor, numbers.column(metric.id)
        for at, label in enumerate((sketch.by.label, metric.label, board_words.TARGET)):
            own.put(0, at, sketch.context.text(label))
        whole = Slice(sketch.board, board_windows(sketch.board).current, sketch.block.ignores)
        for k in range(numbers.rows):
            row, source = k + 1, numbers.top + k
            name = own.put(row, 0, cut(sketch, Spot(anchor, source, 0)))
            own.put(row, 1, Spot(anchor, source, column))
            criterion = own.put(row, 3, call("IFERROR", numbers.criterion(source), ""))
            aim = target_value(metric, whole.of(sketch.by, criterion))
            own.put(row, 2, if_(op(name, "=", ""), NA, aim))
        head, aims = own.spot(0, 2), own.column(2, 1, numbers.rows)
        labels = Area(own.anchor, 1, 0, numbers.rows, 0)
        code = label_format(sketch.format(metric))
        shown = own.column(1, 1, numbers.rows)
        values = Series(own.spot(0, 1), labels, shown, ACCENT, number_format=code)
        calc = (numbers.block, own.placed())
    marks = Series(head, labels, aims, _TARGET, overlay=True, stroke=False, point=Point.DASH)
    return Plot(
        Mark.COLUMN,
        (values, marks),
        calc,
        shown_window(sketch, numbers),
        sketch.axis(),
        numbers.pairs,
        legend=True,
        gap=_GAP,
        remarks=(*left_out(sketch, numbers), no_target(sketch, aims)),
        n=shown_cases(sketch, numbers),
    )
