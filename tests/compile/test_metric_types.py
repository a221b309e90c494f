"""Cumulative metrics, conversions, metrics for each row, offsets: worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.compile.spec_world import Figures, Rows, figures, model_of
from tests.judge.libreoffice import compare_all, needs_libreoffice

from crmsheet.excel.values import ExcelError, Value
from crmsheet.plan.place import default_layout
from crmsheet.write import written

AS_OF = dt.date(2026, 3, 31)
NA = ExcelError.NA
SPEC = """
crmsheet: 1
language: en
settings: {quiet_months: 3}
lists:
  region: [East, West]
tables:
  customers:
    fields:
      name: {type: text, required: true, unique: true}
      region: choice
      created: date
      first_order: {type: rollup, table: orders, agg: min, field: date}
  orders:
    fields:
      no: {type: text, required: true}
      customer: {type: reference, table: customers}
      date: date
      amount: currency
metrics:
  revenue: {type: simple, table: orders, agg: sum, field: amount, time: date}
  orders_n: {type: simple, label: Orders, table: orders, agg: count, time: date}
  ytd: {type: cumulative, label: YTD, metric: revenue, grain_to_date: year}
  trailing: {type: cumulative, label: T12, metric: revenue, window: 12 months}
  ever: {type: cumulative, label: Ever, metric: revenue}
  before: {type: cumulative, label: Before, metric: revenue, period_agg: first}
  mean_order: {type: ratio, label: Mean, numerator: revenue, denominator: orders_n, format: currency}
  mean_12m: {type: cumulative, label: Mean 12, metric: mean_order, window: 12 months}
  last_year: {type: derived, label: LY, expr: revenue, offset_window: 1 year, format: currency}
  growth:
    type: ratio
    label: Growth
    numerator: gained
    denominator: last_year
    not_applicable:
      - {when: last_year = 0, reason: new}
      - {when: last_year < 0, reason: negative base}
  gained: {type: derived, label: Gained, expr: revenue - last_year}
  middle: {type: simple, label: Median, table: orders, agg: median, field: amount, time: date}
  buyers: {type: simple, label: Buyers, table: customers, agg: count, having: 'AND(orders_n > 0, revenue > 0)'}
  repeaters: {type: simple, label: Repeaters, table: customers, agg: count, having: orders_n >= 2}
  repeat_rate: {type: ratio, label: Repeat rate, numerator: repeaters, denominator: buyers, min_n: 2}
  either: {type: simple, label: Either, table: customers, agg: count, having: 'OR(orders_n = 0, NOT(revenue < 100))'}
  best_two: {type: simple, label: Best two, table: customers, agg: sum, expr: revenue, top: 2}
  squares: {type: simple, label: Squares, table: customers, agg: sum, expr: revenue^2, having: revenue > 0}
  per_buyer: {type: simple, label: Mean of buyers, table: customers, agg: avg, expr: revenue, having: orders_n > 0}
  middle_buyer: {type: simple, label: Median buyer, table: customers, agg: median, expr: revenue, having: orders_n > 0}
  largest_buyer: {type: simple, label: Largest, table: customers, agg: max, expr: revenue, having: orders_n > 0}
  active: {type: cumulative, label: A, metric: orders_n, window: quiet_months months}
  still: {type: cumulative, label: W, metric: orders_n, window: within quiet_months months}
  active_start: {type: cumulative, label: B, metric: orders_n, window: quiet_months months, period_agg: first}
  at_start: {type: simple, label: At start, table: customers, agg: count, having: active_start > 0}
  kept: {type: simple, label: Kept, table: customers, agg: count, having: 'AND(active_start > 0, active > 0)'}
  retention: {type: ratio, label: Retention, numerator: kept, denominator: at_start}
  leads: {type: simple, label: Leads, table: customers, agg: count, time: created}
  firsts: {type: simple, label: First orders, table: customers, agg: count, time: first_order}
  converted:
    {type: conversion, label: Converted, base: leads, conversion: firsts, entity: customers, window: 30 days}
  ordered:
    {type: conversion, label: Ordered, base: leads, conversion: orders_n, entity: customer, window: 30 days, min_n: 2}
  ever_ordered: {type: conversion, label: Ever, base: leads, conversion: orders_n, entity: customer}
  share_of_best:
    {type: derived, label: Share, expr: best_two / revenue, sample: orders_n, min_n: 3, format: percent}
