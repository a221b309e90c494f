"""Insights: what the numbers say, in sentences, each with what it rests on.

Knows which sentence is made of what. What is unusual is known by `watching`, what is to come by `forecasting`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum
from typing import Final

from crmsheet.analysis.alarms import Rule, natural_limits
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.alarming import where
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, adds_up, month_label
from crmsheet.compile.analyses.forecasting import next_quarter
from crmsheet.compile.analyses.lagging import SPAN, compared, moved
from crmsheet.compile.analyses.numbers import amount, change
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.analyses.parts import makers
from crmsheet.compile.analyses.raising import Raised
from crmsheet.compile.analyses.watching import watched
from crmsheet.compile.pieces import Context
from crmsheet.compile.theme import wrapped_lines
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.metrics import Metric
from crmsheet.structs import dataclass

_SENTENCE: Final = theme.FACT_TEXT
_TRACKS: Final = (Track(38, _SENTENCE), Track(10, theme.ROW_SMALL))
_HEIGHT: Final = 31.0
_LINES: Final = 2
"""Lines of a sentence that such a row shows."""
_NAMED: Final = 3
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Insight:
    """A sentence and what it rests on."""

    said: str
    rests: str


def insights_panel(context: Context, block: AnalysisBlock) -> Panel:
    def found(facts: Facts) -> Found:
        told = insights(facts, block)
        watch_months = facts.months(block.metrics[0], block.last)
        window = ""
        if watch_months:
            window = context.text(words.WINDOW).format(
                first=month_label(watch_months[0]), last=month_label(watch_months[-1])
            )
        rows = tuple((one.said, one.rests) for one in told[: block.top])
        # Without a month that is over nothing was looked at.
        none = words.SAID_NONE if watch_months else words.SAID_EMPTY
        said = context.text(words.SAID_SOME).format(n=len(rows)) if rows else context.text(none)
        heads = tuple(map(context.text, (words.FINDING, words.RESTS_ON))) if rows else ()
        return Found(
            said, words.DOT.join(filter(None, (context.text(words.INSIGHTS_METHOD), window))), heads, rows
        )

    heights = dict.fromkeys(range(block.top), _HEIGHT)
    return Panel(context.text(words.INSIGHTS), _TRACKS, block.top, found, heights=heights)


def insights(facts: Facts, block: AnalysisBlock) -> list[Insight]:
    """How the first metric did last month, what is unusual, what is to come."""
    metric = facts.context.model.metric(block.metrics[0])
    watch = watched(facts, block)
    told = _latest(facts, metric, block.last)
    silent = [one for one in watch.raised if one.rule is Rule.SILENT]
    unusual = [one for one in watch.raised if one.rule is not Rule.SILENT and not _told(one, metric)]
    seen: set[tuple[str, str]] = set()
    for one in unusual:
        # One sentence for each metric and dimension: the others mostly have the same cause.
        place = (one.metric.id, one.dimension.id if one.dimension is not None else "")
        if place not in seen:
            seen.add(place)
            told.append(_unusual(facts, block, one))
    if silent:
        told.insert(min(len(told), 1 + _NAMED), _silent(facts.context, silent))
    coming = next_quarter(facts, metric, block.last)
    if coming is not None:
        told.insert(min(len(told), block.top - 1), Insight(*coming))
    return told


def _told(one: Raised, metric: Metric) -> bool:
    """Whether the first sentence says it already: the limits of the first metric as a whole."""
    limits = (Rule.BELOW_LIMIT, Rule.ABOVE_LIMIT, Rule.OUTLIER)
    return one.metric is metric and one.dimension is None and one.rule in limits


def _latest(facts: Facts, metric: Metric, last: int) -> list[Insight]:
    context = facts.context
    months = facts.months(metric.id, last)
    series = facts.series(metric.id, months)[EVERYWHERE] if months else []
    if not series or series[-1] is None:
        return []
    value = series[-1]
    if value == 0 and adds_up(metric) and any(series[:-1]):
        named = {"month": month_label(months[-1]), "metric": context.text(metric.label)}
        rests = context.text(words.MONTHS_SEEN).format(n=len(series))
        return [Insight(context.text(words.NOTHING_YET).format(**named), rests)]
    known = [v for v in series[:-1] if v is not None]
    limits = natural_limits(known, floor=0.0 if min(known, default=0.0) >= 0 else None)
    state, bound = "unknown", 0.0
    if limits is not None:
        state = "low" if value < limits.lower else "high" if value > limits.upper else "usual"
        bound = limits.lower if state == "low" else limits.upper
    facts_said = {
        "month": month_label(months[-1]),
        "metric": context.text(metric.label),
        "value": amount(context, metric, value),
        "state": context.text(words.STATES[state]).format(bound=amount(context, metric, bound)),
    }
    before = series[-1 - _YEAR] if len(series) > _YEAR else None
    moved_by = change(context, metric, before, value) if before is not None else ""
    label = words.LATEST if moved_by else words.LATEST_ALONE
    rests = context.text(words.MONTHS_SEEN).format(n=len(known) + 1)
    return [Insight(context.text(label).format(change=moved_by, **facts_said), rests)]


def _unusual(facts: Facts, block: AnalysisBlock, one: Raised) -> Insight:
    context, metric = facts.context, one.metric
    said = {
        "where": where(context, one),
        "metric": context.text(metric.label),
        "month": month_label(one.month),
        "value": amount(context, metric, one.value),
        "bound": amount(context, metric, one.bound),
        "usual": amount(context, metric, one.usual),
        "rule": context.text(words.RULES[one.rule]),
    }
    rests = context.text(words.MONTHS_SEEN).format(n=one.n)
    match one.rule:
        case Rule.BEHIND:
            return _behind(facts, block, one, said)
        case Rule.RUN_ABOVE | Rule.RUN_BELOW:
            label = words.RUN_SAID
        case Rule.RUN_DOWN | Rule.DROP:
            label = words.FALL_SAID
        case _:
            label = words.LIMIT_SAID
    return Insight(context.text(label).format(**said), rests)


def _behind(facts: Facts, block: AnalysisBlock, one: Raised, said: dict[str, str]) -> Insight:
    context, metric, entity = facts.context, one.metric, block.entity
    assert entity is not None
    lag = compared(facts, metric, entity, one.dimension, one.group)
    rest = "" if lag is None else f"{lag.rest - 1:+.0%}"
    label = words.WHOLE_BEHIND if one.dimension is None else words.BEHIND_SAID
    text = context.text(label).format(
        span=SPAN, change=change(context, metric, one.usual, one.value), rest=rest, **said
    )
    few = makers(moved(facts, metric, entity, one.dimension, one.group)) if one.value < one.usual else []
    if few:
        beginning, label = text, words.FEW_MAKE_IT
        text = _naming(
            context, few, lambda names: beginning + context.text(label).format(n=len(few), names=names)
        )
    p = "" if lag is None else f"p={lag.p:.3f}"
    return Insight(text, context.text(words.CUSTOMERS_SEEN).format(n=one.n, p=p))


def _silent(context: Context, raised: list[Raised]) -> Insight:
    one = raised[0]
    names = [
        context.text(words.SILENT_ONE).format(who=r.group, days=round(r.value), usual=round(r.bound))
        for r in raised
    ]
    worth = amount(context, one.metric, fsum(r.usual for r in raised))
    said = _naming(
        context,
        names,
        lambda named: context.text(words.SILENT_SAID).format(n=len(raised), worth=worth, names=named),
    )
    return Insight(said, context.text(words.RULES[Rule.SILENT]))


def _naming(context: Context, names: Sequence[str], sentence: Callable[[str], str]) -> str:
    """A sentence with as many of these names as its row has room for, and at least one."""
    said = ""
    for count in range(min(_NAMED, len(names)), 0, -1):
        named = context.text(words.AND).join(names[:count])
        said = sentence(named + context.text(words.AND_MORE) if count < len(names) else named)
        if wrapped_lines(said, _TRACKS[0].span * theme.GRID_WIDTH) <= _LINES:
            break
    return said
