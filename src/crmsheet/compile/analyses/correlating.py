"""Correlation of figures, two by two: month by month, or customer by customer.

Knows its table and the words that hold it back. The statistics are `analysis.association`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final, TypeVar

from crmsheet.analysis.association import RELIABLE_PAIRS, Association, holm, pearson, spearman
from crmsheet.analysis.gates import Gate
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import correlation_words as said
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, Series, month_label
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.words import Label
from crmsheet.structs import dataclass

T = TypeVar("T")
_SIGNIFICANT: Final = 0.05
_COEFFICIENT: Final = with_format(theme.ROW_FIGURE, "0.00")
_P: Final = with_format(theme.ROW_FIGURE, "0.000")
_TRACKS: Final = (
    Track(10, theme.ROW_LABEL),
    Track(10, theme.ROW_LABEL),
    Track(4, with_format(theme.ROW_FIGURE, COUNT)),
    Track(4, _COEFFICIENT),
    Track(4, _P),
    Track(4, _COEFFICIENT),
    Track(4, _P),
    Track(8, theme.ROW_SMALL),
)
_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two metrics and what their values say."""

    one: str
    other: str
    linear: Association
    ranks: Association


def correlation_panel(context: Context, block: AnalysisBlock) -> Panel:
    def found(facts: Facts) -> Found:
        if block.entity is None:
            months = _months(facts, block)
            series = [facts.series(m, months)[EVERYWHERE] for m in block.metrics]
            pairs = [_pair(*names, *_changes(*values)) for names, values in _two(block.metrics, series)]
            unit = context.text(said.BY_MONTH)
        else:
            end = facts.last_month + 1
            months = range(end - block.last, end)
            totals = [facts.sums(m, block.entity, months) for m in block.metrics]
            who = sorted(set().union(*totals))
            columns = [[one.get(name, 0.0) for name in who] for one in totals]
            pairs = [_pair(*names, *values) for names, values in _two(block.metrics, columns)]
            unit = context.text(said.BY_ENTITY).format(entity=context.text(block.entity.label))
        readings = _readings(pairs)
        method = context.text(said.METHOD).format(unit=unit)
        if months:
            window = context.text(words.WINDOW).format(
                first=month_label(months[0]), last=month_label(months[-1])
            )
            method = words.DOT.join((method, window))
        order = sorted(range(len(pairs)), key=lambda i: (-abs(pairs[i].linear.value or 0), i))
        rows = tuple(_row(context, pairs[i], readings[i]) for i in order[: block.top])
        told = [pairs[i] for i in order if readings[i] in (said.TOGETHER, said.OPPOSED)]
        which = ""
        if told:
            names = [context.text(context.model.metric(m).label) for m in (told[0].one, told[0].other)]
            which = context.text(said.WHICH).format(
                one=names[0], other=names[1], r=f"{told[0].linear.value:.2f}", n=told[0].linear.n
            )
        text = context.text(said.SAID).format(pairs=len(pairs), found=len(told), which=which)
        heads = (said.ONE, said.OTHER, None, said.PEARSON, said.P, said.SPEARMAN, said.P, said.READING)
        return Found(text, method, tuple("n" if h is None else context.text(h) for h in heads), rows)

    return Panel(context.text(said.CORRELATION), _TRACKS, block.top, found)


def _months(facts: Facts, block: AnalysisBlock) -> range:
    """The months that all of the metrics have."""
    spans = [facts.months(m, block.last) for m in block.metrics]
    return range(max(s.start for s in spans), max(s.stop for s in spans))


def _two(names: Sequence[str], values: Sequence[T]) -> list[tuple[tuple[str, str], tuple[T, T]]]:
    return list(zip(combinations(names, 2), combinations(values, 2), strict=True))


def _changes(one: Series, other: Series) -> tuple[list[float], list[float]]:
    """Changes from month to month, where both are known on both sides."""
    steps = [
        (b - a, d - c)
        for (a, b), (c, d) in zip(pairwise(one), pairwise(other), strict=True)
        if a is not None and b is not None and c is not None and d is not None
    ]
    return [a for a, _ in steps], [b for _, b in steps]


def _pair(one: str, other: str, xs: list[float], ys: list[float]) -> _Pair:
    return _Pair(one, other, pearson(xs, ys), spearman(xs, ys))


def _readings(pairs: list[_Pair]) -> list[Label]:
    known = [i for i, p in enumerate(pairs) if p.linear.p is not None and p.ranks.p is not None]
    linear = dict(zip(known, holm([pairs[i].linear.p or 0.0 for i in known]), strict=True))
    ranks = dict(zip(known, holm([pairs[i].ranks.p or 0.0 for i in known]), strict=True))
    return [_reading(pair, linear.get(i), ranks.get(i)) for i, pair in enumerate(pairs)]


def _reading(pair: _Pair, linear: float | None, ranks: float | None) -> Label:
    if pair.linear.gate is Gate.NO_VARIANCE:
        return said.ONE_VALUE
    if linear is None or ranks is None or pair.linear.n < RELIABLE_PAIRS:
        return said.TOO_FEW
    if linear > _SIGNIFICANT:
        return said.NOT_SEEN
    same = (pair.linear.value or 0) * (pair.ranks.value or 0) > 0
    if ranks > _SIGNIFICANT or not same:
        return said.OUTLIERS
    return said.TOGETHER if (pair.linear.value or 0) > 0 else said.OPPOSED


def _row(context: Context, pair: _Pair, reading: Label) -> tuple[Value, ...]:
    names = [context.text(context.model.metric(m).label) for m in (pair.one, pair.other)]
    shown = pair.linear.n >= RELIABLE_PAIRS
    figures: list[Value] = []
    for one in (pair.linear, pair.ranks):
        figures += [_NONE if value is None or not shown else value for value in (one.value, one.p)]
    return *names, pair.linear.n, *figures, context.text(reading)
