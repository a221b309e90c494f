"""Rows that name a customer or colleague who is not there: a board counts them, with their money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.compile.reading import spelled_out
from tests.compile.sales_world import (
    AS_OF,
    BY_REGION,
    ORDER_ROWS,
    ORDERS,
    OWNER,
    PERIOD,
    Book,
    book,
    empty_state,
    full_state,
    rows,
)

from crmsheet.compile import Context, compiled, scope
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Call, Cell, Column, Node, walk
from crmsheet.model.boards import Card, CardsBlock, TableBlock
from crmsheet.model.state import State, TableState
from crmsheet.model.words import Language
from crmsheet.spec import load

REVENUE = CardsBlock("cards", (Card("revenue"),))
COUNT = CardsBlock("cards", (Card("won"),))
REGIONS = TableBlock("by_region", ("revenue",), BY_REGION)


def _state(*orders: Sequence[Value]) -> State:
    """The full book with these orders instead."""
    full = full_state()
    return replace(full, tables={**full.tables, "orders": rows(ORDERS, orders)})


def _order(customer: Value, owner: Value, amount: Value) -> tuple[Value, ...]:
    return ("1", serial_of_date(AS_OF), customer, owner, amount, None)


def _warnings(found: Book, board: str = "board") -> list[Value]:
    anchor = f"{board}.band.unmatched"
    if not any(b.anchor == anchor for b in found.plan.blocks):
        return []
    return [c.value for c in found.plan.block(anchor).cells if c.value != ""]


def test_rows_without_a_partner_are_counted_with_their_money() -> None:
    """Order 8 names a seller who is not there; blank cells are no mistake."""
    assert _warnings(book(REVENUE)) == ["→ Orders: unmatched 1 · ¥-10"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.ZH, "→ orders：未匹配 2 条 · ¥12,000"),
        (Language.EN, "→ Orders: unmatched 2 · ¥12,000"),
    ],
)
def test_both_languages_have_words_for_it(language: Language, text: str) -> None:
    state = _state(_order("nobody", "Ann", 7000), _order("甲", "Zoe", 5000), _order("甲", "Ann", 3))
    assert _warnings(book(REVENUE, state=state, language=language)) == [text]


def test_nothing_is_shown_while_every_row_finds_its_partner() -> None:
    for found in (book(REVENUE, state=_state(*ORDER_ROWS[:7])), book(REVENUE, REGIONS, state=empty_state())):
        cells = found.plan.block("board.band.unmatched").cells
        assert [(c.value, c.link) for c in cells] == [("", "orders.top"), ("", "targets.top")]
        assert all(c.formula is not None for c in cells)


def test_only_references_that_the_board_goes_through_count() -> None:
    state = _state(_order("nobody", "Ann", 7), _order("甲", "Zoe", 5))
    assert _warnings(book(REVENUE, state=state, selectors=(PERIOD,))) == []
    assert _warnings(book(REVENUE, state=state, selectors=(OWNER,))) == ["→ Orders: unmatched 1 · ¥5"]
    assert _warnings(book(REGIONS, state=state, selectors=())) == ["→ Orders: unmatched 1 · ¥7"]
    # A table without sums of money has only the number.
    lost = replace(
        state, tables={**state.tables, "users": replace(state.tables["users"], ids=(), columns={"name": ()})}
    )
    assert _warnings(book(COUNT, state=lost, selectors=(OWNER,))) == ["→ Deals: unmatched 5"]


def test_a_row_counts_once_however_many_of_its_references_lead_nowhere() -> None:
    state = _state(
        _order("nobody", "Zoe", 10),
        _order(ExcelError.NA, "Ann", 20),
        _order("", None, 40),
        _order("甲 ", "ann", 80),
        _order("丙*", "Ann", "text"),
        _order("丙?", "Ann", None),
    )
    assert _warnings(book(REVENUE, state=state)) == ["→ Orders: unmatched 4 · ¥110"]


def _asks(trees: Iterable[Node]) -> list[Call]:
    return [n for tree in trees for n in walk(tree) if isinstance(n, Call) and n.function == "MATCH"]


def test_a_partner_is_looked_up_once_a_row() -> None:
    """The status column and the count read where the reference leads; neither looks it up again."""
    plan = book(REVENUE, REGIONS).plan
    table = spelled_out(plan, plan.table("orders"))
    formulas = {c.id: c.formula for c in table.columns if c.formula is not None}
    for partner in ("customers", "users"):
        asking = [
            id_
            for id_, formula in formulas.items()
            if any(Column(partner, "name") in match.arguments for match in _asks([formula]))
        ]
        assert len(asking) == 1, asking
    assert Cell("orders", "_row.owner") in set(walk(formulas["_unmatched.customer.owner"]))
    assert Cell("orders", "_row.owner") in set(walk(formulas["_status"]))


SPEC = """\
crmsheet: 1
name: deep
title: Deep
language: en
tables:
  users:
    label: Users
    key: name
    fields:
      name: {type: text, label: Name}
      team: {type: text, label: Team}
  customers:
    label: Customers
    key: name
    fields:
      name: {type: text, label: Name}
      owner: {type: reference, table: users, label: Owner}
      team: {type: lookup, via: owner, field: team, label: Team}
      revenue: {type: rollup, table: orders, agg: sum, field: amount, where: '[checker] <> ""', label: Revenue}
      big: {type: formula, expr: '[revenue] > 10', label: Big}
  orders:
    label: Orders
    key: order_no
    fields:
      order_no: {type: id, label: Order}
      customer: {type: reference, table: customers, label: Customer}
      checker: {type: reference, table: users, label: Checker}
      shipper: {type: reference, table: users, label: Shipper}
      amount: {type: currency, label: Amount}
