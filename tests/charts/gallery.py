"""A shop for the gallery of charts: its rows, few enough to add up, with a slump and a spike to see.

Knows the rows by table and the books built of them. Does not know the right numbers.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from crmsheet.api.building import Built, built_from
from crmsheet.api.rows import Rows
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.spec import load

AS_OF = dt.date(2026, 3, 18)
SPEC = Path(__file__).with_name("gallery.yaml")
_NAMES = {
    Language.ZH: (
        "上海远见电子科技有限公司",
        "北京中恒",
        "广州大川机电",
        "成都西岭仪表",
        "苏州同和",
        "天津海河",
        "深圳南山自动化设备有限公司",
        "重庆两江",
        "杭州钱塘",
        "青岛碱石",
        "佛山顺德",
        "昆明滇池",
    ),
    Language.EN: (
        "Aurora Electronics",
        "Beacon",
        "Cobalt Machines",
        "Delta Instruments",
        "Elm & Oak",
        "Foxglove",
        "Granite Automation Equipment",
        "Harbour",
        "Indigo",
        "Juniper",
        "Keystone",
        "Lagoon",
    ),
}
_PEOPLE = {Language.ZH: ("张伟", "李娜", "王强"), Language.EN: ("Ann", "Ben", "Chloe")}
_WORDS = {
    Language.ZH: (
        ("华东", "华北", "华南", "西南"),
        ("传感器", "伺服驱动器", "操作面板", "安装与维保服务"),
        ("初步接触", "方案报价", "商务谈判", "赢单"),
    ),
    Language.EN: (
        ("East", "North", "South", "West"),
        ("Sensors", "Servo drives", "Panels", "Installation and service"),
        ("First contact", "Proposal", "Negotiation", "Won"),
    ),
}
_STEP = 7919
"""A prime, so that what looks random is the same everywhere."""
_SPIKE = (2025, 7)


def _day(year: int, month: int, day: int) -> int:
    return serial_of_date(dt.date(year, month, day))


def rows(language: Language) -> Rows:
    names, people = _NAMES[language], _PEOPLE[language]
    regions, products, stages = _WORDS[language]
    customers: list[dict[str, Value]] = [
        {
            "name": name,
            "region": regions[i % 4],
            "created": _day(2025, 4 + i % 9, 5),
            "quoted": i % 4 != 3,
            "bought": i % 3 == 0,
        }
        for i, name in enumerate(names)
    ]
    orders: list[dict[str, Value]] = []
    for month in range(26):
        year, at = 2024 + month // 12, month % 12 + 1
        if (year, at) > (2026, 3):
            break
        for i in range(8):
            mixed = (month * 8 + i) * _STEP % 101
            who = min(mixed * mixed // 900, 11)
            size = 2000 + 90 * month + 60 * mixed + (30000 if (year, at) == _SPIKE and i == 0 else 0)
            falling = 0.4 if who % 4 == 2 and month > 15 else 1.0
            orders.append(
                {
                    "no": f"{month:02}-{i}",
                    "date": _day(year, at, 1 + 2 * i),
                    "customer": names[who],
                    "owner": people[(who + i) % 3],
                    "product": products[mixed % 4],
                    "amount": round(size * falling * (1 + 3 / (1 + who)), 2),
                    "rating": 1 + (mixed + who) % 5 if i % 3 else None,
                }
            )
    deals: list[dict[str, Value]] = [
        {"name": f"D{i}", "stage": stages[min(i * i // 90, 3)]} for i in range(24)
    ]
    targets: list[dict[str, Value]] = [
        {
            "no": f"{m}-{p}",
            "month": _day(2025 + (m + 2) // 12, (m + 2) % 12 + 1, 1),
            "owner": p,
            "value": 24000 + 800 * m,
        }
        for m in range(13)
        for p in people
    ]
    return {
        "users": [{"name": p} for p in people],
        "customers": customers,
        "orders": orders,
        "deals": deals,
        "targets": targets,
    }


def model() -> Model:
    return load(SPEC)


def built(language: Language, *, empty: bool = False) -> Built:
    return built_from(model(), {} if empty else rows(language), language, today=AS_OF, as_of=AS_OF)
