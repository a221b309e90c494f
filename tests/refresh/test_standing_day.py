"""The effective date of large workbooks: that of the last refresh, so that nothing hangs on TODAY()."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.refresh.small_world import TODAY, View, built, typed

from crmsheet import api
from crmsheet.compile import live
from crmsheet.diagnostics import Severity
from crmsheet.excel.dates import serial_of_date
from crmsheet.refresh import NoteKind

DAY, INPUT = "B6", "B5"
NEXT = TODAY + dt.timedelta(days=1)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The small book, taken for a large one."""
    monkeypatch.setattr(live, "WHOLE", 0)
    return built(tmp_path, as_of=None)


def test_it_does_not_follow_the_calendar_by_itself(large: bytes, small: bytes) -> None:
    assert "TODAY" in str(View.of(small).formula("Settings", DAY))
    formula = str(View.of(large).formula("Settings", DAY))
    assert "TODAY" not in formula
    assert "_calc" in formula
    assert View.of(large).value("Settings", DAY) == serial_of_date(TODAY)
    assert View.of(large).value("Settings", "C6") == "Today for every sheet: the day of the last refresh."


def test_a_refresh_brings_it_up_to_date_without_a_word_of_repairs(large: bytes) -> None:
    assert api.refresh(large, name="b.xlsx", today=TODAY).content is None
    done = api.refresh(large, name="b.xlsx", today=NEXT)
    assert [n.kind for n in done.notes] == []
    after = View.of(done.content)
    assert after.value("Settings", DAY) == serial_of_date(NEXT)
    days = View.of(large).column("orders", "Days ago")
    assert after.column("orders", "Days ago") == [d + 1 if isinstance(d, float) else d for d in days]
    assert api.refresh(done.content or b"", name="b.xlsx", today=NEXT).content is None
    assert [(d.code, d.severity) for d in done.findings if d.code == "W411"] == [("W411", Severity.NOTE)]


def test_a_typed_date_still_counts(large: bytes) -> None:
    day = dt.date(2026, 2, 1)
    done = api.refresh(
        typed(large, "Settings", {INPUT: float(serial_of_date(day))}), name="b.xlsx", today=NEXT
    )
    assert done.as_of == day
    assert View.of(done.content).value("Settings", DAY) == serial_of_date(day)


def test_a_workbook_that_grows_large_changes_over_once(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WHOLE", 0)
    done = api.refresh(small, name="b.xlsx", today=TODAY)
    assert "TODAY" not in str(View.of(done.content).formula("Settings", DAY))
    told = [n for n in done.notes if n.cell == DAY]
    assert [n.kind for n in told] == [NoteKind.FORMULA_RESTORED]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_what_is_computed_at_refresh_tells_the_day_of_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BUDGET", 0)
    monkeypatch.setattr(live, "CELL", 0)
    before = built(tmp_path, as_of=None)
    done = api.refresh(before, name="b.xlsx", today=NEXT)
    assert f"computed at refresh ({TODAY})" in _all_texts(before)
    assert f"computed at refresh ({NEXT})" in _all_texts(done.content)
    assert f"({TODAY})" not in _all_texts(done.content)
    assert [n.kind for n in done.notes] == []


def _all_texts(content: bytes | None) -> str:
    package = View.of(content).package
    return "\n".join(str(c.value) for sheet in package.worksheets for c in package.cells(sheet))
