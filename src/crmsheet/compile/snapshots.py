"""Rollups that no formula gives: the number of different values, and the median.

Knows how to compute them from columns. Does not know when: the columns hold values as of each refresh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from crmsheet.compile.environment import BookEnvironment
from crmsheet.compile.pieces import Pieces
from crmsheet.excel.values import Value
from crmsheet.formulas.criteria import Key
from crmsheet.formulas.criteria import key as criterion_key
from crmsheet.formulas.semantics import boolean
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import Model, Rollup
from crmsheet.plan.tables import PlanTable


def with_snapshots(
    model: Model,
    pieces: Pieces,
    environment: BookEnvironment,
    snapshots: Mapping[tuple[str, str], Rollup],
    fixed: frozenset[tuple[str, str]],
) -> Pieces:
    """Evaluated pieces in which columns that are not live hold values only."""

    def settled(table: PlanTable) -> PlanTable:
        columns = []
        for column in table.columns:
            place = (table.id, column.id)
            if place in snapshots:
                keys = environment.column(table.id, model.table(table.id).key)
                values = tuple(_values(environment, snapshots[place], keys))
                columns.append(replace(column, formula=None, values=values))
            elif place in fixed:
                columns.append(replace(column, formula=None))
            else:
                columns.append(column)
        return replace(table, columns=tuple(columns))

    return replace(pieces, tables=tuple(settled(table) for table in pieces.tables))


def _values(environment: BookEnvironment, rollup: Rollup, keys: Sequence[Value]) -> list[Value]:
    groups: dict[Key, list[Value]] = {}
    references = environment.column(rollup.table, rollup.via)
    cells = environment.column(rollup.table, rollup.field)
    holds = None if rollup.where is None else environment.compiled(rollup.where)
    for row, (reference, value) in enumerate(zip(references, cells, strict=True)):
        if reference in (None, "") or value in (None, ""):
            continue
        if holds is None or boolean(holds(row)) is True:
            groups.setdefault(criterion_key(reference), []).append(value)
    return [_aggregate(rollup.agg, groups.get(criterion_key(own), [])) if own else "" for own in keys]


def _aggregate(agg: Aggregation, values: list[Value]) -> Value:
    if agg is Aggregation.COUNT_DISTINCT:
        return len({criterion_key(value) for value in values})
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return median(numbers) if numbers else ""
