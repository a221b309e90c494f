"""Values are understood however people and programs write them, and never changed where they are not."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.dates import serial
from crmsheet.intake.converted import Converted, Reason
from crmsheet.intake.dates import DateOrder, ordering, written_date
from crmsheet.intake.evidence import evidence
from crmsheet.intake.grids import Raw
from crmsheet.intake.numbers import written_number
from crmsheet.intake.texts import name_form, name_text, phone_text
from crmsheet.intake.values import Converter
from crmsheet.model.spec import Model
from crmsheet.model.state import ListRow
from crmsheet.model.words import Language
from crmsheet.spec import load

SPEC = """\
crmsheet: 1
language: zh
lists:
  region:
    - {id: east, label: {zh: 华东, en: East}, aliases: [华东区, E]}
    - {id: north, label: {zh: 华北, en: North}}
    - {id: both, label: {zh: 港、澳, en: HK and Macau}}
tables:
  t:
    label: {zh: 表, en: Table}
    key: name
    fields:
      name: {type: text, required: true, label: {zh: 名称, en: Name}}
      note: {type: long_text, label: {zh: 备注, en: Note}}
      region: {type: choice, list: region, label: {zh: 地区, en: Region}}
      regions: {type: multi_choice, list: region, label: {zh: 各地区, en: Regions}}
      day: {type: date, label: {zh: 日期, en: Day}}
      moment: {type: datetime, label: {zh: 时间, en: Moment}}
      amount: {type: currency, label: {zh: 金额, en: Amount}}
      share: {type: percent, label: {zh: 占比, en: Share}}
      active: {type: boolean, label: {zh: 有效, en: Active}}
      phone: {type: phone, label: {zh: 电话, en: Phone}}
      mail: {type: email, label: {zh: 邮箱, en: Mail}}
      stars: {type: rating, label: {zh: 星级, en: Stars}}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path: Path = tmp_path_factory.mktemp("values") / "t.yaml"
    path.write_text(SPEC, "utf-8")
    return load(path)


def _day(year: int, month: int, day: int) -> float:
    return serial(dt.date(year, month, day))


JAN_5 = [
    *("2024-01-05", "2024/1/5", "2024.1.5", "20240105", "2024年1月5日", "2024年01月05号", "２０２４／１／５"),
    *(
        "5 Jan 2024",
        "Jan 5, 2024",
        "January 5th, 2024",
        "5-Jan-24",
        "Fri, 5 Jan 2024 10:00:00 GMT",
        "5.1.2024",
    ),
    *(
        "2024-01-05T08:00:00Z",
        "2024-01-05 00:00:00",
        "2024-1-5 星期五",
        "2024年1月5日 下午3:20",
        "45296",
        "24/1/5",
    ),
    *("1/5/2024", "01/05/24", "2024-01-05T08:00:00.123+08:00", "20240105093000", 45296, 20240105),
    *(dt.date(2024, 1, 5), dt.datetime.fromisoformat("2024-01-05 09:00")),
]


@pytest.mark.parametrize("raw", JAN_5, ids=str)
def test_a_date_in_any_form(model: Model, raw: Raw) -> None:
    convert = Converter(model, Language.ZH, model.table("t").field("day"))
    assert convert(raw).value == 45296
    assert convert(raw).problem is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2024-02-30", Reason.NOT_A_DATE),
        ("下周三", Reason.NOT_A_DATE),
        ("1月5日", Reason.YEAR_MISSING),
        ("2024年", Reason.ONLY_A_YEAR),
        (2024, Reason.ONLY_A_YEAR),
        ("#REF!", Reason.ERROR_VALUE),
        (1704412800000, Reason.NOT_A_DATE),
    ],
)
def test_what_is_no_date_stays_with_its_reason(model: Model, raw: Raw, reason: Reason) -> None:
    done = Converter(model, Language.ZH, model.table("t").field("day"))(raw)
    assert done.value == raw
    assert done.problem is not None
    assert done.problem.reason is reason


