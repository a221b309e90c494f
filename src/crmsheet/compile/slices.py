"""Which rows a number is computed over: the window, the selectors and the dimension, as criteria.

Knows how these become (range, criterion) pairs of the *IFS functions, and factors over whole columns.
Does not know what is computed over the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TypeAlias

from crmsheet.compile.columns import filter_id, target_id
from crmsheet.compile.forms import equal_to
from crmsheet.compile.scope import USED
from crmsheet.compile.selectors import Chosen, chosen
from crmsheet.compile.shorthand import both, op
from crmsheet.compile.symbols import criterion
from crmsheet.compile.windows import Window
from crmsheet.formulas.tree import Column, Name, Node, Number
from crmsheet.model.boards import Board, Dimension, Selector
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Model
from crmsheet.structs import dataclass, replace

Criteria: TypeAlias = tuple[tuple[Node, Node], ...]
"""Pairs of a column and the criterion its cells must meet."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one number on a board. `window` None: whatever the time.

    `by` is the dimension with the criterion of one of its values, `across` a second one.
    """

    board: Board
    window: Window | None
    ignores: tuple[str, ...] = ()
    by: tuple[Dimension, Node] | None = None
    across: tuple[Dimension, Node] | None = None

    def within(self, window: Window | None) -> Slice:
        return replace(self, window=window)

    def of(self, dimension: Dimension, value: Node) -> Slice:
        return replace(self, by=(dimension, value))

    def crossed(self, dimension: Dimension, value: Node) -> Slice:
        return replace(self, across=(dimension, value))

    def selectors(self, table: str) -> tuple[Selector, ...]:
        """The selectors that filter a fact table."""
        return tuple(
            s for s in self.board.selectors if not s.is_period and s.id not in self.ignores and s.path(table)
        )


def criteria(model: Model, metric: Metric, slice_: Slice) -> Criteria:
    """The criteria of a simple metric's rows."""
    table = metric.table
    pairs: list[tuple[Node, Node]] = []
    if metric.filter is not None:
        pairs.append((Column(table, filter_id(model, metric)), Number(1)))
    elif not metric.time or slice_.window is None:
        pairs.append((Column(table, USED), Number(1)))
    if metric.time and slice_.window is not None:
        pairs += _time(Column(table, metric.time), slice_.window)
    pairs += [
        (Column(table, s.path(table)), Name(criterion(slice_.board.id, s.id)))
        for s in slice_.selectors(table)
    ]
    for given in (slice_.by, slice_.across):
        if given is not None:
            dimension, value = given
            pairs.append((Column(table, dimension.path(table)), value))
    return tuple(pairs)


def unfiltered(metric: Metric, slice_: Slice, pairs: Criteria) -> tuple[Node, Criteria] | None:
    """When all selectors that filter a metric choose everything, and the criteria that are left of these then; None
    without such selectors.

    A criterion that every row meets is the dearest of all: two of them double the time that LibreOffice takes.
    """
    free = [s for s in slice_.selectors(metric.table) if not s.record]
    if not free:
        return None
    names = {Name(criterion(slice_.board.id, s.id)) for s in free}
    return _everything(slice_, free), tuple(pair for pair in pairs if pair[1] not in names)


def freed(slice_: Slice, tables: Iterable[str]) -> tuple[Node, Slice] | None:
    """When all selectors that filter some tables choose everything, and the slice without them; None without such."""
    free = {s.id: s for table in tables for s in slice_.selectors(table) if not s.record}
    if not free:
        return None
    return _everything(slice_, free.values()), replace(slice_, ignores=(*slice_.ignores, *sorted(free)))


def _everything(slice_: Slice, selectors: Iterable[Selector]) -> Node:
    """Whether all of these selectors choose everything."""
    modes: list[Node] = [chosen(slice_.board, s).mode for s in selectors]
    return op(reduce(lambda a, b: op(a, "+", b), modes), "=", 0)


def mask(model: Model, metric: Metric, slice_: Slice) -> tuple[Node, ...]:
    """Factors that are 1 on a metric's rows and 0 on the others, each over whole columns; blank rows may pass."""
    table = metric.table
    factors: list[Node] = []
    if metric.filter is not None:
        factors.append(op(Column(table, filter_id(model, metric)), "=", 1))
    if metric.time and slice_.window is not None:
        column = Column(table, metric.time)
        factors += [op(column, ">=", slice_.window.start), op(column, "<", slice_.window.end)]
    factors += [
        _passes(chosen(slice_.board, s), Column(table, s.path(table))) for s in slice_.selectors(table)
    ]
    if slice_.by is not None:
        dimension, value = slice_.by
        factors.append(op(equal_to(Column(table, dimension.path(table))), "=", value))
    return tuple(factors)


def _passes(one: Chosen, column: Node) -> Node:
    """Whether each cell of a column passes a selector, as `Chosen.holds` says it of one cell."""
    same = op(op(column, "&", ""), "=", op(one.value, "&", ""))
    if one.selector.record:
        return op(same, "*", op(one.value, "<>", ""))
    blank = op(op(one.mode, "=", 1), "*", op(column, "=", ""))
    return op(op(op(one.mode, "=", 0), "+", blank), "+", op(op(one.mode, "=", 2), "*", same))


def target_criteria(metric: Metric, slice_: Slice) -> Criteria:
    """The criteria of the target rows that belong to a slice."""
    target = metric.target
    assert target is not None
    table = target.table
    column = target_id(metric) if target.where is not None else USED
    pairs: list[tuple[Node, Node]] = [(Column(table, column), Number(1))]
    if target.time and slice_.window is not None:
        pairs += _time(Column(table, target.time), slice_.window)
    by = dict(target.by)
    for selector in slice_.selectors(metric.table):
        if selector.id in by:
            pairs.append((Column(table, by[selector.id]), Name(criterion(slice_.board.id, selector.id))))
    if slice_.by is not None and slice_.by[0].id in by:
        pairs.append((Column(table, by[slice_.by[0].id]), slice_.by[1]))
    return tuple(pairs)


def target_fits(metric: Metric, slice_: Slice) -> Node | None:
    """The condition under which targets can be had for a slice: the selectors that targets are not kept by
    choose all rows. None when never."""
    target = metric.target
    if target is None:
        return None
    by = dict(target.by)
    if slice_.by is not None and slice_.by[0].id not in by:
        return None
    free = [s for s in slice_.selectors(metric.table) if s.id not in by]
    if any(s.record for s in free):
        # One row is chosen at any time.
        return None
    conditions: list[Node] = [op(chosen(slice_.board, s).mode, "=", 0) for s in free]
    return both(*conditions) if conditions else op(1, "=", 1)


def _time(column: Node, window: Window) -> list[tuple[Node, Node]]:
    return [(column, op(">=", "&", window.start)), (column, op("<", "&", window.end))]
