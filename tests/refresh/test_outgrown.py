"""Blocks that were built for few values and hold many by now: a ranking looks at all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.judge.package import Package
from tests.refresh.small_world import SPEC, TODAY, built

from crmsheet import api
from crmsheet.api.importing import Mode, Wanted, import_rows
from crmsheet.intake.grids import Row, Sheet, SourceKind

MANY = 47
BLOCKS = """\
      - {id: best, table: {metrics: [revenue], by: customer, top: 5, rank: true}}
      - {id: each, table: {metrics: [revenue], by: customer, totals: true}}
      - {id: bars, chart: {type: bar, metrics: [revenue], by: customer}}
      - {id: share, chart: {type: pareto, metrics: [revenue], by: customer, top: 6}}
      - {id: map, heat: {metric: revenue, by: customer, across: month, last: 3}}
"""
TEXT = SPEC.replace(", region: {customers: region, orders: customer.region}}", ", customer: {}}") + BLOCKS


def entered(book: bytes, table: str, *rows: tuple[object, ...]) -> bytes:
    sheet = Sheet("f", "f", SourceKind.TEXT, tuple(Row(n, r) for n, r in enumerate(rows, start=1)))  # type: ignore[arg-type] # rows loosely typed
    done = import_rows(book, (sheet,), name="b", today=TODAY, wanted=Wanted(table, mode=Mode.CREATE))
    assert done.rejected == ()
    return done.content or b""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Built empty; the last customer that was entered is the largest."""
    book = built(tmp_path_factory.mktemp("outgrown"), spec=TEXT, customers=(), orders=())
    names = [f"Company {n:02}" for n in range(1, MANY + 1)]
    book = entered(book, "customers", ("name", "region"), *((name, "East") for name in names))
    orders = [("2026-03-05", name, 100 + n) for n, name in enumerate(names)]
    return entered(book, "orders", ("date", "customer", "amount"), *orders)


def texts(book: bytes) -> list[str]:
    """The texts on the board, row by row."""
    package = Package(book)
    cells = sorted(package.cells(package.sheet("Board")), key=lambda c: (c.row, c.column))
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def test_a_ranking_looks_at_all_values(filled: bytes) -> None:
    best = [f"Company {n:02}" for n in range(MANY, MANY - 5, -1)]
    assert [text for text in dict.fromkeys(texts(filled)) if text in best] == best


def test_a_second_refresh_changes_nothing(filled: bytes) -> None:
    assert api.refresh(filled, name="b", today=TODAY).content is None


def test_rows_typed_below_a_table_are_counted_too(tmp_path: Path) -> None:
    few = tuple({"name": f"Company {n:02}", "region": "East"} for n in range(1, 4))
    book = built(tmp_path, spec=TEXT, customers=few, orders=())
    more = [(f"Later {n:02}", "East") for n in range(1, 40)]
    book = entered(book, "customers", ("name", "region"), *more)
    book = entered(book, "orders", ("date", "customer", "amount"), ("2026-03-05", "Later 39", 900))
    assert "Later 39" in texts(book)
    assert api.refresh(book, name="b", today=TODAY).content is None
