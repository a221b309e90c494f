"""The small book with a board about one customer: record, cards with lines, lists with links, a ranking.

Knows the spec. Does not know what a refresh does with it.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.refresh.small_world import CUSTOMERS, ORDERS, SPEC, TODAY, member, sheet_part

from crmsheet.api.building import built_from
from crmsheet.api.refreshing import Refreshed, refresh
from crmsheet.model.words import Language
from crmsheet.spec import load

ABOUT_ONE = """\
  one:
    label: One customer
    selectors: {customer: {record: customers, label: Customer}}
    blocks:
      - record: {table: customers, fields: [name, region, since, remark, revenue, last_order, idle]}
      - {id: figures, cards: {metrics: [revenue, n_orders], trend: 6}}
      - {id: newest, list: {table: orders, sort: -date, limit: 5, link: true, columns: [date, amount, order_no]}}
"""
BEST = """\
  best:
    label: Best customers
    selectors: {period: all}
    blocks:
      - id: ranking
        table:
          metrics: [{metric: revenue, show: [value, previous, change]}, n_orders]
          by: customer
          sort: -revenue
          rank: true
          share: true
          cumulative: true
          abc: [0.5, class_b]
          totals: true
"""
SETTINGS = ("settings:\n", "settings:\n  class_b: {value: 0.9, type: percent, label: Class B up to}\n")
LINES = "      - {id: figures, cards: {metrics: [revenue, n_orders], trend: 6}}\n"
PLAIN = "      - {id: figures, cards: {metrics: [revenue, n_orders]}}\n"
CHOICE = "B4"
"""The cell in which a customer is chosen."""


def built(folder: Path, spec: str = SPEC + ABOUT_ONE) -> bytes:
    """The book, built as of today."""
    path = folder / "one.yaml"
    path.write_text(spec, encoding="utf-8")
    rows = {"customers": [dict(r) for r in CUSTOMERS], "orders": [dict(r) for r in ORDERS]}
    return built_from(load(path), rows, Language.EN, today=TODAY).content  # type: ignore[arg-type] # rows loosely typed


def followed(content: bytes, spec: str, folder: Path) -> Refreshed:
    path = folder / "changed.yaml"
    path.write_text(spec, encoding="utf-8")
    return refresh(content, name="book.xlsx", today=TODAY, spec=path)


def again(content: bytes, *, apply_renames: bool = False) -> Refreshed:
    return refresh(content, name="book.xlsx", today=TODAY, apply_renames=apply_renames)


def lines(content: bytes, sheet: str) -> dict[str, str]:
    """The sparklines of a sheet: the range that each cell's line is of."""
    text = member(content, sheet_part(content, sheet)).decode("utf-8")
    return {at: source for source, at in re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", text)}
