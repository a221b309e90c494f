"""Three years of a small trade, month by month, so regular that nothing raises an alarm; and ways to disturb it.

Knows the spec below and its rows. Does not know any analysis.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crmsheet.api.rows import initial_state
from crmsheet.compile import compiled
from crmsheet.compile.environment import BookEnvironment
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan
from crmsheet.spec import load

AS_OF = dt.date(2026, 3, 31)
FIRST = (2023, 4)
MONTHS = 36
CUSTOMERS = 24
_SWING = (0, 4, -2, 2, -3, 3, 1, -1, 5, -4, 2, 0)
"""Percent by which an order differs from the usual."""

SPEC = """\
crmsheet: 1
name: trade
title: {{zh: 小生意, en: Trade}}
language: zh
lists:
  region:
    label: {{zh: 地区, en: Region}}
    items:
      - {{id: east, label: {{zh: 华东, en: East}}}}
      - {{id: north, label: {{zh: 华北, en: North}}}}
      - {{id: south, label: {{zh: 华南, en: South}}}}
  person: [Ann, Bob]
  product: [A, B, C, D]
  age: ["30", "40"]
  rival: [Nobody, Rival]
  stage:
    - {{id: new, label: New, probability: 0.1}}
    - {{id: won, label: Won, probability: 1}}
    - {{id: lost, label: Lost, probability: 0}}
tables:
  customers:
    label: {{zh: 客户, en: Customers}}
    key: name
    fields:
      name: {{type: text, label: {{zh: 客户, en: Customer}}, required: true}}
      region: {{type: choice, list: region, label: {{zh: 地区, en: Region}}}}
      age: {{type: choice, list: age, label: {{zh: 年龄段, en: Age}}}}
  orders:
    label: {{zh: 订单, en: Orders}}
    key: order_no
    fields:
      order_no: {{type: text, label: {{zh: 单号, en: No.}}}}
      date: {{type: date, label: {{zh: 日期, en: Date}}}}
      customer: {{type: reference, table: customers, label: {{zh: 客户, en: Customer}}}}
      product: {{type: choice, list: product, label: {{zh: 产品, en: Product}}}}
      seller: {{type: choice, list: person, label: {{zh: 销售, en: Seller}}}}
      quantity: {{type: number, label: {{zh: 数量, en: Quantity}}}}
      amount: {{type: currency, label: {{zh: 金额, en: Amount}}}}
      discount: {{type: currency, label: {{zh: 折扣额, en: Discount}}}}
      double: {{type: formula, expr: '[amount]*2', label: {{zh: 双倍, en: Double}}}}
      rival: {{type: choice, list: rival, label: {{zh: 对手, en: Rival}}}}
      stage: {{type: choice, list: age, label: {{zh: 阶段, en: Stage}}}}
metrics:
  revenue: {{type: simple, table: orders, agg: sum, field: amount, time: date, label: 销售额, format: currency}}
  large: {{type: simple, table: orders, agg: sum, field: double, filter: '[amount]>100', time: date, label: 大单}}
  n_orders: {{type: simple, table: orders, agg: count, time: date, label: 订单数}}
  n_large: {{type: simple, table: orders, agg: count, filter: '[amount]>100', time: date, label: 大单数}}
  large_share: {{type: ratio, numerator: n_large, denominator: n_orders, format: percent, label: 大单率}}
  units: {{type: simple, table: orders, agg: sum, field: quantity, time: date, label: 数量}}
  back: {{type: simple, table: orders, agg: sum, field: quantity, filter: '[amount]<0', time: date}}
  kept: {{type: derived, expr: units - 2*back, label: 净数量}}
  given: {{type: simple, table: orders, agg: sum, field: discount, time: date, label: 折扣额}}
  discount_rate: {{type: ratio, numerator: given, denominator: revenue, good: down, format: percent, label: 折扣率}}
  thrice: {{type: derived, expr: 'revenue*3', label: 三倍}}
  buyers: {{type: simple, table: orders, agg: count_distinct, field: customer, time: date, label: 买家}}
  mean: {{type: simple, table: orders, agg: avg, field: amount, time: date, label: 均价}}
