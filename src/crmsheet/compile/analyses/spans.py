"""A metric over any span of days, of all rows or of those that belong to something.

Knows how rows of a span become a value and how many they are. Does not know what spans are compared for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Final

from crmsheet.analysis.gates import Estimate, closed
from crmsheet.compile.analyses.facts import AGGREGATES, Facts, measures_of
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.structs import dataclass

Scope = tuple[tuple[Dimension, str], ...]
"""Values of dimensions that rows must have, all of them."""
SpanValue = Callable[[float, float], Estimate]
_ADDS: Final = (Aggregation.SUM, Aggregation.COUNT)


@dataclass(frozen=True, slots=True)
class Spans:
    """A metric by spans of days; `first` is the day of its first row, None without any."""

    value: SpanValue
    first: float | None


def spans(facts: Facts, metric: Metric, scope: Scope = ()) -> Spans:
    """Of a metric whose parts have a time."""
    match metric.type:
        case MetricType.SIMPLE:
            return _of_rows(facts, metric, scope)
        case MetricType.RATIO:
            above, below = (
                spans(facts, _part(facts, m), scope) for m in (metric.numerator, metric.denominator)
            )

            def share(start: float, end: float) -> Estimate:
                hits, cases = above.value(start, end), below.value(start, end)
                if hits.value is None or not cases.value or cases.n < metric.min_n:
                    return closed(cases.n)
                return Estimate(hits.value / cases.value, cases.n)

            return Spans(share, below.first)
        case MetricType.DERIVED:
            assert metric.expr is not None
            return _derived(
                facts, metric, {m: spans(facts, _part(facts, m), scope) for m in measures_of(metric.expr)}
            )
        case _:
            raise ValueError(f"{metric.id} has no value of a span")


def _part(facts: Facts, metric_id: str) -> Metric:
    return facts.context.model.metric(metric_id)


def _derived(facts: Facts, metric: Metric, parts: Mapping[str, Spans]) -> Spans:
    expr = metric.expr
    assert expr is not None

    def value(start: float, end: float) -> Estimate:
        found = {name: part.value(start, end) for name, part in parts.items()}
        n = (
            found[metric.sample].n
            if metric.sample in found
            else min((one.n for one in found.values()), default=0)
        )
        numbers = {name: one.value for name, one in found.items() if one.value is not None}
        if len(numbers) < len(found) or n < metric.min_n:
            return closed(n)
        number = facts.number(expr, numbers)
        return closed(n) if number is None else Estimate(number, n)

    return Spans(value, min((p.first for p in parts.values() if p.first is not None), default=None))


def _of_rows(facts: Facts, metric: Metric, scope: Scope) -> Spans:
    days, amounts = _rows(facts, metric, scope)
    sums = list(accumulate(amounts, initial=0.0)) if metric.agg in _ADDS else []

    def value(start: float, end: float) -> Estimate:
        first, last = bisect_left(days, start), bisect_left(days, end)
        n = last - first
        if sums:
            return Estimate(sums[last] - sums[first], n)
        found = AGGREGATES[metric.agg](list(amounts[first:last]))
        return closed(n) if found is None or n < metric.min_n else Estimate(found, n)

    # The rows of everything say how far back anything was written down.
    everything = facts.events(metric.id).days
    return Spans(value, everything[0] if everything else None)


def _rows(facts: Facts, metric: Metric, scope: Scope) -> tuple[Sequence[float], Sequence[float]]:
    """Days and amounts of the rows in a scope, in the order of the days."""
    whole = facts.counted(metric)
    if not scope:
        return whole.days, whole.amounts
    wanted = [value for _, value in scope]
    groups = zip(*(facts.counted(metric, dimension).groups for dimension, _ in scope), strict=True)
    kept = [at for at, held in enumerate(groups) if list(held) == wanted]
    return [whole.days[at] for at in kept], [whole.amounts[at] for at in kept]
