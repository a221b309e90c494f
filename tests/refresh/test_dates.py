"""The as-of date: typed on Settings, given on the command line, or the calendar's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.judge.package import cell_position
from tests.refresh.small_world import AS_OF, TODAY, View, built, typed

from crmsheet import api
from crmsheet.diagnostics import CellPlace
from crmsheet.errors import WorkbookRefused
from crmsheet.excel.dates import serial_of_date
from crmsheet.refresh import NoteKind

INPUT = "B5"


def as_of_place() -> tuple[str, str]:
    return "Settings", INPUT


def test_the_date_on_settings_counts(small: bytes) -> None:
    sheet, ref = as_of_place()
    later = AS_OF + dt.timedelta(days=10)
    done = api.refresh(typed(small, sheet, {ref: float(serial_of_date(later))}), name="b.xlsx", today=TODAY)
    assert done.as_of == later
    old = View.of(small).column("orders", "Days ago")
    new = View.of(done.content).column("orders", "Days ago")
    assert new == [v + 10 if isinstance(v, float) else v for v in old]


def test_as_of_is_written_and_said(small: bytes) -> None:
    day = dt.date(2026, 2, 1)
    done = api.refresh(small, name="b.xlsx", today=TODAY, as_of=day)
    sheet, ref = as_of_place()
    assert View.of(done.content).value(sheet, ref) == serial_of_date(day)
    notes = [n for n in done.notes if n.kind is NoteKind.DATE_SET]
    assert [(n.sheet, n.cell, n.new) for n in notes] == [(sheet, ref, "2026-02-01")]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY, as_of=day).content is None


def test_as_of_today_clears_it(small: bytes) -> None:
    done = api.refresh(small, name="b.xlsx", today=TODAY, as_of="today")
    sheet, ref = as_of_place()
    assert View.of(done.content).value(sheet, ref) in (None, "")
    assert done.as_of == TODAY
    later = TODAY + dt.timedelta(days=1)
    assert api.refresh(done.content or b"", name="b.xlsx", today=later).content is not None


def test_without_a_date_the_book_follows_the_calendar(tmp_path: Path) -> None:
    content = built(tmp_path, as_of=None)
    assert api.refresh(content, name="b.xlsx", today=TODAY).content is None
    done = api.refresh(content, name="b.xlsx", today=TODAY + dt.timedelta(days=3))
    assert done.as_of == TODAY + dt.timedelta(days=3)
    assert done.content is not None


@pytest.mark.parametrize("typed_in", ["soon", -5.0, 1e9, True])
def test_what_is_no_date_is_refused_with_its_place(small: bytes, typed_in: str | float | bool) -> None:
    sheet, ref = as_of_place()
    with pytest.raises(WorkbookRefused) as refusal:
        api.refresh(typed(small, sheet, {ref: typed_in}), name="b.xlsx", today=TODAY)
    found = refusal.value.diagnostics[0]
    assert found.code == "W211"
    assert isinstance(found.place, CellPlace)
    assert (found.place.sheet, found.place.cell) == (sheet, ref)
    assert cell_position(ref)
