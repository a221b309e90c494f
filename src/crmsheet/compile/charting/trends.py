"""Lines with more than their values: a moving average, a forecast, a logarithmic axis.

Knows the straight line of least squares through the complete periods and how it is carried on. Forecast and
average use periods that are over, from the first day there are data. Does not know how periods are cut.
"""

from __future__ import annotations

from crmsheet.compile import board_words, theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.comparisons import comparison, shown_cases
from crmsheet.compile.charting.periods import counts, end_of, first_day, is_over, span_text, start_of
from crmsheet.compile.charting.plots import GREY, PALE, Plot, Sketch
from crmsheet.compile.charting.wording import left_out, no_target, rounded
from crmsheet.compile.dimensions import bucket_end, short_label
from crmsheet.compile.grids import Grid
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.plan.charts import Mark, Point, Series

_NAME, _VALUE, _FORECAST, _AVERAGE, _TARGET, _START, _COUNTED, _PLACE, _DXDY, _DX2, _DY2 = range(11)
LEAST = 4
"""Complete periods that a forecast needs."""


def line(sketch: Sketch) -> Plot:
    """A line chart; the plain one shows its grid as it is."""
    block = sketch.block
    if not (block.forecast or block.moving_average or block.log):
        return comparison(sketch)
    numbers = sketch.grid()
    calc = CalcBlock(sketch.anchor("plot"))
    count, last = numbers.rows, numbers.rows + block.forecast
    labels = Area(calc.anchor, 1, _NAME, last, _NAME)
    series = [_values(sketch, numbers, calc, index, labels) for index in range(len(block.metrics))]
    remarks: list[Node | str] = []
    if block.forecast or block.moving_average:
        _counted(sketch, numbers, calc)
    if block.moving_average:
        series.append(_average(sketch, numbers, calc, labels))
    if block.forecast:
        series.append(_forecast(sketch, numbers, calc, labels))
        remarks.append(_trend_remark(sketch, calc, last))
    if numbers.target > 0:
        aims = _target(sketch, numbers, calc, labels)
        series.append(aims)
        remarks.append(no_target(sketch, aims.values))
    if block.log:
        remarks.append(sketch.context.text(words.LOG))
    if block.forecast or block.moving_average:
        running = is_over(sketch, numbers, numbers.bottom)
        remarks.append(if_(running, "", sketch.context.text(words.RUNNING)))
    return (
        Plot(
            Mark.LINE,
            tuple(series),
            (numbers.block, calc.placed()),
            span_text(numbers),
            sketch.axis(bars=False),
            numbers.pairs,
            legend=len(series) > 1,
            remarks=(*remarks, *left_out(sketch, numbers)),
            n=shown_cases(sketch, numbers),
        )
        if count
        else comparison(sketch)
    )


def _column_of(index: int) -> int:
    """The column of a metric's values: the first one's, the others behind everything else."""
    return _VALUE if index == 0 else _DY2 + index


def _drawn(sketch: Sketch, value: Node) -> Node:
    """What a logarithmic axis can show."""
    if not sketch.block.log:
        return value
    return if_(call("IFERROR", op(value, ">", 0), False), value, NA)


def _values(sketch: Sketch, numbers: Grid, calc: CalcBlock, index: int, labels: Area) -> Series:
    metric = sketch.metrics[index]
    column = _column_of(index)
    calc.put(0, column, sketch.context.text(metric.label))
    for k in range(numbers.rows):
        source = numbers.top + k
        if index == 0:
            calc.put(k + 1, _NAME, Spot(numbers.block.anchor, source, numbers.short))
        own = Spot(numbers.block.anchor, source, numbers.column(metric.id))
        drawn = _drawn(sketch, own)
        if sketch.block.forecast:
            # The forecast goes on where complete periods end; the part of a month is no fall.
            drawn = if_(is_over(sketch, numbers, source), drawn, NA)
        calc.put(k + 1, column, drawn)
    for k in range(sketch.block.forecast):
        calc.put(numbers.rows + k + 1, column, NA)
    color = ACCENT if len(sketch.metrics) == 1 else theme.CATEGORICAL[index % len(theme.CATEGORICAL)]
    return Series(calc.spot(0, column), labels, calc.column(column, 1, labels.bottom), color)


def _counted(sketch: Sketch, numbers: Grid, calc: CalcBlock) -> None:
    """The values that count, and their places 1, 2, 3 …"""
    foot = numbers.rows + sketch.block.forecast + 1
    first = calc.put(foot, _NAME, first_day(sketch, numbers), "yyyy-mm-dd")
    metric = sketch.metrics[0]
    for k in range(numbers.rows):
        source = numbers.top + k
        own = Spot(numbers.block.anchor, source, numbers.column(metric.id))
        counted = both(counts(sketch, numbers, source, first), is_number(own))
        value = calc.put(k + 1, _COUNTED, if_(counted, own, ""))
        calc.put(k + 1, _PLACE, if_(op(value, "=", ""), "", k + 1))


