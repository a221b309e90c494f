"""Columns that no formula gives: the number of different values, the median, how a text sounds.

Knows how to compute them from columns. Does not know when: the columns hold values as of each refresh.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from crmsheet.compile.pieces import ColumnFilling, Pieces, Rows
from crmsheet.excel.values import Value
from crmsheet.formulas.criteria import Key
from crmsheet.formulas.criteria import key as criterion_key
from crmsheet.formulas.functions.statistics import median
from crmsheet.formulas.semantics import boolean
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import Rollup, Table
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import replace

_DIGITS = 4
"""Of a sentiment score: more would pretend to know."""


def with_values(pieces: Pieces, fixed: Container[tuple[str, str]]) -> Pieces:
    """Evaluated pieces in which columns that are not live hold values only."""

    def settled(table: PlanTable) -> PlanTable:
        columns = tuple(
            replace(column, formula=None) if (table.id, column.id) in fixed else column
            for column in table.columns
        )
        return replace(table, columns=columns)

    return replace(pieces, tables=tuple(settled(table) for table in pieces.tables))


def sentiment_scores(table: str, field: str) -> ColumnFilling:
    """How the texts of a field sound; empty text where there is none."""

    from crmsheet.analysis.sentiment import score

    def of_text(text: Value) -> Value:
        found = score(text) if isinstance(text, str) else None
        return "" if found is None else round(found, _DIGITS)

    def values(rows: Rows) -> Sequence[Value]:
        return [of_text(text) for text in rows.column(table, field)]

    return values


def rolled_up(table: Table, rollup: Rollup) -> ColumnFilling:
    """The number of different values, or the median, over the rows that refer to each row."""

    def values(rows: Rows) -> Sequence[Value]:
        groups: dict[Key, list[Value]] = {}
        cells = rows.column(rollup.table, rollup.field)
        holds = None if rollup.where is None else rows.results(rollup.table, rollup.where)
        for row, (reference, value) in enumerate(
            zip(rows.column(rollup.table, rollup.via), cells, strict=True)
        ):
            if reference in (None, "") or value in (None, ""):
                continue
            if holds is None or boolean(holds[row]) is True:
                groups.setdefault(criterion_key(reference), []).append(value)
        keys = rows.column(table.id, table.key)
        return [_aggregate(rollup.agg, groups.get(criterion_key(own), [])) if own else "" for own in keys]

    return values


def _aggregate(agg: Aggregation, values: list[Value]) -> Value:
    if agg is Aggregation.COUNT_DISTINCT:
        return len({criterion_key(value) for value in values})
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return median(numbers) if numbers else ""
