"""What Excel enforces when people type, in its limits, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compile.reading import block_cell, column, rule

from crmsheet.compile import Context, compiled
from crmsheet.compile.symbols import setting_anchor
from crmsheet.compile.validations import fitted
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Role, Validation, ValidationKind

Made = Callable[..., Context]


def _rule(plan: Plan, table: str, field: str) -> tuple[ValidationKind, str, str]:
    own = column(plan, table, field).validation
    assert own is not None
    return own.kind, rule(plan, table, own.formula), rule(plan, table, own.maximum)


@pytest.mark.parametrize(
    ("table", "field", "kind", "formula", "maximum"),
    [
        ("customers", "region", "list", "list_region", ""),
        ("orders", "customer", "list", "keys_customers", ""),
        ("customers", "locked", "list", '"TRUE,FALSE"', ""),
        ("customers", "created", "date", "DATE(2000,1,1)", "as_of"),
        ("orders", "due", "date", "$C4", ""),
        ("orders", "amount", "decimal", "0", ""),
        ("orders", "tags", "none", "", ""),
        ("customers", "revenue", "none", "", ""),
        (
            "customers",
            "name",
            "custom",
            'AND(LEN($A5)<=100,COUNTIF($A$5:$A$1007,"="&SUBSTITUTE(SUBSTITUTE(SUBSTITUTE('
            '$A5,"~","~~"),"*","~*"),"?","~?"))=1)',
            "",
        ),
        (
            "customers",
            "province",
            "list",
            "INDEX(matrix_province,1,MATCH($B5,parents_province,0)):INDEX(matrix_province,MAX(1,COUNTA("
            "INDEX(matrix_province,0,MATCH($B5,parents_province,0)))),MATCH($B5,parents_province,0))",
            "",
        ),
    ],
)
def test_a_rule_holds_names_and_own_cells(
    context: Made, table: str, field: str, kind: str, formula: str, maximum: str
) -> None:
    assert _rule(compiled(context()).plan, table, field) == (ValidationKind(kind), formula, maximum)


def test_prompts_and_alerts_speak_the_language(context: Made) -> None:
    zh = column(compiled(context()).plan, "customers", "created").validation
    en = column(compiled(context(language=Language.EN)).plan, "customers", "created").validation
    assert zh is not None
    assert en is not None
    assert (zh.prompt_title, zh.prompt) == ("建档日期", "日期，如 2025-03-08。2000-01-01 至 今天。")
    assert en.prompt == "A date such as 2025-03-08. From 2000-01-01 to today."
    assert (zh.error_title, en.error_title) == ("建档日期：输入有误", "Created: not accepted")


def test_required_comes_first_then_the_help(context: Made) -> None:
    own = column(compiled(context()).plan, "customers", "name").validation
    assert own is not None
    assert own.prompt.splitlines() == ["必填。", "全称", "最多 100 个字。不可重复。"]


def _limits_hold(own: Validation) -> bool:
    sizes = (
        (own.prompt_title, 32),
        (own.prompt, 255),
        (own.error_title, 32),
        (own.error, 225),
    )
    return all(len(text.encode("utf-16-le")) // 2 <= limit for text, limit in sizes)


@pytest.mark.parametrize("language", list(Language))
def test_messages_and_formulas_fit(context: Made, language: Language) -> None:
    plan = compiled(context(language)).plan
    for table in plan.tables:
        for own in table.columns:
            if own.validation is not None:
                assert _limits_hold(own.validation)
                assert len(rule(plan, table.id, own.validation.formula)) <= 255
                assert len(own.note) <= 255


@given(text=st.text(alphabet="ab 字，。😀", max_size=60), limit=st.integers(1, 40))
def test_a_fitted_text_is_short_enough_and_a_beginning(text: str, limit: int) -> None:
    cut = fitted(text, limit)
    assert len(cut.encode("utf-16-le")) // 2 <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_settings_have_rules_and_say_what_they_hold(context: Made) -> None:
    plan = compiled(context()).plan
    cell = block_cell(plan, setting_anchor(), 0, 1)
    assert (cell.value, cell.role, cell.holds) == (3, Role.INPUT, "settings.stale_months")
    (own,) = plan.block(setting_anchor()).validations
    assert own.validation.kind is ValidationKind.WHOLE
    assert own.validation.prompt.splitlines() == ["几个月算沉睡", "整数。1 至 60。"]
    fixed = [c.value for c in plan.block("settings.fixed").cells if c.column == 1]
    assert fixed == ["ACME", "zh", "CNY", 1]
    assert block_cell(plan, "settings.as_of", 1, 1).value == context().as_of
