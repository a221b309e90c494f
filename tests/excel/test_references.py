"""A1 references and sheet names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel import limits
from crmsheet.excel.references import (
    CellRef,
    RangeRef,
    a1,
    column_index,
    column_letters,
    free_sheet_name,
    parse_cell,
    parse_range,
    parse_sqref,
    quoted_sheet,
    sheet_name_problem,
    split_sheet,
)

ROW = st.integers(0, limits.ROWS - 1)
COLUMN = st.integers(0, limits.COLUMNS - 1)


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_column_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters
    assert column_index(letters.lower()) == index


@given(ROW, COLUMN)
def test_cell_text_reads_back(row: int, column: int) -> None:
    assert parse_cell(a1(row, column)) == parse_cell(a1(row, column, absolute=True)) == CellRef(row, column)


@given(ROW, COLUMN, ROW, COLUMN, st.sampled_from(["", "S", "it's", "客户", "A1", "a b", "R2C3", "TRUE"]))
def test_range_text_reads_back(r0: int, c0: int, r1: int, c1: int, sheet: str) -> None:
    ref = RangeRef(min(r0, r1), min(c0, c1), max(r0, r1), max(c0, c1), sheet)
    assert parse_range(str(ref)) == parse_range(ref.absolute()) == ref


def test_whole_columns_and_rows() -> None:
    assert parse_range("$C:A") == RangeRef(0, 0, limits.ROWS - 1, 2)
    assert parse_range("3:1") == RangeRef(0, 0, 2, limits.COLUMNS - 1)
    assert parse_range("C3:A1") == RangeRef(0, 0, 2, 2)
    assert parse_sqref("A1 B2:C3") == (RangeRef(0, 0, 0, 0), RangeRef(1, 1, 2, 2))


@pytest.mark.parametrize(
    "text", ["", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "A1:B", "1:B2", "A:1", "A1B"]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a cell|outside|no column"):
        parse_range(text)


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("Data", "Data"),
        ("客户", "客户"),
        ("a b", "'a b'"),
        ("it's", "'it''s'"),
        ("A1", "'A1'"),
        ("xfd1", "'xfd1'"),
        ("R1C1", "'R1C1'"),
        ("rc", "'rc'"),
        ("true", "'true'"),
        ("1st", "'1st'"),
        ("a-b", "'a-b'"),
        ("_calc", "_calc"),
    ],
)
def test_sheet_names_are_quoted_where_needed(name: str, quoted: str) -> None:
    assert quoted_sheet(name) == quoted
    assert split_sheet(f"{quoted}!A1") == (name, "A1")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("a/b", "contains"),
        ("x" * 32, "longer"),
        ("'a", "apostrophe"),
        ("HISTORY", "History"),
    ],
)
def test_illegal_sheet_name_is_explained(name: str, word: str) -> None:
    assert word in sheet_name_problem(name)


@given(st.text(max_size=60), st.sets(st.sampled_from(["Sheet", "a", "a (2)", "客户"])))
def test_free_sheet_name_is_legal_and_free(wanted: str, taken: set[str]) -> None:
    name = free_sheet_name(wanted, taken)
    assert sheet_name_problem(name) == ""
    assert name.lower() not in {other.lower() for other in taken}


def test_rectangles() -> None:
    block = RangeRef(1, 1, 3, 4)
    assert (block.rows, block.columns, block.first) == (3, 4, CellRef(1, 1))
    assert block.contains(3, 4)
    assert not block.contains(4, 4)
    assert block.overlaps(RangeRef(3, 4, 9, 9))
    assert not block.overlaps(RangeRef(4, 0, 9, 9))
    assert CellRef(1, 1, "a b").absolute() == "'a b'!$B$2"
