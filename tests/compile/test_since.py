"""Large counts keep what they were, and are as live as the formulas they stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.compile.reading import spelled_out
from tests.compile.spec_world import model_of, state_of

from crmsheet.compile import Context, compiled, since
from crmsheet.compile.environment import BookEnvironment
from crmsheet.compile.pieces import Pieces
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan
from crmsheet.plan.tables import PlanTable

SPEC = """\
crmsheet: 1
name: since
language: en
tables:
  customers:
    label: Customers
    key: name
    fields:
      name: {type: text, required: true, unique: true, label: Name}
      area: {type: text, label: Area}
      total: {type: rollup, table: orders, agg: sum, field: amount, label: Total}
      first: {type: rollup, table: orders, agg: min, field: date, label: First}
      last: {type: rollup, table: orders, agg: max, field: date, where: '[paid]=1', label: Last}
      large: {type: rollup, table: orders, agg: count, where: '[amount]>50', label: Large}
      mean: {type: rollup, table: orders, agg: avg, field: amount, label: Mean}
      least: {type: rollup, table: orders, agg: min, field: amount, label: Least}
      kinds: {type: rollup, table: orders, agg: count_distinct, field: amount, label: Kinds}
      seen: {type: rollup, table: visits, agg: sum, field: paid, label: Seen}
      weight: {type: rollup, table: visits, agg: sum, field: weight, label: Weight}
      had: {type: rollup, table: orders, agg: sum, field: amount, live: false, label: Had}
  orders:
    label: Orders
    key: code
    fields:
      code: {type: text, unique: true, label: Code}
      customer: {type: reference, table: customers, label: Customer}
      area: {type: lookup, via: customer, field: area, label: Area}
      date: {type: date, label: Date}
      amount: {type: number, label: Amount}
      paid: {type: formula, expr: 'IF([date]>as_of-30, 0, 1)', label: Paid}
  visits:
    label: Visits
    key: note
    fields:
      note: {type: text, label: Note}
      customer: {type: reference, table: customers, label: Customer}
      weight: {type: formula, expr: 'LEN([note])', label: Weight}
      paid: {type: lookup, via: customer, field: total, label: Paid}
metrics:
  n_orders: {type: simple, table: orders, agg: count, label: Orders}
sheets:
  board: {label: Board, blocks: [{cards: [n_orders]}]}