@given(st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_is_read_back_in_every_form(day: dt.date) -> None:
    forms = (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y%m%d",
        "%Y年%m月%d日",
        "%d %b %Y",
        "%B %d, %Y",
        "%d-%b-%Y",
        "%Y.%m.%d",
    )
    for form in forms:
        assert written_date(day.strftime(form)) == dt.datetime.combine(day, dt.time())
    assert written_date(day.strftime("%d/%m/%Y"), DateOrder.DAY) == dt.datetime.combine(day, dt.time())
    assert written_date(day.strftime("%m/%d/%Y"), DateOrder.MONTH) == dt.datetime.combine(day, dt.time())


@given(
    st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2039, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_a_column_never_reads_a_certain_order_wrongly(days: list[dt.date], form: str) -> None:
    texts = [day.strftime(form) for day in days]
    found = ordering(texts)
    if found.certain and any(day.day > 12 for day in days):
        assert [written_date(t, found.order) for t in texts] == [
            dt.datetime.combine(d, dt.time()) for d in days
        ]


def test_the_column_decides_what_stands_first() -> None:
    assert ordering(["1/5/2024", "13/5/2024"]).order is DateOrder.DAY
    assert ordering(["1/5/2024", "5/13/2024"]).order is DateOrder.MONTH
    assert ordering(["24/1/5", "24/12/31"]).order is DateOrder.YEAR
    assert ordering(["30/1/2024", "1/2/2024", "2/2/2024"]).order is DateOrder.DAY
    rising = ordering(["10/1/2024", "11/1/2024", "12/1/2024", "1/2/2024", "2/2/2024"])
    assert (rising.order, rising.certain) == (DateOrder.DAY, True)
    assert not ordering(["1/5/2024"]).certain
    assert ordering(["5/5/2024"]).certain


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200.50", 1200.5),
        ("１２", 12),
        ("12％", 0.12),
        ("¥3.5万", 35000),
        ("1.5亿元", 150_000_000),
        ("人民币1,000元", 1000),
        ("(80)", -80),
        ("12-", -12),
        ("-￥1,200", -1200),
        ("1 234 567", 1234567),
        ("1.234,56", 1234.56),
        ("RMB 300", 300),
        ("300 USD", 300),
        ("$1.2M", 1_200_000),
        ("1e3", 1000),
        ("30天", 30),
        ("0012", 12),
        ("0.1万", 1000),
    ],
)
def test_a_number_in_any_form(text: str, number: float) -> None:
    assert written_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "abc", "1,5", "1,2,3", "--5", "12kg", "1-2", "(-5)", "13800138000转8", "１２ａ", "." * 50]
)
def test_what_is_no_number(text: str) -> None:
    assert written_number(text) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_amount_is_read_back(amount: object) -> None:
    number = float(str(amount))
    for text in (
        f"{number:,.2f}",
        f"¥{number:.2f}",
        f"{number:.2f}元",
        str(amount).translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
    ):
        assert written_number(text) == number


@given(st.text())
def test_no_text_breaks_a_converter(model: Model, text: str) -> None:
    for field in model.table("t").fields:
        done = Converter(model, Language.ZH, field)(text)
        again = Converter(model, Language.ZH, field)(done.value)
        assert again.value == done.value, field.id


def test_choices_by_label_alias_and_id_in_either_language(model: Model) -> None:
    convert = Converter(model, Language.ZH, model.table("t").field("region"))
    for raw in ("华东", "East", "east", " EAST ", "华东区", "Ｅ"):
        assert convert(raw).value == "华东"
    wrong = convert("华中")
    assert wrong.value == "华中"
    assert wrong.problem is not None
    assert set(wrong.problem.allowed) == {"华东", "华北", "港、澳"}
    assert convert("无").value is None


def test_the_workbooks_own_labels_win(model: Model) -> None:
    rows = {"region": [ListRow("east", "东部"), ListRow("", "西部")]}
    convert = Converter(model, Language.ZH, model.table("t").field("region"), lists=rows)
    assert [convert(raw).value for raw in ("East", "华东", "东部", "西部")] == [
        "东部",
        "东部",
        "东部",
        "西部",
    ]


@pytest.mark.parametrize(
    "raw", ["华东、North", "East, north", "华东；华北", "east|north", "华东\n华北", ["east", "north"]]
)
def test_several_choices_with_any_separator(model: Model, raw: Raw) -> None:
    assert Converter(model, Language.ZH, model.table("t").field("regions"))(raw).value == "华东、华北"


def test_an_item_that_holds_a_separator_is_one(model: Model) -> None:
    convert = Converter(model, Language.ZH, model.table("t").field("regions"))
    assert convert("港、澳").value == "港、澳"
    assert convert("港、澳、华东").value == "港、澳、华东"


def test_several_choices_are_joined_as_people_type_in_the_language(model: Model) -> None:
    convert = Converter(model, Language.EN, model.table("t").field("regions"))
    assert convert("华东、North").value == "East, North"


def test_a_cross_is_neither_yes_nor_no(model: Model) -> None:
    """In a column of ticks an x says yes, after a question no."""
    assert Converter(model, Language.EN, model.table("t").field("active"))("x").problem is not None


@pytest.mark.parametrize(
    "raw",
    [
        "138 0013 8000",
        "+86 13800138000",
        "86-138-0013-8000",
        "１３８００１３８０００",
        13800138000,
        13800138000.0,
        "13800138000.0",
    ],
)
def test_mobile_numbers_are_eleven_digits(model: Model, raw: Raw) -> None:
    assert Converter(model, Language.ZH, model.table("t").field("phone"))(raw).value == "13800138000"


