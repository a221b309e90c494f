"""Formula texts as programs save them: which mean the same, and what they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.references import RangeRef
from crmsheet.formulas.excel_text import canonical, references, same_meaning
from crmsheet.formulas.places import FormulaPlace, TableShape

DEALS = TableShape("Deals 甲", 0, 1, 10, 0, ("名称", "a[b", "two words", "x\ny", "E-m@il"), 11)
BARE = TableShape("Other", -1, 2, 4, 1, ("k",))
PLACE = FormulaPlace("Deals 甲", 5, 1, {"deals": DEALS, "bare": BARE})


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("deals[[#This Row],[名称]]", "$A6"),
        ("Deals[@名称]", "'Deals 甲'!A6"),
        ("[@名称]", "A6"),
        ("[@[two words]]", "C6"),
        ("[[#This Row],[two words]]", "C6"),
        ("deals[[#This Row],two words]", "C6"),
        ("DEALS[名称]", "'Deals 甲'!A2:A11"),
        ("deals[[名称]]", "A2:A11"),
        ("deals[a'[b]", "B2:B11"),
        ("deals[E-m'@il]", "E2:E11"),
        ("deals[x_x000a_y]", "D2:D11"),
        ("deals[x\ny]", "D2:D11"),
        ("deals[]", "A2:E11"),
        ("deals[#Data]", "A2:E11"),
        ("deals[#All]", "A1:E12"),
        ("deals[[#All],[名称]]", "A1:A12"),
        ("deals[[#Headers],[名称]]", "A1"),
        ("deals[[#Totals],[名称]:[two words]]", "A12:C12"),
        ("deals[[名称]:[two words]]", "A2:C11"),
        ("deals[[#Headers],[#Data],[名称]]", "A1:A11"),
        ("deals[ [#This Row], [名称]:[a'[b] ]", "A6:B6"),
        ("bare[k]", "Other!B3:B5"),
        ("bare[#All]", "Other!B3:B5"),
        ("SUM( A1 , $B$2 )", "sum(A1,B2)"),
        ("'Deals 甲'!$B$2:'Deals 甲'!$B$9", "B9:B2"),
        ("Lists!$A$2:Lists!$A$9", "'lists'!A2:A9"),
        ("_xlfn.MAXIFS(A1:A2,B1:B2,1.50)", "maxifs(A1:A2,B1:B2,1.5)"),
        ("_xlfn._xlws.FILTER(A1:A2,1)", "FILTER(A1:A2,1)"),
        ("IF(A1,TRUE(),FALSE)", "IF(A1,TRUE,FALSE())"),
        ("A:A", "$A:$A"),
        ("$1:$3", "1:3"),
        ("A1:A1", "A1"),
        ("1E3+.5", "1000+0.50"),
        ("AS_OF", "as_of"),
        ("=A1", "A1"),
        ("{=A1}", "A1"),
        ("#n/a", "#N/A"),
        ("INDEX(A1:A9,2):INDEX(A1:A9,3)", "index($A$1:$A$9,2):index($A$1:$A$9,3)"),
        ("LOG10(A1)", "LOG10( A1 )"),
    ],
)
def test_same_meaning(left: str, right: str) -> None:
    assert canonical(left, PLACE) == canonical(right, PLACE)
    assert same_meaning(left, right, PLACE)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("A1", "B1"),
        ("A1", "Other!A1"),
        ('"a"', '"A"'),
        ('"A1"', "A1"),
        ("A1+1", "A1+2"),
        ("A1-B1", "A1+B1"),
        ("deals[名称]", "deals[[#This Row],[名称]]"),
        ("deals[名称]", "nothing[名称]"),
        ("deals[名称]", "deals[没有]"),
        ("[1]Sheet1!A1", "Sheet1!A1"),
        ("'[b.xlsx]S'!A1", "S!A1"),
        ("S1:S3!A1", "S1!A1"),
        ("A1%", "A1"),
        ("SUM(A1)", "MAX(A1)"),
        ("A1=B1", "A1<>B1"),
        ("bare[#Headers]", "Other!B2"),
    ],
)
def test_other_meaning(left: str, right: str) -> None:
    assert not same_meaning(left, right, PLACE)


def test_what_a_formula_names() -> None:
    found = references('SUM(deals[名称],X9)+as_of*MAX(Other!B:B)&"Z1"', PLACE)
    assert found.functions == {"SUM", "MAX"}
    assert found.names == {"as_of"}
    assert found.areas == (
        RangeRef(1, 0, 10, 0, "deals 甲"),
        RangeRef(8, 23, 8, 23, "deals 甲"),
        RangeRef(0, 1, 1048575, 1, "other"),
    )
    assert not found.opaque
    assert references("deals[没有]", PLACE).opaque
    assert references("'[b.xlsx]S'!A1+S1:S3!B2", PLACE).opaque


def test_a_bare_column_outside_any_table_is_not_understood() -> None:
    assert references("[@名称]", FormulaPlace("Other", 50, 50, {"deals": DEALS})).opaque


@given(st.text(max_size=40))
def test_any_text_has_tokens(text: str) -> None:
    assert canonical(text, PLACE) == canonical(text, PLACE)


@given(st.text(alphabet="ab[]'@#,: 1", max_size=15))
def test_any_bracket_is_cut_off_somewhere(inner: str) -> None:
    assert canonical(f"deals[{inner}]+1", PLACE)
