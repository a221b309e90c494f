"""Lifetime value by customer: so far, per year, and what the models expect.

Knows its table and when the models stay silent. The models are `analysis.repeat_buying` and `analysis.spending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.repeat_buying import LEAST_CUSTOMERS, LEAST_REPEATERS, Fit, History
from crmsheet.analysis.repeat_buying import fitted as fitted_buying
from crmsheet.analysis.spending import SpendingFit
from crmsheet.analysis.spending import fitted as fitted_spending
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import amount, percent
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock, Dimension
from crmsheet.model.metrics import Metric
from crmsheet.structs import dataclass

_WEEK: Final = 7
_YEAR: Final = 365.25
_WEEKS_A_MONTH: Final = 365.25 / 12 / 7
_MOST_FITTED: Final = 1_000
"""Of more customers the parameters are those of an even sample: they hardly differ, and are found sooner."""
_PENALTY: Final = 0.001
"""Holds the parameters of small samples back."""


@dataclass(frozen=True, slots=True)
class _Buyer:
    name: str
    total: float
    years: float
    history: History
    mean: float
    """Of a repeat purchase."""


@dataclass(frozen=True, slots=True)
class _Expected:
    alive: float
    purchases: float
    value: float


def clv_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric, ahead = context.model.metric(block.metrics[0]), block.last
    entity = block.entity
    assert entity is not None
    money = with_format(theme.ROW_FIGURE, metric_format(context, metric))
    tracks = (
        Track(14, theme.ROW_LABEL),
        Track(4, with_format(theme.ROW_FIGURE, COUNT)),
        Track(6, money),
        Track(6, money),
        Track(5, with_format(theme.ROW_FIGURE, "0%")),
        Track(6, with_format(theme.ROW_FIGURE, "#,##0.0")),
        Track(7, money),
    )

    def found(facts: Facts) -> Found:
        buyers = _buyers(facts, metric, entity)
        sample = buyers[:: -(-len(buyers) // _MOST_FITTED) or 1]
        buying = fitted_buying([b.history for b in sample], _PENALTY)
        spending = fitted_spending([b.history.repeats for b in sample], [b.mean for b in sample], _PENALTY)
        expected = _expected(buyers, buying, spending, ahead)
        heads = [
            context.text(entity.label),
            *map(context.text, (words.REPEATS, words.HISTORIC, words.SIMPLE)),
        ]
        heads.append(context.text(words.ALIVE))
        heads += [context.text(label).format(n=ahead) for label in (words.PURCHASES, words.PREDICTED)]
        order = sorted(
            range(len(buyers)), key=lambda i: (-(expected[i].value if expected else buyers[i].total), i)
        )[: block.top]
        rows = tuple(_row(buyers[i], expected[i] if expected else None) for i in order)
        method = context.text(words.CLV_METHOD if expected else words.CLV_SIMPLE_METHOD)
        if expected and len(sample) < len(buyers):
            method += words.DOT + context.text(words.CLV_SAMPLE).format(n=f"{len(sample):,}")
        window = _window(context, facts, metric)
        method = words.DOT.join(filter(None, (method, words.N.format(n=len(buyers)), window)))
        said = _said(context, block, metric, buying, expected, order)
        return Found(said, method, tuple(heads) if rows else (), rows)

    title = context.text(words.CLV).format(metric=context.text(metric.label))
    return Panel(title, tracks, block.top, found)


def _buyers(facts: Facts, metric: Metric, entity: Dimension) -> list[_Buyer]:
    """Everyone who bought, with purchases of one week as one."""
    events = facts.events(metric.id, entity)
    now = facts.context.as_of
    weeks: dict[str, dict[int, float]] = {}
    first: dict[str, float] = {}
    totals: dict[str, list[float]] = {}
    for day, who, value in zip(events.days, events.groups, events.amounts, strict=True):
        if not who:
            continue
        totals.setdefault(who, []).append(value)
        if value > 0:
            begun = first.setdefault(who, day)
            own = weeks.setdefault(who, {})
            week = int(day - begun) // _WEEK
            own[week] = own.get(week, 0.0) + value
    found = []
    for who in sorted(weeks):
        own, age = weeks[who], now - first[who]
        repeats = [value for week, value in own.items() if week]
        history = History(len(repeats), float(max(own)), float(max(int(age) // _WEEK, *own)))
        mean = fsum(repeats) / len(repeats) if repeats else 0.0
        found.append(_Buyer(who, fsum(totals[who]), max(1.0, age / _YEAR), history, mean))
    return found


def _expected(buyers: Sequence[_Buyer], buying: Fit, spending: SpendingFit, ahead: int) -> list[_Expected]:
    """What the models say of each; nothing when one of them is silent."""
    if buying.model is None or spending.model is None:
        return []
    found = []
    known: dict[History, float] = {}
    for buyer in buyers:
        if buyer.history not in known:
            try:
                known[buyer.history] = buying.model.expected(buyer.history, ahead * _WEEKS_A_MONTH)
            except ValueError:
                return []
        purchases = known[buyer.history]
        value = spending.model.expected(buyer.history.repeats, buyer.mean)
        if value is None:
            return []
        found.append(_Expected(buying.model.alive(buyer.history), purchases, purchases * value))
    return found


def _row(buyer: _Buyer, expected: _Expected | None) -> tuple[Value, ...]:
    known: tuple[Value, ...] = (buyer.name, buyer.history.repeats, buyer.total, buyer.total / buyer.years)
    if expected is None:
        return known
    alive = expected.alive if buyer.history.repeats else None
    return *known, alive, expected.purchases, expected.value


def _said(
    context: Context,
    block: AnalysisBlock,
    metric: Metric,
    buying: Fit,
    expected: Sequence[_Expected],
    order: Sequence[int],
) -> str:
    if not expected:
        if buying.gate is Gate.SMALL_N:
            return context.text(words.CLV_CLOSED).format(
                customers=buying.customers,
                repeaters=buying.repeaters,
                least=LEAST_CUSTOMERS,
                repeating=LEAST_REPEATERS,
            )
        return context.text(words.CLV_FAILED)
    total = fsum(one.value for one in expected)
    shown = fsum(expected[i].value for i in order)
    return context.text(words.CLV_SAID).format(
        n=block.last,
        total=amount(context, metric, total),
        top=len(order),
        share=percent(shown / total if total else None),
    )


def _window(context: Context, facts: Facts, metric: Metric) -> str:
    months = facts.events(metric.id).months
    if not months:
        return ""
    return context.text(words.WINDOW).format(first=month_label(months[0]), last=month_label(months[-1]))
