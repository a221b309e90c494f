"""A value written into a cell is the value read from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crmsheet.excel.numbers import file_text
from crmsheet.excel.values import ExcelError, Value, same_value
from crmsheet.sheetml.cells import (
    encode,
    formula_element,
    text_element,
    text_elements,
)
from crmsheet.sheetml.decode import CellKind, decoded, iso_serial, number_value, raw_cell
from crmsheet.sheetml.scan import scan_sheet

NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["_x0041_", "_x000D_", "a_x", " a", "a\n", "\r\n", "\t", "<&>", "]]>", "\x00\x1f", "\ufffe"]
    ),
    st.text("_x0041 <&\r\n\t", max_size=20),
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), NUMBERS, TEXTS, st.sampled_from(list(ExcelError))
)


@given(NUMBERS)
def test_numbers_read_back_the_same(number: float) -> None:
    text = file_text(number)
    assert float(text) == number
    kind, value = number_value(text.encode())
    assert kind is CellKind.NUMBER
    assert value == number


@given(VALUES, st.sampled_from(["", 'IF(A1<"&",1,2)', " 1\n+1 "]), st.sampled_from(["", "x:"]))
def test_encoded_cells_are_decoded(value: Value, formula: str, prefix: str) -> None:
    written = encode("B2", 3, value, formula_element(formula, prefix + "f") if formula else "", prefix)
    raw = raw_cell(written.encode())
    assert (raw.ref, raw.style) == ("B2", 3)
    assert (raw.formula.text if raw.formula else "") == formula
    _, read = decoded(raw, ())
    assert same_value(read, value)
    wrapped = f'<{prefix}sheetData><{prefix}row r="2">{written}</{prefix}row></{prefix}sheetData>'
    declared = f"<{prefix}worksheet xmlns{':x' if prefix else ''}='m'>{wrapped}</{prefix}worksheet>".encode()
    etree.fromstring(declared)
    (cell,) = scan_sheet(declared).cells()
    assert same_value(cell.value, value)
    assert (cell.formula or "") == formula
    assert cell == next(scan_sheet(declared, thorough=True).cells())


def test_a_text_may_be_as_long_as_excel_allows() -> None:
    assert len(text_element("a" * 32_767)) == 32_767 + len("<t></t>")
    for text in ("a" * 32_768, "😀" * 16_384):
        with pytest.raises(ValueError, match="32,767"):
            text_element(text)
    assert "😀" in text_element("😀" * 16_383)
    with pytest.raises(ValueError, match="8,192"):
        formula_element("1" * 8_193)


@given(st.lists(st.one_of(TEXTS, st.sampled_from(["a", "客户", "A & B", "b|", "| b", " ", ""]))))
def test_many_texts_stand_as_each_would(texts: list[str]) -> None:
    assert text_elements(texts, "x:t") == [text_element(text, "x:t") for text in texts]


def test_a_text_among_many_may_be_as_long_as_excel_allows() -> None:
    assert text_elements(["a", "b" * 32_767])[1] == text_element("b" * 32_767)
    with pytest.raises(ValueError, match="32,767"):
        text_elements(["a", "b" * 32_768])


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("2024-03-01", 45352),
        ("2024-03-01T12:00:00Z", 45352.5),
        ("2024-03-01T06:00:00.000", 45352.25),
        ("06:00:00", 0.25),
        ("1899-01-01", None),
        ("soon", None),
    ],
)
def test_iso_dates(text: str, serial: float | None) -> None:
    assert iso_serial(text) == serial


def test_iso_dates_of_a_1904_workbook() -> None:
    row = b'<row r="1"><c r="A1" t="d"><v>2024-03-01</v></c></row>'
    data = b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>"
    assert [c.value for c in scan_sheet(data, date1904=True).cells()] == [45352 - 1462]
    (cell,) = scan_sheet(data).cells()
    assert (cell.kind, cell.value) == (CellKind.DATE, 45352)


@pytest.mark.parametrize(
    ("attributes", "inside", "kind", "value"),
    [
        ("", "", CellKind.BLANK, None),
        ("", "<v></v>", CellKind.BLANK, None),
        ("", "<v/>", CellKind.BLANK, None),
        ("", "<v> 5 </v>", CellKind.NUMBER, 5),
        ("", "<v>1E3</v>", CellKind.NUMBER, 1000),
        ("", "<v>12,5</v>", CellKind.BROKEN, "12,5"),
        ("", "<v>nan</v>", CellKind.BROKEN, "nan"),
        ("", "<v>1_0</v>", CellKind.BROKEN, "1_0"),
        ("", "<v>1e999</v>", CellKind.BROKEN, "1e999"),
        ("", "<is><t>not meant</t></is>", CellKind.BLANK, None),
        ('t="n"', "<v>-.5</v>", CellKind.NUMBER, -0.5),
        ('t="b"', "<v>true</v>", CellKind.BOOLEAN, True),
        ('t="b"', "<v>2</v>", CellKind.BROKEN, "2"),
        ('t="e"', "<v>#N/A</v>", CellKind.ERROR, ExcelError.NA),
        ('t="e"', "<v>#SPILL!</v>", CellKind.ERROR, ExcelError.VALUE),
        ('t="str"', "<f>A1</f>", CellKind.TEXT, ""),
        ('t="str"', '<f>A1</f><v xml:space="preserve"> a_x0041_\r\n</v>', CellKind.TEXT, " aA\n"),
        ('t="s"', "<v>1</v>", CellKind.TEXT, "two"),
        ('t="s"', "", CellKind.BLANK, None),
        ('t="inlineStr"', "<is/>", CellKind.TEXT, ""),
        ('t="inlineStr"', "<is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is>", CellKind.TEXT, "ab"),
        ('t="inlineStr"', "<is><t>a</t><rPh sb='0' eb='1'><t>x</t></rPh></is>", CellKind.TEXT, "a"),
        ('t="inlineStr"', "<is><t><![CDATA[<a>]]></t></is>", CellKind.TEXT, "<a>"),
        ('t="d"', "<v>never</v>", CellKind.BROKEN, "never"),
        ('t="n"', "<f>TRUE()</f><v>1</v>", CellKind.BOOLEAN, True),
        ("", "<f aca='false'>FALSE()</f><v>0</v>", CellKind.BOOLEAN, False),
        ('t="b"', "<f>TRUE()</f><v>1</v>", CellKind.BOOLEAN, True),
        ("", "<f>TRUE()</f>", CellKind.BLANK, None),
        ('t="str"', "<f>TRUE()</f><v>yes</v>", CellKind.TEXT, "yes"),
        ("", "<f>TRUE()+1</f><v>2</v>", CellKind.NUMBER, 2),
        ('cm="1"', "<v>1</v>", CellKind.NUMBER, 1),
        ('vm="1" t="e"', "<v>#VALUE!</v>", CellKind.ERROR, ExcelError.VALUE),
        ("s='4'", "<v>1</v><extLst><ext><c/></ext></extLst>", CellKind.NUMBER, 1),
    ],
)
def test_every_way_a_value_may_stand(attributes: str, inside: str, kind: CellKind, value: Value) -> None:
    cell = f'<c r="A1" {attributes}>{inside}</c>'
    data = f'<worksheet><sheetData><row r="1">{cell}</row></sheetData></worksheet>'.encode()
    for thorough in (None, True):
        (read,) = scan_sheet(data, thorough=thorough).cells(["one", "two"])
        assert read.kind is kind
        assert same_value(read.value, value)
