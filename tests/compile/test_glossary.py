"""The glossary has a row for every figure that boards show, in the book's language, with links both ways."""

from __future__ import annotations

import re

import pytest
from tests.compile.catalogue_world import AS_OF, catalogue, showing
from tests.compile.spec_world import state_of

from crmsheet.compile import Context, compiled
from crmsheet.compile.symbols import glossary_anchor
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.boards import Card, CardsBlock, KpiBlock, NoteBlock
from crmsheet.model.spec import Model
from crmsheet.model.words import Label, Language
from crmsheet.plan.book import Plan

SHOWN = (
    "retention",
    "nps",
    "lead_conversion_90",
    "clv_simple",
    "hhi",
    "coverage",
    "reactivated",
    "top_5_share",
)
FORMULA_COLUMN = 4


def plan_of(model: Model, language: Language = Language.ZH) -> Plan:
    return compiled(Context(model, language, state_of(model, {}), serial_of_date(AS_OF))).plan


def texts(plan: Plan, metric: str) -> list[str]:
    cells = sorted(plan.block(glossary_anchor(metric)).cells, key=lambda c: c.column)
    return [str(c.value or "") for c in cells]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(
        showing(KpiBlock("kpis", SHOWN), CardsBlock("cards", (Card("revenue"), Card("retention"))))
    )


def test_every_shown_figure_has_a_row_and_no_other(plan: Plan) -> None:
    rows = {b.anchor for b in plan.blocks if b.anchor.startswith("glossary.of.")}
    assert rows == {glossary_anchor(m) for m in (*SHOWN, "revenue")}


def test_a_row_tells_all_there_is_to_tell(plan: Plan) -> None:
    metric = catalogue().metric("retention")
    assert metric.definition is not None
    assert metric.edge is not None
    assert texts(plan, "retention") == [
        "客户保留率",
        "老客户留住了多少",
        metric.definition.zh,
        "保留客户数 ÷ 期初活跃客户数",
        metric.edge.zh,
        "%",
        "越高越好",
        "5",
        "保留率（集合法）",
        "→ 看板",
        "",
        "",
    ]


def test_helpers_without_a_name_are_written_out(plan: Plan) -> None:
    """No id shows through: what has no label is said in words."""
    for metric in SHOWN:
        assert not re.search(r"[a-z]+_[a-z0-9_]+", texts(plan, metric)[FORMULA_COLUMN - 1]), metric


def test_rows_and_boards_lead_to_each_other(plan: Plan) -> None:
    for metric in ("retention", "revenue"):
        (place,) = [c.link for c in plan.block(glossary_anchor(metric)).cells if c.link]
        assert place in ("board.kpis", "board.cards")
        assert glossary_anchor(metric) in {c.link for c in plan.block(place).cells}


def test_english(plan: Plan) -> None:
    english = plan_of(showing(KpiBlock("kpis", ("churn",))), Language.EN)
    assert texts(english, "churn")[0] == "Churn rate"
    assert not any(re.search(r"[\u4e00-\u9fff]", t) for t in texts(english, "churn"))
    assert [s.name for s in plan.sheets][:3] == ["使用说明", "看板", "指标说明"]


def test_one_is_singular() -> None:
    english = plan_of(showing(KpiBlock("kpis", ("top_1_share", "top_5_share", "revenue_mom"))), Language.EN)
    assert ", the largest)" in texts(english, "top_1_share")[FORMULA_COLUMN - 1]
    assert ", the 5 largest)" in texts(english, "top_5_share")[FORMULA_COLUMN - 1]
    assert ", 1 month earlier" in texts(english, "revenue_mom")[FORMULA_COLUMN - 1]


def test_no_figure_no_glossary() -> None:
    plan = plan_of(showing(NoteBlock("note", Label("无", "Nothing"))))
    assert "glossary" not in {s.id for s in plan.sheets}