sheets:
  board:
    label: {{zh: 板, en: Board}}
    selectors: {{period: {{default: all}}, region: {{customers: region}}}}
    blocks:
{blocks}
"""


@dataclass(frozen=True, slots=True)
class Order:
    customer: int
    month: int
    """From 0."""
    amount: float
    discount: float
    product: str

    @property
    def region(self) -> int:
        return self.customer % 3

    @property
    def seller(self) -> int:
        return self.customer // 3 % 2


Disturb = Callable[[Order], Order | None]


def orders(disturb: Disturb = lambda order: order) -> Iterator[Order]:
    """Every customer buys once a month; `disturb` changes an order or leaves it out."""
    for month in range(MONTHS):
        for customer in range(CUSTOMERS):
            swing = 1 + _SWING[(month * 5 + customer * 7) % 12] / 100
            amount = 100 * (1 + customer % 5) * swing
            one = disturb(Order(customer, month, amount, amount * 0.05 * swing, "AB"[(customer + month) % 2]))
            if one is not None:
                yield one


def customer_name(number: int) -> str:
    return f"客户{number:02}"


def table_rows(found: Iterator[Order]) -> dict[str, list[dict[str, Value]]]:
    """The rows of both tables."""
    customers: list[dict[str, Value]] = [
        {"name": customer_name(n), "region": ("east", "north", "south")[n % 3], "age": ("30", "40")[n % 2]}
        for n in range(CUSTOMERS)
    ]
    rows: list[dict[str, Value]] = []
    for number, one in enumerate(found):
        at = FIRST[0] * 12 + FIRST[1] - 1 + one.month
        rows.append(
            {
                "order_no": f"O{number}",
                "date": serial_of_date(dt.date(at // 12, at % 12 + 1, 1 + one.customer)),
                "customer": customer_name(one.customer),
                "product": one.product,
                "seller": ("Ann", "Bob")[one.seller],
                "quantity": 10,
                "amount": round(one.amount, 2),
                "discount": round(one.discount, 2),
            }
        )
    return {"customers": customers, "orders": rows}


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as it stands on the board: its sentence, its heads, its rows, its note."""

    said: str
    heads: list[Value]
    rows: list[list[Value]]
    note: str


@dataclass(frozen=True, slots=True)
class Done:
    plan: Plan
    context: Context
    environment: BookEnvironment


def compiled_of(
    folder: Path,
    blocks: str,
    rows: dict[str, list[dict[str, Value]]],
    *,
    language: Language = Language.ZH,
    as_of: dt.date = AS_OF,
) -> Done:
    path = folder / "trade.yaml"
    path.write_text(SPEC.format(blocks=blocks), encoding="utf-8")
    model = load(path)
    state, _, _ = initial_state(model, language, rows, "abcd")
    context = Context(model, language, state, serial_of_date(as_of))
    done = compiled(context)
    return Done(done.plan, context, done.environment)


def plan_of(
    folder: Path,
    blocks: str,
    rows: dict[str, list[dict[str, Value]]],
    *,
    language: Language = Language.ZH,
    as_of: dt.date = AS_OF,
) -> Plan:
    return compiled_of(folder, blocks, rows, language=language, as_of=as_of).plan


def shown(plan: Plan, block: str) -> Shown:
    lines: dict[int, list[Value]] = {}
    for cell in sorted(plan.block(f"board.{block}").cells, key=lambda c: (c.row, c.column)):
        assert cell.formula is None
        lines.setdefault(cell.row, []).append(cell.value)
    _, said, heads, *rows, note = (lines[row] for row in sorted(lines))
    return Shown(str(said[0]), heads, [row for row in rows if any(v is not None for v in row)], str(note[0]))


def halved(region: int, since: int) -> Disturb:
    """A region's orders are half as large from a month on."""
    return lambda one: (
        replace(one, amount=one.amount / 2, discount=one.discount / 2)
        if one.region == region and one.month >= since
        else one
    )
