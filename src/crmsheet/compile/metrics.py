"""Metrics as formulas: a value cell that is a number or #N/A, and a reason cell that says why there is none.

Knows the parts a metric is made of, each one cell: an average is a sum and a count, a ratio two metrics.
Does not know where the cells stand; `of` gives the cell of another part in the same slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import reduce
from typing import Final, assert_never

from crmsheet.compile import board_words as words
from crmsheet.compile.columns import converted_id, criterion_id, first_id, path_field
from crmsheet.compile.lookback import reframed
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.compile.slices import Criteria, Slice, criteria, mask, unfiltered
from crmsheet.formulas.tree import Binary, Call, Column, Measure, Node, Number, Text, rewritten, walk
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import FieldType, Model
from crmsheet.model.words import Label
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
_ANY_NUMBER: Final = Text(">-1E+300")
"""The criterion that holds for every number and for nothing else."""
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


Cells = Callable[[str], Node]
"""The value cell of a part, by its id."""


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


def value(model: Model, part: Part, slice_: Slice, of: Cells) -> Node:
    """The formula of a part's value cell."""
    metric = part.metric
    slice_ = _framed(model, part, slice_)
    match part.kind:
        case PartKind.SUM:
            found = Column(metric.table, metric.field)
            return _over(metric, slice_, "SUMIFS", found, criteria(model, metric, slice_))
        case PartKind.COUNT:
            pairs = criteria(model, metric, slice_)
            if part.column:
                wanted: Node = Number(1) if part.role is Role.CONVERTED else _ANY_NUMBER
                pairs += ((Column(metric.table, part.column), wanted),)
            elif part.role is Role.COUNT:
                pairs += _numeric(metric)
            return _over(metric, slice_, "COUNTIFS", None, pairs)
        case PartKind.EXTREME:
            pairs = criteria(model, metric, slice_) + _numeric(metric)
            function = "MAXIFS" if metric.agg is Aggregation.MAX else "MINIFS"
            extreme = _ifs(function, Column(metric.table, metric.field), pairs)
            # Over nothing MAXIFS gives 0, which would be taken for a value.
            return if_(op(_ifs("COUNTIFS", None, pairs), "=", 0), NA, extreme)
        case PartKind.DISTINCT:
            return _distinct(model, metric, slice_)
        case PartKind.MEDIAN:
            return _median(model, metric, slice_)
        case PartKind.PER_ROW:
            return _per_row(model, part, slice_, of)
        case _:
            return composed(part, of)


def _framed(model: Model, part: Part, slice_: Slice) -> Slice:
    for frame in part.frames:
        if slice_.window is not None:
            slice_ = slice_.within(reframed(model, frame, slice_.window))
    return slice_


def _per_row(model: Model, part: Part, slice_: Slice, of: Cells) -> Node:
    from crmsheet.compile import perrow

    metric = part.metric
    if part.role is Role.LEAST:
        return perrow.limit(model, metric, slice_)
    if part.role is Role.COUNT or (part.role is Role.VALUE and metric.agg is Aggregation.COUNT):
        return perrow.count(model, metric, slice_)
    if metric.top is not None:
        return perrow.largest(model, metric, slice_, of(part.needs[0]))
    if part.role is Role.SUM or metric.agg is Aggregation.SUM:
        return perrow.total(model, metric, slice_)
    return perrow.extreme(model, metric, slice_)


def _median(model: Model, metric: Metric, slice_: Slice) -> Node:
    """AGGREGATE leaves errors out: the values of rows that do not count are divided by 0."""
    column = Column(metric.table, metric.field)
    counts = reduce(lambda a, b: op(a, "*", b), mask(model, metric, slice_), is_number(column))
    return call("IFERROR", call("AGGREGATE", 16, 6, op(column, "/", counts), 0.5), NA)


def composed(part: Part, of: Cells) -> Node:
    """The formula of a part that is computed from others."""
    metric = part.metric
    found = _from_others(part, of)
    if metric.sample and metric.min_n:
        found = if_(op(of(metric.sample + part.outer), "<", metric.min_n), NA, found)
    for one in reversed(metric.not_applicable):
        found = if_(_excepted(part, one.when, of), NA, found)
    return found


def _excepted(part: Part, when: Node, of: Cells) -> Node:
    """Whether a condition for having no number holds; what cannot be told does not hold."""
    return call("IFERROR", _with_cells(when, of, part.outer), False)


def _with_cells(tree: Node, of: Cells, suffix: str) -> Node:
    def cell(node: Node) -> Node | None:
        return of(node.metric + suffix) if isinstance(node, Measure) else None

    return rewritten(tree, cell)


