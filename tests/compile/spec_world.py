"""A book from a spec in YAML: compiled with rows given as tables of values, its numbers by metric.

Knows how to read the spec and find a number. Does not know what the right numbers are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmsheet.compile import Context, compiled
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.spec import Model
from crmsheet.model.state import State, TableState
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import PlanCell
from crmsheet.spec import load

Rows = Mapping[str, Sequence[Mapping[str, Value | dt.date]]]
"""Rows by table, each the fields that are filled."""


def model_of(text: str, folder: Path) -> Model:
    """The model of a spec; its includes are found from `folder`."""
    path = folder / "main.yaml"
    path.write_text(text, "utf-8")
    return load(path)


def state_of(model: Model, rows: Rows, chosen: Mapping[str, Value] | None = None) -> State:
    tables = {}
    for table in model.tables:
        given = rows.get(table.id, ())
        ids = tuple(f"{table.id[:3]}{i:05}" for i in range(len(given)))
        columns = {
            f.id: tuple(_cell(row.get(f.id)) for row in given) for f in table.fields if not f.type.computed
        }
        tables[table.id] = TableState(ids, columns)
        for row in given:
            unknown = set(row) - set(columns)
            assert not unknown, f"{table.id} has no input {unknown}"
    return State(tables, selectors=dict(chosen or {}))


def _cell(value: Value | dt.date) -> Value:
    return serial_of_date(value) if isinstance(value, dt.date) else value


@dataclass(frozen=True, slots=True)
class Figures:
    """A compiled book and what its metrics are."""

    plan: Plan

    def cells(self, anchor: str) -> Mapping[tuple[int, int], PlanCell]:
        return {(c.row, c.column): c for c in self.plan.block(anchor).cells}

    def row(self, metric: str, block: str = "kpis", board: str = "board") -> Mapping[str, Value]:
        """The row of a metric behind an indicator table, by the heads of its columns."""
        found = self.cells(f"calc.{board}.{block}")
        row = next(r for (r, c), cell in found.items() if c == 0 and cell.value == metric)
        return {str(found[0, c].value): cell.value for (r, c), cell in found.items() if r == row and c < 12}

    def value(self, metric: str, block: str = "kpis") -> Value:
        return self.row(metric, block)["value"]

    def reason(self, metric: str, block: str = "kpis") -> Value:
        return self.row(metric, block)["reason"]


def figures(
    model: Model,
    rows: Rows,
    as_of: dt.date,
    chosen: Mapping[str, Value] | None = None,
    language: Language = Language.EN,
) -> Figures:
    """The numbers of a model over rows."""
    context = Context(model, language, state_of(model, rows, chosen), serial_of_date(as_of))
    return Figures(compiled(context).plan)
