"""The forecast of a metric: the months up to the end of next quarter, with limits, and a target to propose.

Knows its table and which quarter comes next. The methods and their backtest are `analysis.forecast`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.forecast import Backtest, Forecast, Method, forecast
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, adds_up, month_label, month_of
from crmsheet.compile.analyses.numbers import amount, change
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import CHANGE, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.metrics import Metric

_QUARTER: Final = 3
_AHEAD: Final = 2 * _QUARTER
"""The months of this quarter and of the next one, at most."""
LEAST: Final = 3
"""Months that any forecast needs."""


def forecast_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    figure = with_format(theme.ROW_FIGURE, metric_format(context, metric))
    tracks = (
        Track(13, theme.ROW_LABEL),
        *[Track(7, figure)] * 4,
        Track(7, with_format(theme.ROW_FIGURE, CHANGE)),
    )

    def found(facts: Facts) -> Found:
        months = facts.months(metric.id, block.last)
        series = [v for v in facts.series(metric.id, months)[EVERYWHERE] if v is not None]
        window = _window(context, months)
        ahead, one = expected(facts, metric, block.last)
        if one is None:
            said = context.text(words.TOO_FEW).format(
                least=LEAST, unit=context.text(words.MONTHS_OVER), n=len(series)
            )
            return Found(said, words.DOT.join(filter(None, (words.N.format(n=len(series)), window))))
        before = dict(zip(months, facts.series(metric.id, months)[EVERYWHERE], strict=True))
        rows = [
            _row(month_label(month), point, low, high, before.get(month - 12))
            for month, point, low, high in zip(ahead, one.points, one.low, one.high, strict=False)
        ]
        said = context.text(words.FORECAST_SHORT).format(n=len(one.points))
        if not adds_up(metric):
            said = context.text(words.EXPECTED_SAID).format(
                month=month_label(ahead[-1]),
                metric=context.text(metric.label),
                point=amount(context, metric, one.points[-1]),
                low=amount(context, metric, one.low[-1]),
                high=amount(context, metric, one.high[-1]),
            )
        elif len(one.points) == len(ahead):
            total = _quarter(one, [before.get(month - 12) for month in ahead])
            first, last = month_label(ahead[-_QUARTER]), month_label(ahead[-1])
            rows.append(_row(context.text(words.QUARTER).format(first=first, last=last), *total))
            said = _said(context, metric, first, last, total)
        heads = (words.PERIOD, words.EXPECTED, words.LOW, words.HIGH, words.YEAR_BEFORE, words.VERSUS_YEAR)
        method = words.DOT.join((_method(context, one), words.N.format(n=one.n), window))
        return Found(said, method, tuple(map(context.text, heads)), tuple(rows))

    title = context.text(words.FORECAST).format(metric=context.text(metric.label))
    return Panel(title, tracks, _AHEAD + 1, found)


def next_quarter(facts: Facts, metric: Metric, last: int) -> tuple[str, str] | None:
    """What is expected of the next quarter, and what that rests on; None where nothing can be said."""
    context = facts.context
    months = facts.months(metric.id, last)
    values = facts.series(metric.id, months)[EVERYWHERE] if months else []
    ahead, one = expected(facts, metric, last)
    if one is None or len(one.points) < len(ahead) or not adds_up(metric):
        return None
    before = dict(zip(months, values, strict=True))
    total = _quarter(one, [before.get(month - 12) for month in ahead])
    said = _said(context, metric, month_label(ahead[-_QUARTER]), month_label(ahead[-1]), total)
    return said, f"{context.text(words.METHODS[one.method])}{words.DOT}{words.N.format(n=one.n)}"


def expected(facts: Facts, metric: Metric, last: int) -> tuple[list[int], Forecast | None]:
    """The months that are not over, and what is expected of them, going by the last months that are."""
    ahead = _ahead(facts.context, facts)

    def found() -> Forecast | None:
        months = facts.months(metric.id, last)
        values = facts.series(metric.id, months)[EVERYWHERE] if months else []
        return forecast([v for v in values if v is not None], len(ahead))

    return ahead, facts.rows.remembered(("forecast", metric.id, last), found)


def _ahead(context: Context, facts: Facts) -> list[int]:
    """The months that are not over, to the end of the quarter after the as-of day's."""
    today = month_of(context.as_of)
    into = (today - (context.model.fiscal_year_start - 1)) % _QUARTER
    end = today - into + 2 * _QUARTER
    return list(range(facts.last_month + 1, end))[-_AHEAD:]


Total = tuple[float, float, float, float | None]


def _quarter(one: Forecast, before: list[float | None]) -> Total:
    """The sums over the quarter. Its limits are the sums of the months' limits: errors of neighbouring months go
    together."""
    last = slice(-_QUARTER, None)
    known = [value for value in before[last] if value is not None]
    year = sum(known) if len(known) == _QUARTER else None
    return sum(one.points[last]), sum(one.low[last]), sum(one.high[last]), year


def _row(label: str, point: float, low: float, high: float, before: float | None) -> tuple[Value, ...]:
    against = point / before - 1 if before is not None and before > 0 else None
    return label, point, low, high, before, against


def _said(context: Context, metric: Metric, first: str, last: str, total: Total) -> str:
    point, low, high, before = total
    year = ""
    if before is not None and before > 0:
        year = context.text(words.FORECAST_YEAR).format(
            before=amount(context, metric, before), change=change(context, metric, before, point)
        )
    return context.text(words.FORECAST_SAID).format(
        first=first,
        last=last,
        metric=context.text(metric.label),
        point=amount(context, metric, point),
        low=amount(context, metric, low),
        high=amount(context, metric, high),
        year=year,
    )


def _method(context: Context, one: Forecast) -> str:
    name = context.text(words.METHODS[one.method])
    naive = next((test for test in (one.chosen, *one.others) if test.method is Method.NAIVE), None)
    if one.chosen.mase is None:
        return context.text(words.NO_BACKTEST).format(method=name)
    return context.text(words.BACKTEST).format(
        method=name,
        origins=one.chosen.origins,
        mase=_two(one.chosen.mase),
        wape="–" if one.chosen.wape is None else f"{one.chosen.wape:.0%}",
        naive=_two(naive.mase if isinstance(naive, Backtest) else None),
    )


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _window(context: Context, months: range) -> str:
    if not months:
        return ""
    return context.text(words.WINDOW).format(first=month_label(months[0]), last=month_label(months[-1]))
