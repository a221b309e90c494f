"""Lines, columns, bars, doughnuts: the metrics of a chart as they stand in its grid.

Knows targets as dashed lines and the colours of values and rest. Does not know further statistics.
"""

from __future__ import annotations

from crmsheet.compile import board_words, theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.colors import metric_colors, slice_colors
from crmsheet.compile.charting.periods import span_text, span_window
from crmsheet.compile.charting.plots import (
    BARS,
    KINDS_OF_BARS,
    SLICES,
    Plot,
    Sketch,
    accented,
    color_of,
    cut,
    label_format,
    last_row,
    metric_series,
    ranked,
    target_area,
)
from crmsheet.compile.charting.wording import cases, left_out, no_target, window_text
from crmsheet.compile.grids import Grid
from crmsheet.compile.shorthand import both, call, if_, joined, op
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.model.boards import ChartType
from crmsheet.plan.charts import Mark, Series
from crmsheet.structs import replace

_MARKS = {
    ChartType.LINE: Mark.LINE,
    ChartType.COLUMN: Mark.COLUMN,
    ChartType.BAR: Mark.BAR,
    ChartType.DOUGHNUT: Mark.DOUGHNUT,
}

_BESIDE = 2
"""Names beside bars may be so many times as long as those below columns."""
_LARGE = 2
"""So many times the largest value shown, the rest is told instead of drawn."""


def comparison(sketch: Sketch) -> Plot:
    block = sketch.block
    ring = block.type is ChartType.DOUGHNUT
    numbers = sketch.grid(top=ranked(sketch, SLICES if ring else BARS), positive=ring, filled=ring)
    single = len(block.metrics) == 1
    if ring and not sketch.timed:
        return _ring(sketch, numbers)
    live = isinstance(block.top, str) or block.min_share is not None
    if not sketch.timed and (live or block.omit or block.type is ChartType.BAR):
        return _closed_up(sketch, numbers)
    aims = target_series(sketch, numbers)
    return Plot(
        _MARKS[block.type],
        (*_series(sketch, numbers), *aims),
        (numbers.block,),
        shown_window(sketch, numbers),
        sketch.axis(bars=block.type in KINDS_OF_BARS),
        numbers.pairs,
        stacked=block.stacked,
        share=block.share,
        legend=not single or numbers.target > 0 or ring,
        data_labels=block.type in (ChartType.DOUGHNUT, ChartType.BAR) and not block.share,
        remarks=(*left_out(sketch, numbers), *(no_target(sketch, s.values) for s in aims)),
        n=shown_cases(sketch, numbers),
    )


