"""Signs and words of rules stand beside what a cell shows, never in its value."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compile.spec_world import model_of, state_of

from crmsheet.compile import Context, compiled
from crmsheet.excel.dates import serial_of_parts
from crmsheet.model.words import Language
from crmsheet.opc.xmltree import parse_tree
from crmsheet.plan.book import Plan
from crmsheet.plan.looks import Highlight
from crmsheet.refresh.graft.meaning import differential
from crmsheet.sheetml.dxfs import dxf_xml

SPEC = """
crmsheet: 1
language: zh
tables:
  customers:
    label: {zh: 客户, en: Customers}
    fields:
      name: {type: text, required: true, label: {zh: 客户, en: Customer}}
      due: {type: date, label: {zh: 到期日期, en: Due}}
      flag: {type: formula, expr: 'IF([name]="A", "high", "ok")', label: {zh: 标记, en: Flag}}
    rules:
      - {id: high, when: '[flag]="high"', column: flag, style: bad, icon: flag, label: {zh: 高, en: High}}
      - id: late
        when: 'AND([due]<>"", [due]<as_of)'
        column: due
        style: warn
        icon: warning
        text: {zh: 逾期, en: late}
        label: {zh: 逾期, en: Late}
      - {id: plain, when: '[flag]="ok"', style: muted, label: {zh: 无, en: None}}
"""


@pytest.fixture(params=[Language.ZH, Language.EN])
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Plan:
    model = model_of(SPEC, tmp_path)
    rows = {"customers": [{"name": "A", "due": serial_of_parts(2026, 1, 2)}]}
    return compiled(Context(model, request.param, state_of(model, rows), 46000)).plan


def test_what_a_cell_shows(plan: Plan) -> None:
    looks = {mark.look.number_format for mark in plan.table("customers").highlights}
    late = "逾期" if plan.language is Language.ZH else "late"
    assert looks == {"", '"⚑ "@', rf'"⚠ "yyyy\-mm\-dd" {late}"'}


def test_values_stay_as_they_are_and_have_room(plan: Plan) -> None:
    table = plan.table("customers")
    assert list(table.columns[table.index("flag")].values) == ["high"]
    due = table.columns[table.index("due")]
    assert due.width >= len("⚠ 2026-01-02 late") - 1


def test_the_guide_shows_sign_and_word(plan: Plan) -> None:
    shown = {str(c.value) for c in plan.block("guide").cells if c.value}
    assert any(text.startswith("⚑ ") for text in shown)
    assert any(text.startswith("⚠ ") and text.endswith(("逾期", "late")) for text in shown)


def test_the_bytes_of_a_look_mean_the_look() -> None:
    look = Highlight(color="9C0006", fill="FFC7CE", number_format='"⚑ <&> "@')
    shape = differential(parse_tree(dxf_xml(look)))
    parts = {part.name: part for part in shape.parts}
    assert set(parts) == {"font", "numFmt", "fill"}
    assert dict(parts["numFmt"].attributes) == {"code": look.number_format}
