"""TEXT(): what values look like under formats, those of customer sheets first."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.libreoffice import needs_libreoffice, recalculated
from tests.judge.package import Package

from crmsheet.excel.escaping import text_literal
from crmsheet.excel.number_formats import formatted, is_date_format
from crmsheet.excel.values import ExcelError, Value

SAME = [
    (1234.567, "General", "1234.567"),
    (1234.567, "0", "1235"),
    (1234.567, "0.0", "1234.6"),
    (-1234.567, "#,##0.00", "-1,234.57"),
    (0, "#,##0", "0"),
    (0.5, "#", "1"),
    (0.4, "#.##", ".4"),
    (5, "000", "005"),
    (0.1234, "0.0%", "12.3%"),
    (1234567, "¥#,##0", "¥1,234,567"),
    (-43210, "¥#,##0.00;[Red]-¥#,##0.00", "-¥43,210.00"),
    (1234567, '0\\.0,"万"', "123.5万"),
    (98765, '0"."0,"万"', "9.9万"),
    (-43210, '0\\.0,"万"', "-4.3万"),
    (123456789, '0\\.00,,"亿"', "1.23亿"),
    (0.051, "+0.0%;-0.0%;0.0%", "+5.1%"),
    (-0.051, "▲0.0%;▼0.0%;—", "▼5.1%"),
    (0, "▲0.0%;▼0.0%;—", "—"),
    (12, '0"天"', "12天"),
    (1234567, "#,##0,", "1,235"),
    (1234567, "0.00,,", "1.23"),
    (123456789, "#,##0", "123,456,789"),
    (0.00012345, "0.00E+00", "1.23E-04"),
    (12345, "0.0E+0", "1.2E+4"),
    (45725, "yyyy-mm-dd", "2025-03-09"),
    (45725, "yy/m/d", "25/3/9"),
    (45725, 'yyyy"年"m"月"d"日"', "2025年3月9日"),
    (45725, "yyyy年mm月", "2025年03月"),
    (45725, "[$-804]aaaa", "星期日"),
    (45725, "dddd", "Sunday"),
    (45725, "ddd, mmm d", "Sun, Mar 9"),
    (45725, "mmmm yyyy", "March 2025"),
    (45725.521, "hh:mm", "12:30"),
    (45725.521, "h:mm AM/PM", "12:30 PM"),
    (45725.0208333333, "h:mm AM/PM", "12:30 AM"),
    (45725.521, "yyyy-mm-dd hh:mm:ss", "2025-03-09 12:30:14"),
    (1.5, "[h]:mm", "36:00"),
    (0.5, "[mm]", "720"),
    (5, "[<10]0;[>=10]0.0", "5"),
    (15, "[<10]0;[>=10]0.0", "15.0"),
    ("abc", "0.00", "abc"),
    ("abc", '0;0;0;"<"@">"', "<abc>"),
    ("abc", "@!", "abc!"),
    ("12", "0.00", "12.00"),
    (0.125, "0.00", "0.13"),
    (1.005, "0.00", "1.01"),
    (2.5, "0", "3"),
    (-0.4, "0", "0"),
    (1234.5, "$#,##0.00", "$1,234.50"),
    (3, "0 个", "3 个"),
]


@pytest.mark.parametrize(("value", "code", "text"), SAME)
def test_value_under_a_format(value: Value, code: str, text: str) -> None:
    assert formatted(value, code) == text


@needs_libreoffice
def test_libreoffice_shows_the_same(tmp_path: Path) -> None:
    path = tmp_path / "formats.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    for row, (value, code, _) in enumerate(SAME):
        written = text_literal(value) if isinstance(value, str) else repr(value)
        sheet.write_formula(row, 0, f"=TEXT({written},{text_literal(code)})")
    book.close()
    package = Package(recalculated([path], tmp_path / "out")[0])
    found = {cell.row: cell.value for cell in package.cells(package.sheet("S"))}
    wrong = {
        (value, code): (text, found.get(row))
        for row, (value, code, text) in enumerate(SAME, 1)
        if found.get(row) != text
    }
    assert wrong == KNOWN


KNOWN: dict[tuple[Value, str], tuple[str, object]] = {}


@pytest.mark.parametrize(
    ("value", "code", "found"),
    [
        (None, "0.00", "0.00"),
        (True, "0", "TRUE"),
        (ExcelError.NA, "0", ExcelError.NA),
        (-1, "yyyy-mm-dd", ExcelError.VALUE),
        (5, "", ""),
        (5, "[wat]0", ExcelError.VALUE),
        (5, "0;0;0;@;0", ExcelError.VALUE),
    ],
)
def test_values_that_are_no_plain_numbers(value: Value, code: str, found: Value) -> None:
    assert formatted(value, code) == found


def test_date_formats_are_known() -> None:
    assert is_date_format('yyyy"年"m"月"')
    assert is_date_format("[h]:mm")
    assert not is_date_format('0"day"')
    assert not is_date_format("General")
    assert not is_date_format("#,##0.00;[Red]-#,##0.00")


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.text()), st.text(max_size=20))
def test_any_format_gives_text_or_an_error(value: Value, code: str) -> None:
    assert isinstance(formatted(value, code), str | ExcelError)
