"""How many rows stand behind each month of a metric: a rate of three cases says less than one of three hundred.

Knows rows by month. Does not know any statistic.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import Final

from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, simple_parts
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Aggregation, Metric, MetricType

_MEANS: Final = frozenset({Aggregation.AVERAGE, Aggregation.MEDIAN})


def cases(facts: Facts, metric_id: str, months: range, by: Dimension | None) -> Mapping[str, list[int]]:
    """The rows by month of each group: those that a rate is of, else those of the part that has most."""
    key = ("cases", metric_id, months.start, months.stop, None if by is None else by.paths)
    return facts.rows.remembered(key, lambda: _counted(facts, metric_id, months, by))


def is_mean(metric: Metric) -> bool:
    """Whether a value is a mean of its rows, so that it scatters less the more they are."""
    return metric.type is MetricType.RATIO or (metric.type is MetricType.SIMPLE and metric.agg in _MEANS)


def _counted(facts: Facts, metric_id: str, months: range, by: Dimension | None) -> dict[str, list[int]]:
    metric_of = facts.context.model.metric
    metric = metric_of(metric_id)
    whole = metric_of(metric.denominator) if metric.type is MetricType.RATIO else metric
    parts = [_of_rows(facts, part, months, by) for part in simple_parts(metric_of, whole)]
    groups = sorted({group for part in parts for group in part})
    none = [0] * len(months)
    return {
        group: [max(ns) for ns in zip(*(p.get(group, none) for p in parts), strict=True)] for group in groups
    }


def _of_rows(facts: Facts, metric_id: str, months: range, by: Dimension | None) -> dict[str, list[int]]:
    events = facts.events(metric_id, by)
    found: dict[str, list[int]] = {} if by is not None else {EVERYWHERE: [0] * len(months)}
    end = bisect_left(events.months, months.start)
    for at, month in enumerate(months):
        start, end = end, bisect_left(events.months, month + 1, end)
        if by is None:
            found[EVERYWHERE][at] = end - start
            continue
        for group, n in Counter(events.groups[start:end]).items():
            if group:
                found.setdefault(group, [0] * len(months))[at] = n
    return found
