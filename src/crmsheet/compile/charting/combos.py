"""Columns and lines in one chart, the lines on an axis of their own."""

from __future__ import annotations

from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.charting.comparisons import shown_window
from crmsheet.compile.charting.plots import BARS, LOSS, PALE, Plot, Sketch, last_row, metric_series, ranked
from crmsheet.compile.charting.wording import left_out, metric_title
from crmsheet.plan.charts import Mark
from crmsheet.structs import replace

_COLUMNS = (ACCENT, PALE, "6B7280", "9CA3AF")
_LINES = (LOSS, "009E73", "CC79A7", "E69F00")


def combo(sketch: Sketch) -> Plot:
    """Metrics as columns, those under `line` as lines on the second axis."""
    numbers = sketch.grid(top=ranked(sketch, BARS))
    bottom = last_row(sketch, numbers)
    lines = tuple(m for m in sketch.metrics if m.id in sketch.block.line)
    columns = tuple(m for m in sketch.metrics if m not in lines)
    series = [
        *(
            metric_series(sketch, numbers, m, _COLUMNS[i % len(_COLUMNS)], bottom)
            for i, m in enumerate(columns)
        ),
        *(
            replace(
                metric_series(sketch, numbers, m, _LINES[i % len(_LINES)], bottom),
                overlay=True,
                second_axis=True,
            )
            for i, m in enumerate(lines)
        ),
    ]
    return Plot(
        Mark.COLUMN,
        tuple(series),
        (numbers.block,),
        shown_window(sketch, numbers),
        sketch.axis(columns, title=metric_title(sketch, columns[0]) if len(columns) == 1 else ""),
        numbers.pairs,
        second=sketch.axis(
            lines, bars=False, title=metric_title(sketch, lines[0]) if len(lines) == 1 else ""
        ),
        legend=True,
        stacked=sketch.block.stacked,
        remarks=left_out(sketch, numbers),
    )
