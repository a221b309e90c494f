"""Each check finds what it is for, names the cell in the user's words, and says what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from unittest.mock import patch

import pytest

from crmsheet.checks import data_problems
from crmsheet.checks.types import date_in
from crmsheet.checks.words import WORDS
from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.excel.dates import serial_of_parts
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Binary, Call, Cell, Node, Number, Text
from crmsheet.model.layout import Layout, TablePlace
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Model, Table
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.words import Label, Language

FIELDS = (
    Field("name", Label("名称", "Name"), FieldType.TEXT, required=True, unique=True, max_length=8),
    Field("region", Label("地区", "Region"), FieldType.CHOICE, list="region"),
    Field("province", Label("省份", "Province"), FieldType.CHOICE, list="province", depends_on="region"),
    Field("tags", Label("标签", "Tags"), FieldType.MULTI_CHOICE, list="region"),
    Field("owner", Label("负责人", "Owner"), FieldType.REFERENCE, table="users"),
    Field("day", Label("日期", "Day"), FieldType.DATE, minimum=Number(40000.0), maximum=Number(46112.0)),
    Field("amount", Label("金额", "Amount"), FieldType.CURRENCY, minimum=Number(0.0)),
    Field("stars", Label("评分", "Stars"), FieldType.RATING),
    Field("active", Label("有效", "Active"), FieldType.BOOLEAN),
    Field("email", Label("邮箱", "E-mail"), FieldType.EMAIL),
    Field("phone", Label("电话", "Phone"), FieldType.PHONE),
    Field("site", Label("网址", "Site"), FieldType.URL),
    Field("code", Label("编码", "Code"), FieldType.TEXT, pattern="[A-Z][0-9]+"),
    Field(
        "reason",
        Label("原因", "Reason"),
        FieldType.TEXT,
        required_when=Binary("=", Cell("t", "name"), Text("lost")),
    ),
    Field("number", Label("编号", "Number"), FieldType.ID, format="T000"),
)
USERS = Table(
    "users", Label("人员", "Users"), "name", (Field("name", Label("姓名", "Name"), FieldType.TEXT),)
)
MODEL = Model(
    "m",
    Label.same("m"),
    Language.ZH,
    lists=(
        ListDefinition("region", Label.same("r"), (ListItem("e", Label("华东", "East")),)),
        ListDefinition("province", Label.same("p"), (), "region"),
    ),
    tables=(Table("t", Label("表", "Table"), "name", FIELDS), USERS),
)
LISTS = {
    "region": (ListRow("e", "华东"), ListRow("n", "华北")),
    "province": (ListRow("sh", "上海", "e"), ListRow("bj", "北京", "n")),
}


def found(
    *rows: Mapping[str, Value],
    language: Language = Language.ZH,
    renamed: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> list[Diagnostic]:
    """The problems of a table with these rows, which stand from sheet row 5 on."""
    columns = {f.id: tuple(r.get(f.id) for r in rows) for f in FIELDS}
    ids = tuple("" if not r else f"r{i}" for i, r in enumerate(rows))
    users = TableState(("u1",), {"name": ("陈晓东",)})
    place = TablePlace(
        "表",
        3,
        0,
        len(FIELDS) - 1,
        {f.id: i for i, f in enumerate(FIELDS)},
        {f.id: f.label.text(language) for f in FIELDS},
        tuple(range(4, 4 + len(rows))),
        "t",
    )
    state = State({"t": TableState(ids, columns), "users": users}, LISTS)

    def evaluate(node: Node) -> Callable[[int], Value]:
        match node:
            case Number(value):
                return lambda _row: value
            case Call("DATE", (Number(year), Number(month), Number(day))):
                return lambda _row: serial_of_parts(int(year), int(month), int(day))
            case _:
                return lambda row: columns["name"][row] == "lost"

    layout = Layout({}, {"t": place}, {})
    return list(data_problems(MODEL, language, state, layout, evaluate, renamed))


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ({"name": "a", "amount": "abc"}, "D101", "G5"),
        ({"name": "a", "stars": 2.5}, "D101", "H5"),
        ({"name": "a", "active": "是"}, "D101", "I5"),
        ({"name": "a", "day": "不久"}, "D101", "F5"),
        ({"name": "a", "day": "2026/3/1"}, "D102", "F5"),
        ({"name": "a", "region": "华东区"}, "D103", "B5"),
        ({"name": "a", "tags": "华东、西藏"}, "D103", "D5"),
        ({"region": "华东"}, "D104", "A5"),
        ({"name": "  ", "region": "华东"}, "D104", "A5"),
        ({"name": "lost"}, "D104", "N5"),
        ({"name": "a", "owner": "陈小东"}, "D106", "E5"),
        ({"name": "a", "amount": -1}, "D107", "G5"),
        ({"name": "a", "day": 46113}, "D107", "F5"),
        ({"name": "a", "day": 39999}, "D107", "F5"),
        ({"name": "a", "email": "a@b"}, "D108", "J5"),
        ({"name": "a", "phone": "12"}, "D108", "K5"),
        ({"name": "a", "site": "here"}, "D108", "L5"),
        ({"name": "a", "code": "x1"}, "D108", "M5"),
        ({"name": "123456789"}, "D109", "A5"),
        ({"name": "a", "region": "华北", "province": "上海"}, "D110", "C5"),
        ({"name": "a", "amount": ExcelError.NA}, "D112", "G5"),
    ],
)
def test_a_wrong_cell_is_found_and_named(row: Mapping[str, Value], code: str, cell: str) -> None:
    problems = found(row)
    assert [d.code for d in problems] == [code]
    place = problems[0].place
    assert isinstance(place, CellPlace)
    assert (place.sheet, place.cell) == ("表", cell)
    assert place.column
    assert problems[0].message


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"name": "a", "region": "华东", "province": "上海", "tags": "华东、华北", "owner": "陈晓东"},
        {"name": "a", "day": 46112, "amount": 0, "stars": 5, "active": True},
        {
            "name": "a",
            "email": "li@example.com",
            "phone": "021-5550 0001 转 12",
            "site": "https://example.com/a",
        },
        {"name": "a", "phone": 13800001234, "code": "A1", "reason": "x"},
        {"name": "lost", "reason": "price"},
    ],
)
def test_a_right_row_has_no_problem(row: Mapping[str, Value]) -> None:
    assert found(row) == []


def test_duplicates_name_each_others_rows() -> None:
    problems = found({"name": "A"}, {"name": "b"}, {"name": "a "}, {})
    assert [d.code for d in problems] == ["D105", "D105"]
    assert "7" in problems[0].message
    assert "5" in problems[1].message


def test_visible_numbers_must_differ() -> None:
    problems = found({"name": "a", "number": "T001"}, {"name": "b", "number": "T001"})
    assert {d.code for d in problems} == {"D105"}


def test_near_misses_come_first_among_what_is_allowed() -> None:
    problem = found({"name": "a", "region": "华北区"})[0]
    assert problem.allowed == ("华北", "华东")
    reference = found({"name": "a", "owner": "陈小东"})[0]
    assert reference.allowed == ("陈晓东",)
    assert "陈晓东" in reference.remedy


def test_problems_stand_in_the_order_of_the_sheet() -> None:
    problems = found({"name": "a", "amount": -1, "region": "x"}, {"name": "b", "region": "y"})
    assert [d.place.cell for d in problems if isinstance(d.place, CellPlace)] == ["B5", "G5", "B6"]


def test_messages_are_in_the_workbooks_language() -> None:
    assert found({"region": "华东"})[0].message == "缺少“名称”"
    assert found({"region": "华东"}, language=Language.EN)[0].message == "'Name' is missing"


def test_every_problem_has_words_in_both_languages() -> None:
    for words in WORDS.values():
        assert words.title
        assert words.message.zh
        assert words.message.en
        assert bool(words.remedy.zh) == bool(words.remedy.en)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-3-1", date(2026, 3, 1)),
        ("2026年3月1日", date(2026, 3, 1)),
        ("2026.03.01", date(2026, 3, 1)),
        ("2026-13-1", None),
        ("3/1", None),
    ],
)
def test_dates_in_texts(text: str, day: date | None) -> None:
    assert date_in(text) == day


def test_a_reference_to_a_renamed_row_says_its_new_name() -> None:
    rows = {"name": "a", "owner": "王小明"}, {"name": "b", "owner": "陈小东"}
    one, other = found(*rows, renamed={("users", "王小明"): "陈晓东"})
    assert (one.code, one.allowed) == ("D106", ("陈晓东",))
    assert one.remedy == "它已改名为“陈晓东”；刷新时加 --apply-renames 可一并改写。"
    assert other.remedy == "是否为“陈晓东”？"


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("广州鑫悦网络科技有限公司", "东莞金腾网络科技有限公司", False),
        ("广州鑫悦网络科技有限公司", "广州鑫越网络科技有限公司", True),
        ("上海鑫悦网络科技有限公司", "广州鑫悦网络科技有限公司", True),
        ("广州鑫悦网络", "广州鑫悦网络科技有限公司", True),
        ("广州鑫悦网络科技有限公司", "广州鑫悦", True),
        ("陈小东", "陈晓东", True),
        ("Northwind Trading Ltd", "Fabrikam Trading Ltd", False),
        ("Nortwhind Trading Ltd", "Northwind Trading Ltd", True),
    ],
)
def test_names_that_only_end_alike_are_not_offered(text: str, key: str, meant: bool) -> None:
    users = TableState(("u1",), {"name": (key,)})
    state = State({"t": TableState(("a",), {"owner": (text,)}), "users": users}, LISTS)
    place = TablePlace("表", 3, 0, 0, {"owner": 0}, {"owner": "Owner"}, (4,), "t")
    own = replace(MODEL, tables=(Table("t", Label("表", "Table"), "owner", (FIELDS[4],)), USERS))
    layout = Layout({}, {"t": place}, {})
    (problem,) = data_problems(own, Language.EN, state, layout, lambda _node: lambda _row: None)
    assert (problem.code, problem.allowed) == ("D106", (key,) if meant else ())


def test_what_is_meant_is_looked_for_once_a_text_and_not_without_end() -> None:
    names = [f"陈{n % 150}东" for n in range(600)]
    with patch("difflib.get_close_matches", return_value=[]) as matches:
        problems = found(*({"name": f"n{n}", "owner": name} for n, name in enumerate(names)))
    assert [p.code for p in problems] == ["D106"] * 600
    assert [call.args[1] for call in matches.call_args_list] == [["陈晓东"]] * 100


def test_a_table_that_nobody_keeps_up() -> None:
    """Its newest row is of the thirtieth of March; the day behind is a plan."""
    own = Field("day", Label("日期", "Day"), FieldType.DATE)
    model = replace(MODEL, tables=(Table("t", Label("表", "Table"), "day", (own,), cadence=7),))
    state = State({"t": TableState(("a", "b", "c"), {"day": (46109, 46111, 46130)})})
    layout = Layout({}, {"t": TablePlace("表", 3, 0, 0, {"day": 0}, {"day": "Day"}, (4, 5, 6), "t")}, {})

    def told(today: int) -> list[str]:
        problems = data_problems(model, Language.EN, state, layout, lambda _node: lambda _row: today)
        return [f"{p.code} {p.message}" for p in problems]

    assert told(46118) == []
    assert told(46119) == [
        "D114 the newest row is of 2026-03-30: nothing for 8 days (at least one every 7 days is due)"
    ]
