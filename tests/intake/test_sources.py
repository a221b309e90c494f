"""Files of other programs are read as the rows that people see in them."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.intake.delimited import decoded, read_delimited, sniffed
from crmsheet.intake.records import read_records
from crmsheet.intake.sources import read_source


def _texts(data: bytes) -> list[tuple[object, ...]]:
    return [row.values for row in read_delimited(data, "a.csv").rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_text_is_read_whatever_its_encoding(encoding: str) -> None:
    text = "客户,电话\r\n上海电气,13800138000\r\n"
    assert _texts(text.encode(encoding)) == [("客户", "电话"), ("上海电气", "13800138000")]


@given(st.text(st.sampled_from("客户名称上海电气集团有限公司北京0123456789abc, \n"), min_size=12))
def test_gb18030_and_utf8_give_the_same_text(text: str) -> None:
    whole = f"客户名称,备注\n{text}"
    assert decoded(whole.encode("gb18030")) == whole
    assert decoded(whole.encode("utf-8")) == whole
    assert decoded(whole.encode("utf-8-sig")) == whole


def test_accented_letters_are_not_taken_for_chinese() -> None:
    assert decoded("Müller, Café, Señor, Zoë".encode("cp1252")) == "Müller, Café, Señor, Zoë"


def test_a_named_encoding_is_used_and_a_wrong_one_refused() -> None:
    assert decoded("臺灣".encode("big5"), encoding="big5") == "臺灣"
    with pytest.raises(UsageError, match="U130"):
        decoded("客户".encode("gb18030"), "a.csv", "utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    rows = ["name|note".replace("|", delimiter), f'Acme{delimiter}"a{delimiter}b"', f"Bolt{delimiter}1"]
    assert sniffed("\n".join(rows)) == delimiter
    assert _texts("\n".join(rows).encode())[1] == ("Acme", f"a{delimiter}b")


def test_numbers_with_decimal_commas_do_not_look_like_more_columns() -> None:
    assert sniffed("name;amount\nA;1,5\nB;2,5\n") == ";"


def test_a_first_line_may_say_the_delimiter() -> None:
    assert _texts(b"sep=|\na|b,c\n") == [("a", "b,c")]


def test_quoted_line_breaks_stay_in_the_value_and_lines_are_counted() -> None:
    sheet = read_delimited(b'name,note\nA,"one\ntwo"\nB,x\n', "a.csv")
    assert [(row.number, row.values) for row in sheet.rows[1:]] == [(2, ("A", "one\ntwo")), (4, ("B", "x"))]
    assert str(sheet.place(4, 1, "note")) == "a.csv:4:2"


def test_a_quote_that_nothing_closes_takes_no_rows() -> None:
    assert [r[0] for r in _texts(b'name,size\nA,"5\nB,6\nC,7\n')] == ["name", "A", "B", "C"]


def test_excels_guards_around_codes_are_taken_off() -> None:
    assert _texts(b'code,id\n="0012",\t00345\n')[1] == ("0012", "00345")


@given(st.lists(st.lists(st.text('ab,;"\n 客1', max_size=6), min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_csv_writes_is_read(rows: list[list[str]]) -> None:
    import csv

    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    read = read_delimited(target.getvalue().encode(), "a.csv", delimiter=",")
    wanted = [tuple(v.strip("\t ") for v in row) for row in rows if any(v.strip() for v in row)]
    found = [
        tuple(str(v) for v in row.values) for row in read.rows if any(str(v).strip() for v in row.values)
    ]
    assert found == wanted


def test_web_pages_and_other_files_are_refused_with_a_remedy(tmp_path: Path) -> None:
    for name, data in {
        "report.xls": b"<html><table><tr><td>1</td></tr></table></html>",
        "a.pdf": b"%PDF-1.7 ...",
        "b.csv": b"a,b\x00\x01\n",
    }.items():
        file = tmp_path / name
        file.write_bytes(data)
        with pytest.raises(UsageError) as refused:
            read_source(file)
        assert refused.value.diagnostics[0].code == "U130"
        assert refused.value.diagnostics[0].remedy


def _book(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "客户"
    sheet.append(["名称", "日期", "金额", "有效"])
    sheet.append(["甲", dt.datetime.fromisoformat("2024-01-05"), 12.5, True])
    sheet.append([])
    sheet.append(["乙", dt.datetime.fromisoformat("2024-01-06 09:30"), None, False])
    sheet["F4"] = "=C2*2"
    book.create_sheet("Empty")
    hidden = book.create_sheet("old")
    hidden.append(["a"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_its_sheets_with_places(tmp_path: Path) -> None:
    path = _book(tmp_path)
    first, old = read_source(path)
    assert [row.number for row in first.rows] == [1, 2, 4]
    assert first.rows[1].values == ("甲", dt.datetime.fromisoformat("2024-01-05"), 12.5, True)
    assert str(first.place(4, 1, "日期")) == f"{path}:客户!B4 [日期]"
    assert (first.unvalued, first.hidden, old.hidden) == (1, False, True)


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = _book(tmp_path)
    assert [s.name for s in read_source(path, sheet="OLD")] == ["old"]
    with pytest.raises(UsageError, match="U132"):
        read_source(path, sheet="new")


def test_a_merged_cell_counts_for_each_of_its_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["地区", "客户"], ["华东", "甲"], [None, "乙"], ["华北", "丙"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "m.xlsx")
    (read,) = read_source(tmp_path / "m.xlsx")
    assert [row.values for row in read.rows[1:]] == [("华东", "甲"), ("华东", "乙"), ("华北", "丙")]


def test_hostile_and_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 30_000_000)
    with pytest.raises(WorkbookRefused, match="W111"):
        read_source(bomb)
    path = _book(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(WorkbookRefused):
        read_source(path)


def test_json_lists_envelopes_and_lines() -> None:
    assert [s.name for s in read_records(b'{"customers": [{"a": 1}], "orders": [{"b": 2}]}', "x.json")] == [
        "customers",
        "orders",
    ]
    (sheet,) = read_records(
        b'{"data": {"records": [{"id": 1, "owner": {"name": "Li"}, "tags": ["a", "b"]}]}}', "x.json"
    )
    assert sheet.name == "x"
    assert [row.values for row in sheet.rows] == [("id", "owner.name", "tags"), (1, "Li", ("a", "b"))]
    (lines,) = read_records(b'{"a": 1}\n{"a": 2, "b": null}\n', "x.jsonl")
    assert [row.values for row in lines.rows] == [("a", "b"), (1, None), (2, None)]


def test_json_numbers_too_large_for_a_cell_are_read() -> None:
    (sheet,) = read_records(b'[{"a": 1e999, "b": Infinity, "c": -Infinity, "d": NaN, "e": 1}]', "x.json")
    assert [r.values for r in sheet.rows][1:] == [(math.inf, "Infinity", "-Infinity", None, 1)]


def test_json_numbers_of_thousands_of_digits_are_refused() -> None:
    with pytest.raises(UsageError, match="too many digits"):
        read_records(b'[{"a": ' + b"1" * 5000 + b"}]", "x.json")


@pytest.mark.parametrize("text", ["[1, 2]", "{", '{"a": 1}', "", '"x"', "[" * 100_000, '[{"a": NaN'])
def test_json_without_records_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="U130"):
        read_records(text.encode(), "x.json")
