"""The inventory finds nothing lost in an equal workbook, and each thing that is."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from tests.judge.fingerprint import added, fingerprint, lost
from tests.judge_selftest.conftest import edited

DATA, BOARD, BOOK = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml", "xl/workbook.xml"

LOSSES = [
    (DATA, "<v>20.5</v>", "<v>20.4</v>", ["客户!C3: number 20.5 is now number 20.4"]),
    (DATA, '<c r="C3"><v>20.5</v></c>', "", ["客户!C3: number 20.5 is now  None"]),
    (DATA, '<c r="C3"><v>20.5', '<c r="C3" t="str"><v>20.5', ["客户!C3: number 20.5 is now text '20.5'"]),
    (BOARD, "A1&gt;50,", "A1&gt;51,", ["formula 'IF(A1>50", "is now 'IF(A1>51"]),
    (BOARD, "<f>A1&gt;50</f>", "", ["formula 'A1>50' is now None"]),
    (BOARD, '<c r="A1" s="1">', '<c r="A1">', ["Board!A1: look #,##0.00 -> 0"]),
    (BOARD, '<mergeCell ref="D1:E1"/>', '<mergeCell ref="D1:F1"/>', ["merge D1:E1"]),
    (DATA, "region_list", "region_lists", ["客户: validation"]),
    (DATA, "$C2&gt;15", "$C2&gt;16", ["客户: format"]),
    (DATA, 'width="20', 'width="21', ["客户: column 1"]),
    (DATA, '<row r="2"', '<row r="2" ht="40"', []),
    (DATA, "<sheetView ", '<sheetView showGridLines="0" ', ["客户: setting sheetViews"]),
    ("xl/comments1.xml", "a note", "another", ["客户: note A2: was John: a note, is John: another"]),
    ("xl/charts/chart1.xml", "客户!$C$2:$C$4", "客户!$C$2:$C$3", ["Board: drawing 0 Chart 1"]),
    (
        "xl/drawings/drawing1.xml",
        "<xdr:row>1</xdr:row>",
        "<xdr:row>2</xdr:row>",
        ["Board: drawing 0 Chart 1"],
    ),
    ("xl/tables/table1.xml", "TableStyleMedium9", "TableStyleMedium2", ["客户: table 客户表"]),
    (BOOK, "Lists!$A$2:$A$3", "Lists!$A$2:$A$4", ["name region_list (workbook): was Lists!$A$2:$A$3"]),
    (BOOK, 'name="Lists"', 'name="List"', ["sheet Lists"]),
    (
        BOOK,
        '<sheet name="Lists"',
        '<sheet state="hidden" name="Lists"',
        ["sheet Lists: was visible, is hidden"],
    ),
    ("docProps/core.xml", "<dc:creator>", "<dc:creator>me", ["property creator"]),
    ("xl/theme/theme1.xml", "Office", "Other", ["part xl/theme/theme1.xml"]),
]


@pytest.mark.parametrize(("part", "old", "new", "said"), LOSSES)
def test_a_loss_is_named(tmp_path: Path, good: Path, part: str, old: str, new: str, said: list[str]) -> None:
    after = edited(good, tmp_path / "after.xlsx", part, lambda text: text.replace(old, new, 1))
    found = lost(good, after)
    if not said:
        assert found == []
        assert lost(after, good)
        return
    assert found
    for words in said:
        assert any(words in loss for loss in found), found


def test_an_equal_workbook_lost_nothing_whatever_its_bytes(tmp_path: Path, good: Path) -> None:
    copy = edited(good, tmp_path / "copy.xlsx", BOARD, lambda text: text.replace("<v>60.5</v>", "<v>61</v>"))
    assert lost(good, copy) == []
    assert lost(good, copy, results=True) == ["Board!A1: number 60.5 is now number 61.0"]


def test_owned_cells_and_skipped_aspects_are_not_judged(tmp_path: Path, good: Path) -> None:
    bad = edited(
        good, tmp_path / "bad.xlsx", DATA, lambda text: text.replace("20.5", "1").replace("15<", "16<")
    )
    assert len(lost(good, bad)) == 2
    assert lost(good, bad, owned=lambda sheet, ref: (sheet, ref) == ("客户", "C3"), skip=["format"]) == []


def test_what_was_added_is_no_loss_but_can_be_listed(tmp_path: Path, good: Path) -> None:
    more = edited(
        good,
        tmp_path / "more.xlsx",
        BOARD,
        lambda text: text.replace(
            '<c r="E1" s="1"/>', '<c r="E1" s="1"><v>5</v></c><c r="F1"><f>1+1</f></c>'
        ),
    )
    assert lost(good, more) == []
    assert added(good, more, owned=lambda _sheet, ref: ref == "F1") == ["Board!E1: 5.0"]
    assert len(added(good, more, owned=lambda _sheet, _ref: False)) == 2
    assert added(more, good, owned=lambda _sheet, _ref: False) == []


def test_pictures_sheets_in_order_and_unknown_parts_are_kept(tmp_path: Path) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478"
        "9c63f8cfc000000301010018dd8db00000000049454e44ae426082"
    )
    (tmp_path / "p.png").write_bytes(pixel)
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    with xlsxwriter.Workbook(before) as book:
        first = book.add_worksheet("A")
        book.add_worksheet("B")
        first.insert_image("B2", tmp_path / "p.png")
        book.add_chartsheet("C")
    with zipfile.ZipFile(before, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")
    with xlsxwriter.Workbook(after) as book:
        book.add_worksheet("B")
        book.add_worksheet("A")
    found = lost(before, after)
    for words in ("the order of the sheets: now B, A", "sheet C", "A: drawing 0", "part xl/vbaProject.bin"):
        assert any(words in loss for loss in found), found
    assert any(re.fullmatch(r"picture \w+", loss) for loss in found)
    assert lost(before, before) == []


def test_shared_formulas_are_compared_by_what_they_mean(corpus: Path) -> None:
    book = fingerprint(corpus / "calamine__pivots.xlsx")
    formulas = [
        cell.formula for sheet in book.sheets for cell in sheet.cells.values() if cell.formula is not None
    ]
    assert formulas
    assert "" not in formulas
