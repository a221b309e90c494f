"""What is due, when, whose, and what is told of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.api.due_world import AS_OF, TODAY, built

from crmsheet import api
from crmsheet.errors import UsageError
from crmsheet.model.words import Language


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("book"))


def remind(book: bytes, **options: object) -> api.Reminded:
    return api.remind(book, name="book.xlsx", today=TODAY, **options)  # type: ignore[arg-type]


def test_what_is_due_by_owner(book: bytes) -> None:
    found = remind(book)
    told = [(d.owner, d.kind, d.told[0].text, d.late) for d in found.due]
    assert told == [
        ('Bob; "B"', "steps", "soon", -3),
        ("李娜", "steps", "late", 3),
        ("李娜", "steps", "today in two lines; really, yes", 0),
        ("李娜", "win_back", "Acme, Ltd", 109),
        ("", "steps", "orphan", -1),
    ]
    assert (found.as_of, found.language, found.overdue) == (AS_OF, "en", 2)
    late = found.due[1]
    assert [(t.label, t.text) for t in late.told] == [
        ("What", "late"),
        ("Customer", "Acme, Ltd"),
        ("Phone", "+86 138"),
    ]
    assert (late.day, late.sheet, late.cell) == (AS_OF - dt.timedelta(days=3), "Steps", "C4")
    assert late.uid == f"{late.row}.steps"


def test_days_ahead_owner_and_kind_can_be_chosen(book: bytes) -> None:
    assert [d.told[0].text for d in remind(book, days=4).due if d.owner.startswith("Bob")] == ["soon", "far"]
    assert {d.owner for d in remind(book, owners=("李娜",)).due} == {"李娜"}
    assert remind(book, owners=("zoe",)).due == ()
    assert {d.kind for d in remind(book, kinds=("唤醒",)).due} == {"win_back"}
    with pytest.raises(UsageError, match="U154"):
        remind(book, owners=("Carl",))
    with pytest.raises(UsageError, match="U153"):
        remind(book, kinds=("everything",))


def test_another_day_changes_what_is_late(book: bytes) -> None:
    found = remind(book, as_of=AS_OF + dt.timedelta(days=4))
    assert {d.told[0].text: d.late for d in found.due if d.kind == "steps"} == {
        "late": 7,
        "today in two lines; really, yes": 4,
        "soon": 1,
        "far": 0,
        "orphan": 3,
    }


def test_a_spec_that_says_nothing_has_reminders(tmp_path: Path) -> None:
    found = remind(built(tmp_path, reminders="", language=Language.ZH))
    assert {(d.kind, d.label) for d in found.due} == {
        ("steps_due", "步骤 · 期限"),
        ("customers_last_done", "客户 · 最近"),
    }
    assert {t.text for d in found.due if d.kind == "steps_due" for t in d.told} >= {"late", "Acme, Ltd"}


def test_a_spec_that_wants_none_has_none(tmp_path: Path) -> None:
    assert remind(built(tmp_path, reminders="reminders: {}\n")).due == ()
