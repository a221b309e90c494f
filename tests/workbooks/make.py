"""Makes the workbooks of this folder anew: `.venv/bin/python tests/workbooks/make.py`.

Knows which program saves which workbook and what goes into each. Does not know what the tests look for in
them. LibreOffice is driven by `by_libreoffice.py`, which runs under the system's Python.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.packaging.relationship import Relationship
from openpyxl.styles import Font, NamedStyle, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList

HERE = Path(__file__).resolve().parent
SYSTEM_PYTHON = "/usr/bin/python3"
DAY = dt.datetime(2026, 3, 31)  # noqa: DTZ001 - workbooks know no time zones
ROWS = (("North", 3, 12.5), ("South", 4, 7.25), ("East", 5, 9.0), ("West", 1, 30.0))


def picture(red: int, green: int, blue: int, size: int = 12) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    line = b"\0" + bytes((red, green, blue)) * size
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(line * size))
        + chunk(b"IEND", b"")
    )


def image(red: int, green: int, blue: int) -> io.BytesIO:
    return io.BytesIO(picture(red, green, blue))


def written(name: str, **options: object) -> Any:
    book = xlsxwriter.Workbook(str(HERE / name), {"in_memory": True, **options})
    book.set_properties({"title": "Not ours", "author": "王芳", "company": "ACME", "created": DAY})
    return book


def fill(sheet: Any) -> None:
    sheet.write_row("A1", ("Region", "Count", "Price"))
    for number, row in enumerate(ROWS, start=1):
        sheet.write_row(number, 0, row)
    sheet.write_formula("D2", "=B2*C2", None, 37.5)


def xlsxwriter_drawings() -> None:
    book = written("xlsxwriter_drawings.xlsx")
    sheet = book.add_worksheet("Drawn 图")
    fill(sheet)
    sheet.insert_image("F2", "red.png", {"image_data": image(200, 0, 0), "description": "our logo"})
    sheet.insert_image(
        "H2", "red.png", {"image_data": image(200, 0, 0), "url": "https://example.com/?a=1&b=2"}
    )
    sheet.insert_textbox("F8", "a box\nof text", {"fill": {"color": "#FFEE00"}, "textlink": "=$A$2"})
    sheet.insert_button("F14", {"macro": "run_it", "caption": "Press me", "width": 90, "height": 30})
    sheet.insert_checkbox("A8", True)
    sheet.insert_checkbox("A9", False)
    sheet.write_comment("A2", "seen by 李雷", {"author": "Han", "visible": True, "color": "#DDFFDD"})
    sheet.write_comment("B3", "why?", {"author": "Lei", "x_scale": 2})
    sheet.embed_image("B8", "blue.png", {"image_data": image(0, 0, 200)})
    sheet.add_sparkline("E2", {"range": "'Drawn 图'!B2:C2", "markers": True})
    sheet.add_sparkline("E3", {"location": ["E3", "E4"], "range": ["B3:C3", "B4:C4"], "type": "column"})
    sheet.set_header("&L&G&CPage &P", {"image_left": "green.png", "image_data_left": image(0, 200, 0)})
    sheet.set_background(io.BytesIO(picture(250, 250, 250)))
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "='Drawn 图'!$B$1",
            "categories": "='Drawn 图'!$A$2:$A$5",
            "values": "='Drawn 图'!$B$2:$B$5",
            "data_labels": {"value": True},
            "trendline": {"type": "linear"},
        }
    )
    chart.set_title({"name": "Ours, not yours"})
    sheet.insert_chart("F18", chart)
    alone = book.add_chartsheet("Alone")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"categories": "='Drawn 图'!$A$2:$A$5", "values": "='Drawn 图'!$C$2:$C$5"})
    alone.set_chart(pie)
    book.close()


def rules(sheet: Any, red: Any, bold: Any) -> None:
    sheet.data_validation(
        "B2:B5", {"validate": "integer", "criteria": ">", "value": 0, "input_title": "数量"}
    )
    sheet.data_validation("A2:A5", {"validate": "list", "source": "='Other one'!$A$1:$A$3"})
    sheet.conditional_format("B2:B5", {"type": "cell", "criteria": ">", "value": 3, "format": red})
    sheet.conditional_format(
        "C2:C5", {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "#FF0000"}
    )
    sheet.conditional_format("B2:C5", {"type": "3_color_scale"})
    sheet.conditional_format("D2:D5", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    sheet.conditional_format(
        "A2:A5", {"type": "formula", "criteria": "=COUNTIF('Other one'!$A$1:$A$3,A2)>0", "format": bold}
    )


def printed(book: Any) -> None:
    sheet = book.add_worksheet("Other one")
    for number in range(3):
        sheet.write(number, 0, ROWS[number][0])
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.set_margins(left=0.123, top=1.5)
    sheet.set_footer("&L&D&R&F")
    sheet.repeat_rows(0, 1)
    sheet.print_area("A1:F60")
    sheet.set_h_pagebreaks([20, 40])
    sheet.set_v_pagebreaks([4])
    sheet.fit_to_pages(1, 0)


def locked(book: Any) -> None:
    sheet = book.add_worksheet("Locked")
    sheet.write("A1", "not yours", book.add_format({"locked": False}))
    sheet.write("A2", 7, book.add_format({"hidden": True}))
    sheet.protect("secret", {"format_cells": True, "sort": True})
    sheet.unprotect_range("C1:C9", "Mine", "word")


def tables(book: Any) -> None:
    filtered = book.add_worksheet("Filtered")
    fill(filtered)
    filtered.autofilter("A1:C5")
    filtered.filter_column("B", "x > 3")
    for row in (1, 4):
        filtered.set_row(row, None, None, {"hidden": True})
    table = book.add_worksheet("Table")
    table.add_table(
        "B2:D7",
        {
            "name": "Theirs",
            "data": ROWS,
            "total_row": True,
            "columns": [
                {"header": "Region", "total_string": "All"},
                {"header": "Count", "total_function": "sum"},
                {"header": "Price 价"},
            ],
            "style": "Table Style Light 11",
        },
    )


def xlsxwriter_cells() -> None:
    book = written("xlsxwriter_cells.xlsx")
    book.set_custom_property("Approved by", "张伟")
    book.set_custom_property("Checked", True)
    book.set_custom_property("Number", 42)
    book.set_calc_mode("manual")
    sheet = book.add_worksheet("Cells")
    fill(sheet)
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red", "italic": True})
    odd = book.add_format({"num_format": '0.0" 万"', "bg_color": "#CCFFCC", "border": 1, "rotation": 30})
    sheet.write_rich_string("A7", "half ", bold, "bold", " and ", red, "red 红")
    sheet.write_rich_string("A8", bold, "second", " one")
    sheet.write_array_formula("A9:B10", "{=TRANSPOSE(B2:C3)}", None, 3)
    sheet.write_dynamic_array_formula("D9", "=UNIQUE(A2:A5)", None, "North")
    sheet.write_formula("A12", '=SUMIF(A2:A5,"N*",B2:B5)', odd, 3)
    sheet.write_formula("A13", "=1/0", None, "#DIV/0!")
    sheet.write_url("A14", "https://example.com/a?b=1&c=2", string="a link", tip="go there")
    sheet.write_url("A15", "internal:'Other one'!B2", string="over there")
    sheet.write_url("A16", "mailto:somebody@example.com")
    sheet.merge_range("A18:C19", "together", bold)
    sheet.set_column("A:A", 31.5)
    sheet.set_column("G:H", 9, odd, {"level": 1, "hidden": True})
    sheet.set_column("I:I", None, None, {"collapsed": True})
    sheet.set_row(3, 44)
    for row in (20, 21):
        sheet.set_row(row, None, odd, {"level": 2, "hidden": True})
    sheet.set_row(22, None, None, {"collapsed": True})
    sheet.set_row(24, None, None, {"hidden": True})
    sheet.freeze_panes(1, 1)
    sheet.set_zoom(135)
    sheet.set_tab_color("#FF9900")
    sheet.ignore_errors({"number_stored_as_text": "A1:A20", "eval_error": "A13"})
    rules(sheet, red, bold)
    printed(book)
    locked(book)
    tables(book)
    book.add_worksheet("Out of sight").hide()
    book.add_worksheet("Deep down").very_hidden()
    book.define_name("Rate", "=0.13")
    book.define_name("All_regions", "=Cells!$A$2:$A$5")
    book.define_name("Locked!Local", "=Locked!$A$1")
    book.define_name("Computed", "=SUM(Cells!$B$2:$B$5)*Rate")
    book.close()


def xlsxwriter_since_1904() -> None:
    book = written("xlsxwriter_since_1904.xlsx", date_1904=True)
    sheet = book.add_worksheet("Days")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number in range(5):
        sheet.write_datetime(number, 0, DAY + dt.timedelta(days=number * 400), day)
    sheet.write_formula("B1", "=YEAR(A1)", None, 2026)
    book.close()


def xlsxwriter_macros() -> None:
    """XlsxWriter puts a file of macros into a workbook as it is; this one only stands for one."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "vbaProject.bin"
        project.write_bytes(
            b"HAND-MADE, no macros in here; only to be kept byte for byte.\0" + bytes(range(256))
        )
        book = written("xlsxwriter_macros.xlsm")
        book.add_vba_project(str(project))
        book.set_vba_name("ThisOne")
        sheet = book.add_worksheet("Macro")
        sheet.set_vba_name("FirstSheet")
        fill(sheet)
        sheet.insert_button("F2", {"macro": "run_it", "caption": "Run"})
        book.close()