"""
TODAY = serial_of_date(dt.date(2026, 3, 31))
NAMES = ("Ann", "Bob", "Cho", "D*e", "1201")
LIVE = ("total", "first", "last", "large", "mean", "least", "_status")
_Rows = Sequence[Mapping[str, Value]]


def _order(code: int, customer: str | None, day: int | None, amount: float | None) -> dict[str, Value]:
    date = None if day is None else TODAY - day
    return {"code": f"O{code}", "customer": customer, "date": date, "amount": amount}


CUSTOMERS: _Rows = [{"name": n, "area": f"of {n}"} for n in NAMES]
ORDERS: _Rows = [_order(i, NAMES[i % 4], 7 * i, 10.5 * i) for i in range(12)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(SPEC, tmp_path_factory.mktemp("since"))


def _plan(model: Model, customers: _Rows, orders: _Rows, *, least: int) -> Plan:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(since, "LEAST", least)
        patch.setattr(since, "SLOTS", 3)
        state = state_of(model, {"customers": customers, "orders": orders})
        return compiled(Context(model, Language.EN, state, TODAY)).plan


@pytest.fixture(scope="module")
def kept(model: Model) -> Plan:
    """A book in which every count is a large one."""
    return _plan(model, CUSTOMERS, ORDERS, least=1)


def _columns(plan: Plan, table: str) -> set[str]:
    return {c.id for c in plan.table(table).columns}


def test_a_small_book_has_nothing_of_it(model: Model) -> None:
    plan = _plan(model, CUSTOMERS, ORDERS, least=10_000)
    assert not any(c.startswith(("_kept", "_since", "_was", "_changed")) for c in _columns(plan, "customers"))
    assert not any(b.anchor.startswith("calc.changed") for b in plan.blocks)


def test_what_is_kept_is_a_value_and_what_is_shown_a_formula(kept: Plan, model: Model) -> None:
    table = kept.table("customers")
    for column in ("_kept.total", "_kept.mean", "_was.name"):
        assert table.columns[table.index(column)].formula is None
    assert table.columns[table.index("total")].formula is not None
    plain = _plan(model, CUSTOMERS, ORDERS, least=10_000).table("customers")
    for column in LIVE:
        assert table.columns[table.index(column)].values == plain.columns[plain.index(column)].values
    # Values of each refresh are that anyway.
    assert not {"_kept.kinds", "_kept.had"} & _columns(kept, "customers")


def _planned(model: Model, least: int, sizes: Mapping[str, tuple[int, int]]) -> set[str]:
    """The columns of customers, 5 of them, where 60 pairs are compared for each rollup over orders."""
    state = state_of(model, {"customers": CUSTOMERS, "orders": ORDERS})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(since, "LEAST", least)
        return _columns(compiled(Context(model, Language.EN, state, TODAY, sizes)).plan, "customers")


def test_a_workbook_that_was_large_stays_so(model: Model) -> None:
    assert "_kept.total" not in _planned(model, 1_000, {})
    assert "_kept.total" in _planned(model, 1_000, {"calc.changed_since.orders": (4, 4)})


def test_all_counts_over_a_table_are_kept_as_soon_as_one_is_large(model: Model) -> None:
    """Else the first refresh would add those that the build left out."""
    # 144 pairs of orders, whose codes are unique; 60 of customers and orders.
    assert "_kept.total" in _planned(model, 100, {})
    assert "_kept._same.name" not in _planned(model, 100, {})


def test_a_count_of_what_other_counts_give_is_not_kept(kept: Plan) -> None:
    """Two that wait for each other would go in a circle."""
    columns = _columns(kept, "customers")
    assert "_kept.weight" in columns
    assert "_kept.seen" not in columns


# As live as without


def _typed(table: PlanTable, rows: Sequence[int], changes: Mapping[tuple[int, str], Value]) -> PlanTable:
    """A table as it stands after people worked in it: `rows` are those of before, with all their cells; -1 is one
    that they added. Cells of hidden columns with values go with their row."""
    columns = tuple(
        replace(
            c,
            values=tuple(
                changes.get((i, c.id), c.values[row] if row >= 0 else None) for i, row in enumerate(rows)
            ),
        )
        for c in table.columns
    )
    return replace(table, columns=columns, row_ids=tuple(str(i) for i in range(len(rows))))


def _now(
    plan: Plan, tables: Mapping[str, PlanTable], *columns: str, of: str = "customers"
) -> list[Sequence[Value]]:
    changed = tuple(spelled_out(plan, tables.get(t.id, t)) for t in plan.tables)
    environment = BookEnvironment(Pieces(tables=changed, blocks=plan.blocks, names=plan.names), TODAY)
    return [list(environment.column(of, column)) for column in columns]


_edits = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.one_of(
            st.tuples(st.just("customer"), st.sampled_from((*NAMES, None, "Nobody", 1201))),
            st.tuples(st.just("amount"), st.sampled_from((0.0, 99.25, None))),
            st.tuples(st.just("date"), st.sampled_from((TODAY, TODAY - 400, None))),
            st.tuples(st.just("code"), st.sampled_from(("O1", "O2", "new"))),
        ),
    ),
    max_size=5,
)
_rows = st.one_of(
    st.just(list(range(12))),
    st.permutations(range(12)),
    st.lists(st.integers(-1, 11), min_size=1, max_size=14),
)
_names = st.dictionaries(st.integers(0, 4), st.sampled_from((*NAMES, None, "Nobody")), max_size=2)


@cache
def _books() -> tuple[Plan, Plan]:
    """The same book twice: every count kept, and none."""
    with TemporaryDirectory() as folder:
        model = model_of(SPEC, Path(folder))
    return _plan(model, CUSTOMERS, ORDERS, least=1), _plan(model, CUSTOMERS, ORDERS, least=10_000)


@settings(max_examples=60)
@given(edits=_edits, rows=_rows, names=_names)
def test_whatever_people_do_it_counts_as_the_formulas_alone_do(
    edits: list[tuple[int, tuple[str, Value]]], rows: list[int], names: dict[int, str | None]
) -> None:
    found = []
    for plan in _books():
        orders = {(i, field): value for i, (field, value) in edits}
        customers = {(i, "name"): name for i, name in names.items()}
        tables = {
            "orders": _typed(plan.table("orders"), rows, orders),
            "customers": _typed(plan.table("customers"), range(len(NAMES)), customers),
        }
        found.append(_now(plan, tables, *LIVE))
    assert found[0] == found[1]


@settings(max_examples=60)
@given(
    edits=_edits,
    rows=_rows,
    # A key that is a number is not found as a text; where it was found last, it is.
    names=st.dictionaries(st.integers(0, 4), st.sampled_from((None, "Nobody", "new")), max_size=2),
    places=st.one_of(st.permutations(range(5)), st.lists(st.integers(-1, 4), unique=True, min_size=1)),
)
def test_whatever_people_do_references_lead_to_the_row_that_has_their_key(
    edits: list[tuple[int, tuple[str, Value]]],
    rows: list[int],
    names: dict[int, Value],
    places: list[int],
) -> None:
    keys = [names.get(i, NAMES[row] if row >= 0 else None) for i, row in enumerate(places)]
    written = [key for key in keys if key is not None]
    # Which of two rows with one key is meant, nobody can say.
    assume(len(set(written)) == len(written))
    found = []
    for plan in _books():
        orders = {(i, field): value for i, (field, value) in edits}
        customers = {(i, "name"): name for i, name in names.items() if i < len(places)}
        tables = {
            "orders": _typed(plan.table("orders"), rows, orders),
            "customers": _typed(plan.table("customers"), places, customers),
        }
        found.append(_now(plan, tables, "_row.customer", "area", "_status", of="orders"))
    assert found[0] == found[1]


def test_a_reference_stays_with_its_row_when_another_gets_the_same_key(kept: Plan) -> None:
    """Until the next refresh, which leads it to the first."""
    changed = {"customers": _typed(kept.table("customers"), range(5), {(0, "name"): "Bob"})}
    places = _now(kept, changed, "_row.customer", of="orders")[0]
    assert [p for p, order in zip(places, ORDERS, strict=True) if order["customer"] == "Bob"] == [2, 2, 2]
    assert [p for p, order in zip(places, ORDERS, strict=True) if order["customer"] == "Ann"] == ["", "", ""]


def test_only_those_concerned_are_counted_anew(kept: Plan) -> None:
    def concerned(
        changes: Mapping[tuple[int, str], Value], rows: Sequence[int] = range(12)
    ) -> Sequence[Value]:
        orders = _typed(kept.table("orders"), rows, changes)
        return [int(bool(n)) for n in _now(kept, {"orders": orders}, "_since.orders.customer")[0]]

    assert concerned({}) == [0, 0, 0, 0, 0]
    assert concerned({(1, "amount"): 5}) == [0, 1, 0, 0, 0]
    assert concerned({(1, "customer"): "Cho"}) == [0, 1, 1, 0, 0]
    assert concerned({}, list(reversed(range(12)))) == [0, 0, 0, 0, 0]
    # More than are listed; a row that went away; one that was copied over another.
    assert concerned({(i, "amount"): 5 for i in range(4)}) == [1, 1, 1, 1, 1]
    assert concerned({}, range(11)) == [1, 1, 1, 1, 1]
    assert concerned({}, [0, 0, *range(2, 12)]) == [1, 1, 1, 1, 1]