def _ring(sketch: Sketch, numbers: Grid) -> Plot:
    """Slices of what is above 0; a slice of less would be drawn as large as if it were more."""
    context, metric = sketch.context, sketch.metrics[0]
    calc, anchor, column = CalcBlock(sketch.anchor("plot")), numbers.block.anchor, numbers.column(metric.id)
    count = numbers.rows + 1
    whole = bool(sketch.by.list) and not sketch.block.omit and ranked(sketch, SLICES) is None
    calc.put(0, 1, context.text(metric.label))
    for k in range(count):
        own = Spot(anchor, numbers.top + k, column)
        calc.put(k + 1, 1, call("IFERROR", if_(op(own, ">", 0), own, 0), 0))
        # The legend names every slice there may be, also while it is nothing: an entry without a name would look
        # like one forgotten. Only while there are fewer values than places, a place has none.
        name: Node | str = Spot(anchor, numbers.top + k, 0)
        if not whole:
            name = (
                context.text(board_words.OTHER)
                if k == count - 1
                else if_(op(name, "=", ""), board_words.NOBODY, name)
            )
        calc.put(k + 1, 0, name)
    colors = (
        slice_colors(sketch, numbers.rows)
        if whole
        else (*(color_of(i) for i in range(numbers.rows)), theme.OTHER)
    )
    series = Series(
        calc.spot(0, 1),
        calc.column(0, 1, count),
        calc.column(1, 1, count),
        ACCENT,
        point_colors=colors,
        # All values of the list have their own; what is not in it is rare.
        unnamed=(count - 1,) if whole else (),
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
        remarks=(context.text(words.POSITIVE), *left_out(sketch, numbers)),
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
    bar = sketch.block.type is ChartType.BAR
    # Items left out take no place; the rest has one.
    count = max(1, numbers.rows - len(sketch.block.omit)) + 1
    for column, metric in enumerate(metrics, start=1):
        calc.put(0, column, sketch.context.text(metric.label))
    rest = len(metrics) + 1
    dwarfs: Node | None = None
    if single:
        calc.put(0, rest, sketch.context.text(board_words.OTHER))
        column = numbers.column(metrics[0].id)
        shown_area = Area(anchor, numbers.top, column, numbers.bottom, column)
        dwarfs = calc.put(0, 0, dwarfed(Spot(anchor, numbers.other, column), shown_area))
    for k in range(count):
        place = Spot(anchor, order.top + k, order.left)
        row = k + 1
        is_rest = op(place, "=", numbers.rows + 1)
        shown = op(place, "<=", numbers.rows)

        def found(column: int, place: Spot = place) -> Node:
            return call("INDEX", Area(anchor, numbers.top, column, numbers.other, column), place)

        # An empty place is text, which is more than any number; the total's is beyond the rest.
        here: Node = op(place, "<=", numbers.rows + 1)
        if dwarfs is not None:
            here = op(place, "<=", op(numbers.rows + 1, "-", dwarfs))
        name = found(0)
        if bar:
            name = cut(sketch, name, _BESIDE)
        calc.put(row, 0, if_(here, name, ""))
        for column, metric in enumerate(metrics, start=1):
            drawn = shown if single else here
            calc.put(row, column, if_(drawn, found(numbers.column(metric.id)), 0))
        if single:
            drawn_rest = both(is_rest, op(dwarfs or 0, "=", 0))
            calc.put(row, rest, if_(drawn_rest, found(numbers.column(metrics[0].id)), 0))
    labels = calc.column(0, 1, count)
    code = [label_format(sketch.format(m)) for m in metrics]
    series = [
        Series(calc.spot(0, c), labels, calc.column(c, 1, count), color_of(c - 1), number_format=code[c - 1])
        for c in range(1, rest)
    ]
    if single:
        last = calc.column(rest, 1, count)
        series.append(Series(calc.spot(0, rest), labels, last, theme.OTHER, number_format=code[0]))
    told: tuple[Node, ...] = ()
    if dwarfs is not None:
        told = (rest_remark(sketch, dwarfs, Spot(anchor, numbers.other, numbers.column(metrics[0].id))),)
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
        remarks=(*told, *left_out(sketch, numbers)),
        n=shown_cases(sketch, numbers),
    )


def dwarfed(rest: Node, shown: Area) -> Node:
    """1 where the rest is so large that the values beside it would not be seen."""
    largest = call("MAXIFS", shown, shown, ">0")
    return call("IFERROR", if_(both(op(largest, ">", 0), op(rest, ">", op(largest, "*", _LARGE))), 1, 0), 0)


def rest_remark(sketch: Sketch, dwarfs: Node, rest: Node) -> Node:
    """How much the rest is that is not drawn; empty where it is."""
    figure = call("TEXT", rest, sketch.format(sketch.metrics[0]))
    told = joined(sketch.context.text(words.REST), figure, sketch.context.text(words.NOT_DRAWN))
    return if_(op(dwarfs, "=", 1), told, "")


def _series(sketch: Sketch, numbers: Grid) -> tuple[Series, ...]:
    bottom = last_row(sketch, numbers)
    found: list[Series] = []
    stacked = sketch.block.stacked or sketch.block.share
    colors = metric_colors(sketch.metrics) if stacked else ()
    for index, metric in enumerate(sketch.metrics):
        color = colors[index] if colors else color_of(index)
        series = metric_series(sketch, numbers, metric, color, bottom)
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