def xlsxwriter_reads_ours() -> None:
    """Formulas that read what crmsheet owns in the small book of the tests, with stale values or none."""
    book = written("xlsxwriter_reads_ours.xlsx")
    sheet = book.add_worksheet("Reads yours")
    sheet.write_formula("A1", "=SUM(customers[Revenue])", None, -1)
    sheet.write_formula("A2", "=A1*2", None, -1)
    sheet.write_formula("A3", '=SUMIF(Customers!B:B,"East",Customers!E:E)', None, -1)
    sheet.write_formula("A4", "=ISREF(Customers!E4)", None, False)
    book.close()


def openpyxl_names() -> None:
    book = openpyxl.Workbook()
    book.properties.title = "Plan 计划"
    book.properties.creator = "王芳"
    book.properties.keywords = "one, two"
    book.custom_doc_props.append(StringProperty(name="Client", value="ACME 公司"))
    book.custom_doc_props.append(IntProperty(name="Version", value=3))
    sheet = book["Sheet"]
    sheet.title = "Numbers"
    for row in (("Region", "Count", "Price"), *ROWS):
        sheet.append(row)
    sheet["A2"].comment = Comment("call after five / 五点后打电话", "Li Lei", height=60, width=180)
    style = NamedStyle(
        "Ours", font=Font(bold=True, size=17, color="FFCC0000"), fill=PatternFill("solid", fgColor="FFFFEE00")
    )
    book.add_named_style(style)
    sheet["A1"].style = style
    sheet["B1"].style = "Good"
    sheet["C2"].protection = Protection(locked=False, hidden=True)
    sheet["E1"] = ArrayFormula("E1:E3", "=B2:B4*C2:C4")
    sheet["G1"], sheet["G2"] = 2, "=G1*G1"
    sheet["H2"] = "=G2"
    for place in range(3, 6):
        sheet[f"G{place}"] = place
    sheet["H3"] = DataTableFormula("H3:H5", r1="G1", dt2D=False, dtr=False)
    sheet["I1"] = "=SUM(B2:B5)"
    sheet["I2"] = "=[1]Prices!$B$2*2"
    sheet.scenarios = ScenarioList(
        scenario=[
            Scenario(name="best", inputCells=[InputCells(r="B2", val="9")], user="somebody", comment="hope")
        ],
        current=0,
        show=0,
    )
    sheet.sheet_properties.outlinePr.summaryBelow = False
    sheet.row_dimensions.group(8, 11, outline_level=1, hidden=True)
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = "A1:C5"
    sheet.auto_filter.add_sort_condition("B2:B5", descending=True)
    sheet.oddHeader.center.text = "&BPage &P"
    book.defined_names["hidden_rate"] = DefinedName(
        "hidden_rate", attr_text="0.17", hidden=True, comment="税率"
    )
    book.defined_names["Said"] = DefinedName("Said", attr_text='"a ""b"" & <c>"', comment="what they said")
    sheet.defined_names["mine"] = DefinedName("mine", attr_text="Numbers!$A$1", comment="only here")
    book.create_sheet("Deep down").sheet_state = "veryHidden"
    locked = book.create_sheet("Locked")
    locked.protection.sheet = True
    locked.protection.password = "word"
    book.security = WorkbookProtection(lockStructure=True)
    link = ExternalLink(externalBook=ExternalBook())
    link.externalBook.id = "rId1"
    link.file_link = Relationship(
        type="externalLinkPath", Target="prices.xlsx", TargetMode="External", Id="rId1"
    )
    book._external_links.append(link)
    book.save(HERE / "openpyxl_names.xlsx")


def main() -> None:
    xlsxwriter_drawings()
    xlsxwriter_cells()
    xlsxwriter_since_1904()
    xlsxwriter_macros()
    xlsxwriter_reads_ours()
    openpyxl_names()
    pictures = Path(tempfile.mkdtemp())
    (pictures / "logo.png").write_bytes(picture(120, 0, 120))
    subprocess.run(
        [SYSTEM_PYTHON, str(HERE / "by_libreoffice.py"), str(HERE), str(pictures / "logo.png")], check=True
    )
    subprocess.run([sys.executable, str(HERE / "by_hand.py"), str(HERE)], check=True)
    for path in sorted(HERE.glob("*.xls*")):
        print(f"{path.name}: {path.stat().st_size:,}")


if __name__ == "__main__":
    main()
