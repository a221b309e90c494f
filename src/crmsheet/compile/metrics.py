"""Metrics as formulas: a value cell that is a number or #N/A, and a reason cell that says why there is none.

Knows the parts a metric is made of, each one cell: an average is a sum and a count, a ratio two metrics.
Does not know where the cells stand; `of` gives the cell of another part in the same slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from crmsheet.compile import board_words as words
from crmsheet.compile.columns import criterion_id, first_id, path_field
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.compile.slices import Slice, criteria
from crmsheet.formulas.tree import Binary, Call, Column, Measure, Node, Number, Text, rewritten, walk
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import FieldType, Model
from crmsheet.model.words import Label


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


ADDITIVE: Final = (PartKind.SUM, PartKind.COUNT)
_ANY_NUMBER: Final = Text(">-1E+300")
"""The criterion that holds for every number and for nothing else."""
COMPOSED: Final = (PartKind.MEAN, PartKind.RATIO, PartKind.DERIVED)
"""Computed from other parts alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a metric's computation. `id` is the metric's own for the part that is its value."""

    id: str
    metric: Metric
    kind: PartKind
    needs: tuple[str, ...] = ()


Cells = Callable[[str], Node]
"""The value cell of a part, by its id."""


def parts(model: Model, metric_ids: Iterable[str]) -> tuple[Part, ...]:
    """The parts of metrics, each behind those it needs, none twice."""
    found: dict[str, Part] = {}
    for metric_id in metric_ids:
        _collect(model, metric_id, found)
    return tuple(found.values())


def _collect(model: Model, metric_id: str, found: dict[str, Part]) -> None:
    if metric_id in found:
        return
    metric = model.metric(metric_id)
    match metric.type:
        case MetricType.SIMPLE:
            for part in _simple_parts(metric):
                found[part.id] = part
        case MetricType.RATIO:
            pair = (metric.numerator, metric.denominator)
            for needed in pair:
                _collect(model, needed, found)
            found[metric_id] = Part(metric_id, metric, PartKind.RATIO, pair)
        case MetricType.DERIVED:
            needs = measures(metric)
            for needed in needs:
                _collect(model, needed, found)
            found[metric_id] = Part(metric_id, metric, PartKind.DERIVED, needs)
        case _:
            assert_never(metric.type)


def _simple_parts(metric: Metric) -> tuple[Part, ...]:
    match metric.agg:
        case Aggregation.SUM:
            return (Part(metric.id, metric, PartKind.SUM),)
        case Aggregation.COUNT:
            return (Part(metric.id, metric, PartKind.COUNT),)
        case Aggregation.AVERAGE:
            total = Part(f"{metric.id}~sum", metric, PartKind.SUM)
            count = Part(f"{metric.id}~n", metric, PartKind.COUNT)
            return total, count, Part(metric.id, metric, PartKind.MEAN, (total.id, count.id))
        case Aggregation.MIN | Aggregation.MAX:
            return (Part(metric.id, metric, PartKind.EXTREME),)
        case Aggregation.COUNT_DISTINCT:
            return (Part(metric.id, metric, PartKind.DISTINCT),)
        case Aggregation.MEDIAN:
            return (Part(metric.id, metric, PartKind.MEDIAN),)
        case _:
            assert_never(metric.agg)


def measures(metric: Metric) -> tuple[str, ...]:
    """The metrics that a derived one is computed from."""
    assert metric.expr is not None
    return tuple(dict.fromkeys(n.metric for n in walk(metric.expr) if isinstance(n, Measure)))


def tables(model: Model, metric_id: str) -> tuple[str, ...]:
    """The fact tables of a metric."""
    return tuple(
        dict.fromkeys(
            p.metric.table for p in parts(model, [metric_id]) if p.kind not in COMPOSED and p.metric.table
        )
    )


def is_stock(model: Model, metric_id: str) -> bool:
    """Whether no window of time changes the metric."""
    return not any(p.metric.time for p in parts(model, [metric_id]) if p.kind not in COMPOSED)


def value(model: Model, part: Part, slice_: Slice, of: Cells) -> Node:
    """The formula of a part's value cell."""
    metric = part.metric
    match part.kind:
        case PartKind.SUM:
            return _ifs("SUMIFS", Column(metric.table, metric.field), criteria(model, metric, slice_))
        case PartKind.COUNT:
            pairs = criteria(model, metric, slice_)
            return _ifs("COUNTIFS", None, pairs + _numeric(metric) if "~" in part.id else pairs)
        case PartKind.EXTREME:
            pairs = criteria(model, metric, slice_) + _numeric(metric)
            function = "MAXIFS" if metric.agg is Aggregation.MAX else "MINIFS"
            extreme = _ifs(function, Column(metric.table, metric.field), pairs)
            # Over nothing MAXIFS gives 0, which would be taken for a value.
            return if_(op(_ifs("COUNTIFS", None, pairs), "=", 0), NA, extreme)
        case PartKind.DISTINCT:
            return _distinct(model, metric, slice_)
        case PartKind.MEDIAN:
            return NA
        case _:
            return composed(part, of)


