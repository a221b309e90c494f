"""Check tells what a refresh would tell of the rows, and makes no new workbook for that."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.refresh.small_world import TODAY, View, row_below, typed, with_text

from crmsheet import api

api_pass = importlib.import_module("crmsheet.api.recomputing")


def wrong_values(content: bytes) -> bytes:
    view = View.of(content)
    wrong = {view.place("orders", "Amount", 0): "much", view.place("orders", "Customer", 1): "Nobody"}
    return typed(content, "Orders", wrong)


def typed_over(content: bytes) -> bytes:
    return typed(
        wrong_values(content), "Customers", {View.of(content).place("customers", "Revenue", 3): "about 500"}
    )


def rows_below(content: bytes) -> bytes:
    return row_below(content, "customers", {"Customer": "Company 01", "Region": "Nowhere"})


def without_marks(content: bytes) -> bytes:
    """As a program leaves it that keeps no hidden names: blocks are looked for by what they hold."""
    marks = r'<definedName name="_crm[^"]*"[^>]*>[^<]*</definedName>'
    return with_text(wrong_values(content), "xl/workbook.xml", lambda text: re.sub(marks, "", text))


@pytest.mark.parametrize(
    "change", [lambda content: content, wrong_values, typed_over, rows_below, without_marks]
)
def test_the_problems_are_those_of_a_refresh(
    small: bytes, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(change(small))
    expected = api.refresh(book.read_bytes(), name=str(book), today=TODAY)
    found = api.check(book, today=TODAY)
    assert found.diagnostics == expected.problems
    assert bool(found.diagnostics) == (book.read_bytes() != small)


def test_nothing_is_made(small: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(typed_over(small))
    for step in ("difference", "applied", "proven"):
        monkeypatch.setattr(api_pass, step, None)
    assert [d.code for d in api.check(book, today=TODAY).diagnostics] == ["D101", "D106"]
