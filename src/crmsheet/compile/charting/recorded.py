"""Charts of what was written down: figures at the dates of refreshes, as they were then.

Knows how the last dates lie in a hidden block, the newest at the right end. The values are those of each refresh: no
formula can tell them. Does not know how they were reckoned or kept.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.plots import Plot, Sketch, color_of
from crmsheet.compile.pieces import Rows
from crmsheet.compile.shorthand import call, if_, joined, op
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Area, Node
from crmsheet.model.history import SeriesKey
from crmsheet.plan.cells import Role
from crmsheet.plan.charts import Mark, Series
from crmsheet.structs import replace

_DAY, _VALUES = 0, 1
_SHORT: Final = 300
"""Days within which the year need not be told."""


def recorded(sketch: Sketch) -> Plot:
    context, block = sketch.context, sketch.block
    calc = CalcBlock(sketch.anchor())
    calc.put(0, _DAY, context.text(words.RECORDED_ON))
    for index, metric in enumerate(sketch.metrics):
        calc.put(0, _VALUES + index, context.text(metric.label))
    count = block.last
    for row in range(1, count + 2):
        for column in range(_VALUES + len(block.metrics)):
            calc.put(row, column, None)
    first, last = calc.spot(count + 1, 0), calc.spot(count + 1, 1)
    labels = Area(calc.anchor, 1, _DAY, count, _DAY)
    single = len(block.metrics) == 1
    series = tuple(
        Series(
            calc.spot(0, _VALUES + index),
            labels,
            calc.column(_VALUES + index, 1, count),
            ACCENT if single else color_of(index),
        )
        for index in range(len(block.metrics))
    )

    def filled(rows: Rows) -> dict[tuple[int, int], Value]:
        return _filled(sketch, rows)

    hidden = calc.placed()
    kept = tuple(replace(c, role=Role.KEPT) if c.row else c for c in hidden.cells)
    span: Node = if_(op(first, "=", last), last, joined(first, " – ", last))
    return Plot(
        Mark.LINE,
        series,
        (replace(hidden, cells=kept),),
        if_(op(last, "=", ""), context.text(words.NOTHING_RECORDED), span),
        sketch.axis(bars=False),
        legend=not single,
        remarks=(context.text(words.RECORDED),),
        n=call("COUNTIF", labels, "?*"),
        fillings=((hidden.anchor, filled),),
    )


def _filled(sketch: Sketch, rows: Rows) -> dict[tuple[int, int], Value]:
    """The last dates up to the as-of day, at the end of the block."""
    block = sketch.block
    known = rows.history.series
    shown = [known[key].points if (key := SeriesKey(m)) in known else {} for m in block.metrics]
    days = sorted({day for points in shown for day in points if day <= sketch.context.as_of})[-block.last :]
    cells: dict[tuple[int, int], Value] = {}
    for row in range(1, block.last + 1):
        at = row - 1 - (block.last - len(days))
        cells[row, _DAY] = _label(days[at], days) if at >= 0 else None
        for index, points in enumerate(shown):
            point = points.get(days[at]) if at >= 0 else None
            value = point.value if point is not None else None
            cells[row, _VALUES + index] = ExcelError.NA if value is None else value
    if days:
        cells[block.last + 1, 0] = date_of(days[0]).isoformat()
        cells[block.last + 1, 1] = date_of(days[-1]).isoformat()
    return cells


def _label(day: int, days: list[int]) -> str:
    form = "%m-%d" if days[-1] - days[0] < _SHORT else "%y-%m-%d"
    return date_of(day).strftime(form)
