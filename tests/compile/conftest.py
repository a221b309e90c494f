"""A small book, built without a spec: customers, their orders, a list, a dependent list, settings.

Knows the Model's classes. The values are few enough to be computed by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from crmsheet.compile import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.formulas.tree import Binary, Call, Cell, Item, Name, Node, Number, Text
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import (
    Field,
    FieldGroup,
    FieldType,
    ListDefinition,
    ListItem,
    Lookup,
    Model,
    Rollup,
    Rule,
    RuleStyle,
    Setting,
    Table,
    View,
)
from crmsheet.model.state import State, TableState
from crmsheet.model.words import Label, Language


def day(year: int, month: int, of_month: int) -> int:
    return serial_of_date(dt.date(year, month, of_month))


AS_OF_DAY = day(2025, 6, 30)


def here(table: str, field: str) -> Cell:
    return Cell(table, field)


def both_words(zh: str, en: str) -> Label:
    return Label(zh, en)


STAGE = ListDefinition(
    "stage",
    Label("阶段", "Stage"),
    (
        ListItem("new", Label("初步接触", "New"), attributes=(("probability", 0.1), ("rot_days", 7))),
        ListItem("won", Label("赢单", "Won"), attributes=(("probability", 1),)),
    ),
)
REGION = ListDefinition(
    "region",
    Label("地区", "Region"),
    (ListItem("east", Label("华东", "East")), ListItem("south", Label("华南", "South"))),
)
PROVINCE = ListDefinition(
    "province",
    Label("省份", "Province"),
    (
        ListItem("shanghai", Label("上海", "Shanghai"), "east"),
        ListItem("jiangsu", Label("江苏", "Jiangsu"), "east"),
        ListItem("guangdong", Label("广东", "Guangdong"), "south"),
    ),
    "region",
)

CUSTOMERS = Table(
    "customers",
    Label("客户", "Customers"),
    "name",
    (
        Field(
            "name",
            Label("客户名称", "Customer"),
            FieldType.TEXT,
            required=True,
            unique=True,
            max_length=100,
            group="basic",
            help=Label("全称", "Full name"),
        ),
        Field(
            "region", Label("地区", "Region"), FieldType.CHOICE, list="region", required=True, group="basic"
        ),
        Field(
            "province",
            Label("省份", "Province"),
            FieldType.CHOICE,
            list="province",
            depends_on="region",
            view=View.DETAIL,
            group="basic",
        ),
        Field("phone", Label("电话", "Phone"), FieldType.PHONE),
        Field("email", Label("邮箱", "E-mail"), FieldType.EMAIL),
        Field(
            "created",
            Label("建档日期", "Created"),
            FieldType.DATE,
            maximum=Name("as_of"),
            minimum=Call("DATE", (Number(2000), Number(1), Number(1))),
        ),
        Field("locked", Label("锁定", "Locked"), FieldType.BOOLEAN),
        Field("no", Label("编号", "No."), FieldType.ID, format="C0000"),
        Field("revenue_typed", Label("手填销售额", "Own revenue"), FieldType.CURRENCY),
        Field(
            "revenue",
            Label("销售额", "Revenue"),
            FieldType.ROLLUP,
            result=FieldType.CURRENCY,
            override="revenue_typed",
            rollup=Rollup("orders", "customer", Aggregation.SUM, "amount"),
        ),
        Field(
            "last_order",
            Label("最近购买", "Last order"),
            FieldType.ROLLUP,
            result=FieldType.DATE,
            may_be_empty=True,
            rollup=Rollup(
                "orders",
                "customer",
                Aggregation.MAX,
                "date",
                Binary("=", Cell("orders", "counts"), Number(1)),
            ),
        ),
        Field(
            "big_orders",
            Label("大单数", "Big orders"),
            FieldType.ROLLUP,
            result=FieldType.INTEGER,
            rollup=Rollup(
                "orders",
                "customer",
                Aggregation.COUNT,
                "",
                Binary(">=", Cell("orders", "amount"), Number(100)),
            ),
        ),
        Field(
            "mean_order",
            Label("平均", "Mean"),
            FieldType.ROLLUP,
            result=FieldType.CURRENCY,
            rollup=Rollup("orders", "customer", Aggregation.AVERAGE, "amount"),
        ),
        Field(
            "won_orders",
            Label("赢单数", "Won"),
            FieldType.ROLLUP,
            result=FieldType.INTEGER,
            rollup=Rollup(
                "orders",
                "customer",
                Aggregation.COUNT,
                "",
                Binary("=", Cell("orders", "stage"), Item("stage", "won")),
            ),
        ),
        Field(
            "kinds",
            Label("阶段数", "Stages"),
            FieldType.ROLLUP,
            result=FieldType.INTEGER,
            rollup=Rollup("orders", "customer", Aggregation.COUNT_DISTINCT, "stage"),
        ),
        Field(
            "idle",
            Label("未购天数", "Idle days"),
            FieldType.FORMULA,
            result=FieldType.INTEGER,
            format="days",
            expr=Call(
                "IF",
                (
                    Binary("=", Cell("customers", "last_order"), Text("")),
                    Text(""),
                    Binary("-", Name("as_of"), Cell("customers", "last_order")),
                ),
            ),
        ),
    ),
    rules=(
        Rule(
            "never",
            Label("从未购买", "Never bought"),
            Binary("=", Cell("customers", "last_order"), Text("")),
            RuleStyle.MUTED,
        ),
        Rule(
            "stale",
            Label("太久", "Stale"),
            Binary(
                "<",
                Cell("customers", "last_order"),
                Call("EDATE", (Name("as_of"), Binary("*", Number(-1), Name("stale_months")))),
            ),
            RuleStyle.BAD,
            "last_order",
        ),
    ),
    groups=(FieldGroup("basic", Label("基本信息", "Basics")),),
    help=Label("一个客户一行", "One row per customer"),
)
ORDERS = Table(
    "orders",
    Label("订单", "Orders"),
    "code",
    (
        Field("code", Label("单号", "Order no."), FieldType.TEXT, required=True, unique=True),
        Field("customer", Label("客户", "Customer"), FieldType.REFERENCE, table="customers", required=True),
        Field("date", Label("日期", "Date"), FieldType.DATE, required=True, maximum=Name("as_of")),
        Field("due", Label("交货", "Due"), FieldType.DATE, minimum=Cell("orders", "date")),
        Field(
            "stage",
            Label("阶段", "Stage"),
            FieldType.CHOICE,
            list="stage",
            required_when=Binary(">", Cell("orders", "amount"), Number(50)),
        ),
        Field("amount", Label("金额", "Amount"), FieldType.CURRENCY, minimum=Number(0)),
        Field("tags", Label("标签", "Tags"), FieldType.MULTI_CHOICE, list="stage"),
        Field(
            "region",
            Label("客户地区", "Customer's region"),
            FieldType.LOOKUP,
            lookup=Lookup("customer", "region"),
            may_be_empty=True,
        ),
        Field(
            "probability",
            Label("概率", "Probability"),
            FieldType.LOOKUP,
            result=FieldType.PERCENT,
            lookup=Lookup("stage", "probability"),
            may_be_empty=True,
        ),
        Field(
            "rot_days",
            Label("停滞", "Rot days"),
            FieldType.LOOKUP,
            result=FieldType.INTEGER,
            lookup=Lookup("stage", "rot_days"),
            may_be_empty=True,
        ),
        Field(
            "counts",
            Label("计入", "Counts"),
            FieldType.FORMULA,
            result=FieldType.INTEGER,
            hidden=True,
            expr=Call("IF", (Binary("=", Cell("orders", "amount"), Number(0)), Number(0), Number(1))),
        ),
    ),
)

MODEL = Model(
    "small",
    Label("小账本", "Small book"),
    Language.ZH,
    settings=(
        Setting(
            "stale_months",
            Label("沉睡月数", "Stale months"),
            FieldType.INTEGER,
            3,
            minimum=1,
            maximum=60,
            help=Label("几个月算沉睡", "Months to stale"),
        ),
        Setting("company", Label("公司", "Company"), FieldType.TEXT, "ACME", editable=False),
    ),
    lists=(STAGE, PROVINCE, REGION),
    tables=(CUSTOMERS, ORDERS),
)

CUSTOMER_ROWS = TableState(
    ("ab01", "ab02", "ab03"),
    {
        "name": ("甲*公司", "乙公司", "丙公司"),
        "region": ("华东", "华南", "天上"),
        "province": ("上海", "上海", None),
        "phone": ("13800001234", "abc", None),
        "email": ("a@b.cn", "a@b", "a b@c.d"),
        "created": (day(2024, 1, 5), day(2026, 1, 1), "昨天"),
        "locked": (True, None, "是"),
        "no": ("C0001", "C0002", None),
        "revenue_typed": (None, 999, None),
    },
)
ORDER_ROWS = TableState(
    ("ab04", "ab05", "ab06", "ab07", "ab08"),
    {
        "code": ("O1", "O2", "O3", "O1", None),
        "customer": ("甲*公司", "甲*公司", "乙公司", "没有", None),
        "date": (day(2025, 1, 2), day(2025, 3, 4), day(2025, 5, 6), day(2025, 7, 1), None),
        "due": (day(2025, 1, 1), None, day(2025, 5, 7), None, None),
        "stage": ("赢单", "初步接触", None, "赢单", None),
        "amount": (100, 50.5, 60, -1, None),
        "tags": (None, "赢单、初步接触", None, None, None),
    },
)


def english(state: TableState) -> TableState:
    words = {
        "华东": "East",
        "华南": "South",
        "上海": "Shanghai",
        "赢单": "Won",
        "初步接触": "New",
        "天上": "Sky",
    }
    return replace(
        state,
        columns={
            k: tuple(words.get(v, v) if isinstance(v, str) else v for v in column)
            for k, column in state.columns.items()
        },
    )


@pytest.fixture
def context() -> Callable[..., Context]:
    """A compilation of the small book; empty without rows."""

    def made(language: Language = Language.ZH, *, rows: bool = True, model: Model = MODEL) -> Context:
        tables = {"customers": CUSTOMER_ROWS, "orders": ORDER_ROWS} if rows else {}
        if language is Language.EN:
            tables = {k: english(v) for k, v in tables.items()}
        return Context(model, language, State(tables), AS_OF_DAY)

    return made


Tree = Node
