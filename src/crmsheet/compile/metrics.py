"""Metrics as formulas: a value cell that is a number or #N/A, and a reason cell that says why there is none.

Knows the formula of each part of a metric. Does not know which parts there are (`metricparts`), nor where the cells
stand; `of` gives the cell of another part in the same slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Final, assert_never

from crmsheet.compile import board_words as words
from crmsheet.compile.columns import criterion_id, first_id, path_field
from crmsheet.compile.lookback import reframed
from crmsheet.compile.metricparts import COMPOSED, Part, PartKind, Role
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.compile.slices import Criteria, Slice, criteria, freed, mask, unfiltered
from crmsheet.formulas.tree import Binary, Call, Column, Measure, Node, Number, Text, rewritten
from crmsheet.model.metrics import Aggregation, Metric
from crmsheet.model.spec import FieldType, Model
from crmsheet.model.words import Label

_ANY_NUMBER: Final = Text(">-1E+300")
"""The criterion that holds for every number and for nothing else."""
Cells = Callable[[str], Node]
"""The value cell of a part, by its id."""


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
        case PartKind.DISTINCT | PartKind.MEDIAN | PartKind.PER_ROW:
            chosen = _over_columns(model, part, slice_, of)
            free = freed(slice_, _filtered(model, part))
            return chosen if free is None else if_(free[0], _over_columns(model, part, free[1], of), chosen)
        case _:
            return composed(part, of)


def _over_columns(model: Model, part: Part, slice_: Slice, of: Cells) -> Node:
    """A formula that goes through whole columns row by row."""
    if part.kind is PartKind.DISTINCT:
        return _distinct(model, part.metric, slice_)
    if part.kind is PartKind.MEDIAN:
        return _median(model, part.metric, slice_)
    return _per_row(model, part, slice_, of)


def _filtered(model: Model, part: Part) -> tuple[str, ...]:
    """The tables whose rows a part goes through."""
    if part.kind is not PartKind.PER_ROW:
        return (part.metric.table,)
    from crmsheet.compile import perrow

    return (part.metric.table, *(fact.table for fact in perrow.facts(model, part.metric)))


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
