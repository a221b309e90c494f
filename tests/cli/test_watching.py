"""What a watch serves, and when: looks and days are given, so that nothing waits."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from crmsheet.cli.exits import Exit
from crmsheet.cli.lockfiles import LockFile
from crmsheet.cli.watching import Failed, Served, Watch, Word, run
from crmsheet.diagnostics import Diagnostic

DAY = date(2026, 3, 31)


@dataclass
class World:
    """A watch over a folder, with people who save and a service that appends a line."""

    folder: Path
    watch: Watch = field(init=False)
    served: list[str] = field(default_factory=list)
    told: list[tuple[str, Word]] = field(default_factory=list)
    refusal: str = ""
    during: Callable[[Path], object] = str
    clock: int = 1_000_000_000

    def on(self, *targets: str) -> World:
        self.watch = Watch(
            tuple(self.folder / t for t in targets),
            self._serve,
            lambda path: path.read_bytes().startswith(b"ours"),
            lambda path, word, _: self.told.append((path.name, word)),
        )
        return self

    def save(self, name: str, content: bytes) -> None:
        """As a program does it: a new file takes the place of the old one."""
        self.clock += 1_000_000_000
        new = self.folder / f"~{name}.tmp"
        new.write_bytes(content)
        os.utime(new, ns=(self.clock, self.clock))
        new.replace(self.folder / name)

    def touch(self, name: str) -> None:
        self.clock += 1_000_000_000
        os.utime(self.folder / name, ns=(self.clock, self.clock))

    def look(self, times: int = 1, day: date = DAY) -> list[str]:
        """What was served meanwhile."""
        self.served.clear()
        for _ in range(times):
            self.watch.look(day)
        return list(self.served)

    def _serve(self, path: Path) -> Served | Failed:
        self.served.append(path.name)
        if self.refusal:
            return Failed((Diagnostic(self.refusal, "no"),))
        content = path.read_bytes()
        if not content.endswith(b" refreshed"):
            content += b" refreshed"
            self.save(path.name, content)
        left = sha256(content).digest()
        self.during(path)
        return Served(left)


@pytest.fixture
def world_book(world: Path, tmp_path: Path) -> Path:
    """The small workbook, built, in a folder of its own."""
    book = tmp_path / "客户 表.xlsx"
    book.write_bytes((world / "客户表.xlsx").read_bytes())
    return book


@pytest.fixture
def people(tmp_path: Path) -> World:
    return World(tmp_path)


def test_every_book_is_served_at_the_beginning_and_then_rests(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.save("b.xlsx", b"ours 2")
    people.on("a.xlsx", "b.xlsx")
    assert people.look(2) == ["a.xlsx", "b.xlsx"]
    assert people.look(5) == []


def test_a_save_is_served_once_it_is_at_rest(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.on("a.xlsx").look(2)
    people.save("a.xlsx", b"ours 2")
    assert people.look() == []
    people.save("a.xlsx", b"ours 2 and on")
    assert people.look() == []
    assert people.look(3) == ["a.xlsx"]


def test_what_the_watch_writes_is_no_save(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    assert people.on("a.xlsx").look(6) == ["a.xlsx"]
    assert (people.folder / "a.xlsx").read_bytes() == b"ours 1 refreshed"


def test_a_save_during_the_service_is_served_too(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.on("a.xlsx")
    people.during = lambda path: people.save(path.name, b"ours, saved in the very moment")
    assert people.look(2) == ["a.xlsx"]
    people.during = str
    assert people.look(3) == ["a.xlsx"]
    assert people.look(3) == []


def test_a_file_that_was_only_touched_is_not_served(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.on("a.xlsx").look(2)
    people.touch("a.xlsx")
    assert people.look(4) == []


def test_an_open_book_is_told_of_once_and_served_when_it_is_closed(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    lock = people.folder / "~$a.xlsx"
    lock.write_bytes(b"\x04Anna")
    people.on("a.xlsx")
    assert people.look(4) == []
    assert people.told == [("a.xlsx", Word.OPEN)]
    lock.unlink()
    assert people.look(2) == ["a.xlsx"]
    lock.write_bytes(b"\x04Anna")
    people.save("a.xlsx", b"ours 2")
    people.look(3)
    assert people.told == [("a.xlsx", Word.OPEN)] * 2


def test_a_book_that_is_gone_for_a_moment_is_waited_for(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.on("a.xlsx").look(2)
    (people.folder / "a.xlsx").unlink()
    assert people.look(2) == []
    assert people.told == [("a.xlsx", Word.GONE)]
    people.save("a.xlsx", b"ours 2")
    assert people.look(2) == ["a.xlsx"]


def test_a_folder_is_watched_for_books_of_ours_that_come_and_go(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.save("foreign.xlsx", b"no book of ours")
    for name in ("~$a.xlsx.xlsx", ".hidden.xlsx", "notes.txt"):
        (people.folder / name).write_bytes(b"ours too")
    people.on(".")
    assert people.look(3) == ["a.xlsx"]
    people.save("新客户.xlsx", b"ours 3")
    (people.folder / "a.xlsx").unlink()
    assert people.look(3) == ["新客户.xlsx"]
    people.save("foreign.xlsx", b"ours now")
    assert people.look(3) == ["foreign.xlsx"]
    assert people.told == []


def test_a_refusal_is_told_once_and_tried_again_after_the_next_save(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.save("b.xlsx", b"ours 2")
    people.on("a.xlsx", "b.xlsx")
    people.refusal = "W106"
    assert people.look(5) == ["a.xlsx", "b.xlsx"]
    people.refusal = ""
    assert people.look(3) == []
    people.save("a.xlsx", b"ours, repaired")
    assert people.look(3) == ["a.xlsx"]


@pytest.mark.parametrize("code", ["W301", "W303", "W304"])
def test_what_passes_by_itself_is_tried_again_at_every_look(people: World, code: str) -> None:
    people.save("a.xlsx", b"ours 1")
    people.on("a.xlsx")
    people.refusal = code
    assert people.look(4) == ["a.xlsx"] * 3
    assert people.told == [("a.xlsx", Word.OPEN)]
    people.refusal = ""
    assert people.look(3) == ["a.xlsx"]


def test_each_book_is_served_once_on_a_new_day(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    people.on("a.xlsx").look(2)
    assert people.look(4, date(2026, 4, 1)) == ["a.xlsx"]


def test_a_look_follows_another_after_the_interval(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    slept: list[float] = []
    run(people.on("a.xlsx").watch, interval=5, today=lambda: DAY, sleep=slept.append, looks=range(3))
    assert slept == [5, 5, 5]
    assert people.served == ["a.xlsx"]


def test_who_has_it_open_is_handed_on(people: World) -> None:
    people.save("a.xlsx", b"ours 1")
    (people.folder / "~$a.xlsx").write_bytes(b"\x04Anna")
    locks: list[LockFile | None] = []
    watch = Watch(
        (people.folder / "a.xlsx",), lambda _: Failed(()), lambda _: True, lambda *a: locks.append(a[2])
    )
    run(watch, interval=0, today=lambda: DAY, sleep=lambda _: None, looks=range(2))
    (lock,) = locks
    assert lock is not None
    assert lock.holder == "Anna"
    assert lock.since <= datetime.now().astimezone()


def test_a_watch_says_a_line_for_each_refresh_and_ends_when_interrupted(
    world_book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of it, with a clock of ours: two looks, a save, two looks, Ctrl-C."""
    from openpyxl import load_workbook

    from crmsheet.cli import main

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        match len(slept):
            case 2:
                workbook = load_workbook(world_book)
                sheet = workbook["客户"]
                row = next(c.row + 1 for cells in sheet.iter_rows() for c in cells if c.value == "客户名称")
                sheet.cell(row, 4).value = 99_000
                workbook.save(world_book)
            case 6:
                raise KeyboardInterrupt

    slept: list[float] = []
    monkeypatch.setattr("crmsheet.cli.watched.time.sleep", sleep)
    monkeypatch.setattr("crmsheet.cli.watched.signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        main(["refresh", str(world_book.parent), "--watch", "--interval", "20s"])
    assert ended.value.code == Exit.INTERRUPTED
    assert set(slept) == {20.0}
    said = capsys.readouterr()
    first, second = said.out.splitlines()
    assert first.endswith(f"  {world_book}: up to date as of 2026-03-31.")
    assert f"  {world_book}: refreshed as of " in second
    assert f"Watching {world_book.parent}; Ctrl-C ends it." in said.err
