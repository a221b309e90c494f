"""Boards and the Guide say which tables are not kept up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.compile.spec_world import Rows, figures, model_of

from crmsheet.model.words import Language
from crmsheet.plan.book import Plan

SPEC = """
crmsheet: 1
language: en
tables:
  visits:
    label: {zh: 拜访, en: Visits}
    cadence: 30
    fields:
      no: {type: text, required: true, label: {zh: 编号, en: No.}}
      date: {type: date, label: {zh: 日期, en: Date}}
metrics:
  visits_n: {type: simple, label: {zh: 拜访数, en: Visits}, table: visits, agg: count, time: date}
sheets:
  board: {label: {zh: 看板, en: Board}, blocks: [{id: kpis, kpis: [visits_n]}]}
"""
AS_OF = dt.date(2026, 3, 31)


def planned(folder: Path, *days: dt.date, language: Language = Language.EN) -> Plan:
    rows: Rows = {"visits": [{"no": str(i), "date": day} for i, day in enumerate(days)]}
    return figures(model_of(SPEC, folder), rows, AS_OF, language=language).plan


def facts(plan: Plan) -> str:
    return " ".join(str(c.value) for c in plan.block("board.top").cells if c.row == 1 and c.value)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([dt.date(2026, 3, 1)], ""),
        ([dt.date(2026, 2, 28), dt.date(2026, 1, 1)], "⚠ Visits: nothing new for 31 days"),
        # A day to come is a plan.
        ([dt.date(2026, 2, 28), dt.date(2026, 4, 9)], "⚠ Visits: nothing new for 31 days"),
        ([], ""),
    ],
)
def test_the_board_tells(tmp_path: Path, days: list[dt.date], said: str) -> None:
    text = facts(planned(tmp_path, *days))
    assert said in text
    assert ("⚠" in text) == bool(said)


def test_both_languages_and_the_guide(tmp_path: Path) -> None:
    plan = planned(tmp_path, dt.date(2026, 2, 28), language=Language.ZH)
    assert facts(plan).endswith("⚠ 拜访 已 31 天没有新记录")
    purposes = [str(c.value) for c in plan.block("guide").cells if c.value]
    assert any(text.endswith("至少每 30 天录入一次") for text in purposes)
