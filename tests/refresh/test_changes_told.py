"""What changed since the date that was remembered last, on a board and in a brief."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.refresh.history_world import FIRST, HISTORY, NEXT, SPEC, built, changed, edited, refresh
from tests.refresh.small_world import View, row_below

from crmsheet.api.briefing import Section, brief
from crmsheet.spec import read

BLOCK = "      - {id: since, analysis: {type: changes, metrics: [won, open], top: 8}}\n"
BRIEF = "brief: [changes]\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("since"), SPEC + BLOCK + HISTORY + BRIEF)


@pytest.fixture(scope="module")
def touched(book: bytes) -> bytes:
    """A deal was won, its amount corrected, another one added."""
    after = edited(book, "deals", {("Stage", 2): "Won", ("Closed", 2): 46112.0, ("Amount", 2): 71.0})
    return row_below(after, "deals", {"Customer": "Acme", "Stage": "Open", "Amount": 5.0})


def _told(content: bytes, day: dt.date) -> Section:
    (found,) = brief(content, name="b.xlsx", today=day, as_of=day).sections
    return found


ROWS = [
    ("Amount won", "¥0.1K", "¥0.2K", "+51%", ""),
    ("Mean deal", "¥70", "¥70", "+0%", "n=3"),
    ("Deals: added", "", "", "1 row", "D0006"),
    ("Deals, Stage: Open → Won", "", "", "1 row", "D0003"),
    ("Deals, Amount: changed", "", "", "1 row", "D0003"),
    ("Deals, Closed: changed", "", "", "1 row", "D0003"),
]


def test_a_first_date_has_nothing_to_compare_with(book: bytes) -> None:
    assert _told(book, FIRST).said.startswith("Nothing to compare with yet")
    assert _told(book, FIRST).rows == ()


def test_a_brief_tells_what_people_did_since_the_last_refresh(touched: bytes) -> None:
    found = _told(touched, NEXT)
    assert (
        found.said
        == "Against 2026-03-30: figures that differ: 2; rows added: 1, deleted: 0; cells changed: 3."
    )
    assert [row[0] for row in found.rows] == [row[0] for row in ROWS]
    assert list(found.rows) == ROWS
    assert found.note == "Figures: KPI_History; rows: ChangeLog · this month"


def test_a_refresh_shows_the_same_on_the_board_and_then_rests(touched: bytes) -> None:
    after = changed(touched, NEXT)
    # Once refreshed, the workbook itself says what the brief said before.
    assert _told(after, NEXT).rows == tuple(ROWS)
    corner = View.of(after).name("_crm.board.since").split("!")[1].replace("$", "").split(":")[0]
    cells = {c.ref: c.value for c in View.of(after).package.cells(View.of(after).package.sheet("Board"))}
    assert "Deals, Stage: Open → Won" in cells.values(), corner
    assert refresh(after, NEXT).content is None


def test_what_was_told_once_is_not_told_of_the_next_date(touched: bytes) -> None:
    april = dt.date(2026, 4, 1)
    found = _told(changed(touched, NEXT), april)
    assert "rows added: 0, deleted: 0; cells changed: 0" in found.said
    # A new month begins: the figures of the month start again.
    assert [row[:3] for row in found.rows] == [("Amount won", "¥0.2K", "¥0"), ("Mean deal", "¥70", "–")]
    assert "this month (begun anew)" in found.note


def test_rows_that_are_gone_are_told(book: bytes) -> None:
    headers = ("Customer", "Stage", "Amount", "Closed", "Deal no.", "_id")
    gone = edited(book, "deals", {(h, 4): None for h in headers})
    found = _told(gone, NEXT)
    assert ("Deals: deleted", "", "", "1 row", "D0005") in found.rows


def test_a_wish_for_changes_needs_a_memory(tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    path.write_text(SPEC.replace(", audit: true", "") + BRIEF, "utf-8")
    (found,) = read(path).diagnostics
    assert "nothing is remembered" in found.message
    path.write_text(SPEC + BLOCK, "utf-8")
    assert [d.message for d in read(path).diagnostics] == [
        "changes cannot use 'won': history does not remember it",
        "changes cannot use 'open': history does not remember it",
    ]
