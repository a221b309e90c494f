"""The figures that history remembers, as they are on the as-of date: formulas that are computed and never written.

Knows which figures there are: every metric of the rules in all, and for each value of a dimension that reaches it.
No selector is followed: what a board happens to show does not change what is remembered. Does not know what was
remembered before (`model.history`), nor where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.dimensions import values
from crmsheet.compile.environment import BookEnvironment, evaluated
from crmsheet.compile.metricparts import is_stock, parts, sample, tables
from crmsheet.compile.metrics import reason, value
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.slices import Slice
from crmsheet.compile.windows import window, windows_block
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node, Spot, Text, columns_named
from crmsheet.model.boards import Board, Dimension
from crmsheet.model.history import History, HistoryRules, Series, SeriesKey, measured_point, remembered
from crmsheet.model.words import Label
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass

ANCHOR: Final = "history.reckoned"
MOST_MEMBERS: Final = 60
"""Of a dimension with more values the first so many are remembered."""
_NOWHERE: Final = Board("", Label.same(""), (), ())
"""No board: nothing is selected."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the cells that hold it; `labels` are those of the metric, the dimension and its value."""

    key: SeriesKey
    labels: tuple[str, str, str]
    value: Spot
    reason: Spot
    n: Spot | None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The figures, and the blocks they are computed in, which no workbook has."""

    figures: tuple[Figure, ...] = ()
    blocks: tuple[Block, ...] = ()


def reckoned(context: Context) -> Reckoning:
    """Nothing when the spec wants nothing remembered, or nobody has entered anything yet."""
    rules = context.model.history
    if rules is None or not any(t.size for t in context.state.tables.values()):
        return Reckoning()
    calc = CalcBlock(ANCHOR)
    figures = [*_figures(context, calc, rules, rules.metrics, None, "", None)]
    for dimension in rules.by:
        reached = tuple(m for m in rules.metrics if _reaches(context, m, dimension))
        for member, label, criterion in _members(context, dimension):
            figures += _figures(context, calc, rules, reached, dimension, member, (label, criterion))
    own = (windows_block(context),) if not context.model.boards else ()
    return Reckoning(tuple(figures), (calc.placed(), *own))


def columns_reckoned(context: Context) -> frozenset[tuple[str, str]]:
    """The columns that figures to be remembered are computed from, whatever has been entered by now: a workbook is built
    with them while it is empty."""
    rules = context.model.history
    if rules is None:
        return frozenset()
    calc = CalcBlock(ANCHOR)
    slices = [(rules.metrics, None, None), *((rules.metrics, d, ("", Text(""))) for d in rules.by)]
    for metrics, dimension, chosen in slices:
        reached = tuple(m for m in metrics if dimension is None or _reaches(context, m, dimension))
        for _ in _figures(context, calc, rules, reached, dimension, "", chosen):
            pass
    return frozenset(columns_named(c.formula for c in calc.placed().cells if c.formula is not None))


def _reaches(context: Context, metric: str, dimension: Dimension) -> bool:
    return all(dimension.path(table) for table in tables(context.model, metric))


def _members(context: Context, dimension: Dimension) -> Iterator[tuple[str, str, Node]]:
    """Of each value of a dimension: its id, its label and the criterion that it alone meets."""
    known = values(context, dimension)
    if dimension.list:
        pairs = [(r.id, r.label) for r in context.state.lists.get(dimension.list, ())]
    else:
        table = context.model.table(dimension.table)
        held = context.state.tables[table.id]
        keys = held.columns.get(table.key, ())
        pairs = [(i, str(k)) for i, k in zip(held.ids, keys, strict=False) if k not in (None, "")]
    taken: set[str] = set()
    for k, (member, label) in enumerate(pairs):
        if member and label and label not in taken:
            taken.add(label)
            found = known.criterion(k, Text(label))
            yield member, label, Text(found) if isinstance(found, str) else found
        if len(taken) == MOST_MEMBERS:
            return


def _figures(
    context: Context,
    calc: CalcBlock,
    rules: HistoryRules,
    metrics: tuple[str, ...],
    dimension: Dimension | None,
    member: str,
    chosen: tuple[str, Node] | None,
) -> Iterator[Figure]:
    """The rows of metrics in one slice."""
    model = context.model
    slice_ = Slice(_NOWHERE, window(rules.period))
    if dimension is not None and chosen is not None:
        slice_ = slice_.of(dimension, chosen[1])
    rows: dict[str, int] = {}

    def of(part: str) -> Node:
        return calc.spot(rows[part], 0)

    def reason_of(part: str) -> Node:
        return calc.spot(rows[part], 1)

    for part in parts(model, metrics):
        row = rows[part.id] = calc.rows
        calc.put(row, 0, value(model, part, slice_, of))
        calc.put(row, 1, reason(context, part, calc.spot(row, 0), of, reason_of))
    by, scope = (dimension.id, context.text(dimension.label)) if dimension is not None else ("", "")
    for metric in metrics:
        n = sample(model, metric)
        yield Figure(
            SeriesKey(metric, by, member),
            (context.text(model.metric(metric).label), scope, chosen[0] if chosen is not None else ""),
            calc.spot(rows[metric], 0),
            calc.spot(rows[metric], 1),
            calc.spot(rows[n], 0) if n else None,
        )


def with_today(
    context: Context, reckoning: Reckoning, environment: BookEnvironment, more: Mapping[SeriesKey, Series]
) -> History:
    """The history of a workbook with the figures of the as-of date, and others of that date."""
    rules = context.model.history
    if rules is None or not reckoning.figures:
        return context.history
    cells = {
        (b.anchor, c.row, c.column): c.value
        for b in evaluated(Pieces(blocks=reckoning.blocks), environment).blocks
        for c in b.cells
    }

    def at(spot: Spot | None) -> Value:
        return cells[spot.anchor, spot.row, spot.column] if spot is not None else None

    found = dict(more)
    for one in reckoning.figures:
        point = measured_point(
            _number(at(one.value)), _number(at(one.n)), str(at(one.reason) or ""), context.run
        )
        found[one.key] = Series(*one.labels, {context.as_of: point})
    return remembered(context.history, context.as_of, found, rules)


def _number(value: Value) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def window_text(context: Context, rules: HistoryRules) -> str:
    """The window that figures with a time are measured over, in words."""
    timed = any(not is_stock(context.model, m) for m in rules.metrics)
    return context.text(words.WINDOWS[rules.period]) if timed else ""
