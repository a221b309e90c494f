"""What raises an alarm: metrics by month, as a whole and by the values of dimensions, and customers gone silent.

Knows which rules are tried on what, and how often chance may raise one. The rules are `analysis.alarms`. Does not
know where alarms are shown.

A table tries some hundreds of things, so something is always unusual. A rule proposes; it is told only where chance
would bring the like in one of a hundred tables, all series, rules and months of a table taken together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Final, TypeAlias

from crmsheet.analysis.alarms import (
    BASELINE,
    RUN,
    Alarm,
    Limits,
    Rule,
    beyond_limits,
    drop,
    natural_limits,
    outliers,
    run_down,
)
from crmsheet.analysis.association import false_discoveries
from crmsheet.analysis.steadiness import Steady, steady
from crmsheet.compile.analyses.cases import cases, is_mean
from crmsheet.compile.analyses.facts import Facts, Series, adds_up
from crmsheet.compile.analyses.lagging import behind, compared
from crmsheet.compile.analyses.raising import Raised, is_bad
from crmsheet.compile.analyses.silence import silent
from crmsheet.model.boards import AnalysisBlock, Dimension
from crmsheet.model.metrics import Metric
from crmsheet.structs import dataclass, replace

RECENT: Final = 3
"""An alarm must be raised in one of so many last months: older ones are history."""
WATCHED: Final = 12
"""Months that the baseline does not include, when there are enough before them."""
_BY_CHANCE: Final = 0.01
_BEHIND_BY_CHANCE: Final = 0.02
"""Likewise of groups held against the others."""
_TRIED: Final = RECENT + 2
"""What is tried of each series: its last months, a run and a fall."""
_LEAST_CASES: Final = 3
"""Rows a month, on the mean of the baseline: fewer leave mostly chance."""
_DROP: Final = 0.3
_MOST_ZEROS: Final = 0.25
_OF_A_KIND: Final = 2
"""So many alarms of a metric are told for each dimension: the others mostly have the same cause."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What was raised, the gravest first, and over how many series of how many months."""

    raised: tuple[Raised, ...]
    series: int
    months: range
    base: int


_Tried: TypeAlias = Raised | None
"""The gravest alarm that rules propose for a series, if any."""


@dataclass(frozen=True, slots=True)
class _Watched:
    """A metric in a group by month, where it has a value, and how many cases each month is of."""

    metric: Metric
    dimension: Dimension | None
    group: str
    months: tuple[int, ...]
    values: tuple[float, ...]
    cases: tuple[float, ...]

    @property
    def base(self) -> int:
        return _base(len(self.values))

    @property
    def weights(self) -> tuple[float, ...]:
        """A month with no row that has a value has that of none: it says as little as one row."""
        return tuple(max(1.0, n) for n in self.cases) if is_mean(self.metric) else (1.0,) * len(self.cases)


def watched(facts: Facts, block: AnalysisBlock) -> Watch:
    """The alarms over the metrics of a block, in their order: one for each series, that of the gravest rule, and the
    gravest of each dimension; customers gone silent come last."""
    monthly: list[_Tried] = []
    yearly: list[_Tried] = []
    silences: list[Raised] = []
    looked: set[tuple[str, Dimension | None, str]] = set()
    customers, base, longest = 0, 0, range(0)
    for metric_id in block.metrics:
        metric = facts.context.model.metric(metric_id)
        months = facts.months(metric_id, block.last)
        longest = months if len(months) > len(longest) else longest
        base = max(base, _base(len(months)))
        for dimension in (None, *(d for d in block.by if not _is_entity(d, block))):
            own = _of_months(facts, metric, dimension, months)
            held = {}
            if block.entity is not None and adds_up(metric):
                held = _of_years(facts, metric, block.entity, dimension, months)
            monthly += own.values()
            yearly += held.values()
            looked |= {(metric_id, dimension, group) for group in (*own, *held)}
        each = block.entity if any(_is_entity(d, block) for d in block.by) else None
        if each is not None and adds_up(metric) and not silences:
            silences, seen = silent(facts, metric, each)
            customers += seen
    found = [*_sure(monthly, _TRIED, _BY_CHANCE), *_sure(yearly, 1, _BEHIND_BY_CHANCE)]
    return Watch((*_told(block, found), *silences), len(looked) + customers, longest, base)


def _sure(tried: Sequence[_Tried], times: int, level: float) -> list[Raised]:
    """What is told of all that was tried, so many times each."""
    chances = false_discoveries([1.0 if one is None else min(1.0, one.chance * times) for one in tried])
    return [one for one, chance in zip(tried, chances, strict=True) if one is not None and chance <= level]


def _told(block: AnalysisBlock, found: Sequence[Raised]) -> list[Raised]:
    """The gravest alarm of each series, and the gravest series of each metric and dimension."""
    told: list[Raised] = []
    series: set[tuple[str, Dimension | None, str]] = set()
    alike: Counter[tuple[str, Dimension | None]] = Counter()
    for one in sorted(found, key=_gravity):
        kind = (one.metric.id, one.dimension)
        if (*kind, one.group) not in series and alike[kind] < _OF_A_KIND:
            series.add((*kind, one.group))
            alike[kind] += 1
            told.append(one)
    return sorted(told, key=lambda one: block.metrics.index(one.metric.id))


