"""What a change consists of: customers gained and lost, who buy more and less; price, volume and mix.

Knows its table and the two windows. The sums are `analysis.decomposition`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import Final

from crmsheet.analysis.decomposition import (
    CustomerChange,
    PriceVolumeMix,
    by_customers,
    by_price_volume_mix,
)
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import amount, change, signed
from crmsheet.compile.analyses.panels import FIRST, Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.faces import Face
from crmsheet.compile.number_formats import SHARE, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import both, op
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import AnalysisBlock, Dimension
from crmsheet.model.metrics import Metric, MetricType
from crmsheet.plan.cells import CellHighlight
from crmsheet.structs import replace

_BY_CUSTOMER: Final = ("new", "lost", "expanded", "shrunk")
_BY_PRICE: Final = ("price", "volume", "mix")
_TWO_THIRDS: Final = 2 / 3
_NAMED: Final = 3


def decomposition_panel(context: Context, block: AnalysisBlock) -> Panel:
    """The parts, then the customers with the largest changes."""
    metric = context.model.metric(block.metrics[0])
    priced = len(block.metrics) > 1 and bool(block.by)
    entity = block.entity
    assert entity is not None
    tracks = (
        Track(15, theme.ROW_LABEL),
        Track(5, with_format(theme.ROW_FIGURE, "#,##0")),
        Track(9, with_format(theme.ROW_FIGURE, metric_format(context, metric))),
        Track(6, with_format(theme.ROW_FIGURE, f"+{SHARE};-{SHARE};{SHARE}")),
        Track(13, theme.ROW_SMALL),
    )

    def found(facts: Facts) -> Found:
        end = facts.last_month + 1
        now, then = range(end - block.last, end), range(end - block.last - 12, end - 12)
        # Whose orders were all cancelled, or sent back, brought nothing.
        before, after = (
            {who: amount for who, amount in facts.sums(metric.id, entity, months).items() if amount}
            for months in (then, now)
        )
        method = context.text(words.DECOMPOSED_METHOD).format(n=block.last)
        count = len({*before, *after})
        window = context.text(words.WINDOW).format(first=month_label(now[0]), last=month_label(now[-1]))
        method = words.DOT.join((method, words.N.format(n=count), window))
        total = sum(before.values())
        if total <= 0:
            return Found(context.text(words.NO_YEAR), method)
        parts = by_customers(before, after)
        prices = _prices(facts, block, then, now) if priced else None
        if prices is not None:
            # Rows without a product have no price: what they change belongs to the rest.
            prices = replace(prices, mix=prices.mix + parts.total - prices.total)
        rows = _rows(context, parts, prices, total, (len(before), len(after)))
        changes = {who: after.get(who, 0.0) - before.get(who, 0.0) for who in {*before, *after}}
        largest = sorted(changes, key=lambda who: (-abs(changes[who]), who))[: block.top]
        rows += [(who, None, changes[who], changes[who] / total, None) for who in largest if changes[who]]
        said = _said(context, metric, window, parts, total)
        if prices is not None:
            shares = {name: signed(context, metric, getattr(prices, name)) for name in _BY_PRICE}
            said += context.text(words.BY_PRICE).format(**shares)
        elif priced:
            said += context.text(words.PRICE_UNKNOWN)
        few = makers(changes)
        if few:
            names = context.text(words.COMMA).join(few)
            said += context.text(words.FEW_MAKE_IT).format(n=len(few), names=names)
        heads = (words.PART, words.COUNT, words.AMOUNT, words.OF_BEFORE, words.MEANING)
        return Found(said, method, tuple(map(context.text, heads)), tuple(rows))

    def marks(face: Face) -> None:
        left = sum(track.span for track in tracks[:2])
        right = left + tracks[2].span + tracks[3].span - 1
        share = Spot(face.anchor, FIRST, left + tracks[2].span)
        bottom = FIRST + capacity - 1
        falls = both(op(share, "<>", ""), op(share, "<", 0))
        rises = both(op(share, "<>", ""), op(share, ">", 0))
        face.highlights += [
            CellHighlight(FIRST, left, bottom, right, falls, theme.BAD_TEXT, by_row=True),
            CellHighlight(FIRST, left, bottom, right, rises, theme.GOOD_TEXT, by_row=True),
        ]

    capacity = _fixed(priced=priced) + block.top
    title = context.text(words.DECOMPOSITION).format(metric=context.text(metric.label))
    return Panel(title, tracks, capacity, found, marks, context.text(words.NOW))


def _fixed(*, priced: bool) -> int:
    return 2 + len(_BY_CUSTOMER) + (len(_BY_PRICE) if priced else 0)


def makers(changes: Mapping[str, float]) -> list[str]:
    """The few, at most three, who make up two thirds of all that fell; none when it takes more."""
    falls = sorted((amount, who) for who, amount in changes.items() if amount < 0)
    total = sum(amount for amount, _ in falls)
    reached = 0.0
    named: list[str] = []
    for amount_, who in falls[:_NAMED]:
        named.append(who)
        reached += amount_
        if reached <= _TWO_THIRDS * total:
            return named
    return []


def _prices(facts: Facts, block: AnalysisBlock, then: range, now: range) -> PriceVolumeMix | None:
    revenue, quantity = block.metrics[:2]
    windows: list[dict[str, tuple[float, float]]] = []
    for months in (then, now):
        amounts, units = (_summed(facts, metric, block.by[0], months) for metric in (revenue, quantity))
        products = {*amounts, *units}
        windows.append({p: (units.get(p, 0.0), amounts.get(p, 0.0)) for p in products})
    return by_price_volume_mix(*windows)


def _summed(facts: Facts, metric_id: str, by: Dimension, months: range) -> dict[str, float]:
    """A sum, a count or what is added and subtracted of them, by the values of a dimension."""
    if facts.context.model.metric(metric_id).type is MetricType.SIMPLE:
        return facts.sums(metric_id, by, months)
    found = facts.series(metric_id, months, by)
    return {group: fsum(value for value in values if value is not None) for group, values in found.items()}


def _rows(
    context: Context,
    parts: CustomerChange,
    prices: PriceVolumeMix | None,
    before: float,
    counts: tuple[int, int],
) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = [(context.text(words.BEFORE), counts[0], before, None, None)]
    for name, count in zip(_BY_CUSTOMER, parts.counts, strict=True):
        rows.append(_part(context, name, count, getattr(parts, name), before))
    rows.append((context.text(words.NOW), counts[1], before + parts.total, parts.total / before, None))
    if prices is not None:
        rows += [_part(context, name, None, getattr(prices, name), before) for name in _BY_PRICE]
    return rows


def _part(context: Context, name: str, count: int | None, value: float, before: float) -> tuple[Value, ...]:
    label, meaning = words.PARTS[name]
    return context.text(label), count, value, value / before, context.text(meaning)


def _said(context: Context, metric: Metric, window: str, parts: CustomerChange, before: float) -> str:
    after = before + parts.total
    return context.text(words.DECOMPOSED).format(
        window=window,
        metric=context.text(metric.label),
        now=amount(context, metric, after),
        before=amount(context, metric, before),
        change=change(context, metric, before, after),
        **{name: signed(context, metric, getattr(parts, name)) for name in _BY_CUSTOMER},
    )
