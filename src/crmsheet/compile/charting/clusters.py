"""Columns and bars by two dimensions: a cluster or a stack for each value of one, a colour for each of the other.

Knows the colours: of years the last one stands out, of other values each has its own. Does not know how the
numbers come about (`matrix`).
"""

from __future__ import annotations

from crmsheet.compile import theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.charting.plots import BARS, SLICES, Plot, Sketch, color_of, label_format, shown_values
from crmsheet.compile.charting.wording import cases
from crmsheet.compile.matrix import MatrixRequest, Side, matrix
from crmsheet.formulas.tree import Name
from crmsheet.model.boards import ChartType, Grain
from crmsheet.plan.charts import Mark, Series

_MARKS = {ChartType.COLUMN: Mark.COLUMN, ChartType.BAR: Mark.BAR, ChartType.LINE: Mark.LINE}
_YEARS = ("6FA8CF", "A9CBE3", "CBD5E1", "E2E8F0")
"""Of earlier years, the nearest first."""


def clusters(sketch: Sketch) -> Plot:
    context, block, metric = sketch.context, sketch.block, sketch.metrics[0]
    assert block.series is not None
    anchor = sketch.anchor()
    limit = Name(block.top) if isinstance(block.top, str) else None
    # `top` is of the rows; of periods there is none, so it is of the series then.
    row_top, column_top = (None, block.top) if sketch.timed else (block.top, None)
    rows = Side(
        sketch.by,
        shown_values(context, f"{anchor}.rows", sketch.by, row_top, BARS),
        None if sketch.timed else limit,
    )
    columns = Side(
        block.series,
        shown_values(context, f"{anchor}.columns", block.series, column_top, SLICES),
        limit if sketch.timed else None,
        filled=True,
    )
    found = matrix(
        context,
        sketch.board,
        MatrixRequest(anchor, metric.id, rows, columns, block.last, block.ignores),
    )
    code = label_format(sketch.format(metric))
    series = tuple(
        Series(found.head(j), found.labels(), found.values(j), color, number_format=code)
        for j, color in enumerate(_colors(sketch, found.columns, rest=found.rest_column))
    )
    return Plot(
        _MARKS[block.type],
        series,
        (found.block, *found.behind),
        found.span,
        sketch.axis(bars=block.type is not ChartType.LINE),
        found.pairs,
        stacked=block.stacked,
        share=block.share,
        legend=True,
        gap=60,
        n=cases(sketch, metric, found.window),
    )


def _colors(sketch: Sketch, count: int, *, rest: bool) -> tuple[str, ...]:
    assert sketch.block.series is not None
    if sketch.block.series.grain is Grain.YEAR:
        earlier = [_YEARS[min(i, len(_YEARS) - 1)] for i in range(count - 1)]
        return (*reversed(earlier), ACCENT)
    own = tuple(color_of(i) for i in range(count - (1 if rest else 0)))
    return (*own, theme.OTHER) if rest else own