def _gravity(one: Raised) -> tuple[float, str]:
    return one.chance, one.group


def _is_entity(dimension: Dimension, block: AnalysisBlock) -> bool:
    return block.entity is not None and dimension.paths == block.entity.paths


def _base(length: int) -> int:
    """How many months the baseline has: all but the last year's, at least twelve."""
    return min(length, max(BASELINE, length - WATCHED))


def _of_months(facts: Facts, metric: Metric, dimension: Dimension | None, months: range) -> dict[str, _Tried]:
    """The gravest of what the rules say of each group that has enough rows to say anything."""
    counted = cases(facts, metric.id, months, dimension)
    found: dict[str, _Tried] = {}
    for group, whole in facts.series(metric.id, months, dimension).items():
        one = _series(metric, dimension, group, months, whole, counted.get(group, ()))
        plain = _baseline(one)
        if plain is not None:
            found[group] = min(_of_series(one, *plain), key=_gravity, default=None)
    return found


def _of_years(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None, months: range
) -> dict[str, _Tried]:
    """How each group that has enough customers did against the others."""
    found: dict[str, _Tried] = {}
    for group in facts.series(metric.id, months, dimension):
        lag = compared(facts, metric, entity, dimension, group)
        if lag is not None:
            found[group] = behind(facts, metric, dimension, group, lag)
    return found


def _series(
    metric: Metric,
    dimension: Dimension | None,
    group: str,
    months: range,
    whole: Series,
    counted: Sequence[int],
) -> _Watched:
    rows = counted or (0,) * len(months)
    known = [each for each in zip(months, whole, rows, strict=True) if each[1] is not None]
    return _Watched(
        metric,
        dimension,
        group,
        tuple(month for month, _, _ in known),
        tuple(value for _, value, _ in known if value is not None),
        tuple(rows for _, _, rows in known),
    )


def _baseline(one: _Watched) -> tuple[Limits, Steady] | None:
    """Control limits and how the series scatters; None of one that is too short, too thin or mostly nothing."""
    if one.base < BASELINE or sum(one.cases[: one.base]) < _LEAST_CASES * one.base:
        return None
    rooted = min(one.values) >= 0
    limits = natural_limits(one.values[: one.base], floor=0.0 if rooted else None)
    zeros = sum(value == 0 for value in one.values)
    if limits is None or limits.upper <= limits.centre or zeros > _MOST_ZEROS * len(one.values):
        return None
    plain = steady(one.values[: one.base], one.weights[: one.base], rooted=rooted)
    return None if plain is None else (limits, plain)


def _of_series(one: _Watched, limits: Limits, plain: Steady) -> Iterator[Raised]:
    """What the rules say of a series by month; only what is bad for the metric, and still so."""
    series, recent = one.values, len(one.values) - RECENT
    found = [
        a for a in beyond_limits(series, limits, one.base) if a.at >= recent or _runs_on(series, limits, a)
    ]
    found += [a for a in _outliers(series, rooted=plain.rooted) if a.at >= recent]
    found += [a for a in (run_down(series), drop(series, _DROP, limits)) if a is not None]
    for alarm in found:
        rises = alarm.rule in (Rule.ABOVE_LIMIT, Rule.RUN_ABOVE) or alarm.value > limits.centre
        if is_bad(one.metric, rises=rises):
            yield Raised(
                one.metric,
                one.dimension,
                one.group,
                one.months[alarm.at],
                alarm.rule,
                alarm.value,
                alarm.bound,
                limits.centre,
                len(series),
                _chance(one, plain, alarm),
                rises,
            )


def _chance(one: _Watched, plain: Steady, alarm: Alarm) -> float:
    """How likely chance would bring what a rule found."""
    values, weights = one.values, one.weights
    match alarm.rule:
        case Rule.RUN_ABOVE | Rule.RUN_BELOW:
            return plain.chance_of_mean(values[-RUN:], weights[-RUN:])
        case Rule.RUN_DOWN:
            top = values.index(alarm.bound)
            return plain.chance_of_step(alarm.bound, weights[top], alarm.value, weights[-1])
        case _:
            return plain.chance(alarm.value, weights[alarm.at])


def _outliers(series: Sequence[float], *, rooted: bool) -> list[Alarm]:
    """Values far from the median, by their roots where there is nothing below zero."""
    if not rooted:
        return outliers(series)
    return [
        replace(alarm, value=series[alarm.at], bound=alarm.bound**2)
        for alarm in outliers([sqrt(value) for value in series])
    ]


def _runs_on(series: Sequence[float], limits: Limits, alarm: Alarm) -> bool:
    """Whether a run that was raised earlier still goes on."""
    match alarm.rule:
        case Rule.RUN_BELOW:
            return all(value < limits.centre for value in series[alarm.at :])
        case Rule.RUN_ABOVE:
            return all(value > limits.centre for value in series[alarm.at :])
        case _:
            return False
