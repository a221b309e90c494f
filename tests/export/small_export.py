"""A small book with one of each: every type, references, a list that depends on another, private fields, consent, and
texts that break careless files.

Knows the spec and rows below. Does not know how an export works.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from tests.judge.package import Value

from crmsheet.api.building import built_from
from crmsheet.excel.dates import serial, serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load

AS_OF = dt.date(2026, 3, 31)
TODAY = dt.date(2026, 4, 2)

SPEC = """\
crmsheet: 1
name: outward
title: {zh: 外发, en: Outward}
language: zh
settings:
  fiscal_year_start: 4
  stale_days: {value: 30, type: integer, label: {zh: 沉睡天数, en: Stale after}}
lists:
  stage:
    - {id: open, label: {zh: 洽谈, en: Open}, chance: 0.3}
    - {id: won, label: {zh: 赢单, en: Won}, chance: 1}
  region: [{id: east, label: {zh: 华东, en: East}}, {id: north, label: {zh: 华北, en: North}}]
  city:
    depends_on: region
    items:
      east: [{id: sh, label: {zh: 上海, en: Shanghai}}, {id: east_other, label: {zh: 其他, en: Other}}]
      north: [{id: bj, label: {zh: 北京, en: Beijing}}, {id: north_other, label: {zh: 其他, en: Other}}]
  tag: [{id: vip, label: {zh: 大客户, en: Key account}}, {id: slow, label: {zh: 付款慢, en: Pays late}}]
tables:
  people:
    label: {zh: 人员, en: People}
    key: name
    fields:
      name: {type: text, label: {zh: 姓名, en: Name}, required: true, unique: true}
      email: {type: email, label: {zh: 邮箱, en: E-mail}, private: true}
  customers:
    label: {zh: 客户, en: Customers}
    key: name
    fields:
      name: {type: text, label: {zh: 名称, en: Customer}, required: true, unique: true}
      region: {type: choice, label: {zh: 地区, en: Region}}
      city: {type: choice, depends_on: region, label: {zh: 城市, en: City}}
      tags: {type: multi_choice, list: tag, label: {zh: 标签, en: Tags}}
      owner: {type: reference, table: people, label: {zh: 负责人, en: Owner}}
      phone: {type: phone, private: true, label: {zh: 电话, en: Phone}}
      birthday: {type: date, private: true, label: {zh: 生日, en: Birthday}}
      agreed: {type: boolean, consent: opt_out, label: {zh: 同意, en: Agreed}}
      parent: {type: reference, table: customers, label: {zh: 上级, en: Parent}}
      note: {type: long_text, label: {zh: 备注, en: Note}}
      share: {type: percent, label: {zh: 份额, en: Share}}
      stars: {type: rating, label: {zh: 评分, en: Stars}}
      revenue: {type: rollup, table: deals, agg: sum, field: amount, label: {zh: 金额, en: Revenue}, format: currency}
      last_deal: {type: rollup, table: deals, agg: max, field: date, label: {zh: 最近, en: Last deal}}
      card: {type: formula, expr: '[name]&" "&[phone]', label: {zh: 名片, en: Card}}
      reachable: {type: formula, expr: 'IF([phone]="", 0, 1)', format: integer, label: {zh: 可联系, en: Reachable}}
      mail: {type: lookup, path: owner.email, label: {zh: 负责人邮箱, en: Owner's mail}}
  deals:
    label: {zh: 商机, en: Deals}
    key: deal_no
    fields:
      deal_no: {type: id, format: D0000, label: {zh: 编号, en: No.}}
      customer: {type: reference, table: customers, label: {zh: 客户, en: Customer}, required: true}
      date: {type: date, label: {zh: 日期, en: Date}, required: true}
      met: {type: datetime, label: {zh: 会面, en: Met}}
      stage: {type: choice, label: {zh: 阶段, en: Stage}}
      amount: {type: currency, label: {zh: 金额, en: Amount}, min: 0}
      quantity: {type: integer, label: {zh: 数量, en: Quantity}}
      chance: {type: lookup, via: stage, field: chance, label: {zh: 赢率, en: Chance}}
      customer_id: {type: text, label: {zh: 外部编号, en: Their id}}
      phone: {type: lookup, path: customer.phone, label: {zh: 电话, en: Phone}}
      region: {type: lookup, path: customer.region, label: {zh: 地区, en: Region}}
      age: {type: formula, expr: 'as_of-[date]', format: days, label: {zh: 天数, en: Age}}
      unit: {type: formula, expr: '[amount]/[quantity]', format: currency, label: {zh: 单价, en: Unit price}}
      flag: {type: formula, list: stage, expr: 'IF([amount]>100, "won", "open")', label: {zh: 判断, en: Judged}}
metrics:
  won_amount: {type: simple, label: {zh: 赢单金额, en: Won}, table: deals, agg: sum, field: amount,
               filter: '[stage]="won"', time: date, format: currency}
"""

NASTY = '=HYPERLINK("http://x","y")'
PEOPLE: tuple[Mapping[str, Value], ...] = (
    {"name": "张伟", "email": "zhang@x.cn"},
    {"name": "Ann", "email": "ann@x.cn"},
)
CUSTOMERS: tuple[Mapping[str, Value], ...] = (
    {
        "name": NASTY,
        "region": "华东",
        "city": "其他",
        "tags": "大客户、付款慢",
        "owner": "张伟",
        "phone": "+86 138",
        "birthday": float(serial_of_date(dt.date(1980, 5, 6))),
        "agreed": True,
        "note": '两行\n"引号", 逗号\n\'撇号',
        "share": 0.2,
        "stars": 4.0,
    },
    {
        "name": "'quoted",
        "region": "华北",
        "city": "其他",
        "owner": "Ann",
        "parent": NASTY,
        "phone": "-1",
        "note": "@at",
        "share": 0.125,
    },
    {
        "name": "不同意公司",
        "region": "华北",
        "city": "北京",
        "owner": "Ann",
        "phone": "secret-555",
        "agreed": False,
    },
    {"name": "空 Co", "agreed": None, "parent": "不同意公司", "owner": "nobody", "region": "华南"},
)
DEALS: tuple[Mapping[str, Value], ...] = (
    {
        "customer": NASTY,
        "date": float(serial_of_date(dt.date(2026, 3, 1))),
        "stage": "赢单",
        "amount": 1234.5,
        "quantity": 7.0,
        "met": serial(dt.datetime.fromisoformat("2026-03-01T14:30")),
        "customer_id": "0007",
    },
    {
        "customer": NASTY,
        "date": float(serial_of_date(dt.date(2025, 12, 31))),
        "stage": "洽谈",
        "amount": 0.1,
        "quantity": 2.0,
    },
    {
        "customer": "不同意公司",
        "date": float(serial_of_date(dt.date(2026, 1, 15))),
        "stage": "赢单",
        "amount": 99.0,
        "quantity": 1.0,
    },
    {"customer": "'QUOTED", "date": "明天", "stage": "赢单", "amount": 5.0, "quantity": 0.0},
)


def built(folder: Path) -> bytes:
    path = folder / "outward.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows = {
        "people": [dict(r) for r in PEOPLE],
        "customers": [dict(r) for r in CUSTOMERS],
        "deals": [dict(r) for r in DEALS],
    }
    return built_from(load(path), rows, Language.ZH, today=TODAY, as_of=AS_OF).content  # type: ignore[arg-type] # rows loosely typed
