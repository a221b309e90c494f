"""Which words Excel accepts as names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.names import is_legal_name, legal_name, name_problem


@pytest.mark.parametrize(
    "name", ["as_of", "客户", "_x", "a.b", "Q1x", "ABCD1", "XFE1", "table1", "won_2025", "sales_r1"]
)
def test_legal(name: str) -> None:
    assert is_legal_name(name)
    assert legal_name(name) == name


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "empty"),
        ("1a", "digit first"),
        ("a b", "letters"),
        ("a-b", "letters"),
        ("A1", "cell"),
        ("xfd1048576", "cell"),
        ("Q1", "cell"),
        ("R1C1", "cell"),
        ("r", "cell"),
        ("C", "cell"),
        ("RC2", "cell"),
        ("TRUE", "logical"),
        ("x" * 256, "longer"),
    ],
)
def test_illegal(name: str, word: str) -> None:
    assert word in name_problem(name)


@given(st.text(max_size=300))
def test_any_text_makes_a_legal_name(text: str) -> None:
    name = legal_name(text)
    assert is_legal_name(name)
    assert legal_name(name) == name