def _average(sketch: Sketch, numbers: Grid, calc: CalcBlock, labels: Area) -> Series:
    over = sketch.block.moving_average
    calc.put(0, _AVERAGE, sketch.context.text(words.MOVING_AVERAGE).format(n=over))
    for row in range(1, labels.bottom + 1):
        average: Node = NA
        if over <= row <= numbers.rows:
            behind = calc.column(_COUNTED, row - over + 1, row)
            full = op(call("COUNT", behind), "=", over)
            average = _drawn(sketch, if_(full, call("AVERAGE", behind), NA))
        calc.put(row, _AVERAGE, average)
    values = calc.column(_AVERAGE, 1, labels.bottom)
    return Series(calc.spot(0, _AVERAGE), labels, values, GREY, point=Point.NONE)


def _forecast(sketch: Sketch, numbers: Grid, calc: CalcBlock, labels: Area) -> Series:
    """From the last complete value along the line; never below 0 where no value was."""
    grain = sketch.by.grain
    assert grain is not None
    count, last = numbers.rows, labels.bottom
    calc.put(0, _FORECAST, sketch.context.text(words.FORECAST))
    counted, places = calc.column(_COUNTED, 1, count), calc.column(_PLACE, 1, count)
    foot = last + 1
    n = calc.put(foot, _COUNTED, call("COUNT", counted))
    mean = calc.put(foot + 1, _COUNTED, call("IFERROR", call("AVERAGE", counted), NA))
    middle = calc.put(foot + 1, _PLACE, call("IFERROR", call("AVERAGE", places), NA))
    newest = calc.put(foot, _PLACE, call("MAX", places))
    for k in range(count):
        row = k + 1
        across = op(calc.spot(row, _PLACE), "-", middle)
        up = op(calc.spot(row, _COUNTED), "-", mean)
        for column, product in (
            (_DXDY, op(across, "*", up)),
            (_DX2, op(across, "*", across)),
            (_DY2, op(up, "*", up)),
        ):
            calc.put(row, column, if_(op(calc.spot(row, _COUNTED), "=", ""), "", product))
    sums = [calc.put(foot, c, call("SUM", calc.column(c, 1, count))) for c in (_DXDY, _DX2, _DY2)]
    slope = calc.put(
        foot + 1, _DXDY, if_(op(n, "<", LEAST), NA, call("IFERROR", op(sums[0], "/", sums[1]), NA))
    )
    fit = op(op(sums[0], "*", sums[0]), "/", op(sums[1], "*", sums[2]))
    calc.put(foot + 1, _DY2, call("IFERROR", fit, NA))
    floor = op(call("COUNTIF", counted, "<0"), "=", 0)
    end: Node = end_of(numbers, numbers.bottom)
    for row in range(1, last + 1):
        if row > count:
            begin = bucket_end(grain, start_of(numbers, numbers.bottom) if row == count + 1 else end)
            end = calc.put(row, _START, begin, "yyyy-mm-dd")
            calc.put(row, _NAME, short_label(sketch.context, grain, end))
        ahead = op(mean, "+", op(slope, "*", op(row, "-", middle)))
        ahead = if_(floor, call("MAX", 0, ahead), ahead)
        if row <= count:
            # The dashed line begins where the complete values end.
            joint = if_(op(newest, "=", row), if_(is_number(slope), calc.spot(row, _COUNTED), NA), NA)
            ahead = if_(op(newest, "<", row), ahead, joint)
        calc.put(row, _FORECAST, _drawn(sketch, ahead))
    values = calc.column(_FORECAST, 1, last)
    return Series(calc.spot(0, _FORECAST), labels, values, PALE, dashed=True, point=Point.NONE)


def _trend_remark(sketch: Sketch, calc: CalcBlock, last: int) -> Node:
    context = sketch.context
    n, fit = calc.spot(last + 1, _COUNTED), calc.spot(last + 2, _DY2)
    told = joined(context.text(words.TREND), n, context.text(words.TREND_OF), rounded(fit, "0.00"))
    return if_(op(n, "<", LEAST), context.text(words.NO_TREND).format(n=LEAST), told)


def _target(sketch: Sketch, numbers: Grid, calc: CalcBlock, labels: Area) -> Series:
    calc.put(0, _TARGET, sketch.context.text(board_words.TARGET))
    for row in range(1, labels.bottom + 1):
        aim: Node = NA
        if row <= numbers.rows:
            aim = _drawn(sketch, Spot(numbers.block.anchor, numbers.top + row - 1, numbers.target))
        calc.put(row, _TARGET, aim)
    values = calc.column(_TARGET, 1, labels.bottom)
    return Series(calc.spot(0, _TARGET), labels, values, theme.MUTED, dashed=True)
