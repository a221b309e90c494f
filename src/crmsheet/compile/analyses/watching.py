"""What raises an alarm: metrics by month, as a whole and by the values of dimensions, and customers gone silent.

Knows which rules are tried on what, and which alarm of a series is told. The rules are `analysis.alarms`. Does not
know where alarms are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import fsum, sqrt
from statistics import NormalDist, fmean
from typing import Final

from crmsheet.analysis.alarms import (
    BASELINE,
    RUN,
    Alarm,
    Lag,
    Limits,
    Rule,
    Silence,
    beyond_limits,
    drop,
    lag,
    natural_limits,
    outliers,
    run_down,
    silence,
    silence_chances,
)
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, Series, adds_up, month_of
from crmsheet.model.boards import AnalysisBlock, Dimension
from crmsheet.model.metrics import Good, Metric
from crmsheet.structs import dataclass

RECENT: Final = 3
"""An alarm must be raised in one of so many last months: older ones are history."""
WATCHED: Final = 12
"""Months that the baseline does not include, when there are enough before them."""
YEAR: Final = 12
SPAN: Final = 6
"""Months compared with the same months a year before."""
_ALMOST: Final = 1e-9
_CHANCE: Final = 0.01
_FAMILY: Final = 0.05
"""So often may any of the groups of a dimension seem behind by chance."""
_MISTAKEN: Final = 0.25
"""So many customers may be told of that are silent by chance: one in four tables."""
_SIGMAS: Final = 3.0
_OF_TWO: Final = sqrt(2)
"""Two values differ by so much more than one differs from the mean."""
_LEAST_FALL: Final = 0.1
_DROP: Final = 0.3
PAUSES: Final = 2.0
"""Times its usual pause a customer must have been silent."""
_LEAST_IDLE: Final = 90
_FORGOTTEN: Final = 365
_MOST_ZEROS: Final = 0.25
_OF_A_KIND: Final = 2
"""So many alarms of a metric are told for each dimension: the others mostly have the same cause."""
_VALUABLE: Final = 0.8
"""Silent customers are told of as long as those before them bought less than this share in the year before."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm: of which metric, in which group of which dimension (None: all rows), in which month, by which rule.

    `usual` is what the value is measured against: the mean of the baseline, the value before, the year before.
    """

    metric: Metric
    dimension: Dimension | None
    group: str
    month: int
    rule: Rule
    value: float
    bound: float
    usual: float
    n: int
    weight: float
    """How grave it is, in units of chance."""
    rises: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """What was raised, the gravest first, and over how many series of how many months."""

    raised: tuple[Raised, ...]
    series: int
    months: range
    base: int


def watched(facts: Facts, block: AnalysisBlock) -> Watch:
    """The alarms over the metrics of a block, in their order: one for each series, that of the gravest rule, and the
    gravest of each dimension; customers gone silent come last."""
    raised: list[Raised] = []
    silent: list[Raised] = []
    count, base, longest = 0, 0, range(0)
    for metric_id in block.metrics:
        metric = facts.context.model.metric(metric_id)
        months = facts.months(metric_id, block.last)
        longest = months if len(months) > len(longest) else longest
        base = max(base, _base(len(months)))
        own: list[Raised] = []
        for dimension in (None, *(d for d in block.by if not _is_entity(d, block))):
            gravest: list[Raised] = []
            groups = facts.series(metric_id, months, dimension)
            for group, series in groups.items():
                count += 1
                found = list(_of_series(metric, dimension, group, months, series, len(groups)))
                if block.entity is not None and adds_up(metric):
                    found += _behind(facts, metric, block.entity, dimension, group, len(groups))
                gravest += sorted(found, key=_gravity)[:1]
            own += sorted(gravest, key=_gravity)[:_OF_A_KIND]
        raised += sorted(own, key=_gravity)
        each = block.entity if any(_is_entity(d, block) for d in block.by) else None
        if each is not None and adds_up(metric) and not silent:
            silent, seen = _silent(facts, metric, each)
            count += seen
    return Watch((*raised, *silent), count, longest, base)


def _gravity(one: Raised) -> tuple[float, str]:
    return -one.weight, one.group


def _is_entity(dimension: Dimension, block: AnalysisBlock) -> bool:
    return block.entity is not None and dimension.paths == block.entity.paths


def _base(length: int) -> int:
    """How many months the baseline has: all but the last year's, at least twelve."""
    return min(length, max(BASELINE, length - WATCHED))