def _from_others(part: Part, of: Cells) -> Node:
    match part.kind:
        case PartKind.MEAN:
            total, count = (of(n) for n in part.needs)
            mean = if_(op(count, "=", 0), NA, op(total, "/", count))
            if part.metric.min_n:
                mean = if_(op(count, "<", part.metric.min_n), NA, mean)
            return call("IFERROR", mean, NA)
        case PartKind.RATIO | PartKind.CONVERTED:
            numerator, denominator = (of(n) for n in part.needs[:2])
            quotient: Node = if_(op(denominator, "=", 0), NA, op(numerator, "/", denominator))
            if part.metric.min_n:
                quotient = if_(op(denominator, "<", part.metric.min_n), NA, quotient)
            return if_(both(is_number(numerator), is_number(denominator)), quotient, NA)
        case PartKind.DERIVED:
            assert part.metric.expr is not None
            return call("IFERROR", _with_cells(part.metric.expr, of, part.inner), NA)
        case PartKind.SAME:
            return of(part.needs[0])
        case _:
            raise ValueError(f"{part.id} is not computed from other parts")


def reason(context: Context, part: Part, own: Node, of: Cells, reason_of: Cells) -> Node:
    """The formula of a part's reason cell: empty while there is a number."""
    why = _reason(context, part, of, reason_of)
    metric = part.metric
    if metric.sample and metric.min_n and part.kind in COMPOSED:
        cases = of(metric.sample + part.outer)
        why = if_(op(cases, "<", metric.min_n), joined(context.text(words.SMALL_N), cases), why)
    if part.kind in COMPOSED:
        for one in reversed(metric.not_applicable):
            why = if_(_excepted(part, one.when, of), context.text(one.reason), why)
    return if_(is_number(own), "", why)


def _reason(context: Context, part: Part, of: Cells, reason_of: Cells) -> Node | str:
    def say(label: Label) -> str:
        return label.text(context.language)

    why: Node | str
    match part.kind:
        case PartKind.SUM | PartKind.COUNT:
            return say(words.FAILED)
        case PartKind.PER_ROW:
            spread = part.metric.agg in (Aggregation.MEDIAN, Aggregation.MIN, Aggregation.MAX)
            return say(words.NO_DATA if spread else words.FAILED)
        case PartKind.MEAN if part.metric.min_n:
            count = of(part.needs[1])
            few = joined(say(words.SMALL_N), count)
            return if_(op(count, "=", 0), say(words.NO_DATA), few)
        case PartKind.MEAN | PartKind.EXTREME | PartKind.DISTINCT | PartKind.MEDIAN:
            return say(words.NO_DATA)
        case PartKind.RATIO | PartKind.CONVERTED:
            denominator = of(part.needs[1])
            few = joined(say(words.SMALL_N), denominator)
            why = say(words.NO_DATA)
            if part.metric.min_n:
                why = if_(op(denominator, "<", part.metric.min_n), few, why)
            none: Node | str = say(words.DIV0)
            if part.kind is PartKind.CONVERTED:
                none = if_(op(of(part.needs[2]), ">", 0), say(words.IMMATURE), none)
            why = if_(op(denominator, "=", 0), none, why)
            return if_(is_number(denominator), why, say(words.NO_DATA))
        case PartKind.DERIVED | PartKind.SAME:
            why = say(words.DIV0 if part.kind is PartKind.DERIVED else words.NO_DATA)
            for needed in reversed(part.needs):
                why = if_(op(reason_of(needed), "<>", ""), reason_of(needed), why)
            return why
        case _:
            assert_never(part.kind)


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


def _numeric(metric: Metric) -> tuple[tuple[Node, Node], ...]:
    """Holds where the metric's field is a number: blanks, texts and errors do not count."""
    return ((Column(metric.table, metric.field), _ANY_NUMBER),)


def _over(metric: Metric, slice_: Slice, function: str, of: Node | None, pairs: Criteria) -> Node:
    """A function of the rows that meet criteria; while all selectors choose everything, without theirs."""
    found = _ifs(function, of, pairs)
    free = unfiltered(metric, slice_, pairs)
    return found if free is None else if_(free[0], _ifs(function, of, free[1]), found)


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

    def size(table: str) -> int:
        state = context.state.tables.get(table)
        return state.size if state is not None else 0

    rows = size(part.metric.table)
    if part.kind in COMPOSED:
        return 0
    if part.kind is PartKind.PER_ROW:
        from crmsheet.compile import perrow

        counted = [size(fact.table) for fact in perrow.facts(context.model, part.metric)]
        return rows * max(1, sum(counted))
    if part.kind is PartKind.DISTINCT:
        field = path_field(context.model, part.metric.table, part.metric.field)
        return rows * (size(field.table) if field.type is FieldType.REFERENCE else rows)
    return rows