def test_other_phone_numbers_stay(model: Model) -> None:
    assert phone_text("021-6886 1234 转 8") == "021-6886 1234 转 8"
    assert phone_text("+44 20 7946 0958") == "+44 20 7946 0958"
    lost = Converter(model, Language.ZH, model.table("t").field("phone"))("1.38E+10")
    assert lost.problem is not None
    assert lost.problem.reason is Reason.DIGITS_LOST


def test_names_are_tidied_where_that_is_safe() -> None:
    assert name_text("　上海ＡＢＣ（中国）\u200b有限公司 ") == "上海ABC（中国）有限公司"
    assert name_text("Acme\u00a0 Ltd") == "Acme Ltd"
    assert name_form("Acme（China）Ltd") == name_form("ACME (China) ltd")


def test_a_percent_column_of_whole_numbers_counts_hundredths(model: Model) -> None:
    field = model.table("t").field("share")
    raw: list[Raw] = ["30", "60", "100", "5%"]
    convert = Converter(model, Language.ZH, field, evidence=evidence(field, raw))
    assert [convert(value).value for value in raw] == [0.3, 0.6, 1, 0.05]
    assert not evidence(field, ["0.3", "1"]).points


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("active", "是", True),
        ("active", "×", False),
        ("active", 1, True),
        ("active", "Yes", True),
        ("mail", "mailto:a@b.cn ", "a@b.cn"),
        ("stars", "★★★☆☆", 3),
        ("stars", "4分", 4),
        ("amount", "-", None),
        ("moment", "2024-01-05 12:00", 45296.5),
        ("note", " a\r\n  b ", "a\n  b"),
        ("name", 12, "12"),
    ],
)
def test_other_types(model: Model, field: str, raw: Raw, value: object) -> None:
    done = Converter(model, Language.ZH, model.table("t").field(field))(raw)
    assert (done.value, done.problem) == (value, None)


WRITTEN = st.one_of(
    st.decimals(-(10**13), 10**13, places=2, allow_nan=False).map(str),
    st.integers(-(10**16), 10**16).map(str),
    st.sampled_from(
        ["", " ", "-0", "007", "1.", "1,200.50", "12%", "3万", "-", "n/a", "2024-01-05", "是", "E", "1e3"]
    ),
)
MANY: st.SearchStrategy[list[Raw]] = st.one_of(
    st.lists(WRITTEN, max_size=6),
    st.lists(st.one_of(st.floats(-1e308, 1e308), st.integers(-(10**18), 10**18), st.none()), max_size=6),
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4),
    st.lists(
        st.one_of(WRITTEN, st.booleans(), st.sampled_from([1, 1.0, 0]), st.dates(), st.none()), max_size=8
    ),
    st.lists(st.one_of(st.lists(WRITTEN, max_size=2), WRITTEN), max_size=4),
    st.lists(st.integers(-(10**16), 10**16), min_size=1, max_size=4),
    st.lists(
        st.sampled_from(
            ["A", "A B", "A  B", "客户", "Ａ客户", "ｂ", " a", "a|", "| b", "", "#N/A", "\u3000c", "é"]
        ),
        max_size=3,
    ),
)


@given(
    raws=MANY,
    field=st.sampled_from(
        ["name", "note", "region", "regions", "day", "amount", "share", "active", "phone", "stars"]
    ),
)
def test_a_column_is_its_values(model: Model, raws: list[Raw], field: str) -> None:
    own = model.table("t").field(field)
    convert = Converter(model, Language.ZH, own, evidence=evidence(own, raws))
    one_by_one = [convert(raw) for raw in raws]
    column = convert.column(raws)
    assert list(map(repr, column.values)) == [repr(done.value) for done in one_by_one]
    assert dict(column.problems) == {
        at: done.problem for at, done in enumerate(one_by_one) if done.problem is not None
    }


@pytest.mark.parametrize(
    "field", ["note", "region", "regions", "day", "moment", "amount", "share", "active", "phone"]
)
@pytest.mark.parametrize("raw", [math.inf, -math.inf, 10**400, math.nan], ids=["inf", "-inf", "long", "nan"])
def test_a_number_that_no_cell_holds_is_told_in_words(model: Model, field: str, raw: float) -> None:
    known = model.table("t").field(field)
    convert = Converter(model, Language.EN, known, evidence=evidence(known, [raw, 1, 2.5]))
    done = convert(raw)
    if repr(raw) == "nan":
        assert done == Converted(None)
        return
    assert isinstance(done.value, str)
    assert done.value in ("Infinity", "-Infinity", str(10**400))
    expected = {
        "amount": Reason.NOT_A_NUMBER,
        "share": Reason.NOT_A_NUMBER,
        "day": Reason.NOT_A_DATE,
        "moment": Reason.NOT_A_DATE,
        "region": Reason.NOT_IN_LIST,
        "active": Reason.NOT_YES_OR_NO,
    }
    if field in expected:
        assert done.problem is not None
        assert done.problem.reason is expected[field]
    column = convert.column([1, raw, 2.5])
    assert column.values[1] == done.value
    assert column.problems.get(1) == done.problem
