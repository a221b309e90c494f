"""The settings `unit` and `up_color` have their effect on cards."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.compile.spec_world import Rows, figures, model_of

from crmsheet.compile import board_theme as theme
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan

SPEC = """
crmsheet: 1
language: en
settings: {currency: CNY%s}
tables:
  sales:
    label: {zh: 销售, en: Sales}
    fields:
      no: {type: text, required: true, label: {zh: 编号, en: No.}}
      date: {type: date, label: {zh: 日期, en: Date}}
      amount: {type: currency, label: {zh: 金额, en: Amount}}
metrics:
  revenue:
    {type: simple, label: {zh: 销售额, en: Revenue}, table: sales, agg: sum, field: amount, time: date, good: down}
sheets:
  board: {label: {zh: 看板, en: Board}, blocks: [{id: cards, cards: [revenue]}]}
"""


def planned(folder: Path, setting: str, language: Language = Language.EN) -> Plan:
    rows: Rows = {"sales": [{"no": "1", "date": dt.date(2026, 3, 1), "amount": 12_345_678}]}
    return figures(model_of(SPEC % setting, folder), rows, dt.date(2026, 3, 31), language=language).plan


@pytest.mark.parametrize(
    ("setting", "language", "code"),
    [
        ("", Language.EN, '¥#,##0.0,"K"'),
        ("", Language.ZH, '¥0\\.0,"万"'),
        (", unit: million", Language.EN, '¥#,##0.0,,"M"'),
        (", unit: 百万", Language.ZH, '¥#,##0.0,,"百万"'),
        (", unit: 元", Language.ZH, "¥#,##0"),
        (", unit: yi", Language.ZH, '¥0\\.00,,"亿"'),
    ],
)
def test_sums_count_in_the_unit(tmp_path: Path, setting: str, language: Language, code: str) -> None:
    plan = planned(tmp_path, setting, language)
    shown = [c for c in plan.block("board.cards").cells if c.value == 12_345_678]
    # Nothing is 0 and not 0.0 of the unit.
    whole = code if "," not in code.removeprefix("¥#,##0") else f"{code};-{code};¥0"
    assert [c.style.number_format for c in shown] == [whole]


@pytest.mark.parametrize(
    ("setting", "rise"),
    [
        ("", theme.BAD_TEXT),
        (", up_color: neutral", theme.BAD_TEXT),
        (", up_color: red", theme.BAD_TEXT),
        (", up_color: green", theme.GOOD_TEXT),
    ],
)
def test_the_colour_of_a_rise(tmp_path: Path, setting: str, rise: object) -> None:
    marks = planned(tmp_path, setting).block("board.cards").highlights
    assert marks[0].look == rise
    assert marks[1].look != rise
