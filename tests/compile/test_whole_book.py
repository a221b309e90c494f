"""The whole plan hangs together: in the small book and in every starter, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from tests.compile.reading import cell_addresses, rule

from crmsheet import spec
from crmsheet.api.rows import initial_state
from crmsheet.compile import Context, compiled
from crmsheet.excel import limits
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.names import name_problem
from crmsheet.excel.references import sheet_name_problem
from crmsheet.excel.values import ExcelError
from crmsheet.formulas.render import render
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan, SheetKind
from crmsheet.plan.place import anchor_name
from crmsheet.starters import demo_rows, starter_path

Made = Callable[..., Context]
TODAY = date(2025, 6, 30)


def _starter(name: str, language: Language, *, demo: bool) -> Context:
    read = spec.read(starter_path(name))
    assert read.model is not None
    rows = demo_rows(name, language, TODAY, customers=15) if demo else {}
    state, _, _ = initial_state(read.model, language, rows, "ab12")
    return Context(read.model, language, state, serial_of_date(TODAY))


def _assert_sound(plan: Plan) -> None:
    places = cell_addresses(plan)
    anchors = {b.anchor for b in plan.blocks}
    assert len(anchors) == len(plan.blocks)
    for block in plan.blocks:
        where = Counter((c.row, c.column) for c in block.cells)
        assert max(where.values(), default=1) == 1, block.anchor
        assert all(c.row < block.rows and c.column < block.columns for c in block.cells), block.anchor
        assert {c.link for c in block.cells if c.link} <= anchors
        assert not block.anchored or not name_problem(anchor_name(block.anchor))
        for cell in block.cells:
            if cell.formula is not None:
                assert len(render(cell.formula, places)) <= limits.FORMULA
                assert cell.value is not None, (block.anchor, cell.row, cell.column)
    for table in plan.tables:
        headers = [c.header.casefold() for c in table.columns]
        assert len(set(headers)) == len(headers)
        for column in table.columns:
            assert len(column.values) == table.length, (table.id, column.id)
            if column.formula is not None:
                assert len(render(column.formula, places)) <= limits.FORMULA
            if column.validation is not None:
                assert len(rule(plan, table.id, column.validation.formula)) <= limits.VALIDATION_FORMULA
        for mark in table.highlights:
            assert len(rule(plan, table.id, mark.formula)) <= limits.FORMULA
    taken = [n.name.casefold() for n in plan.names] + [t.name.casefold() for t in plan.tables]
    assert [name for name, times in Counter(taken).items() if times > 1] == []
    assert [n.name for n in plan.names if name_problem(n.name)] == []
    for name in plan.names:
        assert render(name.target, places)
    assert [s.name for s in plan.sheets if sheet_name_problem(s.name)] == []
    kinds = [s.kind for s in plan.sheets]
    assert kinds == sorted(kinds, key=list(SheetKind).index)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("rows", [True, False])
def test_the_small_book_is_sound(context: Made, language: Language, *, rows: bool) -> None:
    _assert_sound(compiled(context(language, rows=rows)).plan)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("demo", [True, False])
def test_follow_up_is_sound_and_its_demo_rows_are_fine(language: Language, *, demo: bool) -> None:
    done = compiled(_starter("follow-up", language, demo=demo))
    _assert_sound(done.plan)
    assert done.findings == ()
    for table in done.plan.tables:
        for column in table.columns:
            assert not any(isinstance(v, ExcelError) for v in column.values), (table.id, column.id)
        status = table.columns[table.index("_status")]
        assert set(status.values) == {""}, table.id
    for block in done.plan.blocks:
        if not block.anchor.startswith("calc."):
            wrong = [c for c in block.cells if isinstance(c.value, ExcelError)]
            assert wrong == [], block.anchor


def test_the_same_gives_the_same(context: Made) -> None:
    first, second = compiled(context()), compiled(context())
    assert (first.plan, first.findings) == (second.plan, second.findings)


def test_sheets_in_order_with_names_that_differ(context: Made) -> None:
    made = context()
    customers, orders = made.model.tables
    model = replace(made.model, tables=(customers, replace(orders, label=customers.label)))
    plan = compiled(replace(made, model=model)).plan
    assert [s.name for s in plan.sheets] == [
        "使用说明",
        "客户",
        "客户 (2)",
        "设置",
        "选项",
        "_crmsheet",
    ]


def test_the_guide_names_every_shown_field_and_colour(context: Made) -> None:
    for language in Language:
        made = context(language)
        plan = compiled(made).plan
        texts = {c.value for c in plan.block("guide").cells}
        for table in made.model.tables:
            for field in table.fields:
                assert field.hidden or field.label.text(language) in texts
            for own in table.rules:
                assert own.label.text(language) in texts


def test_the_guide_explains_rollups_and_formulas_in_words(context: Made) -> None:
    texts = {c.value for c in compiled(context()).plan.block("guide").cells}
    assert "合计：订单的金额。" in texts
    assert "订单的记录数，只计[金额]>=100。" in texts
    assert '= IF([最近购买]="","",今天-[最近购买])' in texts
    assert "可选：初步接触、赢单。" in texts
