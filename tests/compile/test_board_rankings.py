"""Rankings and scorecards: places, shares, classes and further figures, against hand computation."""

from __future__ import annotations

import pytest
from tests.compile.sales_world import BY_OWNER, CUSTOMERS, ORDERS, USERS, book, day, full_state, rows

from crmsheet.excel.values import Value
from crmsheet.model.boards import Dimension, Figure, Ranking, TableBlock
from crmsheet.model.state import State
from crmsheet.model.words import Label

_CUSTOMER = Dimension("customer", Label.same("customer"), paths=(("orders", "customer"),), table="customers")
ALL = Ranking(rank=True, share=True, cumulative=True, limits=(0.7, 0.9))


def sold(*amounts: float) -> State:
    """An order of each amount, each of a customer of its own."""
    names = [f"C{i}" for i in range(len(amounts))]
    orders = [(str(i), day(2026, 3, 1), names[i], "Ann", amount, None) for i, amount in enumerate(amounts)]
    tables = {
        "customers": rows(CUSTOMERS, [(name, None, 1) for name in names]),
        "orders": rows(ORDERS, orders),
    }
    state = full_state()
    return State({**state.tables, **tables})


def ranked(state: State, *, top: int | None = None, ranking: Ranking = ALL) -> list[list[Value]]:
    """The rows of a ranking of customers by revenue."""
    block = TableBlock("table", ("revenue",), _CUSTOMER, totals=True, top=top, ranking=ranking)
    return book(block, state=state).shown("table")[2:]


def test_classes_go_by_the_share_before_the_row() -> None:
    # 27, 24, 18, 16, 6, 5, 4 with the limits 70 % and 90 %: down to 69 % A, down to 85 % B.
    found = ranked(sold(5, 27, 18, 4, 24, 6, 16))
    assert [row[-1] for row in found[:-1]] == ["A", "A", "A", "A", "B", "C", "C"]
    assert [row[1] for row in found[:-1]] == ["C1", "C4", "C2", "C6", "C5", "C0", "C3"]
    assert [row[0] for row in found[:-1]] == [1, 2, 3, 4, 5, 6, 7]
    assert [row[3] for row in found[:2]] == [0.27, 0.24]
    assert [row[4] for row in found[:3]] == [0.27, 0.51, 0.69]


def test_one_customer_above_the_limit_is_still_in_the_first_class() -> None:
    assert [row[-1] for row in ranked(sold(98, 1, 1))[:-1]] == ["A", "C", "C"]


def test_equal_figures_share_a_place() -> None:
    assert [row[0] for row in ranked(sold(5, 9, 5, 1, 9))[:-1]] == [1, 1, 3, 3, 5]


def test_nothing_sold_has_no_share_and_where_nobody_sold_anything_no_place_and_no_class() -> None:
    found = ranked(sold(10, 0, -4))
    assert [row[-1] for row in found[:-1]] == ["A", "C", "C"]
    found = ranked(sold(0, 0))
    assert found[0] == ["—", "C0", 0, "—", "—", "—"]


def test_the_rest_has_a_share_and_no_place() -> None:
    found = ranked(sold(50, 30, 15, 5), top=2)
    assert found[0] == [1, "C0", 50, 0.5, 0.5, "A"]
    assert found[2] == ["Other / unlisted", 20, 0.2, "—"]
    assert found[3] == ["Total", 100, 1, "—"]


def test_a_scorecard_by_owner() -> None:
    block = TableBlock(
        "table",
        ("revenue", "won"),
        BY_OWNER,
        totals=True,
        figures=(("revenue", tuple(Figure)),),
        sort="won",
        descending=False,
    )
    heads = ["Owner", "Revenue", "Previous", "Change", "Target", "Attained", "Won"]
    found = book(block).shown("table")
    assert found[1] == heads
    # March is compared with the whole of February, which is shorter.
    assert found[2:] == [
        ["Ann", 137, 0, "—", 100, 1.37, 1],
        ["Bob", 50.5, 80, pytest.approx((50.5 - 80) / 80), 100, 0.505, 1],
        ["Other / unlisted", -9.5, "—", "—", "—", "—", 0],
        ["Total", 178, 100, pytest.approx(0.78), 200, 0.89, 2],
    ]


def test_rows_without_a_number_stand_last() -> None:
    block = TableBlock("table", ("smallest",), BY_OWNER, sort="smallest")
    state = full_state()
    owners = {"users": rows(USERS, [("Cid",), ("Bob",), ("Ann",)])}
    found = book(block, state=State({**state.tables, **owners})).shown("table")[2:]
    assert found == [["Bob", 50.5], ["Ann", 7], ["Cid", "—"]]
