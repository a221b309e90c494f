"""Lines, columns, bars, doughnuts: the metrics of a chart as they stand in its grid.

Knows targets as dashed lines and the colours of values and rest. Does not know further statistics.
"""

from __future__ import annotations

from dataclasses import replace

from crmsheet.compile import board_words, theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.periods import span_text, span_window
from crmsheet.compile.charting.plots import (
    BARS,
    KINDS_OF_BARS,
    SLICES,
    Plot,
    Sketch,
    accented,
    color_of,
    label_format,
    last_row,
    metric_series,
    ranked,
    target_area,
)
from crmsheet.compile.charting.wording import cases, window_text
from crmsheet.compile.grids import Grid
from crmsheet.compile.shorthand import call, if_, op
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.model.boards import ChartType
from crmsheet.plan.charts import Mark, Series

_MARKS = {
    ChartType.LINE: Mark.LINE,
    ChartType.COLUMN: Mark.COLUMN,
    ChartType.BAR: Mark.BAR,
    ChartType.DOUGHNUT: Mark.DOUGHNUT,
}


def comparison(sketch: Sketch) -> Plot:
    block = sketch.block
    ring = block.type is ChartType.DOUGHNUT
    numbers = sketch.grid(top=ranked(sketch, SLICES if ring else BARS), positive=ring)
    single = len(block.metrics) == 1
    if ring and not sketch.timed:
        return _ring(sketch, numbers)
    live = isinstance(block.top, str) or block.min_share is not None
    if not sketch.timed and (live or block.type is ChartType.BAR):
        return _closed_up(sketch, numbers)
    return Plot(
        _MARKS[block.type],
        (*_series(sketch, numbers), *target_series(sketch, numbers)),
        (numbers.block,),
        shown_window(sketch, numbers),
        sketch.axis(bars=block.type in KINDS_OF_BARS),
        numbers.pairs,
        stacked=block.stacked,
        share=block.share,
        legend=not single or numbers.target > 0 or ring,
        data_labels=block.type in (ChartType.DOUGHNUT, ChartType.BAR) and not block.share,
        n=shown_cases(sketch, numbers),
    )


def _ring(sketch: Sketch, numbers: Grid) -> Plot:
    """Slices of what is above 0; a slice of less would be drawn as large as if it were more."""
    context, metric = sketch.context, sketch.metrics[0]
    calc, anchor, column = CalcBlock(sketch.anchor("plot")), numbers.block.anchor, numbers.column(metric.id)
    count = numbers.rows + 1
    calc.put(0, 1, context.text(metric.label))
    for k in range(count):
        own = Spot(anchor, numbers.top + k, column)
        slice_ = calc.put(k + 1, 1, call("IFERROR", if_(op(own, ">", 0), own, 0), 0))
        calc.put(k + 1, 0, if_(op(slice_, ">", 0), Spot(anchor, numbers.top + k, 0), ""))
    colors = (*(color_of(i) for i in range(numbers.rows)), theme.OTHER)
    series = Series(
        calc.spot(0, 1), calc.column(0, 1, count), calc.column(1, 1, count), ACCENT, point_colors=colors
    )
    return Plot(
        Mark.DOUGHNUT,
        (series,),
        (numbers.block, calc.placed()),
        shown_window(sketch, numbers),
        sketch.axis(),
        numbers.pairs,
        legend=True,
        data_labels=True,
        remarks=(context.text(words.POSITIVE),),
        n=shown_cases(sketch, numbers),
    )


def _closed_up(sketch: Sketch, numbers: Grid) -> Plot:
    """Bars of as many values as there are, or as a setting says, the rest right behind them: its place is
    never the same, so it is a series of its own, in grey. Places that nobody takes are 0 without a label:
    Excel would write #N/A beside them."""
    calc, order = CalcBlock(sketch.anchor("plot")), numbers.order
    assert order is not None
    anchor, metrics = numbers.block.anchor, sketch.metrics
    single = len(metrics) == 1
    count = numbers.rows + 1
    for column, metric in enumerate(metrics, start=1):
        calc.put(0, column, sketch.context.text(metric.label))
    rest = len(metrics) + 1
    if single:
        calc.put(0, rest, sketch.context.text(board_words.OTHER))
    for k in range(count):
        place = Spot(anchor, order.top + k, order.left)
        row = k + 1
        is_rest = op(place, "=", numbers.rows + 1)
        shown = op(place, "<=", numbers.rows)

        def found(column: int, place: Spot = place) -> Node:
            return call("INDEX", Area(anchor, numbers.top, column, numbers.other, column), place)

        # An empty place is text, which is more than any number; the total's is beyond the rest.
        here = op(place, "<=", numbers.rows + 1)
        calc.put(row, 0, if_(here, found(0), ""))
        for column, metric in enumerate(metrics, start=1):
            drawn = shown if single else here
            calc.put(row, column, if_(drawn, found(numbers.column(metric.id)), 0))
        if single:
            calc.put(row, rest, if_(is_rest, found(numbers.column(metrics[0].id)), 0))
    labels = calc.column(0, 1, count)
    code = [label_format(sketch.format(m)) for m in metrics]
    series = [
        Series(calc.spot(0, c), labels, calc.column(c, 1, count), color_of(c - 1), number_format=code[c - 1])
        for c in range(1, rest)
    ]
    if single:
        last = calc.column(rest, 1, count)
        series.append(Series(calc.spot(0, rest), labels, last, theme.OTHER, number_format=code[0]))
    bar = sketch.block.type is ChartType.BAR
    return Plot(
        _MARKS[sketch.block.type],
        tuple(series),
        (numbers.block, calc.placed()),
        shown_window(sketch, numbers),
        sketch.axis(),
        numbers.pairs,
        stacked=sketch.block.stacked and not single,
        overlaid=single,
        share=sketch.block.share,
        legend=not single,
        data_labels=bar and not sketch.block.share,
        n=shown_cases(sketch, numbers),
    )


def _series(sketch: Sketch, numbers: Grid) -> tuple[Series, ...]:
    bottom = last_row(sketch, numbers)
    found: list[Series] = []
    for index, metric in enumerate(sketch.metrics):
        series = metric_series(sketch, numbers, metric, color_of(index), bottom)
        if sketch.block.type is ChartType.DOUGHNUT:
            slices = (*(color_of(i) for i in range(numbers.rows)), theme.OTHER)
            series = replace(series, point_colors=slices)
        elif not sketch.timed and len(sketch.metrics) == 1:
            series = replace(series, color=ACCENT, point_colors=accented(numbers))
        found.append(series)
    return tuple(found)


def target_series(sketch: Sketch, numbers: Grid) -> tuple[Series, ...]:
    """The target of a metric by time: a dashed line."""
    if numbers.target <= 0:
        return ()
    head, aims = target_area(numbers)
    over = sketch.block.type is not ChartType.LINE
    return (Series(head, numbers.labels(), aims, theme.MUTED, dashed=True, overlay=over, labels=False),)


def shown_window(sketch: Sketch, numbers: Grid) -> Node | str:
    """The time that a chart shows, in words."""
    return span_text(numbers) if sketch.timed else window_text(sketch)


def shown_cases(sketch: Sketch, numbers: Grid) -> Node | None:
    """The number of cases behind a chart of one metric."""
    if len(sketch.metrics) != 1:
        return None
    return cases(sketch, sketch.metrics[0], span_window(numbers) if sketch.timed else None)
