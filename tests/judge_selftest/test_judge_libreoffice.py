"""The LibreOffice judge accepts right values, names wrong ones, and notices when nothing was computed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from tests.judge import libreoffice as judge
from tests.judge.package import CellError, Package

pytestmark = judge.needs_libreoffice


def _book(path: Path, *, wrong: bool, given: float | None = None) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("设置 1")
        book.define_name("as_of", "='设置 1'!$B$1")
        sheet.write("A1", given)
        sheet.write_formula("B1", '=IF(A1="",TODAY(),A1)', None, 45000)
        sheet.write_formula("B2", "=as_of+1", None, 45001)
        sheet.write_formula("B3", "=1/3", None, 0.333333333333333 if not wrong else 0.34)
        sheet.write_formula("B4", '=IF(B3>1,"x","yes")', None, "yes" if not wrong else "no")
        sheet.write_formula("B5", "=B3>0", None, not wrong)
        sheet.write_formula("B6", "=1/0", None, "#DIV/0!" if not wrong else "#N/A")
        sheet.write_formula("B7", '=""', None, "" if not wrong else 0)
        sheet.write_formula(
            "B8", "=DATE(2024,2,29)", book.add_format({"num_format": "yyyy-mm-dd"}), 45351 - wrong
        )
        sheet.write("B9", 7)
    return path


def test_right_values_are_accepted_and_wrong_ones_named(tmp_path: Path, good: Path) -> None:
    right, wrong = _book(tmp_path / "右.xlsx", wrong=False), _book(tmp_path / "wrong.xlsx", wrong=True)
    fixed = _book(tmp_path / "given.xlsx", wrong=False, given=44000)
    found = judge.compare_all([right, wrong, fixed, good])
    assert found[right] == []
    assert [mismatch.ref for mismatch in found[wrong]] == ["B3", "B4", "B5", "B6", "B7", "B8"]
    assert found[wrong][3].recalculated == CellError("#DIV/0!")
    assert [(m.ref, m.recalculated) for m in found[fixed]] == [("B1", 44000.0), ("B2", 44001.0)]
    assert found[good] == []


def test_exceptions_are_only_those_named(tmp_path: Path) -> None:
    wrong = _book(tmp_path / "wrong.xlsx", wrong=True)
    found = judge.compare_cached(
        wrong,
        tmp_path,
        except_cells=["设置 1!B4:B6", "other!B3"],
        excel_differs=lambda _sheet, cell, value: cell.ref == "B8" and value == 45351,
    )
    assert [mismatch.place for mismatch in found] == ["设置 1!B3", "设置 1!B7"]


def test_poisoned_copy_replaces_every_cached_value_and_nothing_else(tmp_path: Path, good: Path) -> None:
    copy = Package(judge.poisoned(good, tmp_path / "poisoned.xlsx"))
    original = Package(good)
    assert [s.name for s in copy.sheets] == [s.name for s in original.sheets]
    poisoned = 0
    for sheet in original.worksheets:
        for before, after in zip(original.cells(sheet), copy.cells(copy.sheet(sheet.name)), strict=True):
            assert (before.ref, before.formula, before.style) == (after.ref, after.formula, after.style)
            assert after.value == (before.value if before.formula is None else judge.SENTINEL)
            poisoned += before.formula is not None
    assert poisoned == 9


def test_a_surviving_sentinel_fails_the_judgement(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "recalculated", lambda paths, _workdir: list(paths))
    with pytest.raises(judge.LibreOfficeFailedError, match="not recalculated"):
        judge.compare_cached(good, tmp_path)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(judge.LibreOfficeFailedError, match="broken"):
        judge.recalculated([broken], tmp_path)


def test_volatile_cells_other_than_the_date_are_named(tmp_path: Path) -> None:
    path = _book(tmp_path / "book.xlsx", wrong=False)
    assert judge.volatile_cells(path) == []
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("S").write_formula("A1", "=TODAY()-1", None, 1)
    assert judge.volatile_cells(path) == ["S!A1"]


def test_pages_become_pictures(tmp_path: Path, good: Path) -> None:
    pictures = judge.pdf_to_png(judge.to_pdf(good, tmp_path / "pdf"), tmp_path / "png", dpi=40)
    assert len(pictures) >= 2
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_missing_libreoffice_skips_but_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(os.environ, "CI", "1")
    with pytest.raises(pytest.fail.Exception, match="LibreOffice"):
        judge.require()
    monkeypatch.delitem(os.environ, "CI")
    with pytest.raises(pytest.skip.Exception, match="LibreOffice"):
        judge.require()