def composed(part: Part, of: Cells) -> Node:
    """The formula of a part that is computed from others."""
    match part.kind:
        case PartKind.MEAN:
            total, count = (of(n) for n in part.needs)
            mean = if_(op(count, "=", 0), NA, op(total, "/", count))
            if part.metric.min_n:
                mean = if_(op(count, "<", part.metric.min_n), NA, mean)
            return call("IFERROR", mean, NA)
        case PartKind.RATIO:
            numerator, denominator = (of(n) for n in part.needs)
            quotient: Node = if_(op(denominator, "=", 0), NA, op(numerator, "/", denominator))
            if part.metric.min_n:
                quotient = if_(op(denominator, "<", part.metric.min_n), NA, quotient)
            return if_(both(is_number(numerator), is_number(denominator)), quotient, NA)
        case PartKind.DERIVED:
            assert part.metric.expr is not None

            def cell(tree: Node) -> Node | None:
                return of(tree.metric) if isinstance(tree, Measure) else None

            return call("IFERROR", rewritten(part.metric.expr, cell), NA)
        case _:
            raise ValueError(f"{part.id} is not computed from other parts")


def reason(context: Context, part: Part, own: Node, of: Cells, reason_of: Cells) -> Node:
    """The formula of a part's reason cell: empty while there is a number."""

    def say(label: Label) -> str:
        return label.text(context.language)

    why: Node | str
    match part.kind:
        case PartKind.SUM | PartKind.COUNT:
            why = say(words.FAILED)
        case PartKind.MEAN if part.metric.min_n:
            count = of(part.needs[1])
            few = joined(say(words.SMALL_N), count)
            why = if_(op(count, "=", 0), say(words.NO_DATA), few)
        case PartKind.MEAN | PartKind.EXTREME | PartKind.DISTINCT | PartKind.MEDIAN:
            why = say(words.NO_DATA)
        case PartKind.RATIO:
            denominator = of(part.needs[1])
            few = joined(say(words.SMALL_N), denominator)
            if part.metric.min_n:
                why = if_(op(denominator, "<", part.metric.min_n), few, say(words.NO_DATA))
            else:
                why = say(words.NO_DATA)
            why = if_(op(denominator, "=", 0), say(words.DIV0), why)
            why = if_(is_number(denominator), why, say(words.NO_DATA))
        case PartKind.DERIVED:
            why = say(words.DIV0)
            for needed in reversed(part.needs):
                why = if_(op(reason_of(needed), "<>", ""), reason_of(needed), why)
        case _:
            assert_never(part.kind)
    return if_(is_number(own), "", why)


def sample(model: Model, metric_id: str) -> str:
    """The part that says over how many records a rate or mean was taken; empty for other metrics."""
    metric = model.metric(metric_id)
    if metric.type is MetricType.RATIO:
        denominator = model.metric(metric.denominator)
        counted = denominator.type is MetricType.SIMPLE and denominator.agg in (
            Aggregation.COUNT,
            Aggregation.COUNT_DISTINCT,
        )
        return metric.denominator if counted or metric.min_n else ""
    if metric.type is MetricType.SIMPLE and metric.agg is Aggregation.AVERAGE:
        return f"{metric_id}~n"
    return ""


def _numeric(metric: Metric) -> tuple[tuple[Node, Node], ...]:
    """Holds where the metric's field is a number: blanks, texts and errors do not count."""
    return ((Column(metric.table, metric.field), _ANY_NUMBER),)


def _ifs(function: str, of: Node | None, pairs: Iterable[tuple[Node, Node]]) -> Node:
    arguments = [] if of is None else [of]
    for column, criterion in pairs:
        arguments += [column, criterion]
    return Call(function, tuple(arguments))


def _distinct(model: Model, metric: Metric, slice_: Slice) -> Node:
    """How many values occur: of a reference its table's keys, else the column's own first occurrences."""
    field = path_field(model, metric.table, metric.field)
    table, key = metric.table, metric.field
    if field.type is FieldType.REFERENCE:
        table, key = field.table, model.table(field.table).key
    pairs = (
        (Column(metric.table, metric.field), Column(table, criterion_id(key))),
        *criteria(model, metric, slice_),
    )
    occurs = Binary(">", _ifs("COUNTIFS", None, pairs), Number(0))
    return call("SUMPRODUCT", op(occurs, "*", 1), Column(table, first_id(key)))


def cost(context: Context, part: Part) -> int:
    """How many pairs of rows one cell of a part compares."""
    state = context.state.tables.get(part.metric.table)
    rows = state.size if state is not None else 0
    if part.kind in COMPOSED or part.kind is PartKind.MEDIAN:
        return 0
    if part.kind is PartKind.DISTINCT:
        field = path_field(context.model, part.metric.table, part.metric.field)
        entities = context.state.tables.get(field.table) if field.type is FieldType.REFERENCE else state
        return rows * (entities.size if entities is not None else 0)
    return rows
