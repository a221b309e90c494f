"""Rows that name a row of another table which is not there, as boards tell of them.

Knows which references the numbers of a board go through, and how many of a table's rows lead nowhere, with
how much money. Does not know where on a board this stands (`bands`).

Such rows are in no group of a dimension and in no roll-up, so a board whose numbers go through them shows
their number until somebody corrects the name or a refresh carries a renamed key. Each table has one hidden
column that counts a row's references without a partner; it reads the column that already knows where the
partner stands, so that nothing is looked up twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.columns import generated_column, unmatched_id, with_rules
from crmsheet.compile.metricparts import PartKind, parts
from crmsheet.compile.number_formats import metric_word
from crmsheet.compile.pieces import Context, ExtraColumn
from crmsheet.compile.shorthand import call
from crmsheet.formulas.tree import Cell, Column, Node, Spot, columns_named
from crmsheet.model.boards import Board
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import FieldType, Model
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Of one table: the cells with the number of rows without a partner and, where the table has sums of
    money, with theirs."""

    table: str
    count: Spot
    amount: Spot | None


def unmatched(
    context: Context,
    board: Board,
    named: AbstractSet[tuple[str, str]],
    extras: Iterable[ExtraColumn],
    shown: Iterable[str],
) -> tuple[tuple[Unmatched, ...], tuple[Block, ...]]:
    """What a board has to tell, and the hidden block it stands in.

    `named` are the columns that the board's formulas name, `extras` the hidden ones it asked for; `shown` its metrics.
    """
    used = _references(context.model, named, {(e.table, e.id): e.formula for e in extras})
    calc = CalcBlock(calc_anchor(board.id, "band.unmatched"))
    found: list[Unmatched] = []
    for table in context.model.tables:
        references = [f.id for f in table.fields if (table.id, f.id) in used]
        if not references:
            continue
        row = len(found)
        column = Column(table.id, unmatched_id(references))
        calc.put(row, 0, table.id)
        count = calc.put(row, 1, call("COUNTIF", column, ">0"))
        money = _money(context, table.id, shown)
        amount = None
        if money is not None:
            amount = calc.put(row, 2, call("SUMIFS", Column(table.id, money.field), column, ">0"))
        found.append(Unmatched(table.id, count, amount))
    return tuple(found), (calc.placed(),) if found else ()


def _money(context: Context, table: str, shown: Iterable[str]) -> Metric | None:
    """The sum of money that stands for a table: one that the board shows, else the first of all."""
    own = [p.metric for p in parts(context.model, shown) if p.kind is PartKind.SUM]
    for metric in (*own, *context.model.metrics):
        if (
            metric.type is MetricType.SIMPLE
            and metric.table == table
            and metric.agg is Aggregation.SUM
            and metric_word(context, metric).startswith("currency")
        ):
            return metric
    return None


def _references(
    model: Model, named: AbstractSet[tuple[str, str]], extras: Mapping[tuple[str, str], Node]
) -> frozenset[tuple[str, str]]:
    """The reference fields, as (table, field), that formulas read or that what they read comes through."""
    found: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    waiting = set(named)
    while waiting:
        column = waiting.pop()
        if column in seen:
            continue
        seen.add(column)
        if _is_reference(model, *column):
            found.add(column)
        elif column in extras:
            waiting |= columns_named([extras[column]])
        else:
            waiting |= columns_named(_sources(model, *column))
    return frozenset(found)


def _is_reference(model: Model, table: str, column: str) -> bool:
    owner = model.table(table)
    return owner.has_field(column) and owner.field(column).type is FieldType.REFERENCE


def _sources(model: Model, table: str, column: str) -> tuple[Node, ...]:
    """What a column is computed from; nothing for what people type."""
    owner = model.table(table)
    if not owner.has_field(column):
        made = generated_column(model, owner, column)
        return (made.formula,) if made is not None else ()
    field = owner.field(column)
    if field.lookup is not None:
        via = owner.field(field.lookup.via)
        beyond = (Column(via.table, field.lookup.field),) if via.table else ()
        return (Cell(table, via.id), *beyond)
    if field.rollup is not None:
        rolled = field.rollup
        read: tuple[Node, ...] = (Column(rolled.table, rolled.via),)
        if rolled.field:
            read += (Column(rolled.table, rolled.field),)
        return read if rolled.where is None else (*read, with_rules(model, rolled.where))
    return (with_rules(model, field.expr),) if field.expr is not None else ()
