"""The hidden columns that boards need on entry tables, made from their ids.

Knows the ids: `a.b` is a path through the reference `a`; `_f_<metric>` says whether a metric's filter holds,
`_t_<metric>` its target's; `_row.<reference>` where the row referred to stands; `_crit_<field>` and
`_first_<field>` serve distinct counts, `_conv_<metric>` conversions;
`_unmatched.<reference>.<reference>` counts the references of a row that
lead nowhere. Whoever writes a tree just names the column; `extra_columns` finds
what was named. Does not know boards.

On rows not in use every column whose id begins with `_` is empty text: the table's compiler sees to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from crmsheet.compile.board_words import SENTINEL
from crmsheet.compile.forms import equal_to, escaped, position
from crmsheet.compile.lookback import moved
from crmsheet.compile.pieces import ExtraColumn
from crmsheet.compile.scope import USED
from crmsheet.compile.shorthand import Operand, both, call, if_, op
from crmsheet.compile.symbols import AS_OF, row_column
from crmsheet.formulas.tree import Cell, Column, Name, Node, columns_named, rewritten
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Field, FieldType, Model, Table

_CONVERTED: Final = "_conv_"
_UNMATCHED: Final = "_unmatched."
_GENERATED: Final = frozenset({USED, "_id", "_status"})
"""Columns that every entry table has of itself."""


def filter_id(model: Model, metric: Metric) -> str:
    """The column for a metric's filter; metrics with the same filter share one."""
    first = next(m for m in model.metrics if m.table == metric.table and m.filter == metric.filter)
    return f"_f_{first.id}"


def target_id(metric: Metric) -> str:
    return f"_t_{metric.id}"


def converted_id(metric: Metric) -> str:
    """The column that says of each base event whether it converted: 1, 0, empty text while it is too early."""
    return f"{_CONVERTED}{metric.id}"


def criterion_id(field: str) -> str:
    return f"_crit_{field}"


def first_id(field: str) -> str:
    return f"_first_{field}"


def unmatched_id(references: Iterable[str]) -> str:
    return _UNMATCHED + ".".join(references)


def path_field(model: Model, table: str, path: str) -> Field:
    """The field at the end of a path."""
    head, _, rest = path.partition(".")
    field = model.table(table).field(head)
    return path_field(model, field.table, rest) if rest else field


def with_rules(model: Model, tree: Node) -> Node:
    """A tree in which cells named by a rule's id are replaced by what the rule says."""

    def replaced(part: Node) -> Node | None:
        if not isinstance(part, Cell) or model.table(part.table).has_field(part.field):
            return None
        rule = next((r for r in model.table(part.table).rules if r.id == part.field), None)
        return rewritten(rule.when, replaced) if rule is not None else None

    return rewritten(tree, replaced)


def extra_columns(
    model: Model, named: AbstractSet[tuple[str, str]], given: tuple[ExtraColumn, ...] = ()
) -> tuple[ExtraColumn, ...]:
    """`given` and every generated column among those named, and those that these name in turn."""
    found = {(e.table, e.id): e for e in given}
    waiting = columns_named(e.formula for e in given).union(named)
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        table = model.table(key[0])
        column = None if table.has_field(key[1]) else generated_column(model, table, key[1])
        if column is not None:
            found[key] = column
            waiting |= columns_named([column.formula])
    return tuple(found[key] for key in sorted(found))


def generated_column(model: Model, table: Table, column_id: str) -> ExtraColumn | None:
    """The column with this id; None for those that every entry table has of itself."""
    if column_id in _GENERATED:
        return None
    for prefix, made in _MADE:
        if column_id.startswith(prefix):
            return ExtraColumn(table.id, column_id, made(model, table, column_id.removeprefix(prefix)))
    return _path(table, column_id)


def _filter(model: Model, _table: Table, metric: str) -> Node:
    condition = model.metric(metric).filter
    assert condition is not None
    return if_(with_rules(model, condition), 1, 0)


def _target(model: Model, _table: Table, metric: str) -> Node:
    target = model.metric(metric).target
    assert target is not None
    assert target.where is not None
    return if_(with_rules(model, target.where), 1, 0)


