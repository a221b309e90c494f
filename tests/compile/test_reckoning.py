"""What history writes down: the figures that boards show when nothing is selected, and for each value by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.compile.spec_world import Rows, model_of, state_of

from crmsheet.compile import Compiled, Context, compiled
from crmsheet.compile.reckoning import MOST_MEMBERS
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.history import History, Point, SeriesKey
from crmsheet.model.spec import Model
from crmsheet.model.state import ListRow
from crmsheet.model.words import Language

DAY = serial_of_date(dt.date(2026, 3, 31))
SPEC = """\
crmsheet: 1
language: en
settings: {fiscal_year_start: 4}
lists:
  region: [East, North]
tables:
  people: {label: People, fields: {name: {type: text, label: Name, required: true}}}
  customers:
    label: Customers
    fields:
      name: {type: text, label: Customer, required: true}
      region: {type: choice, label: Region}
  deals:
    label: Deals
    fields:
      title: {type: text, label: Title}
      customer: {type: reference, table: customers, label: Customer}
      owner: {type: reference, table: people, label: Owner}
      amount: {type: number, label: Amount}
      date: {type: date, label: Date}
metrics:
  total: {type: simple, label: Amount, table: deals, agg: sum, field: amount, time: date}
  n: {type: simple, label: Deals, table: deals, agg: count, time: date}
  mean: {type: ratio, label: Mean, numerator: total, denominator: n, min_n: 2}
  middle: {type: simple, label: Middle, table: deals, agg: median, field: amount, time: date}
  buyers: {type: simple, label: Buyers, table: deals, agg: count_distinct, field: customer, time: date}
  ever: {type: cumulative, label: Ever, metric: total}
  accounts: {type: simple, label: Accounts, table: customers, agg: count}
history:
  metrics: [total, n, mean, middle, buyers, ever, accounts]
  by: [customer.region, owner]
"""
DEALS: list[Mapping[str, Value | dt.date]] = [
    {"title": "a", "customer": "Acme", "owner": "Li", "amount": 10, "date": DAY},
    {"title": "b", "customer": "Acme", "owner": "Wang*", "amount": 20, "date": DAY - 1},
    {"title": "c", "customer": "Beta", "owner": "Li", "amount": 40, "date": DAY - 30},
    {"title": "d", "customer": "Beta", "owner": "Li", "amount": 80, "date": DAY - 31},
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(SPEC, tmp_path_factory.mktemp("reckoning"))


def reckoned(model: Model, *, people: int = 2) -> Compiled:
    rows: Rows = {
        "people": [{"name": name} for name in ("Li", "Wang*", *(f"P{i}" for i in range(people - 2)))],
        "customers": [
            {"name": "Acme", "region": "East"},
            {"name": "Beta", "region": "North"},
            {"name": "Idle"},
        ],
        "deals": DEALS,
    }
    regions = tuple(ListRow(name, name) for name in ("East", "North"))
    state = replace(state_of(model, rows), lists={"region": regions})
    return compiled(Context(model, Language.EN, state, DAY, run=DAY + 1))


def points(history: History) -> dict[SeriesKey, Point]:
    return {key: one.points[DAY] for key, one in history.series.items()}


def test_figures_in_all_are_those_of_the_window(model: Model) -> None:
    found = points(reckoned(model).history)
    values = {key.metric: (p.value, p.n) for key, p in found.items() if not key.by}
    assert values == {
        "total": (70, None),
        "n": (3, None),
        "mean": (pytest.approx(70 / 3), 3),
        "middle": (20, None),
        "buyers": (2, None),
        "ever": (150, None),
        "accounts": (3, None),
    }
    assert {p.run for p in found.values()} == {DAY + 1}


def test_each_value_has_its_own_rows_and_no_other(model: Model) -> None:
    found = points(reckoned(model).history)
    by_owner = {(k.metric, k.member): p.value for k, p in found.items() if k.by == "owner"}
    assert by_owner["total", "peo00000"] == 50
    assert by_owner["total", "peo00001"] == 20
    assert by_owner["middle", "peo00000"] == 25
    assert by_owner["buyers", "peo00000"] == 2
    # Two deals are the least for a mean.
    assert found[SeriesKey("mean", "owner", "peo00001")] == Point(None, 1, "too few: n=1", DAY + 1)
    by_region = {(k.metric, k.member): p.value for k, p in found.items() if k.by == "region"}
    assert (by_region["total", "East"], by_region["total", "North"]) == (30, 40)
    # Customers have regions as well, but no owner.
    assert (by_region["accounts", "East"], by_region["accounts", "North"]) == (1, 1)
    assert not any(k.metric == "accounts" and k.by == "owner" for k in found)


def test_another_window_may_be_asked_for(model: Model) -> None:
    assert model.history is not None
    longer = replace(model, history=replace(model.history, period="last_90_days", by=()))
    assert points(reckoned(longer).history)[SeriesKey("total")].value == 150


def test_no_more_values_are_followed_than_are_told_of(model: Model) -> None:
    found = points(reckoned(model, people=MOST_MEMBERS + 9).history)
    assert len({k.member for k in found if k.by == "owner"}) == MOST_MEMBERS


def test_a_metric_that_looks_at_each_row_is_reckoned_by_value_as_well(tmp_path: Path) -> None:
    big = "  big: {type: simple, label: Big, table: customers, agg: count, having: 'n>1'}\n"
    text = SPEC.replace("history:", big + "history:").replace("metrics: [total,", "metrics: [big, total,")
    found = points(reckoned(model_of(text, tmp_path)).history)
    values = {(k.by, k.member): p.value for k, p in found.items() if k.metric == "big"}
    assert values["", ""] == 1
    assert (values["region", "East"], values["region", "North"]) == (1, 0)


def test_nothing_is_computed_in_the_workbook_for_it(model: Model) -> None:
    plan = reckoned(model).plan
    assert not any(b.anchor.startswith("history.") for b in plan.blocks)
    assert all(c.formula is None for b in plan.blocks if b.sheet == "kpi_history" for c in b.cells)
