"""Forecasts as history remembers them: what was expected of the coming months on the as-of date.

Knows which metrics are forecast on boards, and by which keys their forecasts are remembered. Does not know how they did
later (`accurate`).
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile.analyses.facts import Facts, month_label, month_of
from crmsheet.compile.analyses.forecasting import expected
from crmsheet.compile.pieces import Context, Rows
from crmsheet.model.boards import AnalysisBlock, AnalysisType
from crmsheet.model.history import Point, Series, SeriesKey, measured_point
from crmsheet.model.words import Label

FORECAST: Final = "~forecast"
"""In place of a dimension; its members are months."""
AHEAD: Final = 3
"""Months that are remembered of each forecast: those after the as-of day's."""
_SCOPE: Final = Label("预测", "Forecast")


def forecasts(context: Context, rows: Rows) -> dict[SeriesKey, Series]:
    """What is expected today of the months to come."""
    facts = Facts(context, rows)
    found: dict[SeriesKey, Series] = {}
    for block in _told(context):
        metric = context.model.metric(block.metrics[0])
        ahead, one = expected(facts, metric, block.last)
        this = month_of(context.as_of)
        for month, value in zip(ahead, one.points if one is not None else (), strict=False):
            if this < month <= this + AHEAD:
                label = month_label(month)
                point = measured_point(value, one.n if one is not None else None, "", context.run)
                found[SeriesKey(metric.id, FORECAST, label)] = Series(
                    context.text(metric.label), context.text(_SCOPE), label, {context.as_of: point}
                )
    return found


def remembered_forecast(facts: Facts, metric: str, month: int) -> tuple[int, Point] | None:
    """What was expected of a month on the last date before it began, and that date."""
    series = facts.rows.history.series.get(SeriesKey(metric, FORECAST, month_label(month)))
    days = [day for day in series.points if month_of(day) < month] if series is not None else []
    if series is None or not days:
        return None
    return max(days), series.points[max(days)]


def _told(context: Context) -> list[AnalysisBlock]:
    """The forecasts that boards show, one for each metric."""
    blocks = [b for board in context.model.boards for b in board.blocks if isinstance(b, AnalysisBlock)]
    found: dict[str, AnalysisBlock] = {}
    for block in blocks:
        if block.type in (AnalysisType.FORECAST, AnalysisType.FORECAST_ACCURACY):
            found.setdefault(block.metrics[0], block)
    return list(found.values())
