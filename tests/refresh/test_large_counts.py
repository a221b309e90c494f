"""Counts over large tables: they keep what they were, and each refresh brings that up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.refresh.small_world import TODAY, View, built, typed

from crmsheet import api
from crmsheet.compile import since
from crmsheet.refresh import NoteKind


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The small book, taken for a large one."""
    monkeypatch.setattr(since, "LEAST", 1)
    return built(tmp_path)


def _edited(content: bytes) -> bytes:
    view = View.of(content)
    sheet, _ = view.table("orders")
    return typed(
        content,
        sheet,
        {view.place("orders", "Amount", 3): 999.0, view.place("orders", "Customer", 5): "Company 11"},
    )


def test_an_edit_is_in_what_is_kept_after_a_refresh(large: bytes) -> None:
    assert api.refresh(large, name="b.xlsx", today=TODAY).content is None
    done = api.refresh(_edited(large), name="b.xlsx", today=TODAY)
    assert not done.notes
    view = View.of(done.content)
    revenue = view.column("customers", "Revenue")
    assert (
        revenue == view.column("customers", "_kept.revenue") != View.of(large).column("customers", "Revenue")
    )
    assert revenue[10] == 135
    assert view.column("orders", "_was.customer")[5] == "Company 11"
    assert set(view.column("orders", "_changed")) == {0}
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_workbook_that_grows_large_changes_over_once(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = api.refresh(_edited(small), name="b.xlsx", today=TODAY)
    monkeypatch.setattr(since, "LEAST", 1)
    done = api.refresh(_edited(small), name="b.xlsx", today=TODAY)
    assert {n.kind for n in done.notes} == {NoteKind.TABLE_REPAIRED}
    before, after = View.of(plain.content), View.of(done.content)
    for header in ("Revenue", "Last order", "Idle days", "Data check"):
        assert after.column("customers", header) == before.column("customers", header)
    assert after.column("customers", "_kept.revenue") == before.column("customers", "Revenue")
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None