def _needed(dimension: Dimension | None, groups: int) -> float:
    """So many units of chance a value must be off. Of all rows the three of control charts; of groups more, since among
    many some are always far off: as many as chance alone exceeds in one of a hundred such tables."""
    if dimension is None:
        return _SIGMAS
    return max(_SIGMAS, NormalDist().inv_cdf(1 - _CHANCE / (groups * RECENT)))


def _of_series(
    metric: Metric, dimension: Dimension | None, group: str, months: range, whole: Series, groups: int
) -> Iterator[Raised]:
    """What the rules say of a series by month; only what is bad for the metric, and still so."""
    known = [(month, value) for month, value in zip(months, whole, strict=True) if value is not None]
    series = [value for _, value in known]
    base = _base(len(series))
    limits = natural_limits(series[:base], floor=0.0 if min(series, default=0.0) >= 0 else None)
    zeros = sum(value == 0 for value in series)
    if limits is None or limits.upper <= limits.centre or zeros > _MOST_ZEROS * len(series):
        return
    sigma = (limits.upper - limits.centre) / 3
    recent = len(series) - RECENT
    needed = _needed(dimension, groups)

    def far(alarm: Alarm) -> bool:
        """Whether a value, or the mean of a run, is further off than chance brings one of so many groups."""
        match alarm.rule:
            case Rule.RUN_ABOVE | Rule.RUN_BELOW:
                run = series[alarm.at + 1 - RUN : alarm.at + 1]
                unit = sigma * sqrt(1 / RUN + 1 / base)
                return abs(fmean(run) - limits.centre) >= needed * unit
            case Rule.RUN_DOWN:
                return alarm.bound - alarm.value >= needed * sigma * _OF_TWO
            case _:
                return abs(alarm.value - limits.centre) >= needed * sigma

    def raised(alarm: Alarm, usual: float, *, rises: bool) -> Raised:
        weight = abs(alarm.value - limits.centre) / sigma
        if alarm.rule in (Rule.RUN_ABOVE, Rule.RUN_BELOW):
            weight = max(3.0, weight)
        return Raised(
            metric,
            dimension,
            group,
            known[alarm.at][0],
            alarm.rule,
            alarm.value,
            alarm.bound,
            usual,
            len(series),
            weight,
            rises,
        )

    found = [a for a in beyond_limits(series, limits, base) if a.at >= recent or _runs_on(series, limits, a)]
    found += [a for a in outliers(series) if a.at >= recent]
    fall = run_down(series)
    found += [fall] if fall is not None else []
    sudden = drop(series, _DROP, limits)
    found += [sudden] if sudden is not None else []
    for alarm in found:
        rises = alarm.rule in (Rule.ABOVE_LIMIT, Rule.RUN_ABOVE) or alarm.value > limits.centre
        if _is_bad(metric, rises=rises) and far(alarm):
            yield raised(alarm, limits.centre, rises=rises)


def _runs_on(series: Sequence[float], limits: Limits, alarm: Alarm) -> bool:
    """Whether a run that was raised earlier still goes on."""
    match alarm.rule:
        case Rule.RUN_BELOW:
            return all(value < limits.centre for value in series[alarm.at :])
        case Rule.RUN_ABOVE:
            return all(value > limits.centre for value in series[alarm.at :])
        case _:
            return False


def _is_bad(metric: Metric, *, rises: bool) -> bool:
    return metric.good is Good.NONE or (metric.good is Good.DOWN) == rises


def _behind(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None, group: str, groups: int
) -> list[Raised]:
    """Whether a group does worse than the rest, the last months against the same months a year before."""
    one = compared(facts, metric, entity, dimension, group)
    if one is None or not _is_bad(metric, rises=one.z > 0) or one.p > _FAMILY / groups:
        return []
    expected = one.before * one.rest
    if abs(one.after - expected) < _LEAST_FALL * expected:
        return []
    return [
        Raised(
            metric,
            dimension,
            group,
            facts.last_month,
            Rule.BEHIND,
            one.after,
            expected,
            one.before,
            one.n,
            abs(one.z) + 1,
            one.z > 0,
        )
    ]


