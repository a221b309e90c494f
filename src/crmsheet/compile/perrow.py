"""Metrics that look at each row of a table: how many customers bought twice, what the best five bring.

Knows formulas over whole columns: what another metric is for each row is one array of SUMIFS or COUNTIFS, and
SUMPRODUCT or AGGREGATE makes one number of it, without array formulas. A selector or dimension that the rows
themselves have chooses rows; what is counted for them is then not chosen again.
Does not know where the numbers stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from crmsheet.compile.columns import criterion_id, first_id
from crmsheet.compile.lookback import reframed
from crmsheet.compile.shorthand import NA, call, op
from crmsheet.compile.slices import Criteria, Slice, criteria, mask
from crmsheet.formulas.tree import Call, Column, Measure, Node, Number, Text, rewritten, walk
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import Model
from crmsheet.structs import replace

_ANY_NUMBER = Text(">-1E+300")


def total(model: Model, metric: Metric, slice_: Slice) -> Node:
    """The sum of the expression over the rows that count."""
    return call(
        "SUMPRODUCT",
        op(_holds(model, metric, slice_), "*", _taken(model, metric, slice_)),
        _once(model, metric),
    )


def count(model: Model, metric: Metric, slice_: Slice) -> Node:
    """How many rows count."""
    return call("SUMPRODUCT", _holds(model, metric, slice_), _once(model, metric))


def extreme(model: Model, metric: Metric, slice_: Slice) -> Node:
    """The middle, least or greatest value of the expression; rows that do not count are errors, left out."""
    function, k = {
        Aggregation.MEDIAN: (16, 0.5),
        Aggregation.MAX: (14, 1.0),
        Aggregation.MIN: (15, 1.0),
    }[metric.agg]
    counts = op(_holds(model, metric, slice_), "*", _once(model, metric))
    return call(
        "IFERROR", call("AGGREGATE", function, 6, op(_taken(model, metric, slice_), "/", counts), k), NA
    )


def limit(model: Model, metric: Metric, slice_: Slice) -> Node:
    """The least value among the largest; 0 when there are not so many above 0."""
    assert metric.top is not None
    value = _taken(model, metric, slice_)
    counts = op(op(_holds(model, metric, slice_), "*", _once(model, metric)), "*", op(value, ">", 0))
    return call("IFERROR", call("AGGREGATE", 14, 6, op(value, "/", counts), metric.top), 0)


def largest(model: Model, metric: Metric, slice_: Slice, least: Node) -> Node:
    """The sum of the largest values, `least` being the last of them: of equal ones as many as there is room for."""
    assert metric.top is not None
    value, once = _taken(model, metric, slice_), _once(model, metric)
    above = op(_holds(model, metric, slice_), "*", op(value, ">", least))
    rest = op(metric.top, "-", call("SUMPRODUCT", above, once))
    return op(call("SUMPRODUCT", op(above, "*", value), once), "+", op(least, "*", rest))


def facts(model: Model, metric: Metric) -> tuple[Metric, ...]:
    """The sums and counts that are had for each row."""
    found: dict[str, Metric] = {}
    trees = [tree for tree in (metric.having, metric.expr) if tree is not None]
    for node in (n for tree in trees for n in walk(tree)):
        if isinstance(node, Measure):
            for leaf in _leaves(model, model.metric(node.metric)):
                found[leaf.id] = leaf
    return tuple(found.values())


def _leaves(model: Model, metric: Metric) -> Iterable[Metric]:
    match metric.type:
        case MetricType.CUMULATIVE:
            yield from _leaves(model, model.metric(metric.metric))
        case MetricType.DERIVED:
            for node in walk(metric.expr) if metric.expr is not None else ():
                if isinstance(node, Measure):
                    yield from _leaves(model, model.metric(node.metric))
        case _:
            yield metric


def _holds(model: Model, metric: Metric, slice_: Slice) -> Node:
    """1 for each row that counts, 0 for the others."""
    factors = list(mask(model, metric, slice_))
    if metric.having is not None:
        factors.append(_truth(_figures(model, metric, metric.having, slice_)))
    if not factors:
        return op(op(_once(model, metric), "=", 1), "*", 1)
    return op(reduce(lambda a, b: op(a, "*", b), factors), "*", 1)


def _taken(model: Model, metric: Metric, slice_: Slice) -> Node:
    """What is taken of each row."""
    if metric.expr is not None:
        return _figures(model, metric, metric.expr, slice_)
    return Column(metric.table, metric.field)


def _once(model: Model, metric: Metric) -> Node:
    """1 for a row whose key has not stood above: a key that stands twice has one row."""
    return Column(metric.table, first_id(model.table(metric.table).key))


def _figures(model: Model, metric: Metric, tree: Node, slice_: Slice) -> Node:
    """An expression over metrics with each of them as an array, one value a row."""
    table = metric.table
    own = tuple(s.id for s in slice_.selectors(table))
    by = None if slice_.by is not None and slice_.by[0].path(table) else slice_.by
    inner = replace(slice_, ignores=(*slice_.ignores, *own), by=by)
    key = Column(table, criterion_id(model.table(table).key))
    ways = dict(metric.via)

    def figure(one: Metric, within: Slice) -> Node:
        if within.window is not None:
            within = within.within(reframed(model, one, within.window))
        match one.type:
            case MetricType.CUMULATIVE:
                return figure(model.metric(one.metric), within)
            case MetricType.DERIVED:
                assert one.expr is not None
                return substituted(one.expr, within)
            case _:
                pairs = ((Column(one.table, ways[one.table]), key), *criteria(model, one, within))
                if one.agg is Aggregation.COUNT:
                    return _ifs("COUNTIFS", (), pairs)
                return _ifs("SUMIFS", (Column(one.table, one.field),), pairs)

    def substituted(expression: Node, within: Slice) -> Node:
        def array(node: Node) -> Node | None:
            return figure(model.metric(node.metric), within) if isinstance(node, Measure) else None

        return rewritten(expression, array)

    return substituted(tree, inner)


def _ifs(function: str, of: tuple[Node, ...], pairs: Criteria) -> Node:
    return Call(function, (*of, *(part for pair in pairs for part in pair)))


def _truth(tree: Node) -> Node:
    """A condition over arrays: AND and OR would make one value of all rows."""

    def spread(node: Node) -> Node | None:
        match node:
            case Call("AND", parts):
                return reduce(lambda a, b: op(a, "*", b), map(_truth, parts))
            case Call("OR", parts):
                return op(reduce(lambda a, b: op(a, "+", b), map(_truth, parts)), ">", Number(0))
            case Call("NOT", (part,)):
                return op(1, "-", _truth(part))
            case _:
                return None

    return rewritten(tree, spread)
