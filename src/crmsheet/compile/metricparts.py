"""What a metric is made of: parts, each of which is one cell.

Knows that an average is a sum and a count, a ratio two metrics, a conversion three counts, and which of its parts a
metric is computed from. Does not know the formula of a part (`metrics`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, assert_never

from crmsheet.compile.columns import converted_id
from crmsheet.formulas.tree import Measure, walk
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import Model
from crmsheet.structs import dataclass


class PartKind(StrEnum):
    """`sum` and `count` add up over disjoint slices; the others do not."""

    SUM = "sum"
    COUNT = "count"
    MEAN = "mean"
    EXTREME = "extreme"
    DISTINCT = "distinct"
    MEDIAN = "median"
    RATIO = "ratio"
    DERIVED = "derived"
    SAME = "same"
    """Another part's value, counted in a window of its own."""
    CONVERTED = "converted"
    PER_ROW = "per row"
    """Over the rows of a table, by what other metrics are for each."""


class Role(StrEnum):
    """What a part is of its metric, where it is not its value."""

    VALUE = ""
    SUM = "sum"
    COUNT = "n"
    LEAST = "least"
    """The last of the largest values."""
    ALL = "all"
    """Of conversion: every base event; `COUNT` are those that are old enough to tell."""
    CONVERTED = "converted"


ADDITIVE: Final = (PartKind.SUM, PartKind.COUNT)
COMPOSED: Final = (PartKind.MEAN, PartKind.RATIO, PartKind.DERIVED, PartKind.SAME, PartKind.CONVERTED)
"""Computed from other parts alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a metric's computation. `id` is the metric's own for the part that is its value.

    `frames` are the metrics that count it in windows of their own, the outermost first; `inner` is what the
    ids of the metrics in an expression get behind them for that. `beside` are parts that conditions name.
    """

    id: str
    metric: Metric
    kind: PartKind
    needs: tuple[str, ...] = ()
    role: Role = Role.VALUE
    frames: tuple[Metric, ...] = ()
    inner: str = ""
    outer: str = ""
    beside: tuple[str, ...] = ()
    column: str = ""
    """The hidden column of a conversion that chooses among the metric's rows."""


def parts(model: Model, metric_ids: Iterable[str]) -> tuple[Part, ...]:
    """The parts of metrics, each behind those it needs, none twice."""
    found: dict[str, Part] = {}
    for metric_id in metric_ids:
        _collect(model, metric_id, found, (), "")
    return tuple(found.values())


def _collect(
    model: Model, metric_id: str, found: dict[str, Part], frames: tuple[Metric, ...], outer: str
) -> None:
    own = metric_id + outer
    if own in found:
        return
    metric = model.metric(metric_id)
    framing = metric.type is MetricType.CUMULATIVE or metric.offset_window is not None
    inner = f"@{metric_id}{outer}" if framing else outer
    within = (*frames, metric) if framing else frames
    beside = tuple(dict.fromkeys(n + outer for n in _conditions(metric)))
    for needed in _conditions(metric):
        _collect(model, needed, found, frames, outer)
    for needed in _made_of(metric):
        _collect(model, needed, found, within, inner)
    needs = tuple(n + inner for n in _made_of(metric))
    kind: PartKind
    match metric.type:
        case MetricType.SIMPLE:
            for part in _simple_parts(metric, frames, outer):
                found[part.id] = part
            return
        case MetricType.CONVERSION:
            for part in _conversion_parts(model, metric, frames, outer):
                found[part.id] = part
            needs = tuple(f"{metric_id}~{role}{outer}" for role in (Role.CONVERTED, Role.COUNT, Role.ALL))
            kind = PartKind.CONVERTED
        case MetricType.RATIO:
            kind = PartKind.RATIO
        case MetricType.DERIVED:
            kind = PartKind.DERIVED
        case MetricType.CUMULATIVE:
            kind = PartKind.SAME
        case _:
            assert_never(metric.type)
    found[own] = Part(own, metric, kind, needs, frames=frames, inner=inner, outer=outer, beside=beside)


def _made_of(metric: Metric) -> tuple[str, ...]:
    """The metrics whose cells a metric is computed from."""
    match metric.type:
        case MetricType.SIMPLE | MetricType.CONVERSION:
            return ()
        case MetricType.RATIO:
            return metric.numerator, metric.denominator
        case MetricType.DERIVED:
            return measures(metric)
        case MetricType.CUMULATIVE:
            return (metric.metric,)
        case _:
            assert_never(metric.type)


