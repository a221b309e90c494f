"""Columns find their fields, however their headers are written, and never two the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.intake.delimited import read_delimited
from crmsheet.intake.grids import Sheet
from crmsheet.intake.headers import How, grid_for, matched, required_without_column
from crmsheet.intake.plans import converted, plan, told
from crmsheet.model.spec import Model, Table
from crmsheet.model.words import Language
from crmsheet.spec import load

SPEC = """\
crmsheet: 1
language: zh
lists:
  level: [A, B]
tables:
  customers:
    key: name
    fields:
      name: {type: text, required: true, unique: true, label: {zh: 客户名称, en: Customer name}}
      phone: {type: phone, label: {zh: 联系电话, en: Phone}, aliases: [电话号码]}
      level: {type: choice, label: {zh: 客户等级, en: Level}}
      amount: {type: currency, label: {zh: 成交金额, en: Amount}}
      created: {type: date, label: {zh: 建档日期, en: Created}}
      revenue_per_year: {type: number, label: {zh: 年度收入总额, en: Revenue per year}}
      twice: {type: formula, expr: '[amount]*2', label: {zh: 双倍, en: Twice}}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path: Path = tmp_path_factory.mktemp("headers") / "t.yaml"
    path.write_text(SPEC, "utf-8")
    return load(path)


@pytest.fixture(scope="module")
def table(model: Model) -> Table:
    return model.table("customers")


@pytest.mark.parametrize(
    ("header", "field", "how"),
    [
        ("客户名称", "name", How.LABEL),
        ("customer name", "name", How.LABEL),
        ("phone", "phone", How.LABEL),
        ("revenue_per_year", "revenue_per_year", How.ID),
        ("电话号码", "phone", How.ALIAS),
        ("*客户名称", "name", How.ALIKE),
        ("客户名称：", "name", How.ALIKE),
        ("成交金额（万元）", "amount", How.ALIKE),
        ("客 户 名 称", "name", How.ALIKE),
        ("客戶名稱", "name", How.ALIKE),
        ("Ｐｈｏｎｅ", "phone", How.ALIKE),
        ("联系电话(必填)", "phone", How.ALIKE),
        ("创建时间", "created", How.SYNONYM),
        ("客户级别", "level", How.SYNONYM),
        ("手机", "phone", How.SIMILAR),
        ("公司", "name", How.SIMILAR),
        ("Revnue per year", "revenue_per_year", How.SIMILAR),
        ("年度收入金额", "revenue_per_year", How.SIMILAR),
        ("备注", "", How.NONE),
        ("名", "", How.NONE),
    ],
)
def test_a_header_in_any_form(table: Table, header: str, field: str, how: How) -> None:
    (found,) = matched([header], table)
    assert (found.field, found.how) == (field, how)
    assert found.sure == (how not in (How.SIMILAR, How.NONE))


def test_the_surest_column_gets_the_field(table: Table) -> None:
    found = matched(["电话号码", "联系电话", "Phone no"], table)
    assert [m.field for m in found] == ["", "phone", ""]


def test_computed_columns_are_known_and_left_out(table: Table) -> None:
    (found,) = matched(["双倍"], table)
    assert (found.field, found.computed) == ("", "twice")


def test_what_the_caller_says_wins(table: Table) -> None:
    found = matched(["备注", "联系电话", "Phone"], table, {"备注": "phone", "Phone": ""})
    assert [(m.field, m.how) for m in found] == [
        ("phone", How.CHOSEN),
        ("", How.NONE),
        ("", How.NONE),
    ]


@given(st.lists(st.text("客户名称电话号码phonelevel 成交金额*：()", max_size=8), max_size=8))
def test_no_field_has_two_columns(table: Table, headers: list[str]) -> None:
    found = matched(headers, table)
    fields = [m.field or m.computed for m in found if m.field or m.computed]
    assert len(found) == len(headers)
    assert len(fields) == len(set(fields))


def _sheet(text: str) -> Sheet:
    return read_delimited(text.encode(), "a.csv")


def test_the_header_row_may_stand_below_titles(table: Table) -> None:
    grid = grid_for(_sheet("2024年导出\n操作人,李\n客户名称,联系电话\n甲,1\n"), table)
    assert grid is not None
    assert (grid.header_row, [r.number for r in grid.rows]) == (3, [4])
    assert grid_for(_sheet("a,b\n1,2\n"), table) is None
    said = grid_for(_sheet("a,b\n1,2\n"), table, header_row=1)
    assert said is not None
    assert said.headers == ("a", "b")


def test_required_fields_without_a_column_are_known(table: Table) -> None:
    assert [f.id for f in required_without_column(table, matched(["联系电话"], table))] == ["name"]


def test_a_plan_converts_rows_and_tells_what_did_not_fit(model: Model, table: Table) -> None:
    text = (
        "客户名称,客户等级,成交金额,建档日期,备注\n"
        "甲公司,A,1.2万,3/4/2024,x\n"
        "客户名称,客户等级,成交金额,建档日期,备注\n"
        "乙公司,C,面议,2024年3月,\n"
        ",,,,only a remark\n"
    )
    planned = plan(_sheet(text), table)
    assert planned is not None
    rows = tuple(converted(planned, model, Language.ZH))
    assert [dict(r.values) for r in rows] == [
        {"name": "甲公司", "level": "A", "amount": 12000, "created": 45355},
        {"name": "乙公司", "level": "C", "amount": "面议", "created": 45352},
    ]
    assert [str(p.place) for p in rows[1].problems] == ["a.csv:4:2", "a.csv:4:3"]
    assert [d.code for d in told(planned, rows)] == ["U104", "U134", "U135", "U135"]


def test_the_day_may_be_said_to_stand_first(model: Model, table: Table) -> None:
    from crmsheet.intake.dates import DateOrder

    planned = plan(_sheet("客户名称,建档日期\n甲,3/4/2024\n"), table, orders={"created": DateOrder.DAY})
    assert planned is not None
    (row,) = converted(planned, model, Language.ZH)
    assert row.values["created"] == 45385
    assert told(planned, (row,)) == ()
