"""A book that remembers: deals with audited fields, figures written down in all and by region.

Knows the spec below and how to read the two sheets. Does not know how a refresh works.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from tests.judge.package import Value
from tests.refresh.small_world import View, typed

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.api.refreshing import Refreshed
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load

FIRST = dt.date(2026, 3, 30)
NEXT = dt.date(2026, 3, 31)

HISTORY = "history: {by: [region], keep: {days: 40, months: 6}}\n"
SPEC = """\
crmsheet: 1
name: pipeline
title: Pipeline
language: en
lists:
  region:
    - {id: east, label: East}
    - {id: north, label: North}
  stage:
    - {id: open, label: Open}
    - {id: won, label: Won}
tables:
  customers:
    label: Customers
    fields:
      name: {type: text, label: Customer, required: true, unique: true, max_length: 100}
      region: {type: choice, label: Region, required: true, audit: true}
  deals:
    label: Deals
    fields:
      customer: {type: reference, table: customers, label: Customer, required: true, audit: true}
      stage: {type: choice, label: Stage, required: true, audit: true}
      amount: {type: currency, label: Amount, required: true, audit: true}
      closed: {type: date, label: Closed, audit: true}
      note: {type: text, label: Note}
      deal_no: {type: id, format: D0000, label: Deal no.}
metrics:
  won: {type: simple, label: Amount won, table: deals, agg: sum, field: amount, filter: '[stage]="won"', time: closed}
  open: {type: simple, label: Open deals, table: deals, agg: count, filter: '[stage]="open"'}
  mean: {type: simple, label: Mean deal, table: deals, agg: avg, field: amount, time: closed}
sheets:
  board:
    label: Board
    selectors: {period: {}, region: {customers: region, deals: customer.region}}
    blocks:
      - cards: [won, open, mean]
"""
CHART = "      - {id: course, chart: {type: history, metrics: [won], last: 5}}\n"
CUSTOMERS: tuple[dict[str, Value], ...] = tuple(
    {"name": name, "region": region}
    for name, region in (("Acme", "East"), ("Beta", "North"), ("Gamma", "East"))
)
DEALS: tuple[dict[str, Value], ...] = tuple(
    {"customer": customer, "stage": stage, "amount": float(amount), "closed": float(day) if day else None}
    for customer, stage, amount, day in (
        ("Acme", "Won", 100, serial_of_date(dt.date(2026, 3, 3))),
        ("Beta", "Won", 40, serial_of_date(dt.date(2026, 3, 9))),
        ("Beta", "Open", 70, 0),
        ("Gamma", "Open", 90, 0),
        ("Gamma", "Won", 10, serial_of_date(dt.date(2026, 2, 9))),
    )
)


def spec_file(folder: Path, text: str) -> Path:
    path = folder / "pipeline.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def built(
    folder: Path,
    text: str = SPEC + HISTORY,
    *,
    as_of: dt.date = FIRST,
    deals: Sequence[Mapping[str, Value]] = DEALS,
) -> bytes:
    rows = {"customers": [dict(r) for r in CUSTOMERS] if deals else [], "deals": [dict(r) for r in deals]}
    model = load(spec_file(folder, text))
    return built_from(model, rows, Language.EN, today=as_of, as_of=as_of).content  # type: ignore[arg-type] # rows loosely typed


def refresh(
    content: bytes, day: dt.date, *, today: dt.date | None = None, spec: Path | None = None
) -> Refreshed:
    return api.refresh(content, name="b.xlsx", today=today or day, as_of=day, spec=spec)


def changed(content: bytes, day: dt.date, *, today: dt.date | None = None, spec: Path | None = None) -> bytes:
    """The workbook after a refresh that had something to do."""
    done = refresh(content, day, today=today, spec=spec)
    assert done.content is not None
    return done.content


def edited(content: bytes, table: str, cells: Mapping[tuple[str, int], Value]) -> bytes:
    """The workbook after people typed into cells of a table, by header and row."""
    view = View.of(content)
    sheet, _ = view.table(table)
    return typed(content, sheet, {view.place(table, *at): value for at, value in cells.items()})


def resaved(content: bytes, who: str = "李雷 & Han") -> bytes:
    """The workbook as openpyxl saves it for somebody."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.properties.lastModifiedBy = who
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rows(content: bytes, sheet: str, first: int = 5) -> list[list[Value]]:
    package = View.of(content).package
    found: dict[int, dict[int, Value]] = {}
    for cell in package.cells(package.sheet(sheet)):
        if cell.row >= first and cell.value not in (None, ""):
            found.setdefault(cell.row, {})[cell.column] = cell.value
    if not found:
        return []
    assert sorted(found) == list(range(first, first + len(found)))
    left = min(c for row in found.values() for c in row)
    return [[row.get(c) for c in range(left, left + 12)] for _, row in sorted(found.items())]


Figure = tuple[str, str]
"""A metric's id and a member's id."""


def figures(content: bytes, sheet: str = "KPI_History") -> dict[dt.date, dict[Figure, tuple[Value, Value]]]:
    """By date: value and number of each figure on the sheet."""
    found: dict[dt.date, dict[Figure, tuple[Value, Value]]] = {}
    for row in _rows(content, sheet):
        day = _day(row[0])
        key = (str(row[8]), str(row[10] or ""))
        assert key not in found.setdefault(day, {})
        found[day][key] = row[4], row[5]
    return found


def changes(content: bytes, sheet: str = "ChangeLog") -> list[tuple[Value, ...]]:
    """Row, field, old, new, who: of each change on the sheet."""
    return [tuple(row[2:7]) for row in _rows(content, sheet)]


def _day(serial: Value) -> dt.date:
    assert isinstance(serial, int | float)
    return dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))
