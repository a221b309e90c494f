"""Small workbooks to try the judges on, made by XlsxWriter."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

Edit = Callable[[str], str]


def edited(path: Path, out: Path, part: str, edit: Edit) -> Path:
    """A copy of a package in which the text of one part is changed; the change must be one."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        assert part in source.namelist(), f"{part} is not among {source.namelist()}"
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                before = data.decode("utf-8")
                after = edit(before)
                assert after != before, f"the edit of {part} changed nothing"
                data = after.encode("utf-8")
            target.writestr(name, data)
    return out


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A workbook with a table, names, validations, formats, a chart, a note, an image-free drawing."""
    path = tmp_path / "good.xlsx"
    with xlsxwriter.Workbook(path) as book:
        data, lists, board = (book.add_worksheet(name) for name in ("客户", "Lists", "Board"))
        money = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFEEDD", "bold": True})
        red = book.add_format({"bg_color": "#FFC7CE"})
        rows: list[tuple[str, str, float]] = [("甲", "东", 10), ("乙", "西", 20.5), ("丙", "东", 30)]
        formula = "=客户表[[#This Row],[Amount]]*2"
        columns = [
            {"header": "名称"},
            {"header": "Region"},
            {"header": "Amount"},
            {"header": "Double", "formula": formula},
        ]
        data.add_table(0, 0, 3, 3, {"name": "客户表", "data": rows, "columns": columns})
        for index, row in enumerate(rows, 1):
            data.write_formula(index, 3, formula, money, row[2] * 2)
        data.set_column(0, 0, 20)
        data.write_comment("A2", "a note", {"author": "John"})
        lists.write_column(0, 0, ["Region", "东", "西"])
        book.define_name("region_list", "=Lists!$A$2:$A$3")
        data.data_validation(
            "B2:B1000", {"validate": "list", "source": "=region_list", "input_title": "Region"}
        )
        data.conditional_format("A2:D1000", {"type": "formula", "criteria": "=$C2>15", "format": red})
        board.write_formula("A1", "=SUM(客户表[Amount])", money, 60.5)
        board.write_formula("A2", '=IF(A1>50,"big","small")', None, "big")
        board.write_formula("A3", "=A1>50", None, True)
        board.write_formula("A4", "=NA()", None, "#N/A")
        board.write_formula("A5", '=TRIM(" 文 ")', None, "文")
        board.write_formula("A6", '=COUNTIFS(客户表[Region],"东")', None, 2)
        board.merge_range("D1:E1", "merged", money)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=客户!$C$2:$C$4", "categories": "=客户!$A$2:$A$4"})
        board.insert_chart("G2", chart)
    return path
