"""LibreOffice computes every number of a board as we do, whatever is chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.compile.sales_world import (
    BY_MONTH,
    BY_OWNER,
    BY_REGION,
    METRICS,
    ORDERS,
    PERIOD,
    book,
    day,
    empty_state,
    full_state,
    rows,
)
from tests.judge.libreoffice import compare_all, needs_libreoffice

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Binary, Cell, Number
from crmsheet.model.boards import (
    Card,
    CardsBlock,
    ChartBlock,
    ChartType,
    Dimension,
    Figure,
    KpiBlock,
    ListBlock,
    ListColumn,
    Ranking,
    RecordBlock,
    Selector,
    TableBlock,
)
from crmsheet.model.state import State
from crmsheet.model.words import Label
from crmsheet.plan.place import default_layout
from crmsheet.write import written

_CUSTOMER = Dimension("customer", Label.same("customer"), paths=(("orders", "customer"),), table="customers")
_ALL = tuple(m.id for m in METRICS)
BLOCKS = (
    CardsBlock("cards", tuple(Card(m) for m in _ALL), trend=4),
    KpiBlock("kpis", _ALL, trend=3),
    TableBlock("by_region", ("revenue", "orders", "aov", "largest", "mean"), BY_REGION, totals=True),
    TableBlock("by_owner", ("win_rate", "revenue", "buyers"), BY_OWNER, totals=True),
    TableBlock("best", ("orders", "revenue"), _CUSTOMER, totals=True, top=3),
    TableBlock(
        "score",
        ("revenue", "win_rate", "middle"),
        BY_OWNER,
        totals=True,
        figures=(("revenue", tuple(Figure)), ("win_rate", (Figure.VALUE, Figure.PREVIOUS, Figure.CHANGE))),
        sort="win_rate",
        ranking=Ranking(rank=True),
    ),
    TableBlock(
        "classes", ("revenue",), _CUSTOMER, top=3, ranking=Ranking(True, True, True, (0.5, 0.9)), totals=True
    ),
    TableBlock("months", ("revenue", "aov", "largest", "numbers"), BY_MONTH, totals=True, last=4),
    ChartBlock("slices", ChartType.DOUGHNUT, ("revenue",), _CUSTOMER, top=5),
    ChartBlock("line", ChartType.LINE, ("revenue",), BY_MONTH),
    ChartBlock("changes", ChartType.WATERFALL, ("revenue",), BY_REGION),
    ListBlock(
        "rows",
        "orders",
        tuple(ListColumn(p, Label.same(p)) for p in ("no", "customer", "customer.region", "date", "amount")),
        where=Binary(">", Cell("orders", "amount"), Number(0)),
        sort="customer",
        paths=(("owner", "owner"), ("region", "customer.region")),
        link=True,
    ),
)
_ONE = Selector(
    "customer",
    Label.same("customer"),
    (("orders", "customer"), ("customers", "name")),
    table="customers",
    record=True,
)
ABOUT_ONE = (
    RecordBlock(
        "record", "customers", tuple(ListColumn(p, Label.same(p)) for p in ("name", "region", "size"))
    ),
    CardsBlock("cards", (Card("revenue"), Card("buyers"), Card("all_customers")), trend=3),
    ChartBlock("line", ChartType.LINE, ("revenue",), BY_MONTH),
    ListBlock(
        "rows",
        "orders",
        tuple(ListColumn(p, Label.same(p)) for p in ("date", "no", "amount")),
        sort="date",
        limit=10,
        paths=(("customer", "customer"),),
        link=True,
    ),
)
PEOPLE = ("", "乙", "丙", "丙*", "no one", "~")
CHOICES: tuple[Mapping[str, str], ...] = (
    {},
    {"owner": "Ann", "period": "All time"},
    {"owner": "(blank)", "region": "A*?~", "period": "Last 12 months"},
    {"region": "(blank)", "period": "This year"},
)


def _lost_state() -> State:
    """Orders of customers and sellers who are not there, or are errors, or another type of value."""
    full = full_state()
    found: tuple[tuple[Value, Value, Value], ...] = (
        ("nobody", "Zoe", 10),
        (ExcelError.NA, "Ann", 20),
        ("甲 ", "ann", 80),
        (7, True, 1234567.5),
    )
    orders = [(str(i), day(2026, 3, i), *order, None) for i, order in enumerate(found, 1)]
    return replace(full, tables={**full.tables, "orders": rows(ORDERS, orders)})


@needs_libreoffice
def test_boards_are_judged(tmp_path: Path) -> None:
    books = [book(*BLOCKS, chosen=chosen) for chosen in CHOICES]
    books.append(book(*BLOCKS, state=empty_state()))
    books.append(book(*BLOCKS, state=_lost_state()))
    books.append(book(*BLOCKS, chosen={"period": "Last quarter"}, fiscal=2))
    books += [
        book(*ABOUT_ONE, chosen={"customer": name, "period": "This year"}, selectors=(PERIOD, _ONE))
        for name in PEOPLE
    ]
    books.append(book(*ABOUT_ONE, selectors=(PERIOD, _ONE), state=empty_state()))
    paths = []
    for index, found in enumerate(books):
        path = tmp_path / f"{index}.xlsx"
        plan = found.plan
        path.write_bytes(written(plan, default_layout(plan), created=dt.datetime(2026, 3, 31, tzinfo=dt.UTC)))
        paths.append(path)
    differences = compare_all(paths, tmp_path)
    assert {path.name: [str(d) for d in found] for path, found in differences.items() if found} == {}