sheets:
  board:
    label: Board
    selectors: {period: {}, region: {customers: region, orders: customer.region}}
    blocks:
      - id: kpis
        kpis: {metrics: [ytd, trailing, ever, before, mean_12m, last_year, growth, middle, buyers, repeaters,
          repeat_rate, either, best_two, squares, per_buyer, middle_buyer, largest_buyer, retention, converted,
          ordered, ever_ordered, share_of_best, active, still]}
      - id: months
        table: {metrics: [ytd, trailing, middle, buyers, best_two, ordered], by: month, last: 4, totals: true}
      - id: regions
        table: {metrics: [trailing, middle, buyers, best_two, converted, growth], by: region, totals: true}
"""


def day(year: int, month: int, of_month: int) -> dt.date:
    return dt.date(year, month, of_month)


def order(no: str, customer: str, date: dt.date, amount: float) -> Mapping[str, Value | dt.date]:
    return {"no": no, "customer": customer, "date": date, "amount": amount}


ROWS: Rows = {
    "customers": [
        {"name": "Ada", "region": "East", "created": day(2026, 1, 1)},
        {"name": "Bob*", "region": "East", "created": day(2025, 12, 1)},
        {"name": "Cy", "region": "West", "created": day(2026, 3, 20)},
        {"name": "Dee", "region": "West", "created": day(2024, 2, 1)},
        {"name": "Eve", "created": day(2026, 1, 31)},
    ],
    "orders": [
        order("1", "Ada", day(2026, 1, 20), 100),
        order("2", "Ada", day(2026, 3, 1), 40),
        order("3", "Ada", day(2026, 3, 31), 60),
        order("4", "Bob*", day(2026, 1, 5), 300),
        order("5", "Bob*", day(2026, 3, 15), 25),
        order("6", "Dee", day(2025, 3, 10), 80),
        order("7", "Dee", day(2025, 12, 31), 1000),
        order("8", "Cy", day(2026, 3, 21), -5),
        order("9", "Bob*", day(2025, 2, 1), 7),
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spec")


def book(folder: Path, period: str = "This month", region: str = "All", rows: Rows = ROWS) -> Figures:
    chosen = {"board.period": period, "board.region": region}
    return figures(model_of(SPEC, folder), rows, AS_OF, chosen)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        # From 1 January on, and within three months of 31 March: from 31 December on.
        ("active", 6),
        ("still", 7),
        ("ytd", 100 + 40 + 60 + 300 + 25 - 5),
        ("trailing", 100 + 40 + 60 + 300 + 25 + 1000 - 5),
        ("ever", 100 + 40 + 60 + 300 + 25 + 80 + 1000 - 5 + 7),
        ("before", 100 + 300 + 80 + 1000 + 7),
        ("mean_12m", 1520 / 7),
        ("last_year", 80),
        ("growth", (120 - 80) / 80),
        ("middle", (25 + 40) / 2),
        # Cy sent back more than he bought: no buyer.
        ("buyers", 2),
        ("repeaters", 1),
        ("repeat_rate", 0.5),
        # Dee and Eve bought nothing, Ada for 100; Bob for 25 and Cy for -5 are left.
        ("either", 3),
        ("best_two", 125),
        ("squares", 100**2 + 25**2),
        ("per_buyer", 40),
        ("middle_buyer", 25),
        ("largest_buyer", 100),
        # On the first of March Ada, Bob and Dee had bought within three months; Ada and Bob have again.
        ("retention", 2 / 3),
        # Of March's leads Cy alone, and his thirty days are not over.
        ("converted", NA),
    ],
)
def test_this_month(folder: Path, metric: str, value: Value) -> None:
    assert book(folder).value(metric) == (value if value is NA else pytest.approx(value))


def test_leads_too_new_to_tell_say_so(folder: Path) -> None:
    found = book(folder)
    assert found.reason("converted") == "too early to tell"
    # Without a window there is nothing to wait for.
    assert found.value("ever_ordered") == 1
    # Eve's thirty days were over on the second of March, Ada's and Bob's before: one of January's two ordered.
    earlier = book(folder, "This year")
    assert earlier.value("ordered") == 0.5
    assert earlier.row("ordered")["n"] == 2
    # Bob's first order of all lies before he was created.
    assert earlier.value("converted") == 0.5
    assert book(folder, "Last year").value("converted") == 0


def test_an_order_long_after_does_not_convert(folder: Path) -> None:
    # Bob was created on the first of December and ordered on the fifth of January.
    last = book(folder, "Last quarter")
    assert last.value("ever_ordered") == 1
    assert last.value("ordered") is NA
    assert last.reason("ordered") == "too few: n=1"


def test_growth_over_nothing_is_new(folder: Path) -> None:
    rows = {**ROWS, "orders": [o for o in ROWS["orders"] if o["no"] != "6"]}
    found = book(folder, rows=rows)
    assert found.value("growth") is NA
    assert found.reason("growth") == "new"
    rows = {**ROWS, "orders": [*rows["orders"], order("10", "Dee", day(2025, 3, 2), -1)]}
    assert book(folder, rows=rows).reason("growth") == "negative base"


def test_a_derived_metric_says_how_many_cases(folder: Path) -> None:
    found = book(folder)
    assert found.row("share_of_best")["n"] == 4
    assert found.value("share_of_best") == pytest.approx(125 / 120)
    assert book(folder, region="East").value("share_of_best") == pytest.approx(1)
    west = book(folder, region="West")
    assert west.value("share_of_best") is NA
    assert west.reason("share_of_best") == "too few: n=1"


@pytest.mark.parametrize(
    ("region", "buyers", "retention", "best"),
    [("East", 2, 1.0, 125), ("West", 0, 0.0, 0), ("Nowhere", 0, NA, 0)],
)
def test_selectors_choose_the_rows(
    folder: Path, region: str, buyers: int, retention: Value, best: float
) -> None:
    found = book(folder, region=region)
    assert found.value("buyers") == buyers
    assert found.value("retention") == retention
    assert found.value("best_two") == best


def test_the_window_before(folder: Path) -> None:
    row = book(folder).row("ytd")
    assert row["previous"] == 400
    assert row["note"] == "2026-01-01 – 2026-03-31"
    assert book(folder).row("retention")["previous"] == pytest.approx(1)


def test_all_time(folder: Path) -> None:
    found = book(folder, "All time")
    assert found.value("trailing") == 1520
    # Everything up to today against everything up to today a year ago.
    assert found.value("last_year") == 87
    assert found.value("retention") is NA
    assert found.reason("retention") == "denominator is 0"


def test_by_month(folder: Path) -> None:
    cells = book(folder).cells("calc.board.months")
    column = {str(cells[0, c].value): c for r, c in cells if r == 0}
    by_month = {str(cells[r, 0].value): r for r, c in cells if c == 0 and r > 0}
    rows = {m: [cells[r, column[h]].value for h in ("YTD", "Median", "Buyers")] for m, r in by_month.items()}
    assert rows == {
        "2025-12": [1087, 1000, 1],
        "2026-01": [400, 200, 2],
        "2026-02": [400, NA, 0],
        "2026-03": [520, 32.5, 2],
        "Total": [520, 60, 3],
    }


def test_by_region(folder: Path) -> None:
    cells = book(folder, "This year").cells("calc.board.regions")
    column = {str(cells[0, c].value): c for r, c in cells if r == 0}
    shown = {}
    for (row, at), cell in cells.items():
        if at == 0 and cell.value in ("East", "West", "Total"):
            shown[cell.value] = [
                cells[row, column[h]].value for h in ("Median", "Buyers", "Best two", "Converted")
            ]
    assert shown["East"] == [60, 2, 525, 1]
    assert shown["West"] == [-5, 0, 0, NA]
    assert shown["Total"] == [50, 2, 525, 0.5]


@needs_libreoffice
def test_libreoffice_agrees(folder: Path, tmp_path: Path) -> None:
    choices = [("This month", "All"), ("All time", "East"), ("Last quarter", "West"), ("This year", "All")]
    paths = []
    for index, (period, region) in enumerate(choices):
        plan = book(folder, period, region).plan
        path = tmp_path / f"{index}.xlsx"
        path.write_bytes(written(plan, default_layout(plan), created=dt.datetime(2026, 3, 31, tzinfo=dt.UTC)))
        paths.append(path)
    empty = book(folder, rows={}).plan
    path = tmp_path / "empty.xlsx"
    path.write_bytes(written(empty, default_layout(empty), created=dt.datetime(2026, 3, 31, tzinfo=dt.UTC)))
    differences = compare_all([*paths, path], tmp_path)
    assert {p.name: [str(d) for d in found] for p, found in differences.items() if found} == {}
