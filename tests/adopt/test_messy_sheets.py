"""Sheets as people keep them become usable specs, and every value of theirs is in the new workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from tests.adopt.messy import Cell, adopted, column, day, model, sheet, told, types, valued

from crmsheet.api.adopting import adopt
from crmsheet.errors import UsageError, WorkbookRefused

RED = PatternFill("solid", bgColor="FFFFC7CE")
CUSTOMERS: list[list[Cell]] = [
    ["客户名称", "联系电话", "所在地区", "建档日期"],
    ["上海甲公司", "13800000001", "华东", day("2024-01-05")],
    ["北京乙公司", "13800000002", "华北", day("2024-02-05")],
    ["上海丙公司", "13800000003", "华东", day("2024-03-05")],
]


def _book(made: Worksheet) -> Workbook:
    assert isinstance(made.parent, Workbook)
    return made.parent


def _numbered(values: list[Cell]) -> list[list[Cell]]:
    return [[f"客{i}", value] for i, value in enumerate(values)]


def test_01_a_plain_chinese_sheet(tmp_path: Path) -> None:
    done = adopted(sheet(CUSTOMERS, "客户"), tmp_path)
    assert types(done) == {"customer": "text", "phone": "phone", "region": "choice", "created": "date"}
    assert model(done).tables[0].key == "customer"
    assert (done.language, model(done).tables[0].id) == ("zh", "customers")
    assert column(done, "客户名称") == ["上海甲公司", "北京乙公司", "上海丙公司"]
    assert column(done, "建档日期") == [day("2024-01-05"), day("2024-02-05"), day("2024-03-05")]


def test_02_titles_and_a_date_above_the_headers(tmp_path: Path) -> None:
    made = sheet([["2024年客户台账"], ["制表人：王丽", None, None, "单位：元"], [], *CUSTOMERS])
    made.merge_cells("A1:D1")
    done = adopted(made, tmp_path)
    assert done.rows == {"customers": 3}
    assert "2024年客户台账" in told(done)


def test_03_two_header_rows_with_merged_cells(tmp_path: Path) -> None:
    made = sheet(
        [
            ["客户名称", "联系方式", None, "金额", None],
            [None, "联系人", "手机", "2023", "2024"],
            ["甲", "张伟", "13800000001", 10, 20],
            ["乙", "李娜", "13800000002", 30, 40],
        ]
    )
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        made.merge_cells(area)
    done = adopted(made, tmp_path)
    assert [f.label.zh for f in model(done).tables[0].fields] == [
        "客户名称",
        "联系方式 联系人",
        "联系方式 手机",
        "金额 2023",
        "金额 2024",
    ]
    assert column(done, "金额 2024") == [20, 40]


def test_04_two_header_rows_without_merged_cells(tmp_path: Path) -> None:
    done = adopted(
        sheet(
            [
                ["Company", "Contact", None, "Sales", None],
                [None, "Name", "Phone", "Q1", "Q2"],
                ["Acme", "Ann", "+1 555 0101", 10, 20.5],
                ["Bolt", "Bob", "+1 555 0102", 30, 40],
            ]
        ),
        tmp_path,
    )
    assert [f.label.en for f in model(done).tables[0].fields] == [
        "Company",
        "Contact Name",
        "Contact Phone",
        "Sales Q1",
        "Sales Q2",
    ]
    assert column(done, "Sales Q2") == [20.5, 40]


def test_05_subtotals_in_the_middle_and_a_total_at_the_end(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["产品", "数量", "金额"], ["A", 1, 10], ["B", 2, 20], ["小计", 3, 30]]
    rows += [["C", 4, 40], ["小计", 4, 40], ["合计：", 7, 70], [], ["注：以上含税，最终以合同为准，特此说明"]]
    done = adopted(sheet(rows, "订单"), tmp_path)
    assert column(done, "产品") == ["A", "B", "C"]
    assert column(done, "金额") == [10, 20, 40]
    assert "小计 3 30" in told(done)


def test_06_total_rows_known_by_their_formulas(tmp_path: Path) -> None:
    made = sheet([["Item", "Qty", "Price"], ["A", 1, 10], ["B", 2, 20], [None, "=SUM(B2:B3)", "=SUM(C2:C3)"]])
    valued(_book(made), {"Sheet": {"B4": 3, "C4": 30}}, tmp_path / "x.xlsx")
    done = adopt(tmp_path / "x.xlsx", today=dt.date(2026, 1, 1))
    assert column(done, "Item") == ["A", "B"]


def test_07_dates_as_text_in_several_forms(tmp_path: Path) -> None:
    texts: list[Cell] = ["2024-01-05", "2024/2/5", "2024.3.5", "2024年4月5日", "20240505", day("2024-06-05")]
    rows: list[list[Cell]] = [["客户", "下单日期"], *_numbered(texts)]
    done = adopted(sheet(rows), tmp_path)
    assert types(done)["date"] == "date"
    assert column(done, "下单日期") == [day(f"2024-0{m}-05") for m in range(1, 7)]
    assert "5 dates written as text" in told(done)


def test_08_the_column_tells_whether_the_day_stands_first(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Client", "Signed"],
        ["A", "13/1/2024"],
        ["B", "2/3/2024"],
        ["C", "25/12/2024"],
    ]
    done = adopted(sheet(rows), tmp_path)
    assert column(done, "Signed") == [day("2024-01-13"), day("2024-03-02"), day("2024-12-25")]


def test_09_numbers_as_text_with_units(tmp_path: Path) -> None:
    texts: list[Cell] = ["¥1,200", "3.5万", "１２００", 800, "面议"]
    rows: list[list[Cell]] = [["客户", "成交金额"], *_numbered(texts)]
    done = adopted(sheet(rows), tmp_path)
    assert column(done, "成交金额") == [1200, 35000, 1200, 800, "面议"]
    assert "1 values are something else" in told(done)


def test_10_a_column_of_all_sorts_stays_text(tmp_path: Path) -> None:
    values: list[Cell] = [1, "two", day("2024-01-05"), True, "5"]
    done = adopted(sheet([["名称", "杂项"], *_numbered(values)]), tmp_path)
    assert column(done, "杂项") == ["1", "two", "2024-01-05", "TRUE", "5"]
    assert list(types(done).values()) == ["text", "text"]


def test_11_codes_keep_their_zeros_and_digits(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["客户编号", "邮编", "身份证号", "代码"]]
    rows += [[f"00{i}", "020000", f"31010119900101123{i}", 7 + i] for i in range(3)]
    made = sheet(rows)
    for row in range(2, 5):
        made.cell(row, 4).number_format = "00000"
    done = adopted(made, tmp_path)
    assert set(types(done).values()) == {"text"}
    assert column(done, "客户编号") == ["000", "001", "002"]
    assert column(done, "身份证号")[0] == "310101199001011230"
    assert column(done, "代码") == ["00007", "00008", "00009"]


def test_12_phones_as_numbers_and_in_groups(tmp_path: Path) -> None:
    done = adopted(
        sheet([["姓名", "手机"], ["张", 13800000001], ["李", "138 0000 0002"], ["王", "+86-13800000003"]]),
        tmp_path,
    )
    assert column(done, "手机") == ["13800000001", "13800000002", "13800000003"]


def test_13_options_written_into_the_cell_rule(tmp_path: Path) -> None:
    made = sheet([["客户", "状态"], ["甲", "跟进中"], ["乙", "已成交"], ["丙", "自己写的"]])
    rule = DataValidation(type="list", formula1='"跟进中,已成交,已流失"')
    rule.add("B2:B100")
    made.add_data_validation(rule)
    done = adopted(made, tmp_path)
    (found,) = model(done).lists
    assert [i.label.zh for i in found.items] == ["跟进中", "已成交", "已流失", "自己写的"]


def test_14_options_in_a_range_of_another_sheet(tmp_path: Path) -> None:
    made = sheet([["客户", "等级"], ["甲", "A"], ["乙", "B"]])
    sheet([["A"], ["B"], ["C"]], "字典", _book(made))
    rule = DataValidation(type="list", formula1="字典!$A$1:$A$3")
    rule.add("B2:B3")
    made.add_data_validation(rule)
    done = adopted(made, tmp_path)
    assert [i.label.zh for i in model(done).lists[0].items] == ["A", "B", "C"]
    assert len(model(done).tables) == 1


def test_15_repeated_values_and_several_in_a_cell(tmp_path: Path) -> None:
    tags = ["重点、老客户", "重点", "新客户", "老客户", "新客户、重点", "重点", "老客户"]
    rows: list[list[Cell]] = [["客户", "城市", "标签"]]
    rows += [[f"客{i}", "上海" if i % 2 else "北京", t] for i, t in enumerate(tags)]
    done = adopted(sheet(rows), tmp_path)
    assert types(done) == {"customer": "text", "city": "choice", "tags": "multi_choice"}
    assert column(done, "标签")[0] == "重点、老客户"


def test_16_a_reference_and_a_lookup_to_another_sheet(tmp_path: Path) -> None:
    made = sheet(CUSTOMERS, "客户")
    orders = sheet([["订单号", "客户", "金额", "地区"]], "订单", _book(made))
    names = ["上海甲公司", "北京乙公司", "上海甲公司", "上海丙公司"]
    regions = {"上海甲公司": "华东", "北京乙公司": "华北", "上海丙公司": "华东"}
    for i, name in enumerate(names, 2):
        orders.append([f"SO{i:03d}", name, 100 * i, f"=VLOOKUP(B{i},客户!A:C,3,FALSE)"])
    path = tmp_path / "x.xlsx"
    valued(_book(made), {"订单": {f"D{i}": regions[n] for i, n in enumerate(names, 2)}}, path)
    done = adopt(path, today=dt.date(2026, 1, 1))
    assert types(done, 1) == {
        "order_no": "text",
        "customer": "reference",
        "amount": "number",
        "region": "lookup",
    }
    assert column(done, "地区") == [regions[n] for n in names]


def test_17_sums_over_another_sheet_become_rollups(tmp_path: Path) -> None:
    made = sheet([["客户", "总额", "单数"]], "客户")
    for i, name in enumerate(["甲公司", "乙公司"], 2):
        made.append([name, f"=SUMIF(订单!B:B,A{i},订单!C:C)", f"=COUNTIFS(订单!$B$2:$B$4,A{i})"])
    sheet(
        [["订单号", "客户", "金额"], ["S1", "甲公司", 10], ["S2", "乙公司", 20], ["S3", "甲公司", 30]],
        "订单",
        _book(made),
    )
    path = tmp_path / "x.xlsx"
    valued(_book(made), {"客户": {"B2": 40, "B3": 20, "C2": 2, "C3": 1}}, path)
    done = adopt(path, today=dt.date(2026, 1, 1))
    assert list(types(done).values()) == ["text", "rollup", "rollup"]
    assert (column(done, "总额"), column(done, "单数")) == ([40, 20], [2, 1])


def test_18_row_formulas_are_translated_and_running_ones_kept(tmp_path: Path) -> None:
    made = sheet([["产品", "数量", "单价", "金额", "累计"]], "订单")
    for i in range(2, 6):
        made.append([f"P{i}", i, 10.5, f"=B{i}*C{i}", f"=D{i}" if i == 2 else f"=E{i - 1}+D{i}"])
    values: dict[str, float | str] = {f"D{i}": i * 10.5 for i in range(2, 6)}
    values |= {f"E{i}": sum(range(2, i + 1)) * 10.5 for i in range(2, 6)}
    path = tmp_path / "x.xlsx"
    valued(_book(made), {"订单": values}, path)
    done = adopt(path, today=dt.date(2026, 1, 1))
    assert 'expr: "[qty]*[price]"' in done.spec
    assert column(done, "金额") == [21, 31.5, 42, 52.5]
    assert column(done, "累计") == [21, 52.5, 94.5, 147]
    assert "formulas were kept as values" in told(done)


def test_19_a_formula_that_gives_something_else_is_kept_as_values(tmp_path: Path) -> None:
    made = sheet([["Item", "Qty", "Total"], ["A", 2, "=B2*10"], ["B", 3, "=B3*10"]])
    path = tmp_path / "x.xlsx"
    valued(_book(made), {"Sheet": {"C2": 20, "C3": 31}}, path)
    done = adopt(path, today=dt.date(2026, 1, 1))
    assert column(done, "Total") == [20, 31]
    assert "1 of 2 rows would change" in told(done)


def test_20_colours_become_rules(tmp_path: Path) -> None:
    made = sheet([["客户", "金额", "状态"], ["甲", 10, "逾期"], ["乙", 200, "正常"]])
    made.conditional_formatting.add("B2:B99", CellIsRule(operator="greaterThan", formula=["100"], fill=RED))
    made.conditional_formatting.add("A2:C99", FormulaRule(formula=['$C2="逾期"'], fill=RED))
    made.conditional_formatting.add(
        "B2:B99", ColorScaleRule(start_type="min", end_type="max", start_color="FFFFFF", end_color="FF0000")
    )
    done = adopted(made, tmp_path)
    rules = model(done).tables[0].rules
    assert [(r.column, r.style.value) for r in rules] == [("amount", "bad"), ("", "bad")]
    assert "left out: a colour scale" in told(done)


def test_21_two_tables_side_by_side_and_one_below(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["客户", "金额", None, "姓名", "手机"],
        ["甲", 1, None, "张", "13800000001"],
        ["乙", 2, None, "李", "13800000002"],
        ["丙", 3],
        ["丁", 4],
        [],
        ["产品", "上市日期"],
        ["一号", day("2024-01-05")],
        ["二号", day("2024-02-05")],
    ]
    done = adopted(sheet(rows), tmp_path)
    assert sorted(done.rows.values()) == [2, 2, 4]
    assert column(done, "手机") == ["13800000001", "13800000002"]


def test_22_excel_tables_are_used_where_they_are(tmp_path: Path) -> None:
    made = sheet(
        [
            ["a title nobody needs"],
            [],
            [None, "Name", "Score"],
            [None, "Ann", 1],
            [None, "Bob", 2],
            [None, "Total", 3],
        ]
    )
    table = Table(displayName="Scores", ref="B3:C6")
    table.totalsRowCount = 1
    made.add_table(table)
    done = adopted(made, tmp_path)
    assert done.rows == {"scores": 2}
    assert column(done, "Name") == ["Ann", "Bob"]


def test_23_a_sheet_for_each_month_is_one_table(tmp_path: Path) -> None:
    made = sheet([["日期", "客户", "金额"], [day("2024-01-01"), "甲", 1]], "1月")
    sheet(
        [["日期", "客户", "金额"], [day("2024-02-01"), "乙", 2], [day("2024-02-02"), "丙", 3]],
        "2月",
        _book(made),
    )
    done = adopted(made, tmp_path)
    assert list(done.rows.values()) == [3]
    assert column(done, "来源表") == ["1月", "2月", "2月"]


def test_24_merged_cells_blank_rows_and_columns_and_section_headings(tmp_path: Path) -> None:
    made = sheet(
        [
            ["部门", "客户", None, "金额"],
            ["一、华东区"],
            ["销售一部", "甲", None, 1],
            [None, "乙", None, 2],
            [],
            ["二、华北区"],
            ["销售二部", "丙", None, 3],
        ]
    )
    made.merge_cells("A2:D2")
    made.merge_cells("A6:D6")
    made.merge_cells("A3:A4")
    done = adopted(made, tmp_path)
    assert column(done, "部门") == ["销售一部", "销售一部", "销售二部"]
    assert column(done, "分组") == ["一、华东区", "一、华东区", "二、华北区"]


def test_25_hidden_sheets_missing_headers_and_texts_of_no_table(tmp_path: Path) -> None:
    made = sheet([["Name", None, "City"], ["Ann", "x1", "Paris"], ["Bob", "x2", "Rome"]], "People")
    hidden = sheet([["Rate", "Value"], ["a", 1], ["b", 2]], "Rates", _book(made))
    hidden.sheet_state = "hidden"
    notes = sheet([["To do"], [], ["call everyone"]], "Notes", _book(made))
    notes["D9"] = "a stray remark"
    done = adopted(made, tmp_path)
    assert column(done, "Column B") == ["x1", "x2"]
    assert column(done, "Value") == [1, 2]
    assert "hidden" in told(done)
    assert [s.not_understood[0][1][:7] for s in done.sheets if s.name == "Notes"] == ["nothing"]


def test_26_no_header_at_all(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["甲公司", 10, day("2024-01-01")],
        ["乙公司", 20, day("2024-01-02")],
        ["丙公司", 30, day("2024-01-03")],
    ]
    done = adopted(sheet(rows), tmp_path)
    assert column(done, "列 A") == ["甲公司", "乙公司", "丙公司"]
    assert column(done, "列 B") == [10, 20, 30]


def test_27_headers_twice_and_reserved_and_very_long(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["not", "name", "name", "客户" * 30, "AB12"],
        ["a", "b", "c", "d", "e"],
        ["f", "g", "h", "i", "j"],
    ]
    done = adopted(sheet(rows, "Settings"), tmp_path)
    assert column(done, "name") == ["b", "g"]
    assert column(done, "name (2)") == ["c", "h"]


def test_28_a_header_repeated_on_each_printed_page(tmp_path: Path) -> None:
    done = adopted(
        sheet([*CUSTOMERS, CUSTOMERS[0], ["深圳丁公司", "13800000004", "华南", day("2024-04-05")]]), tmp_path
    )
    assert column(done, "客户名称")[-1] == "深圳丁公司"
    assert list(done.rows.values()) == [4]


def test_29_bold_section_rows_without_merging_percent_and_times(tmp_path: Path) -> None:
    made = sheet([["名称", "占比", "开始"], ["甲", 0.125, dt.time(9, 30)], ["乙", 0.5, dt.time(10, 0)]])
    for row in (2, 3):
        made.cell(row, 2).number_format = "0.0%"
        made.cell(row, 1).font = Font(bold=True)
    done = adopted(made, tmp_path)
    assert types(done) == {"name": "text", "share": "percent", "start": "number"}
    assert column(done, "占比") == [0.125, 0.5]


def test_formulas_without_values_become_computed_fields(tmp_path: Path) -> None:
    made = sheet([["Item", "Qty", "Price", "Total"], ["A", 2, 1.5, "=B2*C2"], ["B", 3, 2, "=B3*C3"]])
    done = adopted(made, tmp_path)
    assert column(done, "Total") == [3, 6]
    assert [d.code for d in done.findings] == ["U136"]


def test_what_holds_no_table_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        adopted(sheet([["just a remark"]]), tmp_path)
    (problem,) = refused.value.diagnostics
    assert problem.code == "U137"
    assert problem.remedy
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(WorkbookRefused):
        adopt(tmp_path / "bad.xlsx", today=dt.date(2026, 1, 1))


def test_a_workbook_of_ours_is_not_adopted(tmp_path: Path) -> None:
    done = adopted(sheet(CUSTOMERS), tmp_path)
    (tmp_path / "ours.xlsx").write_bytes(done.workbook)
    with pytest.raises(UsageError, match="U131"):
        adopt(tmp_path / "ours.xlsx", today=dt.date(2026, 1, 1))


def test_sums_that_missed_rows_for_a_space_find_them_and_say_so(tmp_path: Path) -> None:
    made = sheet([["客户", "总额"]], "客户")
    for i, name in enumerate(["甲公司", "乙公司"], 2):
        made.append([name, f"=SUMIF(订单!B:B,A{i},订单!C:C)"])
    rows: list[list[Cell]] = [["订单号", "客户", "金额"], ["S1", "甲公司", 10], ["S2", "乙公司", 20]]
    sheet([*rows, ["S3", "甲公司 ", 30]], "订单", _book(made))
    valued(_book(made), {"客户": {"B2": 10, "B3": 20}}, tmp_path / "x.xlsx")
    done = adopt(tmp_path / "x.xlsx", today=dt.date(2026, 1, 1))
    assert column(done, "总额") == [40, 20]
    assert "1 of 2 rows give something else now" in told(done)


def test_a_row_of_units_below_the_headers_is_no_data(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["产品", "单价", "数量"],
        [None, "（元）", "（件）"],
        ["A", 1.5, 2],
        ["B", 2, 3],
    ]
    done = adopted(sheet(rows), tmp_path)
    assert column(done, "单价") == [1.5, 2]
    assert "+ 2 a row of units was left out" in told(done)


def test_a_csv_file_is_adopted_like_a_sheet(tmp_path: Path) -> None:
    file = tmp_path / "客户.csv"
    file.write_bytes(
        "客户名称;手机;建档日期\n甲公司;13800000001;2024/1/5\n乙公司;13800000002;2024/2/5\n".encode("gb18030")
    )
    done = adopt(file, today=dt.date(2026, 1, 1))
    assert types(done) == {"customer": "text", "mobile": "phone", "created": "date"}
    assert model(done).tables[0].id == "customers"
    assert column(done, "建档日期") == [day("2024-01-05"), day("2024-02-05")]


def test_rows_without_a_name_get_a_number_beside_one_the_sheet_has(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Record no", "Record no.", "Note"],
        [1, "x", "a"],
        [1, "x", "b"],
        [2, "y", "b"],
    ]
    done = adopted(sheet(rows), tmp_path)
    table = model(done).tables[0]
    assert table.field(table.key).type.value == "id"
    assert column(done, "Record no") == [1, 1, 2]