metrics:
  big_ones: {type: simple, label: Big ones, table: customers, agg: count, filter: '[big] = TRUE'}
sheets:
  rollups:
    label: Rollups
    blocks:
      - cards: [big_ones]
  lookups:
    label: Lookups
    blocks:
      - list: {table: customers, columns: [name, team], sort: name}
"""


def test_references_behind_computed_fields_count(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(SPEC, "utf-8")
    model = load(path)
    tables: dict[str, dict[str, tuple[Value, ...]]] = {
        "users": {"name": ("Ann",), "team": ("North",)},
        "customers": {"name": ("Acme", "Bolt"), "owner": ("Ann", "Zoe")},
        "orders": {
            "order_no": ("1", "2", "3"),
            "customer": ("Acme", "gone", "gone too"),
            "checker": ("Ann", "Zoe", "Ann"),
            "shipper": ("Zoe", "Zoe", "Zoe"),
            "amount": (1, 2, 4),
        },
    }
    state = State(
        {
            table: TableState(
                tuple(f"{table}-{i}" for i in range(len(columns[next(iter(columns))]))), columns
            )
            for table, columns in tables.items()
        }
    )
    found = Book(compiled(Context(model, Language.EN, state, serial_of_date(AS_OF))).plan)
    # Two orders are not in the sum; who ships plays no part.
    assert _warnings(found, "rollups") == ["→ Orders: unmatched 2"]
    assert _warnings(found, "lookups") == ["→ Customers: unmatched 1"]


def test_where_a_reference_leads_is_a_value_when_that_is_too_costly_to_be_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scope, "PAIRS", 8 * 3)
    found = book(REVENUE)
    columns = {c.id: c for t in found.plan.tables if t.id == "orders" for c in t.columns}
    assert columns["_row.customer"].formula is None
    assert columns["_row.customer"].values[1] == 2
    assert columns["_row.owner"].formula is not None
    assert columns["_unmatched.customer.owner"].formula is not None
    assert _warnings(found) == ["→ Orders: unmatched 1 · ¥-10"]
