"""Windows that metrics make of a board's: the last twelve months up to its end, the year so far, a year earlier.

Knows half-open windows and how a cumulative metric or an offset moves them. Does not know what is counted.
"""

from __future__ import annotations

from typing import Final, assert_never

from crmsheet.compile.shorthand import Operand, call, if_, op
from crmsheet.compile.symbols import AS_OF
from crmsheet.compile.windows import Window
from crmsheet.formulas.tree import Name, Node, Number
from crmsheet.model.metrics import Metric, PeriodAgg, Span, TimeUnit
from crmsheet.model.spec import Model

_MONTHS: Final = {TimeUnit.MONTH: 1, TimeUnit.QUARTER: 3, TimeUnit.YEAR: 12}
_DAYS: Final = {TimeUnit.DAY: 1, TimeUnit.WEEK: 7}
_FIRST_DAY: Final = Number(1)
_EARLIEST: Final = 36526
"""The first of January 2000: no window of all time goes back from further."""


def reframed(model: Model, metric: Metric, window: Window) -> Window:
    """The window in which what a metric is made of is counted; its own for most metrics."""
    if metric.offset_window is not None:
        return _earlier(metric.offset_window, window)
    if not metric.metric:
        return window
    end = call("MAX", window.start, _EARLIEST) if metric.period_agg is PeriodAgg.FIRST else _known(window)
    if metric.grain_to_date is not None:
        start = beginning(model, metric.grain_to_date, op(end, "-", 1))
        return Window(start, moved(start, Span(1, metric.grain_to_date), 1) if metric.whole else end)
    if metric.window is not None:
        day = op(end, "-", 1) if metric.window.within else end
        return Window(moved(day, metric.window, -1), end)
    return Window(_FIRST_DAY, end)


def _known(window: Window) -> Node:
    """The end of a window, of all time the day behind the as-of date."""
    return call("MIN", window.end, op(Name(AS_OF), "+", 1))


def _earlier(offset: Span, window: Window) -> Window:
    """The same days so much earlier; a window that ends with a month ends with the earlier month."""
    end = _known(window)
    if offset.unit in _DAYS:
        return Window(moved(window.start, offset, -1), moved(end, offset, -1))
    last = op(moved(op(end, "-", 1), offset, -1), "+", 1)
    start = if_(op(window.start, "<=", 1), 1, moved(window.start, offset, -1))
    return Window(start, if_(op(call("DAY", end), "=", 1), moved(end, offset, -1), last))


def moved(day: Node, span: Span, direction: int) -> Node:
    """The day that lies a span later (1) or earlier (-1)."""
    count: Operand = Name(span.count) if isinstance(span.count, str) else span.count
    months = _MONTHS.get(span.unit)
    if months is None:
        days = _times(count, _DAYS[span.unit])
        return op(day, "+" if direction > 0 else "-", days)
    distance = _times(count, months)
    if isinstance(distance, int):
        return call("EDATE", day, direction * distance)
    return call("EDATE", day, distance if direction > 0 else op(0, "-", distance))


def _times(count: Operand, factor: int) -> Operand:
    if isinstance(count, int):
        return count * factor
    return count if factor == 1 else op(count, "*", factor)


def beginning(model: Model, grain: TimeUnit, day: Node) -> Node:
    """The first day of the week, month, quarter or year of a day; quarters and years are fiscal."""
    month = op(op(day, "-", call("DAY", day)), "+", 1)
    match grain:
        case TimeUnit.DAY:
            return day
        case TimeUnit.WEEK:
            return op(op(day, "-", call("WEEKDAY", day, 2)), "+", 1)
        case TimeUnit.MONTH:
            return month
        case TimeUnit.QUARTER | TimeUnit.YEAR:
            since = op(call("MONTH", day), "-", model.fiscal_year_start)
            return call("EDATE", month, op(0, "-", call("MOD", since, _MONTHS[grain])))
        case _:
            assert_never(grain)
