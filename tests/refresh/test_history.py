"""Figures and changes are written down at each refresh, once, and come through everything that happens to a file."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.judge import libreoffice as judge
from tests.judge.charts import stale_points
from tests.judge.package import CellError, Package, area
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.history_world import (
    CHART,
    FIRST,
    HISTORY,
    NEXT,
    SPEC,
    built,
    changed,
    changes,
    edited,
    figures,
    refresh,
    resaved,
    spec_file,
)
from tests.refresh.small_world import View, members, row_below, typed

from crmsheet import api
from crmsheet.api import seals
from crmsheet.api.importing import Mode, Wanted, import_rows
from crmsheet.excel.dates import SHIFT_1904
from crmsheet.intake.grids import Row, Sheet, SourceKind
from crmsheet.opc.package import Package as Opened
from crmsheet.refresh import NoteKind

# Found before the whole run takes the seal away (`conftest`).
as_sealed = seals.as_sealed


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("history"), SPEC + CHART + HISTORY)


@pytest.fixture(scope="module")
def second(book: bytes) -> bytes:
    """The book after a deal was won, saved by somebody and refreshed on the next day."""
    after = edited(book, "deals", {("Stage", 2): "Won", ("Closed", 2): 46112.0})
    return changed(resaved(after), NEXT)


def test_a_build_writes_down_the_figures_of_its_day(book: bytes) -> None:
    assert figures(book) == {
        FIRST: {
            ("won", ""): (140, None),
            ("open", ""): (2, None),
            ("mean", ""): (70, 2),
            ("won", "east"): (100, None),
            ("open", "east"): (1, None),
            ("mean", "east"): (100, 1),
            ("won", "north"): (40, None),
            ("open", "north"): (1, None),
            ("mean", "north"): (40, 1),
        }
    }
    assert changes(book) == []


def test_a_build_and_a_refresh_write_nothing(book: bytes) -> None:
    assert refresh(book, FIRST).content is None
    assert refresh(book, FIRST, today=NEXT).content is None


def test_a_refresh_adds_its_date_and_the_changes_with_their_names(second: bytes) -> None:
    found = figures(second)
    assert list(found) == [NEXT, FIRST]
    assert found[NEXT]["won", ""] == (210, None)
    assert found[NEXT]["open", "north"] == (0, None)
    assert found[FIRST]["won", ""] == (140, None)
    who = "李雷 & Han"
    assert changes(second) == [
        ("D0003", "Closed", None, "2026-03-31", who),
        ("D0003", "Stage", "Open", "Won", who),
    ]
    assert refresh(second, NEXT).content is None


def test_a_figure_that_cannot_be_had_says_why(book: bytes) -> None:
    april = changed(book, dt.date(2026, 4, 1))
    assert figures(april)[dt.date(2026, 4, 1)]["mean", ""] == (None, 0)
    sheet = View.of(april)
    assert sheet.value("KPI_History", "G7") == "no data"


def test_a_chart_shows_what_was_written_down_up_to_the_date_looked_at(book: bytes, second: bytes) -> None:
    def points(content: bytes) -> list[tuple[object, object]]:
        package = Package(content)
        assert stale_points(content) == []
        sheet, _, cells = package.names["", "_crm.calc.board.course"].partition("!")
        top, left, bottom, _ = area(cells)
        held = {(c.row, c.column): c.value for c in package.cells(package.sheet(sheet.strip("'")))}
        return [(held.get((row, left)), held.get((row, left + 1))) for row in range(top + 1, bottom)]

    lacking = [(None, CellError("#N/A"))]
    assert points(book) == [*lacking * 4, ("03-30", 140)]
    assert points(second) == [*lacking * 3, ("03-30", 140), ("03-31", 210)]
    assert points(changed(second, FIRST, today=NEXT)) == points(book)


def test_selectors_change_no_figure(book: bytes) -> None:
    corner = View.of(book).name("_crm.board.selectors").split("!")[1].replace("$", "").split(":")[0]
    column, row = re.fullmatch(r"([A-Z]+)(\d+)", corner).groups()  # type: ignore[union-attr]
    place = f"{chr(ord(column) + 8)}{int(row) + 1}"
    filtered = typed(book, "Board", {place: "North"})
    done = refresh(filtered, FIRST)
    assert done.content is not None
    assert figures(done.content) == figures(book)


def test_what_a_refresh_only_adds_to_history_changes_cells_and_no_other_part(second: bytes) -> None:
    renamed = edited(second, "deals", {("Note", 1): "call", ("Amount", 3): 91.0})
    after = changed(renamed, NEXT)
    before = members(renamed)
    differing = {name for name, data in members(after).items() if before[name] != data}
    sheets = {s.part for s in Package(after).worksheets} | {Package(after).sheet("_crmsheet").part}
    assert differing <= sheets | {"xl/workbook.xml"}
    assert changes(after)[0][:4] == ("D0004", "Amount", "90", "91")


def test_an_earlier_date_leaves_what_was_written_down_and_can_be_looked_at_again(second: bytes) -> None:
    back = changed(second, FIRST, today=NEXT)
    assert figures(back) == figures(second)
    february = dt.date(2026, 2, 28)
    further = changed(back, february, today=NEXT)
    assert list(figures(further)) == [NEXT, FIRST, february]
    assert figures(further)[february]["won", ""] == (10, None)
    assert refresh(further, february, today=NEXT).content is None
    forth = changed(further, NEXT)
    assert figures(forth) == figures(further)
    assert changes(forth) == changes(second)


def test_old_dates_are_thinned_out_to_the_last_of_each_month(book: bytes) -> None:
    days = [dt.date(2026, 4, 10), dt.date(2026, 4, 20), dt.date(2026, 6, 15)]
    for day in days:
        book = changed(book, day)
    # 40 days are kept whole; in April the 20th is the last, March has one date only.
    assert list(figures(book)) == [days[2], days[1], FIRST]
    after = changed(book, dt.date(2026, 12, 1))
    assert list(figures(after)) == [dt.date(2026, 12, 1)]


def test_cells_of_history_that_people_overwrite_are_restored_and_told(second: bytes) -> None:
    spoilt = typed(second, "KPI_History", {"E5": 1.0, "B6": None})
    done = refresh(spoilt, NEXT)
    assert done.content is not None
    assert figures(done.content) == figures(second)
    notes = [n for n in done.notes if n.kind is NoteKind.HISTORY_RESTORED]
    assert [(n.sheet, n.cell, n.new) for n in notes] == [("KPI_History", "E5", "2")]


def test_a_refresh_tells_what_it_wrote_down(book: bytes) -> None:
    done = refresh(edited(book, "deals", {("Amount", 0): 120.0}), NEXT)
    told = {n.kind: (n.sheet, n.new) for n in done.notes}
    assert told[NoteKind.FIGURES_KEPT] == ("KPI_History", "9 (2026-03-31)")
    assert told[NoteKind.CHANGES_LOGGED] == ("ChangeLog", "1")


def test_rows_that_come_and_go_are_logged(book: bytes) -> None:
    more = row_below(book, "deals", {"Customer": "Acme", "Stage": "Open", "Amount": 5.0})
    after = changed(more, NEXT)
    assert [c[:4] for c in changes(after)] == [
        ("D0006", "Amount", None, "5"),
        ("D0006", "Stage", None, "Open"),
        ("D0006", "Customer", None, "Acme"),
    ]
    headers = View.of(after).table("deals")[1].names
    gone = edited(
        after,
        "deals",
        {(h, 5): None for h in headers if h in ("Customer", "Stage", "Amount", "Deal no.", "_id")},
    )
    once_more = changed(gone, dt.date(2026, 4, 1))
    assert changes(once_more)[0][:2] == ("D0006", "(row deleted)")


def test_relabelled_and_renamed_things_are_no_changes(book: bytes) -> None:
    view = View.of(book)
    labels = {c.value: c.ref for c in view.package.cells(view.package.sheet("Lists"))}
    renamed = typed(book, "Lists", {labels["Won"]: "Closed won"})
    renamed = edited(renamed, "customers", {("Customer", 1): "Beta Ltd"})
    after = changed(renamed, NEXT)
    assert changes(after) == []
    carried = api.refresh(after, name="b.xlsx", today=NEXT, apply_renames=True).content
    assert carried is not None
    assert View.of(carried).column("deals", "Customer")[1] == "Beta Ltd"
    assert changes(carried) == []


def test_the_result_is_sound(book: bytes, second: bytes) -> None:
    for content in (book, second):
        assert schema_errors(content) == []
        assert repair_causes(content) == []


def test_a_refreshed_book_is_sealed(second: bytes) -> None:
    told = as_sealed(Opened.of(second), "b.xlsx", today=NEXT, as_of=None)
    assert told is not None
    assert told.content is None


def test_a_book_without_rows_has_no_history_yet(tmp_path: Path) -> None:
    empty = built(tmp_path, deals=())
    assert figures(empty) == {}
    assert refresh(empty, FIRST).content is None
    first = row_below(empty, "customers", {"Customer": "Acme", "Region": "East"})
    after = changed(first, NEXT)
    assert figures(after)[NEXT]["open", ""] == (0, None)
    assert [c[:4] for c in changes(after)] == [("Acme", "Region", None, "East")]


def test_a_book_that_counts_from_1904_remembers_the_same_days(second: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(second))
    workbook.epoch = CALENDAR_MAC_1904
    stream = io.BytesIO()
    workbook.save(stream)
    april = dt.date(2026, 4, 1)
    after = changed(stream.getvalue(), april)
    years = dt.timedelta(SHIFT_1904)
    assert [day + years for day in figures(after)] == [april, NEXT, FIRST]
    assert changes(after) == changes(second)
    assert refresh(after, april).content is None


def test_analyses_and_the_brief_read_the_log(tmp_path: Path) -> None:
    block = "      - {id: course, analysis: {type: stages, metrics: won, by: stage}}\n"
    book = built(tmp_path, SPEC + block + HISTORY + "brief: [board.course]\n")
    won = edited(book, "deals", {("Stage", 2): "Won", ("Closed", 2): 46112.0})
    after = changed(won, NEXT)
    (section,) = api.brief(after, name="b.xlsx", today=NEXT).sections
    assert section.said == "Too few changes yet to tell how long stages take."
    assert ("Open", "0", "–", "1", "1", "–") in section.rows
    assert [n.kind for n in refresh(won, NEXT).notes if n.kind is NoteKind.TEXT_RESTORED] == []


@pytest.mark.slow
def test_a_spec_may_begin_to_remember_and_remember_other_things(tmp_path: Path) -> None:
    plain = SPEC.replace(", audit: true", "")
    book = built(tmp_path, plain)
    assert {s.name for s in Package(book).worksheets}.isdisjoint({"KPI_History", "ChangeLog"})
    book = changed(book, FIRST, spec=spec_file(tmp_path, SPEC + HISTORY))
    assert list(figures(book)) == [FIRST]
    assert changes(book) == []
    fewer = SPEC + "history: {metrics: [won], keep: {days: 40, months: 6}}\n"
    book = changed(edited(book, "deals", {("Amount", 2): 71.0}), NEXT, spec=spec_file(tmp_path, fewer))
    found = figures(book)
    assert set(found[NEXT]) == {("won", "")} or set(found[NEXT]) == set(found[FIRST])
    assert ("open", "") in found[FIRST]
    assert [c[:4] for c in changes(book)] == [("D0003", "Amount", "70", "71")]
    third = dt.date(2026, 4, 1)
    book = changed(book, third)
    assert set(figures(book)[third]) == {("won", "")}
    assert refresh(book, third).content is None


@pytest.mark.slow
def test_a_spec_that_no_longer_remembers_leaves_the_sheet(tmp_path: Path, second: bytes) -> None:
    done = refresh(second, NEXT, spec=spec_file(tmp_path, SPEC.replace(", audit: true", "")))
    assert done.content is not None
    assert figures(done.content) == figures(second)
    assert refresh(done.content, NEXT).content is None
    back = changed(done.content, NEXT, spec=spec_file(tmp_path, SPEC + HISTORY))
    # What stayed is people's; the sheet that is made anew shows all that the workbook remembered.
    assert figures(back, "KPI_History (2)") == figures(second)
    assert changes(back, "ChangeLog (2)") == changes(second)


@pytest.mark.slow
def test_a_deleted_sheet_stays_away_and_comes_back_with_all_it_showed(second: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(second))
    del workbook["KPI_History"]
    stream = io.BytesIO()
    workbook.save(stream)
    april = dt.date(2026, 4, 1)
    after = changed(stream.getvalue(), april)
    assert "KPI_History" not in {s.name for s in Package(after).worksheets}
    back = api.refresh(after, name="b.xlsx", today=april, restore_sheets=True).content
    assert back is not None
    assert list(figures(back)) == [april, NEXT, FIRST]


@pytest.mark.slow
def test_history_goes_on_after_libreoffice_saved_the_file(second: bytes, tmp_path: Path) -> None:
    judge.require()
    path = tmp_path / "b.xlsx"
    path.write_bytes(edited(second, "deals", {("Amount", 0): 130.0}))
    saved = judge.recalculated([path], tmp_path)[0].read_bytes()
    april = dt.date(2026, 4, 1)
    after = changed(saved, april)
    assert list(figures(after)) == [april, NEXT, FIRST]
    assert figures(after)[NEXT] == figures(second)[NEXT]
    assert [c[:4] for c in changes(after)[:1]] == [("D0001", "Amount", "100", "130")]
    assert refresh(after, april).content is None


def test_a_workbook_that_was_built_empty_takes_its_first_rows(tmp_path: Path) -> None:
    """What is remembered by goes through a column that no board needs."""
    text = SPEC.replace(", region: {customers: region, deals: customer.region}}", "}") + HISTORY
    book = built(tmp_path, text, deals=())
    for table, rows in (
        ("customers", (("name", "region"), ("Acme", "East"))),
        ("deals", (("customer", "stage", "amount", "closed"), ("Acme", "Won", 70, "2026-03-03"))),
    ):
        sheet = Sheet("f", "f", SourceKind.TEXT, tuple(Row(n, r) for n, r in enumerate(rows, start=1)))
        done = import_rows(book, (sheet,), name="b", today=FIRST, wanted=Wanted(table, mode=Mode.CREATE))
        book = done.content or b""
    assert figures(book)[FIRST]["won", "east"][0] == 70
