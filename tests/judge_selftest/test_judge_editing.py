"""Edits by LibreOffice and openpyxl do to a workbook what the steps say, and refuse what they cannot."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.fingerprint import fingerprint
from tests.judge.libreoffice import LibreOfficeFailedError
from tests.judge.openpyxl_session import edit_with_openpyxl
from tests.judge.package import Package, Value
from tests.judge.steps import (
    AddSheet,
    ClearCells,
    Colour,
    ColumnWidth,
    CopyCells,
    CopyRows,
    DeleteColumns,
    DeleteRows,
    DeleteSheet,
    HideSheet,
    InsertColumns,
    InsertRows,
    MoveColumn,
    MoveSheet,
    Note,
    RenameSheet,
    ResizeTable,
    SetCells,
    SortRange,
    Step,
    below,
    body,
    column_of,
    find_table,
)


def _values(path: Path, sheet: str) -> dict[str, Value]:
    package = Package(path)
    return {cell.ref: cell.value for cell in package.cells(package.sheet(sheet)) if cell.value is not None}


def _common(good: Path) -> list[Step]:
    return [
        below(
            good, "客户表", [{"名称": "丁", "Amount": 40}, {"名称": "007", "Region": dt.date(2024, 2, 29)}]
        ),
        SetCells("Lists", {"C1": "=1+1", "C2": True, "A3": None}),
        ClearCells("客户", "B2:B3"),
        CopyCells("客户", "A2:C2", "A8"),
        CopyRows("Lists", 1, 2, 10),
        Colour("客户", "A3:B3", "00FF00"),
        Note("Lists", "A1", "先看这里"),
        ColumnWidth("Lists", "B", 30),
        AddSheet("新表"),
        SetCells("新表", {"A1": "x"}),
        AddSheet("gone"),
        DeleteSheet("gone"),
        MoveSheet("新表", 0),
        HideSheet("Lists"),
        RenameSheet("Board", "看板"),
        ResizeTable("客户表", "客户", "A1:D6"),
    ]


def _check_common(path: Path) -> None:
    data = _values(path, "客户")
    assert (data["A5"], data["C5"], data["A6"], data["B6"]) == ("丁", 40.0, "007", 45351.0)
    assert ("B2" in data, "B3" in data, data["B4"]) == (False, False, "东")
    assert (data["A8"], data["C8"]) == ("甲", 10.0)
    lists = _values(path, "Lists")
    assert "A3" not in lists
    assert (lists["C2"], lists["A10"], lists["A11"]) == (True, "Region", "东")
    book = fingerprint(path)
    assert [(sheet.name, sheet.state) for sheet in book.sheets] == [
        ("新表", "visible"),
        ("客户", "visible"),
        ("Lists", "hidden"),
        ("看板", "visible"),
    ]
    assert "先看这里" in book.sheets[2].aspects["note"]["A1"]
    assert "00FF00" in book.sheets[1].cells["A3"].look[2]
    assert "00FF00" not in book.sheets[1].cells["A4"].look[2]
    assert find_table(path, "客户表")[1].box == (1, 1, 6, 4)


def test_openpyxl_takes_the_steps_it_can(tmp_path: Path, good: Path) -> None:
    out = edit_with_openpyxl(good, tmp_path / "out.xlsx", _common(good))
    _check_common(out)
    with pytest.raises(NotImplementedError, match="InsertRows"):
        edit_with_openpyxl(good, out, [InsertRows("Board", 1)])


@pytest.fixture
def uno() -> None:
    uno_session.require()


@pytest.mark.usefixtures("uno")
def test_libreoffice_takes_every_step(tmp_path: Path, good: Path) -> None:
    sheet, area = body(good, "客户表")
    moved: list[Step] = [
        InsertRows("Board", 1, 3),
        DeleteRows("Board", 1),
        InsertColumns("Board", "A"),
        DeleteColumns("Board", "A"),
        SortRange(sheet, area, column_of(good, "客户表", "Amount"), descending=True),
        MoveColumn(sheet, "C", "B"),
    ]
    common, other = uno_session.edit_all(
        [(good, tmp_path / "公 用.xlsx", _common(good)), (good, tmp_path / "moved.xlsx", moved)]
    )
    _check_common(common)
    assert _values(common, "Lists")["C1"] == 2.0
    data = _values(other, sheet)
    assert [data[ref] for ref in ("A1", "B1", "C1", "D1")] == ["名称", "Amount", "Region", "Double"]
    # what LibreOffice computes from a column that moved is wrong (0), its formula is right
    assert [data[f"{column}2"] for column in "ABC"] == ["丙", 30.0, "东"]
    assert [data[f"B{row}"] for row in (2, 3, 4)] == [30.0, 20.5, 10.0]
    board = _values(other, "Board")
    assert (board["A3"], board["A4"]) == (60.5, "big")
    table = find_table(other, "客户表")[1]
    assert (table.box, table.names) == ((1, 1, 4, 4), ("名称", "Amount", "Region", "Double"))


@pytest.mark.usefixtures("uno")
def test_cells_that_break_their_validation_are_found(good: Path) -> None:
    assert uno_session.invalid_cells(good) == {}
    typed = [SetCells("客户", {"B3": "南", "B900": "北", "B901": "西"})]
    assert uno_session.invalid_cells(good, typed) == {"客户": ["B3", "B900"]}


@pytest.mark.usefixtures("uno")
def test_a_step_that_fails_is_an_error(tmp_path: Path, good: Path) -> None:
    with pytest.raises(LibreOfficeFailedError, match="nowhere"):
        uno_session.edit_with_libreoffice(good, tmp_path / "out.xlsx", [ClearCells("nowhere", "A1")])


def test_an_unknown_table_is_an_error(good: Path) -> None:
    with pytest.raises(LookupError, match="no table 'x'"):
        find_table(good, "x")
