"""Workbooks that count dates from 1904: the same days, other numbers, for everything read and written."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.package import Cell, Package, Value
from tests.refresh.small_world import AS_OF, TODAY, View, members, row_below, typed

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.api.rows import Rows
from crmsheet.excel.dates import SHIFT_1904, date_system, serial_of_date
from crmsheet.excel.values import ExcelError
from crmsheet.formulas.criteria import criterion, holds
from crmsheet.formulas.semantics import add
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind
from crmsheet.spec import load

DAY = 46112
"""2026-03-31 as others count."""


def saved_by_openpyxl(content: bytes, *, since_1904: bool) -> bytes:
    """Loaded and saved; openpyxl writes every date in the date system of the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refreshed(content: bytes) -> bytes:
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is not None
    return done.content


def cells(content: bytes) -> Mapping[tuple[str, str], Cell]:
    package = Package(content)
    return {(s.name, c.ref): c for s in package.worksheets if s.name != "_crmsheet" for c in package.cells(s)}


@pytest.fixture(scope="module")
def old_mac(small: bytes) -> bytes:
    """The small book as one that counts from 1904, refreshed."""
    return refreshed(saved_by_openpyxl(small, since_1904=True))


def test_every_date_is_shifted_and_nothing_else(small: bytes, old_mac: bytes) -> None:
    usual, other = cells(refreshed(saved_by_openpyxl(small, since_1904=False))), cells(old_mac)
    assert usual.keys() == other.keys()
    kinds = {"same": 0, "shifted": 0}
    for place, cell in usual.items():
        value, here = cell.value, other[place].value
        if value == here:
            kinds["same"] += 1
        else:
            assert isinstance(value, float), place
            assert isinstance(here, float), place
            assert value - here == pytest.approx(SHIFT_1904), place
            kinds["shifted"] += 1
    assert kinds["shifted"] > 60
    assert kinds["same"] > 500
    assert View.of(old_mac).column("customers", "Idle days") == View.of(small).column(
        "customers", "Idle days"
    )


def test_a_second_refresh_changes_nothing(old_mac: bytes) -> None:
    assert api.refresh(old_mac, name="b.xlsx", today=TODAY).content is None


def test_the_date_of_the_command_is_written_as_the_workbook_counts(old_mac: bytes) -> None:
    day = dt.date(2026, 2, 1)
    done = api.refresh(old_mac, name="b.xlsx", today=TODAY, as_of=day)
    assert done.as_of == day
    assert View.of(done.content).value("Settings", "B5") == serial_of_date(day) - SHIFT_1904


def test_the_calendar_is_followed_when_no_date_is_typed(old_mac: bytes) -> None:
    done = api.refresh(old_mac, name="b.xlsx", today=TODAY, as_of="today")
    assert done.as_of == TODAY
    ago = View.of(done.content).column("orders", "Days ago")
    assert ago[0] == (TODAY - AS_OF).days


def test_rows_typed_below_are_adopted(old_mac: bytes) -> None:
    row: dict[str, Value] = {"Date": float(DAY - SHIFT_1904 - 3), "Customer": "Company 01", "Amount": 5.0}
    done = api.refresh(row_below(old_mac, "orders", row), name="b.xlsx", today=TODAY)
    assert [n.kind for n in done.notes] == [NoteKind.ROW_ADOPTED]
    assert View.of(done.content).column("orders", "Days ago")[-1] == 3


def test_formulas_of_people_are_computed_as_the_workbook_counts(old_mac: bytes) -> None:
    view = View.of(old_mac)
    place = view.place("customers", "Last order", 0)
    stream = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(old_mac))
    book["Orders"]["N20"] = f"=YEAR(Customers!{place})"
    book["Orders"]["N21"] = f'=TEXT(Customers!{place},"yyyy-mm-dd")'
    book["Orders"]["N22"] = f"=Customers!{place}-DATE(2026,1,1)"
    book.save(stream)
    after = View.of(refreshed(stream.getvalue()))
    day = dt.date(1904, 1, 1) + dt.timedelta(days=int(float(str(view.value("Customers", place)))))
    assert after.value("Orders", "N20") == day.year == 2026
    assert after.value("Orders", "N21") == day.isoformat()
    assert after.value("Orders", "N22") == (day - dt.date(2026, 1, 1)).days


def test_members_it_need_not_change_are_kept(old_mac: bytes) -> None:
    view = View.of(old_mac)
    edited = typed(old_mac, "Orders", {view.place("orders", "Amount", 0): 5000.0})
    before, after = members(edited), members(refreshed(edited))
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert all(n.startswith(("xl/worksheets/", "xl/charts/", "xl/workbook.xml")) for n in changed)


