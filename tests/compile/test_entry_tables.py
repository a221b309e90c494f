"""Entry tables: which columns there are, what their formulas say, and what they give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.compile.reading import column, formula, rule, values

from crmsheet.compile import Context, compiled
from crmsheet.diagnostics import CellPlace, Severity
from crmsheet.excel.values import ExcelError
from crmsheet.formulas.tree import Binary, Call, Cell, Column, Number
from crmsheet.model.spec import Compatibility, FieldType, Model, Rule, RuleStyle, View
from crmsheet.model.state import TableState
from crmsheet.model.words import Label, Language
from crmsheet.plan.book import Plan
from crmsheet.plan.tables import ColumnRole

Made = Callable[..., Context]


def _plan(context: Made, **options: object) -> Plan:
    return compiled(context(**options)).plan


def test_inputs_stand_at_the_left_and_the_row_id_is_last(context: Made) -> None:
    roles = [c.role for c in _plan(context).table("customers").columns]
    assert roles[:9] == [ColumnRole.INPUT] * 7 + [ColumnRole.ASSIGNED, ColumnRole.INPUT]
    assert set(roles[9:-1]) == {ColumnRole.COMPUTED}
    assert roles[-1] == ColumnRole.ROW_ID


def test_helpers_are_hidden_and_the_status_is_not(context: Made) -> None:
    columns = _plan(context).table("customers").columns
    assert {c.id for c in columns if c.hidden} == {
        "province",
        "_used",
        "_match",
        "_found.last_order",
        "_id",
    }
    assert column(_plan(context), "customers", "province").level == 1


def test_headers_are_the_labels_of_the_language(context: Made) -> None:
    zh, en = _plan(context), _plan(context, language=Language.EN)
    assert [c.header for c in zh.table("orders").columns][:4] == ["单号", "客户", "日期", "交货"]
    assert [c.header for c in en.table("orders").columns][:4] == ["Order no.", "Customer", "Date", "Due"]


def test_a_sum_is_a_sumifs_over_an_escaped_key(context: Made) -> None:
    plan = _plan(context)
    assert formula(plan, "customers", "_match") == (
        'IF(customers[[#This Row],[客户名称]]="","","="&SUBSTITUTE(SUBSTITUTE(SUBSTITUTE('
        'customers[[#This Row],[客户名称]],"~","~~"),"*","~*"),"?","~?"))'
    )
    assert formula(plan, "customers", "revenue") == (
        'IF(customers[[#This Row],[手填销售额]]<>"",customers[[#This Row],[手填销售额]],'
        'IF(customers[[#This Row],[_match]]="",0,'
        "SUMIFS(orders[金额],orders[客户],customers[[#This Row],[_match]])))"
    )
    assert values(plan, "customers", "revenue") == [150.5, 999, 0]


def test_a_maximum_over_nothing_is_empty_text(context: Made) -> None:
    plan = _plan(context)
    assert formula(plan, "customers", "last_order") == (
        'IF(customers[[#This Row],[_found.last_order]]=0,"",customers[[#This Row],[_found.last_order]])'
    )
    assert formula(plan, "customers", "_found.last_order") == (
        'IF(customers[[#This Row],[_match]]="",0,'
        "_xlfn.MAXIFS(orders[_taken.customers.last_order],orders[客户],customers[[#This Row],[_match]]))"
    )
    assert values(plan, "customers", "last_order") == [45720, 45783, ""]
    # A condition that is an error does not hold.
    assert formula(plan, "orders", "_taken.customers.last_order") == (
        "IF(IFERROR(orders[[#This Row],[计入]]=1,FALSE),"
        'IF(orders[[#This Row],[日期]]="","",orders[[#This Row],[日期]]),"")'
    )


def test_what_people_fill_on_phones_stands_first_and_is_narrow(context: Made) -> None:
    made = context()
    customers = made.model.table("customers")
    phone = ("name", "created")
    fields = tuple(replace(f, view=View.MOBILE) if f.id in phone else f for f in customers.fields)
    tables = tuple(replace(t, fields=fields) if t is customers else t for t in made.model.tables)
    plan = compiled(replace(made, model=replace(made.model, tables=tables))).plan
    shown = plan.table("customers").columns
    assert [c.id for c in shown[:3]] == ["name", "created", "region"]
    assert sum(c.width for c in shown[:2]) <= 30
    texts = [c.value for c in plan.block("customers.bands").cells]
    assert texts[0] == "手机上填"
    assert any("左边 2 列" in str(c.value) for b in plan.blocks if b.sheet == "customers" for c in b.cells)


def test_empty_columns_have_room_for_what_people_will_type(context: Made) -> None:
    made = context()
    customers = made.state.tables["customers"]
    empty = replace(customers, columns={**customers.columns, "name": (None,) * customers.size})
    state = replace(made.state, tables={**made.state.tables, "customers": empty})

    def width(given: Context) -> float:
        return next(c.width for c in compiled(given).plan.table("customers").columns if c.id == "name")

    assert width(replace(made, state=state)) >= 20 > width(made)


def test_notes_have_wider_columns_than_names_and_all_rows_the_usual_height(context: Made) -> None:
    made = context()
    customers = made.model.table("customers")
    note = "The buyer asks for two weeks more, as their new store opens later than planned"
    texts = replace(made.state.tables["customers"], columns={"name": (note,) * 3}, ids=("a", "b", "c"))
    state = replace(made.state, tables={**made.state.tables, "customers": texts})

    def width(kind: FieldType) -> float:
        fields = tuple(replace(f, type=kind) if f.id == "name" else f for f in customers.fields)
        tables = tuple(replace(t, fields=fields) if t is customers else t for t in made.model.tables)
        given = replace(made, state=state, model=replace(made.model, tables=tables))
        plan = compiled(given).plan
        assert not any(
            h.last > plan.table("customers").row
            for s in plan.sheets
            if s.id == "customers"
            for h in s.heights
        )
        return next(c.width for c in plan.table("customers").columns if c.id == "name")

    assert width(FieldType.LONG_TEXT) > width(FieldType.TEXT)


def test_a_value_typed_beside_a_computed_one_wins(context: Made) -> None:
    plan = _plan(context)
    assert formula(plan, "customers", "revenue").startswith(
        'IF(customers[[#This Row],[手填销售额]]<>"",customers[[#This Row],[手填销售额]],'
    )
    assert values(plan, "customers", "revenue")[1] == 999


def test_older_excel_gets_older_functions(context: Made) -> None:
    made = context()
    old = replace(made, model=replace(made.model, compatibility=Compatibility.EXCEL_2016))
    plan = compiled(old).plan
    assert "MAXIFS" not in formula(plan, "customers", "last_order")
    assert values(plan, "customers", "last_order") == [45720, 45783, ""]


def test_other_aggregations_and_conditions(context: Made) -> None:
    plan = _plan(context)
    assert values(plan, "customers", "mean_order") == [75.25, 60, ""]
    assert values(plan, "customers", "big_orders") == [1, 0, 0]
    assert "orders[_where.customers.big_orders],1" in formula(plan, "customers", "big_orders")
    assert values(plan, "orders", "_where.customers.big_orders") == [1, 0, 0, 0, 0]
    assert values(plan, "customers", "won_orders") == [1, 0, 0]
    assert "stage.won" in formula(plan, "customers", "won_orders")


def test_what_no_formula_gives_is_a_value_and_is_said(context: Made) -> None:
    done = compiled(context())
    assert column(done.plan, "customers", "kinds").formula is None
    assert values(done.plan, "customers", "kinds") == [2, 0, 0]
    assert [(d.code, d.severity) for d in done.findings] == [("W410", Severity.NOTE)]
    said = "数值由刷新算出，截至上次刷新。"
    assert column(done.plan, "customers", "kinds").note == said
    assert any(str(c.value).endswith("\n" + said) for c in done.plan.block("guide").cells)


def test_lookups_are_empty_text_for_blank_and_unknown_references(context: Made) -> None:
    plan = _plan(context)
    assert values(plan, "orders", "_row.customer") == [1, 1, 2, "", ""]
    assert values(plan, "orders", "region") == ["华东", "华东", "华南", "", ""]
    assert formula(plan, "orders", "region") == (
        'IF(orders[[#This Row],[_row.customer]]="","",'
        'IF(INDEX(customers[地区],orders[[#This Row],[_row.customer]])="","",'
        "INDEX(customers[地区],orders[[#This Row],[_row.customer]])))"
    )


def test_attributes_of_a_list_are_looked_up(context: Made) -> None:
    plan = _plan(context)
    assert values(plan, "orders", "probability") == [1, 0.1, "", 1, ""]
    assert values(plan, "orders", "rot_days") == ["", 7, "", "", ""]


def test_formulas_give_empty_text_on_blank_rows(context: Made) -> None:
    plan = _plan(context)
    assert values(plan, "orders", "_used") == [1, 1, 1, 1, 0]
    assert values(plan, "orders", "counts") == [1, 1, 1, 1, ""]
    assert values(plan, "customers", "idle") == [118, 55, ""]


def test_the_status_says_in_words_what_is_wrong(context: Made) -> None:
    assert values(_plan(context), "customers", "_status") == [
        "",
        "省份与地区不符；电话格式不对；邮箱格式不对；建档日期晚于今天",
        "地区不在选项中；邮箱格式不对；建档日期不是日期；锁定不是 TRUE/FALSE",
    ]
    assert values(_plan(context), "orders", "_status") == [
        "单号重复；交货早于日期",
        "",
        "缺阶段",
        "单号重复；客户在“客户”中找不到；日期晚于今天；金额小于0",
        "",
    ]
    assert values(_plan(context, language=Language.EN), "orders", "_status") == [
        "Order no. repeated; Due before Date",
        "",
        "Stage missing",
        "Order no. repeated; Customer not found in Customers; Date after today; Amount below 0",
        "",
    ]


def test_an_error_value_in_a_cell_is_said_too(context: Made) -> None:
    made = context()
    orders = made.state.tables["orders"]
    amounts = (ExcelError.DIV0, *orders.columns["amount"][1:])
    changed = TableState(orders.ids, {**orders.columns, "amount": amounts})
    state = replace(made.state, tables={**made.state.tables, "orders": changed})
    assert values(compiled(replace(made, state=state)).plan, "orders", "_status")[0] == "有单元格是错误值"


def test_long_codes_are_compared_exactly(context: Made) -> None:
    made = context()
    codes = ("110101199001011234", "110101199001011235", "O3", "110101199001011234", None)
    orders = made.state.tables["orders"]
    changed = TableState(orders.ids, {**orders.columns, "code": codes})
    state = replace(made.state, tables={**made.state.tables, "orders": changed})
    status = values(compiled(replace(made, state=state)).plan, "orders", "_status")
    assert ["单号重复" in str(text) for text in status] == [True, False, False, True, False]


def test_an_empty_table_has_one_blank_row_with_values(context: Made) -> None:
    plan = _plan(context, rows=False)
    table = plan.table("customers")
    assert (table.size, table.length) == (0, 1)
    assert all(len(c.values) == 1 for c in table.columns)
    assert values(plan, "customers", "_status") == [""]
    assert values(plan, "customers", "revenue") == [0]
    assert values(plan, "customers", "_id") == [None]


def test_long_status_formulas_are_split(context: Made) -> None:
    made = context()
    orders = made.model.table("orders")
    code = orders.field("code")
    more = tuple(
        replace(code, id=f"code{i}", label=Label.same(f"单号{'长' * 30}{i}"), unique=True) for i in range(20)
    )
    model = replace(
        made.model, tables=(made.model.tables[0], replace(orders, fields=(*orders.fields, *more)))
    )
    plan = compiled(replace(made, model=model)).plan
    texts = [formula(plan, "orders", c.id) for c in plan.table("orders").columns if c.formula]
    assert max(map(len, texts)) < 8192
    assert "_status.2" in formula(plan, "orders", "_status")
    assert str(values(plan, "orders", "_status")[1]).startswith("缺单号")


def test_rules_hold_on_used_rows_only_and_end_the_list(context: Made) -> None:
    plan = _plan(context)
    marks = plan.table("customers").highlights
    shown = [(m.columns, m.stop, rule(plan, "customers", m.formula)) for m in marks]
    assert shown[-2:] == [
        ((), True, 'AND($R5=1,$K5="")'),
        (("last_order",), True, "AND($R5=1,$K5<EDATE(as_of,-1*stale_months))"),
    ]
    assert shown[0] == (("name",), False, 'AND($A5="",COUNTA($A5,$B5,$C5,$D5,$E5,$F5,$G5,$I5)>0)')


def test_a_rule_on_another_table_goes_through_a_hidden_column(context: Made) -> None:
    made = context()
    when = Binary("=", Call("COUNTIF", (Column("orders", "customer"), Cell("customers", "name"))), Number(0))
    customers = replace(
        made.model.tables[0], rules=(Rule("lonely", Label.same("lonely"), when, RuleStyle.WARN),)
    )
    model: Model = replace(made.model, tables=(customers, made.model.tables[1]))
    plan = compiled(replace(made, model=model)).plan
    # The name with a wildcard counts as itself here because COUNTIF is the spec's own, unescaped.
    assert values(plan, "customers", "_rule.lonely") == [0, 0, 1]
    assert rule(plan, "customers", plan.table("customers").highlights[-1].formula).endswith("=1")


def test_too_many_comparisons_become_values(context: Made) -> None:
    made = context()
    many = 10_001
    ids = tuple(f"x{i}" for i in range(many))
    names = tuple(f"客户{i}" for i in range(many))
    tables = {
        "customers": TableState(ids, {"name": names}),
        "orders": TableState(ids, {"customer": names, "amount": (1,) * many}),
    }
    done = compiled(replace(made, state=replace(made.state, tables=tables)))
    revenue = column(done.plan, "customers", "revenue")
    assert revenue.formula is None
    assert set(revenue.values) == {1}
    assert {d.place.column for d in done.findings if isinstance(d.place, CellPlace)} >= {"销售额", "客户地区"}
