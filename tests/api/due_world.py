"""A small book of promises, and a way to build it with rows.

Knows the spec. Does not know how reminders or events work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.judge.package import Value

from crmsheet.api.building import built_from
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load

AS_OF = dt.date(2026, 3, 31)
TODAY = dt.date(2026, 4, 2)
REMINDERS = """\
reminders:
  steps:
    label: {zh: 下一步, en: Next step}
    table: steps
    date: due
    done: '[done_date]<>""'
    owner: customer.owner
    text: [what, customer, customer.phone]
    days: ahead
  win_back:
    label: {zh: 唤醒, en: Win back}
    table: customers
    date: 'IF([last_done]="", "", EDATE([last_done], stale_months))'
    done: '[quiet]'
    text: [name]
    days: 0
"""
SPEC = """\
crmsheet: 1
name: promises
title: {zh: 承诺, en: Promises}
language: en
settings:
  ahead: {value: 3, type: integer, label: {zh: 提前, en: Days ahead}}
  stale_months: {value: 3, type: integer, label: {zh: 沉睡, en: Stale after}}
lists:
  stage:
    - {id: lead, label: {zh: 潜在, en: Lead}, kind: open}
    - {id: won, label: {zh: 成交, en: Won}, kind: won}
tables:
  people:
    label: {zh: 人员, en: People}
    key: name
    fields:
      name: {type: text, label: {zh: 姓名, en: Name}, required: true, unique: true}
  customers:
    label: {zh: 客户, en: Customers}
    key: name
    fields:
      name: {type: text, label: {zh: 名称, en: Customer}, required: true, unique: true}
      owner: {type: reference, table: people, label: {zh: 负责人, en: Owner}, audit: true}
      stage: {type: choice, label: {zh: 阶段, en: Stage}, audit: true}
      phone: {type: phone, label: {zh: 电话, en: Phone}}
      budget: {type: currency, label: {zh: 预算, en: Budget}, audit: true}
      last_done: {type: rollup, table: steps, agg: max, field: done_date, label: {zh: 最近, en: Last done}}
    rules:
      - {id: quiet, when: '[stage]="won"', style: muted, label: {zh: 安静, en: Quiet}}
      - id: stale
        when: 'AND([last_done]<>"", [last_done]<EDATE(as_of,-stale_months))'
        column: last_done
        style: bad
        label: {zh: 沉睡, en: Stale}
  steps:
    label: {zh: 步骤, en: Steps}
    key: step_no
    fields:
      what: {type: text, label: {zh: 内容, en: What}, required: true}
      customer: {type: reference, table: customers, label: {zh: 客户, en: Customer}}
      due: {type: date, label: {zh: 期限, en: Due}}
      done_date: {type: date, max: as_of, label: {zh: 完成, en: Done on}}
      step_no: {type: id, format: S0000, label: {zh: 编号, en: No.}}
"""

PEOPLE: Sequence[Mapping[str, Value]] = ({"name": "李娜"}, {"name": 'Bob; "B"'}, {"name": "Zoe"})


def day(offset: int) -> float:
    """A date so many days after the as-of date."""
    return float(serial_of_date(AS_OF + dt.timedelta(days=offset)))


CUSTOMERS: Sequence[Mapping[str, Value]] = (
    {"name": "Acme, Ltd", "owner": "李娜", "stage": "Lead", "phone": "+86 138"},
    {"name": "云岭咨询", "owner": 'Bob; "B"', "stage": "Lead"},
    {"name": "Nobody's", "stage": "Won"},
)
STEPS: Sequence[Mapping[str, Value]] = (
    {"what": "late", "customer": "Acme, Ltd", "due": day(-3)},
    {"what": "today\nin two lines; really, yes", "customer": "ACME, LTD", "due": day(0)},
    {"what": "soon", "customer": "云岭咨询", "due": day(3)},
    {"what": "far", "customer": "云岭咨询", "due": day(4)},
    {"what": "done", "customer": "云岭咨询", "due": day(-9), "done_date": day(-1)},
    {"what": "orphan", "customer": "gone", "due": day(1)},
    {"what": "long ago", "customer": "Acme, Ltd", "done_date": day(-200)},
    {"what": "no day", "customer": "Acme, Ltd", "due": "soon"},
    {"what": "for the quiet", "customer": "Nobody's", "done_date": day(-300)},
)


def built(
    folder: Path,
    *,
    reminders: str = REMINDERS,
    language: Language = Language.EN,
    steps: Sequence[Mapping[str, Value]] = STEPS,
    customers: Sequence[Mapping[str, Value]] = CUSTOMERS,
    as_of: dt.date | None = AS_OF,
) -> bytes:
    path = folder / "promises.yaml"
    path.write_text(SPEC + reminders, encoding="utf-8")
    rows = {
        "people": [dict(r) for r in PEOPLE],
        "customers": [dict(r) for r in customers],
        "steps": [dict(r) for r in steps],
    }
    return built_from(load(path), rows, language, today=TODAY, as_of=as_of).content  # type: ignore[arg-type] # rows loosely typed