SPEC = """\
crmsheet: 1
name: bounds
title: Bounds
language: en
settings:
  opened: {value: 2024-05-06, label: Opened}
tables:
  visits:
    label: Visits
    key: name
    fields:
      name: {type: text, label: Name, required: true}
      day: {type: date, label: Day, min: 2025-01-01, max: 2026-12-31, default: 2026-02-03}
      since: {type: formula, expr: '[day]-opened', label: Days open, format: days}
      year: {type: formula, expr: 'YEAR([day])', label: Year}
"""


def bounded(folder: Path) -> bytes:
    path = folder / "bounds.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows: Rows = {
        "visits": [{"name": "in", "day": dt.date(2026, 1, 1)}, {"name": "late", "day": dt.date(2027, 1, 1)}]
    }
    content = built_from(load(path), rows, Language.EN, today=TODAY, as_of=AS_OF).content
    return refreshed(saved_by_openpyxl(content, since_1904=True))


def test_bounds_settings_and_defaults_of_the_spec_mean_the_same_days(tmp_path: Path) -> None:
    content = bounded(tmp_path)
    problems = api.refresh(content, name="b.xlsx", today=TODAY).problems
    assert [str(p.place).partition(" ")[0] for p in problems if p.code == "D107"] == ["Visits!B5"]
    view = View.of(refreshed(row_below(content, "visits", {"Name": "new"})))
    day = float(serial_of_date(dt.date(2026, 2, 3)) - SHIFT_1904)
    assert view.column("visits", "Day")[-1] == day
    assert view.column("visits", "Days open")[-1] == (dt.date(2026, 2, 3) - dt.date(2024, 5, 6)).days
    assert view.column("visits", "Year") == [2026, 2027, 2026]


def test_a_changed_spec_counts_as_specs_do(tmp_path: Path) -> None:
    """New bounds, defaults, settings and fields of dates, and a table more, in a workbook that counts otherwise."""
    content = bounded(tmp_path)
    spec = tmp_path / "changed.yaml"
    changed = SPEC.replace("max: 2026-12-31", "max: 2027-06-30").replace(
        "  opened: {value: 2024-05-06, label: Opened}\n",
        "  opened: {value: 2024-05-06, label: Opened}\n  closes: {value: 2026-12-24, label: Closes}\n",
    )
    changed += "      left: {type: formula, expr: 'closes-[day]', label: Days left, format: days}\n"
    changed += "  others:\n    label: Others\n    key: no\n    fields:\n      no: {type: id, label: No}\n"
    changed += "      day: {type: date, label: Day, min: 2025-01-01}\n"
    spec.write_text(changed, encoding="utf-8")
    done = api.refresh(content, name="b.xlsx", today=TODAY, spec=spec)
    view = View.of(done.content)
    closes = float(serial_of_date(dt.date(2026, 12, 24)) - SHIFT_1904)
    settings = {c.value for c in view.package.cells(view.package.sheet("Settings"))}
    assert closes in settings
    days = [float(str(v)) for v in view.column("visits", "Day")]
    assert view.column("visits", "Days left") == [closes - day for day in days]
    assert done.content is not None
    assert [p.code for p in api.refresh(done.content, name="b.xlsx", today=TODAY).problems] == []


def test_texts_that_look_like_dates_follow_the_date_system() -> None:
    assert add("2026-03-31", 0) == DAY
    with date_system(since_1904=True):
        assert add("2026-03-31", 0) == DAY - SHIFT_1904
        assert _holds("2026-03-31", DAY - SHIFT_1904)
    assert _holds("2026-03-31", DAY)
    assert add("2026-03-31", 0) == DAY


def _holds(text: str, value: float) -> bool:
    test = criterion(text)
    assert not isinstance(test, ExcelError)
    return holds(test, value)


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_computes_the_same(old_mac: bytes, tmp_path: Path) -> None:
    """A starter with everything dates are used for, and the small book."""
    starter = api.build("follow-up", today=AS_OF, as_of=AS_OF, language="en", demo=True, customers=10).content
    paths = []
    for name, content in (
        ("small", old_mac),
        ("starter", refreshed(saved_by_openpyxl(starter, since_1904=True))),
    ):
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(content)
        assert Package(content).workbook.find("{*}workbookPr").get("date1904") in ("1", "true")
    assert [str(m) for found in compare_all(paths, tmp_path).values() for m in found] == []
