"""A sales book for tests of boards: customers, users, orders, deals, targets, few enough to count by hand.

Knows how to compile it and to read numbers off its blocks. Does not know what the right numbers are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crmsheet.compile import Context, compiled
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Binary, Call, Cell, Item, Node, Text
from crmsheet.model.boards import Block, Board, Dimension, Grain, Selector
from crmsheet.model.metrics import Aggregation, Good, Metric, MetricType, Target
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Model, Table
from crmsheet.model.state import State, TableState
from crmsheet.model.words import Label, Language
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import PlanCell

AS_OF = dt.date(2026, 3, 31)


def day(year: int, month: int, of_month: int) -> int:
    return serial_of_date(dt.date(year, month, of_month))


def words(text: str) -> Label:
    return Label(text, text.title())


REGIONS = ListDefinition(
    "region",
    words("region"),
    tuple(
        ListItem(i, Label.same(label)) for i, label in (("east", "华东"), ("north", "华北"), ("star", "A*?~"))
    ),
)
STAGES = ListDefinition(
    "stage", words("stage"), tuple(ListItem(i, words(i)) for i in ("open", "won", "lost"))
)

CUSTOMERS = Table(
    "customers",
    words("customers"),
    "name",
    (
        Field("name", words("name"), FieldType.TEXT, required=True),
        Field("region", words("region"), FieldType.CHOICE, list="region"),
        Field("size", words("size"), FieldType.INTEGER),
    ),
)
USERS = Table(
    "users", words("users"), "name", (Field("name", words("user name"), FieldType.TEXT, required=True),)
)
ORDERS = Table(
    "orders",
    words("orders"),
    "no",
    (
        Field("no", words("no"), FieldType.TEXT),
        Field("date", words("date"), FieldType.DATE),
        Field("customer", words("customer"), FieldType.REFERENCE, table="customers"),
        Field("owner", words("owner"), FieldType.REFERENCE, table="users"),
        Field("amount", words("amount"), FieldType.CURRENCY),
        Field("rating", words("rating"), FieldType.INTEGER),
    ),
)
DEALS = Table(
    "deals",
    words("deals"),
    "name",
    (
        Field("name", words("deal"), FieldType.TEXT),
        Field("stage", words("stage"), FieldType.CHOICE, list="stage"),
        Field("owner", words("owner"), FieldType.REFERENCE, table="users"),
        Field("closed", words("closed"), FieldType.DATE),
    ),
)
TARGETS = Table(
    "targets",
    words("targets"),
    "metric",
    (
        Field("metric", words("metric"), FieldType.TEXT),
        Field("month", words("month"), FieldType.DATE),
        Field("owner", words("owner"), FieldType.REFERENCE, table="users"),
        Field("value", words("value"), FieldType.NUMBER),
    ),
)


def _is(stage: str) -> Node:
    return Binary("=", Cell("deals", "stage"), Item("stage", stage))


def simple(id_: str, table: str, agg: Aggregation, field: str = "", time: str = "") -> Metric:
    return Metric(id_, words(id_), MetricType.SIMPLE, table=table, agg=agg, field=field, time=time)


METRICS = (
    replace(
        simple("revenue", "orders", Aggregation.SUM, "amount", "date"),
        target=Target(
            "targets",
            "value",
            Binary("=", Cell("targets", "metric"), Text("revenue")),
            (("owner", "owner"),),
            "month",
        ),
    ),
    simple("orders", "orders", Aggregation.COUNT, time="date"),
    replace(simple("mean", "orders", Aggregation.AVERAGE, "amount", "date"), good=Good.NONE),
    simple("largest", "orders", Aggregation.MAX, "amount", "date"),
    simple("smallest", "orders", Aggregation.MIN, "amount", "date"),
    simple("middle", "orders", Aggregation.MEDIAN, "amount", "date"),
    simple("buyers", "orders", Aggregation.COUNT_DISTINCT, "customer", "date"),
    simple("numbers", "orders", Aggregation.COUNT_DISTINCT, "no", "date"),
    simple("all_customers", "customers", Aggregation.COUNT),
    replace(simple("won", "deals", Aggregation.COUNT, time="closed"), filter=_is("won")),
    replace(
        simple("ended", "deals", Aggregation.COUNT, time="closed"),
        filter=Call("OR", (_is("won"), _is("lost"))),
    ),
    Metric("win_rate", words("win rate"), MetricType.RATIO, numerator="won", denominator="ended", min_n=3),
    Metric(
        "aov", words("aov"), MetricType.RATIO, numerator="revenue", denominator="orders", format="currency"
    ),
)

PERIOD = Selector("period", words("period"), default="this_month")
OWNER = Selector(
    "owner", words("owner"), (("orders", "owner"), ("deals", "owner")), table="users", offer_blank=True
)
REGION = Selector(
    "region", words("region"), (("orders", "customer.region"),), list="region", offer_blank=True
)

BY_REGION = Dimension("region", words("region"), paths=(("orders", "customer.region"),), list="region")
BY_OWNER = Dimension("owner", words("owner"), paths=(("orders", "owner"), ("deals", "owner")), table="users")
BY_MONTH = Dimension("month", words("month"), grain=Grain.MONTH)

ORDER_ROWS: tuple[tuple[Value, ...], ...] = (
    # no, date, customer, owner, amount, rating
    ("1", day(2026, 3, 1), "甲", "Ann", 100, 5),
    ("2", day(2026, 3, 31), "乙", "Bob", 50.5, 3),
    ("2", day(2026, 3, 15), "丙*", "Ann", 30, None),
    ("4", day(2026, 2, 28), "甲", "Bob", 80, 4),
    ("5", day(2026, 2, 1), "丙*", None, 20, None),
    ("6", day(2025, 3, 31), "甲", "Ann", 500, 1),
    ("7", day(2026, 3, 2), None, "Ann", 7, None),
    ("8", day(2026, 3, 3), "丙x", "Zoe", -9.5, 2),
)
CUSTOMER_ROWS: tuple[tuple[Value, ...], ...] = (
    ("甲", "华东", 3),
    ("乙", "华北", 1),
    ("丙*", "A*?~", 2),
    ("丙x", "Ab~", 2),
)


def rows(table: Table, found: Sequence[Sequence[Value]]) -> TableState:
    ids = tuple(f"{table.id}-{i}" for i in range(len(found)))
    columns = {f.id: tuple(row[i] for row in found) for i, f in enumerate(table.fields)}
    return TableState(ids, columns)


def full_state() -> State:
    """Four customers, eight orders; `丙*` and `A*?~` are full of wildcards."""
    deals = [
        ("d1", "Won", "Ann", day(2026, 3, 5)),
        ("d2", "Lost", "Ann", day(2026, 3, 6)),
        ("d3", "Won", "Bob", day(2026, 3, 7)),
        ("d4", "Open", "Ann", None),
        ("d5", "Won", "Bob", day(2026, 2, 7)),
    ]
    targets = [
        ("revenue", day(2026, 3, 1), "Ann", 100),
        ("revenue", day(2026, 3, 1), "Bob", 100),
        ("revenue", day(2026, 2, 1), "Ann", 999),
        ("other", day(2026, 3, 1), "Ann", 777),
    ]
    return State(
        {
            "customers": rows(CUSTOMERS, CUSTOMER_ROWS),
            "users": rows(USERS, [("Ann",), ("Bob",)]),
            "orders": rows(ORDERS, ORDER_ROWS),
            "deals": rows(DEALS, deals),
            "targets": rows(TARGETS, targets),
        }
    )


def empty_state() -> State:
    return State({t.id: rows(t, ()) for t in (CUSTOMERS, USERS, ORDERS, DEALS, TARGETS)})


@dataclass(frozen=True, slots=True)
class Book:
    """A compiled book, its numbers by block."""

    plan: Plan
    findings: tuple[Diagnostic, ...] = ()

    def cells(self, anchor: str) -> Mapping[tuple[int, int], PlanCell]:
        return {(c.row, c.column): c for c in self.plan.block(anchor).cells}

    def column(self, anchor: str, column: int) -> list[Value]:
        """The values of one column of a block, by row; None where there is no cell."""
        found = self.cells(anchor)
        return [
            found[row, column].value if (row, column) in found else None
            for row in range(self.plan.block(anchor).rows)
        ]

    def measured(self, metric: str, block: str = "cards", board: str = "board") -> Mapping[str, Value]:
        """The row of a metric behind cards, by the heads of its columns."""
        found = self.cells(f"calc.{board}.{block}")
        row = next(r for (r, c), cell in found.items() if c == 0 and cell.value == metric)
        return {str(found[0, c].value): cell.value for (r, c), cell in found.items() if r == row}

    def shown(self, block: str, board: str = "board") -> list[list[Value]]:
        """The rows of a block on its board, without empty cells; rows without any are left out."""
        anchor = f"{board}.{block}"
        found = self.cells(anchor)
        lines = [
            [found[row, column].value for r, column in sorted(found) if r == row]
            for row in range(self.plan.block(anchor).rows)
        ]
        return [kept for line in lines if (kept := _filled(line))]


def _filled(line: Sequence[Value]) -> list[Value]:
    return [value for value in line if value not in (None, "")]


def model(
    *blocks: Block, selectors: tuple[Selector, ...] = (PERIOD, OWNER, REGION), fiscal: int = 1
) -> Model:
    return Model(
        "sales",
        words("sales"),
        Language.EN,
        lists=(REGIONS, STAGES),
        tables=(CUSTOMERS, USERS, ORDERS, DEALS, TARGETS),
        metrics=METRICS,
        boards=(Board("board", words("board"), selectors, blocks),),
        fiscal_year_start=fiscal,
    )


def book(
    *blocks: Block,
    state: State | None = None,
    chosen: Mapping[str, str] | None = None,
    as_of: dt.date = AS_OF,
    language: Language = Language.EN,
    selectors: tuple[Selector, ...] = (PERIOD, OWNER, REGION),
    fiscal: int = 1,
    sizes: Mapping[str, tuple[int, int]] | None = None,
) -> Book:
    """The book of a board with these blocks; `chosen` are selector values by selector id."""
    held = full_state() if state is None else state
    held = replace(held, selectors={f"board.{k}": v for k, v in (chosen or {}).items()})
    context = Context(
        model(*blocks, selectors=selectors, fiscal=fiscal), language, held, serial_of_date(as_of), sizes or {}
    )
    done = compiled(context)
    return Book(done.plan, done.findings)