def compared(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None, group: str
) -> Lag | None:
    """A group against the rest; all rows against the year before."""
    groups = _windows(facts, metric, entity, dimension)
    before, after = groups.get(group, ({}, {}))
    totals = [fsum(fsum(sums[at].values()) for sums in groups.values()) for at in (0, 1)]
    others = [total - fsum(sums.values()) for total, sums in zip(totals, (before, after), strict=True)]
    alone = dimension is None or others[0] <= _ALMOST * totals[0]
    return lag(before, after, 1.0 if alone else others[1] / others[0])


def moved(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None, group: str
) -> dict[str, float]:
    """By how much each customer of a group changed between the two windows."""
    before, after = _windows(facts, metric, entity, dimension).get(group, ({}, {}))
    return {who: after.get(who, 0.0) - before.get(who, 0.0) for who in {*before, *after}}


_Sums = tuple[dict[str, float], dict[str, float]]


def _windows(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None
) -> dict[str, _Sums]:
    """By group, what each customer brought in the window a year before and in the last one."""
    key = ("windows", metric.id, entity.paths, None if dimension is None else dimension.paths)
    return facts.rows.remembered(key, lambda: _summed(facts, metric, entity, dimension))


def _summed(facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None) -> dict[str, _Sums]:
    whose = facts.events(metric.id, entity)
    groups: Sequence[str] = (EVERYWHERE,) * len(whose.groups)
    if dimension is not None:
        groups = facts.events(metric.id, dimension).groups
    last = facts.last_month
    found: dict[str, _Sums] = {}
    for after, end in ((False, last - YEAR), (True, last)):
        rows = slice(bisect_left(whose.months, end - SPAN + 1), bisect_left(whose.months, end + 1))
        for who, group, value in zip(whose.groups[rows], groups[rows], whose.amounts[rows], strict=True):
            if who:
                sums = found.setdefault(group, ({}, {}))[after]
                sums[who] = sums.get(who, 0.0) + value
    return found


def _silent(facts: Facts, metric: Metric, entity: Dimension) -> tuple[list[Raised], int]:
    """The customers worth most who have bought nothing for three times their usual pause, and how many were
    looked at."""
    events = facts.events(metric.id, entity)
    now = facts.context.as_of
    days: dict[str, list[float]] = defaultdict(list)
    worth: dict[str, float] = defaultdict(float)
    for day, who, value in zip(events.days, events.groups, events.amounts, strict=True):
        if who and value > 0:
            days[who].append(day)
            if day > now - 2 * _FORGOTTEN:
                worth[who] += value
    total = sum(worth.values())
    reached = 0.0
    found: list[Raised] = []
    looked: list[str] = []
    for who in sorted(worth, key=lambda who: (-worth[who], who)):
        if reached >= _VALUABLE * total:
            break
        reached += worth[who]
        looked.append(who)
    chances = silence_chances({who: days[who] for who in looked}, now)
    limit = min(_FAMILY, _MISTAKEN / max(1, len(looked)))
    for who in looked:
        one = silence(days[who], now)
        # Where all pauses are equal any longer one is new.
        unlikely = chances.get(who, 0.0) < limit
        if one is not None and unlikely and _patience(one) < one.idle <= _FORGOTTEN:
            found.append(
                Raised(
                    metric,
                    entity,
                    who,
                    month_of(max(days[who])),
                    Rule.SILENT,
                    one.idle,
                    _patience(one),
                    worth[who] / 2,
                    one.n,
                    worth[who] / total,
                )
            )
    return found, len(looked)


def _patience(one: Silence) -> float:
    """How many days of silence are nothing new: twice the usual pause, the longest one so far."""
    return max(_LEAST_IDLE, one.usual * PAUSES, one.longest)


__all__ = ["EVERYWHERE", "PAUSES", "RECENT", "SPAN", "Raised", "Watch", "compared", "moved", "watched"]
