"""Waterfalls: from the value of the window before, by the change of each value, to that of the window now.

Knows the bars that hang between two levels: what stands before them takes its room and is not seen. A bar
that crosses 0 has one part above and one below. Bars lie, so that the names and changes beside them are read
without turning the head. All changes add up to the whole one: what no value shows is the last of them.
"""

from __future__ import annotations

from crmsheet.compile import theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.comparisons import shown_cases
from crmsheet.compile.charting.plots import LOSS, Plot, Sketch, cut, room
from crmsheet.compile.dimensions import values
from crmsheet.compile.grids import FIXED as GRID_FIXED
from crmsheet.compile.grids import Grid, position
from crmsheet.compile.shorthand import NA, call, if_, is_number, joined, op
from crmsheet.compile.windows import board_windows
from crmsheet.formulas.tree import Area, Name, Node, Number, Spot
from crmsheet.model.metrics import Good
from crmsheet.plan.charts import Axis, Mark, Series

_MOST = 8
"""Changes shown one by one."""
_FIXED = 5
"""Rows that are neither values nor changes: head, first and last column, the rest, one between."""
_ROUND = 6
_NAME, _CHANGE, _FROM, _TO, _SPACE, _UP, _UP_BELOW, _DOWN, _DOWN_BELOW, _LEVEL, _LABEL = range(11)
_RANK, _PLACE, _BEFORE = 11, 12, 13


def waterfall(sketch: Sketch) -> Plot:
    context, metric = sketch.context, sketch.metrics[0]
    windows = board_windows(sketch.board)
    # Only the numbers of all values are needed; the order is that of the changes.
    now = sketch.grid(top=1)
    before = sketch.grid(top=1, window=windows.previous, part="before")
    calc = CalcBlock(sketch.anchor("plot"))
    top = sketch.block.top
    count = room(context.model, top) if isinstance(top, str) else top or _columns(sketch, now)
    last = count + 3
    rank_top, rank_bottom = _ranks(sketch, calc, now, before, last + 2)
    for column, head in (
        (_SPACE, words.SPACE),
        (_UP, words.INCREASE),
        (_UP_BELOW, words.INCREASE),
        (_DOWN, words.DECREASE),
        (_DOWN_BELOW, words.DECREASE),
        (_LEVEL, metric.label),
        (_CHANGE, words.CHANGE),
    ):
        calc.put(0, column, context.text(head).strip())
    comparable = is_number(windows.previous.start)
    start = calc.put(1, _CHANGE, if_(comparable, _total(before, metric.id), NA))
    calc.put(1, _NAME, context.text(words.PREVIOUS))
    changes = calc.column(_CHANGE, 2, count + 1)
    ranks = calc.column(_RANK, rank_top, rank_bottom)
    for k in range(count):
        row = 2 + k
        largest = call("LARGE", ranks, k + 1)
        if isinstance(top, str):
            largest = if_(op(Name(top), ">", k), largest, "")
        rank = calc.put(row, _RANK, call("IFERROR", largest, ""))
        earlier = calc.spot(row - 1, _RANK) if k else None
        place = calc.put(row, _PLACE, position(earlier, calc.spot(row - 1, _PLACE), rank, ranks))
        for column, empty in ((_NAME, ""), (_CHANGE, 0)):
            found = call("INDEX", calc.column(column, rank_top, rank_bottom), place)
            calc.put(row, column, if_(op(place, "=", ""), empty, found))
    whole = op(_total(now, metric.id), "-", start)
    rest = calc.put(
        count + 2, _CHANGE, call("IFERROR", call("ROUND", op(whole, "-", call("SUM", changes)), _ROUND), 0)
    )
    calc.put(count + 2, _NAME, if_(op(rest, "<>", 0), context.text(words.OTHERS), ""))
    calc.put(last, _CHANGE, _total(now, metric.id))
    calc.put(last, _NAME, context.text(words.CURRENT))
    for row in range(1, last + 1):
        _column(sketch, calc, row, ends=row in (1, last))
    up, down = (LOSS, ACCENT) if metric.good is Good.DOWN else (ACCENT, LOSS)
    labels = Area(calc.anchor, 1, _LABEL, last, _LABEL)
    series = [Series(calc.spot(0, _SPACE), labels, calc.column(_SPACE, 1, last), spacer=True)]
    for column, color in (
        (_UP, up),
        (_UP_BELOW, up),
        (_DOWN, down),
        (_DOWN_BELOW, down),
        (_LEVEL, theme.OTHER),
    ):
        series.append(Series(calc.spot(0, column), labels, calc.column(column, 1, last), color))
    span = joined(windows.previous_span, " → ", windows.span)
    return Plot(
        Mark.BAR,
        tuple(series),
        (now.block, before.block, calc.placed()),
        if_(comparable, span, context.text(words.NO_BEFORE)),
        # Each bar says its figure.
        Axis(sketch.format(metric), from_zero=sketch.axis().from_zero, shown=False),
        now.pairs + before.pairs,
        stacked=True,
        gap=35,
        n=shown_cases(sketch, now),
    )


