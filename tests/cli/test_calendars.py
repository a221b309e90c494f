"""Calendar files: read back by another library, changed as calendars expect, never over a file of somebody else's."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.due_world import AS_OF, built
from tests.cli.conftest import Crmsheet

from crmsheet.api.reminding import Due, Reminded, Told
from crmsheet.cli import calendars
from crmsheet.cli.calendarfiles import Settings, file_name, written, written_for_each
from crmsheet.cli.exits import Exit
from crmsheet.cli.reminders import FORMS
from crmsheet.errors import UsageError

NOW = dt.datetime(2026, 4, 1, 6, 0, tzinfo=dt.UTC)


def due(row: str, late: int, *, owner: str = "李娜", text: str = "寄样品, 报价; 回电") -> Due:
    day = AS_OF - dt.timedelta(days=late)
    told = (Told("内容", text), Told("客户", "Acme"), Told("电话", "+86 138"))
    return Due("steps", "下一步", owner, day, late, "steps", row, "S0001", told, "步骤", "C2")


def reminded(*found: Due) -> Reminded:
    return Reminded("承诺", "zh", AS_OF, found)


def events(data: bytes) -> dict[str, Any]:
    """The entries of a calendar as another library reads them."""
    calendar = icalendar.Calendar.from_ical(data)
    return {str(e["UID"]): e for e in calendar.walk() if e.name in ("VEVENT", "VTODO")}


def test_another_library_reads_it() -> None:
    data = calendars.calendar(reminded(due("ab12-1", 3), due("ab12-2", -2)), now=NOW)
    found = events(data)
    late, soon = found["ab12-1.steps@crmsheet"], found["ab12-2.steps@crmsheet"]
    assert (late["DTSTART"].dt, late["DTEND"].dt) == (AS_OF, AS_OF + dt.timedelta(days=1))
    assert soon["DTSTART"].dt == AS_OF + dt.timedelta(days=2)
    assert str(late["SUMMARY"]) == "[逾期 3 天] 下一步 · 寄样品, 报价; 回电 · Acme · 电话：+86 138"
    assert str(soon["DESCRIPTION"]).split("\n") == [
        "2026-04-02 (2 天后)",
        "内容: 寄样品, 报价; 回电",
        "客户: Acme",
        "电话: +86 138",
        "李娜",
        "步骤!C2",
    ]
    assert (late["SEQUENCE"], late["DTSTAMP"].dt, str(late["STATUS"])) == (0, NOW, "CONFIRMED")
    (alarm,) = [part for part in soon.subcomponents if part.name == "VALARM"]
    assert (alarm["TRIGGER"].dt, str(alarm["ACTION"])) == (dt.timedelta(hours=9), "DISPLAY")


def test_tasks_keep_their_day() -> None:
    data = calendars.calendar(reminded(due("ab12-1", 3)), now=NOW, todo=True, alarm=dt.time(8, 30))
    (task,) = events(data).values()
    assert (task.name, task["DUE"].dt, str(task["STATUS"])) == (
        "VTODO",
        AS_OF - dt.timedelta(days=3),
        "NEEDS-ACTION",
    )
    assert task.subcomponents[0]["TRIGGER"].dt == dt.timedelta(hours=8, minutes=30)
    silent = calendars.calendar(reminded(due("ab12-1", 3)), now=NOW, todo=True, alarm=None)
    assert b"VALARM" not in silent


def test_lines_are_folded_at_75_octets() -> None:
    data = calendars.calendar(reminded(due("ab12-1", 3, text="很长的一句话，" * 40)), now=NOW)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert "很长的一句话，" * 40 in str(next(iter(events(data).values()))["SUMMARY"])


@given(st.text())
def test_folding_and_escaping_come_back(text: str) -> None:
    value = calendars.escaped(text)
    line = calendars.folded(f"SUMMARY:{value}")
    data = line.encode()
    assert all(len(piece) <= 75 for piece in data.split(b"\r\n"))
    (read,) = calendars.unfolded(data)
    seen = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in seen if c in "\n\t" or (ord(c) >= 32 and c != "\x7f"))
    assert calendars.unescaped(read.removeprefix("SUMMARY:")) == seen


def test_what_is_as_it_was_stays_byte_for_byte() -> None:
    found = reminded(due("ab12-1", 3), due("ab12-2", -2))
    first = calendars.calendar(found, now=NOW)
    assert calendars.calendar(found, now=NOW + dt.timedelta(days=1), before=first) == first


def test_what_changed_has_a_higher_sequence() -> None:
    first = calendars.calendar(reminded(due("ab12-1", -1), due("ab12-2", -2)), now=NOW)
    later = NOW + dt.timedelta(hours=5)
    second = calendars.calendar(reminded(due("ab12-1", -4), due("ab12-2", -2)), now=later, before=first)
    moved, same = events(second)["ab12-1.steps@crmsheet"], events(second)["ab12-2.steps@crmsheet"]
    assert (moved["SEQUENCE"], moved["DTSTAMP"].dt) == (1, later)
    assert (same["SEQUENCE"], same["DTSTAMP"].dt) == (0, NOW)


def test_what_is_done_is_cancelled_for_a_while() -> None:
    first = calendars.calendar(reminded(due("ab12-1", -1), due("ab12-2", -2)), now=NOW)
    second = calendars.calendar(reminded(due("ab12-2", -2)), now=NOW, before=first)
    gone = events(second)["ab12-1.steps@crmsheet"]
    assert (str(gone["STATUS"]), gone["SEQUENCE"], len(gone.subcomponents)) == ("CANCELLED", 1, 0)
    assert calendars.calendar(reminded(due("ab12-2", -2)), now=NOW, before=second) == second
    back = calendars.calendar(reminded(due("ab12-1", -1)), now=NOW, before=second)
    assert events(back)["ab12-1.steps@crmsheet"]["SEQUENCE"] == 2
    late = calendars.calendar(reminded(due("ab12-2", -2)), now=NOW + dt.timedelta(days=61), before=second)
    assert list(events(late)) == ["ab12-2.steps@crmsheet"]


def settings(now: dt.datetime = NOW) -> Settings:
    return Settings(now, todo=False, alarm=calendars.ALARM)


def test_a_file_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    file = tmp_path / "mine.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//other//\r\nEND:VCALENDAR\r\n")
    before = file.read_bytes()
    with pytest.raises(UsageError, match="U155"):
        written(file, reminded(due("ab12-1", 1)), settings())
    assert file.read_bytes() == before


def owners(folder: Path) -> dict[str, Sequence[str]]:
    return {
        f.name: [str(e["STATUS"]) for e in events(f.read_bytes()).values()] for f in sorted(folder.iterdir())
    }


def test_a_calendar_for_each_owner(tmp_path: Path) -> None:
    folder = tmp_path / "cal"
    both = reminded(due("ab12-1", 1, owner="a/b"), due("ab12-2", 1, owner="A_B"), due("ab12-3", 1, owner=""))
    files = written_for_each(folder, both, settings(), some=False)
    assert [f.name for f in files] == ["a_b.ics", "A_B 2.ics", "无负责人.ics"]
    again = written_for_each(folder, reminded(due("ab12-2", 1, owner="A_B")), settings(), some=False)
    assert len(again) == 3
    assert owners(folder) == {
        "A_B 2.ics": ["CONFIRMED"],
        "a_b.ics": ["CANCELLED"],
        "无负责人.ics": ["CANCELLED"],
    }
    other = written_for_each(folder, reminded(due("ab12-1", 1, owner="a/b")), settings(), some=True)
    assert [f.name for f in other] == ["a_b.ics"]
    assert owners(folder)["A_B 2.ics"] == ["CONFIRMED"]


@pytest.mark.parametrize(
    ("person", "name"),
    [("张 三", "张 三"), ("..", "_"), ("CON", "_CON"), ('a<b>:"c', "a_b_c"), ("x. ", "x"), ("", "_")],
)
def test_names_of_files(person: str, name: str) -> None:
    assert file_name(person) == name


@pytest.mark.parametrize("form", ["text", "md", "html", "json"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_tells_it_in_the_books_language(form: str, language: str) -> None:
    found = replace(
        reminded(due("ab12-1", 1, text="<b>*bold*</b>"), due("ab12-2", -1, owner="")), language=language
    )
    told = FORMS[form](found)
    if form == "json":
        assert [d["status"] for d in json.loads(told)["due"]] == ["overdue", "ahead"]
        return
    late, nobody = {"zh": ("逾期 1 天", "无负责人"), "en": ("1 day overdue", "Nobody's")}[language]
    assert late in told
    assert nobody in told or nobody.replace("'", "&#x27;") in told
    assert ("<b>" in told) == (form == "text")
    empty = FORMS[form](replace(found, due=()))
    assert {"zh": "没有到期的事项。", "en": "Nothing is due."}[language] in empty


def test_reminders_from_the_shell(crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = tmp_path / "承诺.xlsx"
    book.write_bytes(built(tmp_path))
    before = book.read_bytes()
    done = crmsheet("remind", "承诺.xlsx", "--ics", "due.ics", "--exit-code", cwd=tmp_path)
    assert (done.code, done.text.split()) == (Exit.NO, ["due.ics"])
    assert len(events((tmp_path / "due.ics").read_bytes())) == 5
    done = crmsheet("remind", "承诺.xlsx", "--md", "--owner", "李娜", cwd=tmp_path)
    assert done.code == Exit.DONE
    assert done.text.count("- [ ]") == 3
    page = crmsheet("remind", "承诺.xlsx", "-o", "today.html", cwd=tmp_path)
    again = crmsheet("remind", "承诺.xlsx", "-o", "today.html", cwd=tmp_path)
    assert (page.code, again.code) == (Exit.DONE, Exit.USAGE)
    assert book.read_bytes() == before
