"""LibreOffice computes the small book: both languages, without rows, and as Excel 2016 gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.libreoffice import compare_all

from crmsheet.compile import Context, compiled
from crmsheet.model.spec import Compatibility
from crmsheet.model.words import Language
from crmsheet.plan.place import default_layout
from crmsheet.write import written


def _book(context: Context, path: Path) -> Path:
    plan = compiled(context).plan
    path.write_bytes(written(plan, default_layout(plan), created=datetime(2025, 6, 30, tzinfo=UTC)))
    return path


@pytest.mark.usefixtures("libreoffice")
def test_every_value_is_what_libreoffice_computes(context: Callable[..., Context], tmp_path: Path) -> None:
    old = context()
    old = replace(old, model=replace(old.model, compatibility=Compatibility.EXCEL_2016))
    books = [
        _book(context(), tmp_path / "zh.xlsx"),
        _book(context(language=Language.EN), tmp_path / "en.xlsx"),
        _book(context(rows=False), tmp_path / "empty.xlsx"),
        _book(old, tmp_path / "old.xlsx"),
    ]
    assert {p.name: m for p, m in compare_all(books, tmp_path).items() if m} == {}


def test_rules_forbid_what_is_wrong_and_nothing_else(context: Callable[..., Context], tmp_path: Path) -> None:
    uno_session.require()
    made = context()
    state = replace(made.state, as_of_input=made.as_of)
    found = uno_session.invalid_cells(_book(replace(made, state=state), tmp_path / "book.xlsx"))
    # The province of row 6 stands in a collapsed column: its circle shows beside it, at D6.
    assert {sheet: sorted(set(cells)) for sheet, cells in found.items()} == {
        "客户": ["B7", "D6", "E6", "E7", "F6", "F7", "G7"],
        "订单": ["A4", "A7", "B7", "C7", "D4", "F7"],
    }
