"""Forecast accuracy: what earlier refreshes expected of months that are over, and what came.

Knows its table. The statistic is `analysis.accuracy`, what was expected is remembered by `foretelling`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.accuracy import LEAST, Accuracy, Pair, accuracy
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import accuracy_words as said
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, month_label
from crmsheet.compile.analyses.foretelling import remembered_forecast
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import CHANGE, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock

_EVEN: Final = 0.005


def accuracy_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    figure = with_format(theme.ROW_FIGURE, metric_format(context, metric))
    share = with_format(theme.ROW_FIGURE, CHANGE)
    tracks = (
        Track(8, theme.ROW_LABEL),
        Track(8, theme.ROW_LABEL),
        *[Track(7, figure)] * 3,
        Track(5, share),
        Track(6, share),
    )

    def found(facts: Facts) -> Found:
        months = facts.months(metric.id, block.last + 1)
        values = dict(zip(months, facts.series(metric.id, months)[EVERYWHERE] if months else (), strict=True))
        pairs: list[Pair] = []
        rows: list[tuple[Value, ...]] = []
        for month in reversed(months):
            forecast, actual = remembered_forecast(facts, metric.id, month), values[month]
            if forecast is None or forecast[1].value is None or actual is None:
                continue
            day, point = forecast
            assert point.value is not None
            one = Pair(point.value, actual, values.get(month - 1))
            pairs.append(one)
            naive = None if one.naive is None else one.naive - actual
            rows.append(
                (
                    month_label(month),
                    date_of(day).isoformat(),
                    one.expected,
                    actual,
                    one.expected - actual,
                    _of(one.expected - actual, actual),
                    _of(naive, actual),
                )
            )
        window = ""
        if rows:
            window = context.text(words.WINDOW).format(first=rows[-1][0], last=rows[0][0])
        method = words.DOT.join(
            filter(None, (context.text(said.METHOD), words.N.format(n=len(pairs)), window))
        )
        heads = (words.MONTH, said.MADE, said.EXPECTED, said.ACTUAL, said.OFF, said.OFF_SHARE, said.NAIVE)
        text = _said(context, accuracy(pairs))
        return Found(text, method, tuple(map(context.text, heads)) if rows else (), tuple(rows))

    title = context.text(said.ACCURACY).format(metric=context.text(metric.label))
    return Panel(title, tracks, block.last, found)


def _of(error: float | None, actual: float) -> float | None:
    return error / actual if error is not None and actual > 0 else None


def _said(context: Context, one: Accuracy) -> str:
    if one.wape.value is None or one.bias.value is None:
        return context.text(said.FEW).format(n=one.wape.n, least=LEAST)
    way = said.EVEN if abs(one.bias.value) < _EVEN else said.HIGH if one.bias.value > 0 else said.LOW
    bias = context.text(way).format(share=percent(abs(one.bias.value)))
    return context.text(said.SAID).format(
        n=one.wape.n, wape=percent(one.wape.value), bias=bias, naive=percent(one.naive.value)
    )
