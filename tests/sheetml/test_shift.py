"""References move as they do when Excel copies a formula; what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator, TranslatorError

from crmsheet.excel.references import a1
from crmsheet.sheetml.shift import shifted


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1", "B3"),
        ("$A1+A$1+$A$1", "$A3+B$1+$A$1"),
        ("SUM(A1:B2,$C:D,1:$3)", "SUM(B3:C4,$C:E,3:$3)"),
        ('"A1"&A1&"""A1"', '"A1"&B3&"""A1"'),
        ("'A1 b''s'!A1+Q1.2!A1", "'A1 b''s'!B3+Q1.2!B3"),
        ("表!A1+销售_1", "表!B3+销售_1"),
        ("LOG10(A1)+ATAN2(A1,B1)", "LOG10(B3)+ATAN2(B3,C3)"),
        ("Table1[A1]+Table1[[#This Row],[B2]]*C3", "Table1[A1]+Table1[[#This Row],[B2]]*D5"),
        ("T[a''[b]+A1", "T[a''[b]+B3"),
        ("[1]Sheet1!A1+[2]!name", "[1]Sheet1!B3+[2]!name"),
        ("1E5+1.5e3*A1", "1E5+1.5e3*B3"),
        ("A1#+@A1", "B3#+@B3"),
        ("Jan:Mar!A1", "Jan:Mar!B3"),
        ("A1_b+x.A1+A1b+ABCD1+A01", "A1_b+x.A1+A1b+ABCD1+A01"),
        ("XFD1", "#REF!"),
        ("A1048576", "#REF!"),
        ("SUM(A1:A1048575)", "SUM(B3:#REF!)"),
        ("TRUE+R1C1x", "TRUE+R1C1x"),
    ],
)
def test_two_down_one_right(formula: str, moved: str) -> None:
    assert shifted(formula, 2, 1) == moved
    assert shifted(formula, 0, 0) == formula


PIECES = st.sampled_from(
    [
        "A1",
        "$B2",
        "C$3",
        "$D$4",
        "A1:B$9",
        "Sheet2!A5",
        "'My Sheet'!$A6",
        "5",
        '"A1 ""x"',
        "SUM(A1,B2)",
        "H:$J",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=6), st.integers(4, 40), st.integers(4, 40), st.integers(-4, 40))
def test_agrees_with_another_translator(pieces: list[str], row: int, column: int, by: int) -> None:
    formula = "+".join(pieces)
    origin, place = a1(row, column), a1(row + by, column + by)
    try:
        expected = Translator("=" + formula, origin=origin).translate_formula(place)[1:]
    except TranslatorError:  # it gives up where a reference leaves the sheet
        assert "#REF!" in shifted(formula, by, by)
    else:
        assert shifted(formula, by, by) == expected


@given(st.lists(PIECES, min_size=1, max_size=6), st.integers(0, 50), st.integers(0, 50))
def test_there_and_back(pieces: list[str], rows: int, columns: int) -> None:
    formula = "*".join(pieces)
    assert shifted(shifted(formula, rows, columns), -rows, -columns) == formula
