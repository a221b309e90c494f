"""Events: what happened between two refreshes, each told once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.api.due_world import AS_OF, TODAY, built, day
from tests.refresh.small_world import View, row_below, typed

from crmsheet import api
from crmsheet.cli import eventfiles
from crmsheet.errors import UsageError
from crmsheet.model.events import MOST_PENDING, Event, EventType, Outbox

Events = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("book"))


def refreshed(book: bytes, *, events: bool = True, as_of: dt.date | None = None) -> tuple[bytes, Events]:
    done = api.refresh(book, name="book.xlsx", today=TODAY, events=events, as_of=as_of)
    return done.content or book, [json.loads(line) for line in done.events]


def cell(book: bytes, table: str, header: str, row: int) -> str:
    return View.of(book).place(table, header, row)


def edited(book: bytes) -> bytes:
    """The book after a morning's work: a stage changed, a customer changed hands, a new customer, a step done so long
    ago that a customer is stale."""
    book = typed(
        book,
        "Customers",
        {cell(book, "customers", "Stage", 0): "Won", cell(book, "customers", "Owner", 1): "Zoe"},
    )
    book = row_below(book, "customers", {"Customer": '新客户 "N"', "Owner": "李娜", "Phone": "010-1"})
    return typed(book, "Steps", {cell(book, "steps", "Done on", 4): day(-150)})


def brief(events: Events) -> list[tuple[str, str, str, str | None]]:
    return [
        (e["type"], e["key"], e["subject"] or "", e["new"]["value"] if e["new"] else None) for e in events
    ]


def test_what_happened_since_the_last_refresh(book: bytes) -> None:
    after, events = refreshed(edited(book))
    assert brief(events) == [
        ("row_added", '新客户 "N"', "", None),
        ("stage_changed", "Acme, Ltd", "stage", "won"),
        ("field_changed", "云岭咨询", "owner", events[2]["new"]["value"]),
        ("flag_raised", "云岭咨询", "stale", None),
        ("overdue", "云岭咨询", "win_back", None),
    ]
    added, stage, owner, stale, overdue = events
    assert added["values"] == {"name": '新客户 "N"', "owner": "李娜", "phone": "010-1"}
    assert (added["owner"], added["table"], added["as_of"], added["day"]) == (
        "李娜",
        "customers",
        AS_OF.isoformat(),
        TODAY.isoformat(),
    )
    assert (stage["old"], stage["new"]) == (
        {"value": "lead", "label": "Lead"},
        {"value": "won", "label": "Won"},
    )
    assert (owner["old"]["label"], owner["new"]["label"], owner["owner"]) == ('Bob; "B"', "Zoe", "Zoe")
    assert (stale["label"], overdue["label"], overdue["owner"]) == ("Stale", "Win back", "Zoe")
    assert len({e["id"] for e in events}) == len(events)
    assert refreshed(after)[1] == []


def test_nothing_is_told_twice(book: bytes) -> None:
    first, again = refreshed(edited(book)), refreshed(edited(book))
    assert [e["id"] for e in first[1]] == [e["id"] for e in again[1]]
    once = refreshed(first[0], as_of=AS_OF)
    assert once[1] == []


def test_refreshes_in_between_lose_nothing(book: bytes) -> None:
    watched, _ = refreshed(book)
    by_hand, none = refreshed(edited(watched), events=False)
    assert none == []
    _, events = refreshed(by_hand)
    assert {e["type"] for e in events} == {
        "row_added",
        "stage_changed",
        "field_changed",
        "flag_raised",
        "overdue",
    }


def test_days_that_pass_make_things_overdue(book: bytes) -> None:
    after, events = refreshed(book, as_of=AS_OF + dt.timedelta(days=2))
    assert [(e["type"], e["subject"], e["owner"], e["due"]) for e in events] == [
        ("overdue", "steps", "李娜", "2026-03-31"),
        ("overdue", "steps", None, "2026-04-01"),
    ]
    assert refreshed(after, as_of=AS_OF + dt.timedelta(days=2))[1] == []
    later = refreshed(after, as_of=AS_OF + dt.timedelta(days=5))[1]
    assert len(later) == 2


def test_a_row_that_is_gone(book: bytes) -> None:
    row = {cell(book, "steps", h, 3): None for h in ("What", "Customer", "Due", "No.")}
    _, events = refreshed(typed(book, "Steps", row))
    assert [(e["type"], e["key"]) for e in events] == [("row_removed", "S0004")]


def test_a_file_of_events(tmp_path: Path) -> None:
    file = tmp_path / "out" / "events.jsonl"
    lines = [json.dumps({"id": str(n), "text": "甲"}, ensure_ascii=False) for n in range(3)]
    assert eventfiles.appended(file, lines[:2]) == 2
    assert eventfiles.appended(file, lines) == 1
    assert eventfiles.appended(file, ()) == 0
    assert file.read_text("utf-8") == "".join(f"{line}\n" for line in lines)
    with file.open("ab") as stream:
        stream.write(b'{"id": "torn')
    assert eventfiles.appended(file, ['{"id": "9"}']) == 1
    assert file.read_text("utf-8").splitlines()[-2:] == ['{"id": "torn', '{"id": "9"}']


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Dear diary", "utf-8")
    with pytest.raises(UsageError, match="U156"):
        eventfiles.ensure_writable(file)
    with pytest.raises(UsageError, match="U102"):
        eventfiles.ensure_writable(tmp_path)


def event(row: str, key: str = "k") -> Event:
    return Event(EventType.ROW_ADDED, "2026-01-01", "2026-01-01", "customers", row, key)


def test_an_outbox_forgets_whom_it_has_to() -> None:
    outbox = Outbox().with_events(
        [event("b-1", 'Zhang "Z" San'), event("b-2"), event("b-3", 'at Zhang "Z" San\'s')], "b", "n"
    )
    assert [json.loads(x)["row"] for x in outbox.without({"b-2"}, ['Zhang "Z" San']).lines] == []
    assert [json.loads(x)["row"] for x in outbox.without({"b-2"}, []).lines] == ["b-1", "b-3"]


def test_an_outbox_that_nobody_fetches_has_an_end() -> None:
    outbox = Outbox().with_events([event(f"b-{n}") for n in range(MOST_PENDING + 5)], "b", "n")
    assert (len(outbox.lines), outbox.told) == (MOST_PENDING, MOST_PENDING + 5)
    assert outbox.fetched == Outbox(MOST_PENDING + 5)