def _columns(sketch: Sketch, now: Grid) -> int:
    """How many changes are shown when nobody says how many: as many as there are values, up to a limit."""
    sizes = sketch.context.sizes
    built, numbers = (sizes.get(a, (0, 0))[0] for a in (sketch.anchor("plot"), now.block.anchor))
    if built and numbers:
        # What stands below the columns is as high as the numbers were, which may have room for more values now.
        return built - _FIXED - (numbers - GRID_FIXED - 1)
    return max(1, min(_MOST, values(sketch.context, sketch.by).known))


def _total(numbers: Grid, metric: str) -> Spot:
    return Spot(numbers.block.anchor, numbers.total, numbers.column(metric))


def _ranks(sketch: Sketch, calc: CalcBlock, now: Grid, before: Grid, top: int) -> tuple[int, int]:
    """Every value with its change and how large that is either way; gives the first row and the last."""
    metric = sketch.block.metrics[0]
    first, last = now.listed
    for source in range(first, last + 1):
        row = top + source - first
        # Names of bars that lie have room for twice as much as those below columns.
        name = calc.put(row, _NAME, cut(sketch, Spot(now.block.anchor, source, 0), times=2))
        pair = (
            Spot(now.block.anchor, source, now.column(metric)),
            Spot(before.block.anchor, source, before.column(metric)),
        )
        change = calc.put(row, _CHANGE, call("IFERROR", call("ROUND", op(pair[0], "-", pair[1]), _ROUND), 0))
        size = call("ABS", change)
        calc.put(row, _RANK, if_(op(name, "=", ""), "", if_(op(change, "=", 0), "", size)))
    return top, top + last - first


def _column(sketch: Sketch, calc: CalcBlock, row: int, *, ends: bool) -> None:
    """One column: its two levels, the room below it, its parts above and below 0, its label."""
    own = calc.spot(row, _CHANGE)
    start: Node = Number(0) if ends else calc.spot(row - 1, _TO)
    begin = calc.put(row, _FROM, start)
    end = calc.put(row, _TO, op(begin, "+", own))
    low, high = call("MIN", begin, end), call("MAX", begin, end)
    if ends:
        calc.put(row, _LEVEL, own)
        space: Node = Number(0)
    else:
        space = if_(op(low, ">", 0), low, if_(op(high, "<", 0), high, 0))
        above = op(call("MAX", 0, high), "-", call("MAX", 0, low))
        below = op(call("MIN", 0, low), "-", call("MIN", 0, high))
        for column, part, grows in (
            (_UP, above, ">="),
            (_UP_BELOW, below, ">="),
            (_DOWN, above, "<"),
            (_DOWN_BELOW, below, "<"),
        ):
            calc.put(row, column, if_(op(own, grows, 0), part, 0))
    calc.put(row, _SPACE, space)
    code = sketch.format(sketch.metrics[0])
    figure = call("TEXT", own, code if ends else f"+{code};-{code};0")
    text = joined(calc.spot(row, _NAME), "  ", if_(is_number(own), figure, "–"))
    calc.put(row, _LABEL, if_(op(calc.spot(row, _NAME), "=", ""), "", text))
