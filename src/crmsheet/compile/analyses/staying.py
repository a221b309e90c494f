"""How long customers stay: the share still buying so many months after their first purchase.

Knows its table and when a customer counts as lost. The curve is `analysis.survival`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.survival import Step, curve, median
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock

_MONTHS: Final = (3, 6, 12, 18, 24, 36)
_YEAR: Final = 12
_LEAST: Final = 20
"""Customers that a curve needs."""
_LEAST_AT_RISK: Final = 5
"""Where fewer have come that far, nothing is said."""


def survival_panel(context: Context, block: AnalysisBlock) -> Panel:
    """`last` is how many months without a purchase make a customer lost."""
    metric_id, entity = block.metrics[0], block.entity
    assert entity is not None
    share = with_format(theme.ROW_FIGURE, SHARE)
    tracks = (
        Track(18, theme.ROW_LABEL),
        *[Track(8, share)] * 3,
        Track(6, with_format(theme.ROW_FIGURE, COUNT)),
    )

    def found(facts: Facts) -> Found:
        events, now = facts.events(metric_id, entity), facts.last_month
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for month, who, amount in zip(events.months, events.groups, events.amounts, strict=True):
            if who and amount > 0 and month <= now:
                first.setdefault(who, month)
                last[who] = month
        # Of the last months nobody can tell yet who has gone: customers are followed up to before them. Followed up to
        # now they would count as staying in months in which they could not have been seen to leave.
        told = now - block.last
        everyone = [who for who in sorted(first) if first[who] <= told]
        gone = [last[who] <= told for who in everyone]
        ages = [
            float((last[who] if lost else told) - first[who])
            for who, lost in zip(everyone, gone, strict=True)
        ]
        method = context.text(words.SURVIVAL_METHOD).format(n=block.last)
        counted = context.text(words.CUSTOMER_COUNT).format(n=len(everyone), lost=sum(gone))
        method = words.DOT.join((method, counted, *_window(context, first, facts)))
        if len(everyone) < _LEAST:
            said = context.text(words.TOO_FEW).format(
                least=_LEAST, unit=context.text(words.CUSTOMERS), n=len(everyone)
            )
            return Found(said, method)
        steps = curve(ages, gone)
        rows = [row for months in _MONTHS if (row := _row(context, steps, ages, months))]
        heads = (words.SINCE_FIRST, words.STAYING, words.LOW95, words.HIGH95, words.AT_RISK)
        return Found(_said(context, steps, ages), method, tuple(map(context.text, heads)), tuple(rows))

    return Panel(context.text(words.SURVIVAL), tracks, len(_MONTHS), found)


def _at(steps: list[Step], months: int) -> Step | None:
    """The step that holds at a time."""
    reached = [step for step in steps if step.time <= months]
    return reached[-1] if reached else None


def _row(context: Context, steps: list[Step], ages: list[float], months: int) -> tuple[Value, ...]:
    at_risk = sum(age >= months for age in ages)
    if at_risk < _LEAST_AT_RISK:
        return ()
    step = _at(steps, months)
    label = context.text(words.AFTER_MONTHS).format(n=months)
    if step is None:
        return label, 1.0, None, None, at_risk
    return label, step.share, step.low, step.high, at_risk


def _said(context: Context, steps: list[Step], ages: list[float]) -> str:
    half = median(steps)
    middle = context.text(words.NO_MEDIAN)
    if half is not None:
        middle = context.text(words.MEDIAN).format(n=f"{half:g}")
    year = _at(steps, _YEAR)
    if year is None or sum(age >= _YEAR for age in ages) < _LEAST_AT_RISK:
        return middle
    return context.text(words.SURVIVAL_SAID).format(
        year=percent(year.share), low=percent(year.low), high=percent(year.high), median=middle
    )


def _window(context: Context, first: dict[str, int], facts: Facts) -> tuple[str, ...]:
    if not first:
        return ()
    window = context.text(words.WINDOW)
    return (window.format(first=month_label(min(first.values())), last=month_label(facts.last_month)),)