def _converted(model: Model, table: Table, metric: str) -> Node:
    """Whether the same entity has the other event from this one's day on, within the window."""
    conversion = model.metric(metric)
    base, other = model.metric(conversion.base), model.metric(conversion.conversion)
    ways = {conversion.entity: model.table(conversion.entity).key, **dict(conversion.via)}
    start = Cell(table.id, base.time)
    latest = moved(start, conversion.window, 1) if conversion.window is not None else None
    entity = Cell(table.id, ways[table.id])
    if other.table == conversion.entity == table.id:
        # Both events stand in the entity's own row.
        at = Cell(table.id, other.time)
        conditions = [call("ISNUMBER", at), op(at, ">=", start)]
        conditions += [op(at, "<", op(latest, "+", 1))] if latest is not None else []
        conditions += [with_rules(model, other.filter)] if other.filter is not None else []
        happened: Node = both(*conditions)
    else:
        times = Column(other.table, other.time)
        pairs: list[Operand] = [Column(other.table, ways[other.table]), equal_to(entity)]
        pairs += [times, op(">=", "&", start)]
        pairs += [times, op("<", "&", op(latest, "+", 1))] if latest is not None else []
        pairs += [Column(other.table, filter_id(model, other)), 1] if other.filter is not None else []
        happened = op(call("COUNTIFS", *pairs), ">", 0)
    told: Node = if_(happened, 1, 0)
    if latest is not None:
        told = if_(op(latest, ">", Name(AS_OF)), "", told)
    known = both(call("ISNUMBER", start), op(entity, "<>", ""))
    return if_(known, told, "")


def _criterion(_model: Model, table: Table, field: str) -> Node:
    cell = Cell(table.id, field)
    return if_(op(cell, "=", ""), "=" + SENTINEL, equal_to(cell))


def _first(_model: Model, table: Table, field: str) -> Node:
    """1 where a value stands for the first time; rows not yet numbered all pass for new ones.

    A text of digits is the number of them, as it is to COUNTIFS: where both stand, the number is the first.
    """
    cell, column = Cell(table.id, field), Column(table.id, field)
    place = call("MATCH", if_(call("ISTEXT", cell), escaped(cell), cell), column, 0)
    same = op(call("INDEX", Column(table.id, "_id"), place), "=", Cell(table.id, "_id"))
    first = call("IFERROR", if_(same, 1, 0), 0)
    as_number = call("ISNUMBER", call("MATCH", call("VALUE", cell), column, 0))
    return if_(op(cell, "=", ""), 0, if_(call("ISTEXT", cell), if_(as_number, 0, first), first))


def _path(table: Table, path: str) -> ExtraColumn:
    """What a path leads to; empty where it leads nowhere."""
    head, _, rest = path.partition(".")
    if not rest:
        raise ValueError(f"{table.id} has no column {path}")
    place = Cell(table.id, row_column(head))
    value = call("INDEX", Column(table.field(head).table, rest), place)
    # A blank found must stay empty: INDEX would make it 0.
    found = if_(op(value, "=", ""), "", value)
    return ExtraColumn(table.id, path, if_(op(place, "=", ""), "", found))


def _row(model: Model, table: Table, reference: str) -> Node:
    """Where the row referred to stands in its table."""
    field = table.field(reference)
    if field.type is not FieldType.REFERENCE:
        raise ValueError(f"{table.id}.{reference} is no reference")
    cell = Cell(table.id, reference)
    found = call("IFERROR", position(cell, Column(field.table, model.table(field.table).key)), "")
    return if_(op(cell, "=", ""), "", found)


def _without_partner(_model: Model, table: Table, references: str) -> Node:
    """How many of these references of a row lead nowhere."""
    total: Node | None = None
    for reference in references.split("."):
        cell = Cell(table.id, reference)
        lost = call("IFERROR", if_(op(cell, "=", ""), 0, 1), 1)
        one = if_(call("ISNUMBER", Cell(table.id, row_column(reference))), 0, lost)
        total = one if total is None else op(total, "+", one)
    assert total is not None
    return total


_MADE: Final = (
    ("_f_", _filter),
    ("_t_", _target),
    (_CONVERTED, _converted),
    ("_crit_", _criterion),
    ("_first_", _first),
    (row_column(""), _row),
    (_UNMATCHED, _without_partner),
)
"""What makes the columns whose ids begin so."""
