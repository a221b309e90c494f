"""Every escape reads back, and what is escaped means itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.escaping import (
    column_specifier,
    equal_criterion,
    table_cell,
    table_column,
    text_literal,
    unescaped_column,
    unquoted_text_literal,
    wildcards_escaped,
    x_escaped,
    x_unescaped,
)
from crmsheet.excel.values import ExcelError
from crmsheet.formulas.criteria import criterion, holds


@given(st.text())
def test_escapes_read_back(text: str) -> None:
    assert unquoted_text_literal(text_literal(text)) == text
    assert unescaped_column(column_specifier(text)) == text


@given(st.text(st.characters(codec="utf-8")))
def test_xml_text_reads_back(text: str) -> None:
    assert x_unescaped(x_escaped(text)) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain", "plain"),
        ("a\x0bb", "a_x000B_b"),
        ("_x000B_", "_x005F_x000B_"),
        ("_x12_", "_x12_"),
        ("line\nbreak\ttab", "line\nbreak\ttab"),
        ("客户", "客户"),
    ],
)
def test_xml_escapes(text: str, escaped: str) -> None:
    assert x_escaped(text) == escaped


def test_structured_references() -> None:
    assert table_column("deals", "金额 [万]") == "deals[金额 '[万']]"
    assert table_cell("deals", "E-m@il #1") == "deals[[#This Row],[E-m'@il '#1]]"


@given(st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=100))
def test_equal_criterion_holds_for_this_text_alone(text: str, other: str) -> None:
    test = criterion(equal_criterion(text))
    assert not isinstance(test, ExcelError)
    assert holds(test, text)
    if other.isalpha() and text.isalpha() and other.lower() != text.lower():
        assert not holds(test, other)


def test_wildcards_are_escaped() -> None:
    assert wildcards_escaped("a*b?~") == "a~*b~?~~"