def _conditions(metric: Metric) -> tuple[str, ...]:
    """The metrics that say whether there is a number."""
    named = [n.metric for one in metric.not_applicable for n in walk(one.when) if isinstance(n, Measure)]
    return tuple(dict.fromkeys((*named, *([metric.sample] if metric.sample else ()))))


def _simple_parts(metric: Metric, frames: tuple[Metric, ...], outer: str) -> tuple[Part, ...]:
    def part(kind: PartKind, role: Role = Role.VALUE, needs: tuple[str, ...] = ()) -> Part:
        id_ = f"{metric.id}~{role}{outer}" if role else metric.id + outer
        return Part(id_, metric, kind, needs, role, frames, outer=outer)

    rows = metric.per_row
    match metric.agg:
        case Aggregation.SUM if metric.top is not None:
            least = part(PartKind.PER_ROW, Role.LEAST)
            return least, part(PartKind.PER_ROW, needs=(least.id,))
        case Aggregation.SUM:
            return (part(PartKind.PER_ROW if rows else PartKind.SUM),)
        case Aggregation.COUNT:
            return (part(PartKind.PER_ROW if rows else PartKind.COUNT),)
        case Aggregation.AVERAGE:
            total = part(PartKind.PER_ROW if rows else PartKind.SUM, Role.SUM)
            count = part(PartKind.PER_ROW if rows else PartKind.COUNT, Role.COUNT)
            return total, count, part(PartKind.MEAN, needs=(total.id, count.id))
        case Aggregation.MIN | Aggregation.MAX:
            return (part(PartKind.PER_ROW if rows else PartKind.EXTREME),)
        case Aggregation.COUNT_DISTINCT:
            return (part(PartKind.DISTINCT),)
        case Aggregation.MEDIAN:
            return (part(PartKind.PER_ROW if rows else PartKind.MEDIAN),)
        case _:
            assert_never(metric.agg)


def _conversion_parts(
    model: Model, metric: Metric, frames: tuple[Metric, ...], outer: str
) -> tuple[Part, ...]:
    """All base events, those old enough to tell, and those that converted: counts of rows of one table."""
    base = model.metric(metric.base)

    def part(role: Role) -> Part:
        column = "" if role is Role.ALL else converted_id(metric)
        id_ = f"{metric.id}~{role}{outer}"
        return Part(id_, base, PartKind.COUNT, (), role, frames, outer=outer, column=column)

    return part(Role.ALL), part(Role.COUNT), part(Role.CONVERTED)


def measures(metric: Metric) -> tuple[str, ...]:
    """The metrics that a derived one is computed from."""
    assert metric.expr is not None
    return tuple(dict.fromkeys(n.metric for n in walk(metric.expr) if isinstance(n, Measure)))


def is_timed(model: Model, part: Part) -> bool:
    """Whether the rows of a part are placed in time."""
    if part.kind is PartKind.PER_ROW:
        from crmsheet.compile import perrow

        return bool(part.metric.time) or any(f.time for f in perrow.facts(model, part.metric))
    return bool(part.metric.time)


def tables(model: Model, metric_id: str) -> tuple[str, ...]:
    """The fact tables of a metric."""
    return tuple(
        dict.fromkeys(
            p.metric.table for p in parts(model, [metric_id]) if p.kind not in COMPOSED and p.metric.table
        )
    )


def is_stock(model: Model, metric_id: str) -> bool:
    """Whether no window of time changes the metric."""
    return not any(is_timed(model, p) for p in parts(model, [metric_id]) if p.kind not in COMPOSED)


def sample(model: Model, metric_id: str, outer: str = "") -> str:
    """The part that says over how many records a rate or mean was taken; empty for other metrics."""
    metric = model.metric(metric_id)
    match metric.type:
        case MetricType.RATIO:
            denominator = model.metric(metric.denominator)
            counted = denominator.type is MetricType.SIMPLE and denominator.agg in (
                Aggregation.COUNT,
                Aggregation.COUNT_DISTINCT,
            )
            return metric.denominator + outer if counted or metric.min_n else ""
        case MetricType.CONVERSION:
            return f"{metric_id}~{Role.COUNT}{outer}"
        case MetricType.CUMULATIVE:
            return sample(model, metric.metric, f"@{metric_id}{outer}")
        case MetricType.DERIVED:
            return metric.sample + outer if metric.sample else ""
        case MetricType.SIMPLE:
            return f"{metric_id}~{Role.COUNT}{outer}" if metric.agg is Aggregation.AVERAGE else ""
        case _:
            assert_never(metric.type)
