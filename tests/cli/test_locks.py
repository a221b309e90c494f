"""A book is never written under another program's feet, nor under those of another run."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import textwrap
import threading
import time
import types
from datetime import datetime
from pathlib import Path

import pytest

from crmsheet.cli import locks, oslocks
from crmsheet.cli.lockfiles import Program, lock_of
from crmsheet.cli.oslocks import Locking
from crmsheet.errors import WorkbookRefused

SOURCE = str(Path(__file__).resolve().parents[2] / "src")


def owner_file(narrow: bytes, wide: str = "") -> bytes:
    """165 bytes as Office writes them: the user's name twice, each with its length, filled up with blanks."""
    second = struct.pack("<H", len(wide)) + wide.encode("utf-16-le")
    return (bytes([len(narrow)]) + narrow).ljust(55, b" ") + second.ljust(110, b" ")


LIBREOFFICE = ",韩梅梅,host,21.11.2026 10:00,file:///x;".encode()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    book = tmp_path / "2026客户 表.xlsx"
    book.write_bytes(b"x")
    return book


@pytest.mark.parametrize(
    ("lock", "content", "program", "holder"),
    [
        ("~$2026客户 表.xlsx", owner_file(b"Li Lei"), Program.EXCEL, "Li Lei"),
        ("~$2026客户 表.xlsx", owner_file("李雷".encode("gb18030"), "李雷"), Program.EXCEL, "李雷"),
        ("~$2026客户 表.xlsx", owner_file("李雷".encode("gb18030")), Program.EXCEL, "李雷"),
        ("~$2026客户 表.xlsx", b"\x06Li Lei" + b" " * 40, Program.EXCEL, "Li Lei"),
        ("~$26客户 表.xlsx", owner_file(b"Anna", "Anna"), Program.EXCEL, "Anna"),
        (".~lock.2026客户 表.xlsx#", LIBREOFFICE, Program.LIBREOFFICE, "韩梅梅"),
        (".~lock.2026客户 表.xlsx#", b"Lei\\, Li,li,h,;", Program.LIBREOFFICE, "Lei, Li"),
        (".~2026客户 表.xlsx", b"", Program.WPS, ""),
        (".~026客户 表.xlsx", owner_file(b"Anna"), Program.WPS, "Anna"),
        (".~26客户 表.xlsx", bytes(range(256)) * 2, Program.WPS, ""),
    ],
)
def test_a_lock_says_which_program_and_who(
    book: Path, lock: str, content: bytes, program: Program, holder: str
) -> None:
    book.with_name(lock).write_bytes(content)
    found = lock_of(book)
    assert found is not None
    assert (found.program, found.holder) == (program, holder)
    with pytest.raises(WorkbookRefused) as refusal:
        locks.ensure_unlocked(book, wait=0, ignore=False)
    diagnostic = refusal.value.diagnostics[0]
    assert diagnostic.code == "W301"
    assert program in diagnostic.message
    assert holder in diagnostic.message
    assert lock in diagnostic.remedy
    locks.ensure_unlocked(book, wait=0, ignore=True)


def test_since_is_what_libreoffice_wrote_else_the_time_of_the_file(book: Path) -> None:
    lock = book.with_name(f".~lock.{book.name}#")
    lock.write_bytes(LIBREOFFICE)
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    found = lock_of(book)
    assert found is not None
    assert found.since == datetime(2026, 11, 21, 10, 0).astimezone()
    lock.write_bytes(b"x,y,z,soon,;")
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    found = lock_of(book)
    assert found is not None
    assert found.since.timestamp() == 1_700_000_000


def test_a_shortened_name_that_is_another_books_is_that_books_lock(book: Path) -> None:
    lock = book.with_name("~$26客户 表.xlsx")
    lock.write_bytes(owner_file(b"Anna"))
    other = book.with_name("26客户 表.xlsx")
    other.write_bytes(b"y")
    assert lock_of(book) is None
    assert lock_of(other) is not None


def test_a_very_short_name_does_not_meet_every_lock(tmp_path: Path) -> None:
    book = tmp_path / "ab.xlsx"
    book.write_bytes(b"x")
    (tmp_path / "~$.xlsx").write_bytes(b"")
    (tmp_path / ".~.xlsx").write_bytes(b"")
    assert lock_of(book) is None


def test_waiting_ends_when_the_lock_goes(book: Path) -> None:
    lock = book.with_name("~$" + book.name)
    lock.write_bytes(b"")
    threading.Timer(0.3, lock.unlink).start()
    with locks.held(book, wait=30, ignore=False):
        assert not lock.exists()


def test_a_read_only_book_or_folder_is_refused(book: Path) -> None:
    book.chmod(0o444)
    with pytest.raises(WorkbookRefused) as refusal, locks.held(book, wait=0, ignore=True):
        pass
    assert refusal.value.diagnostics[0].code == "W302"


def _holder(book: Path) -> subprocess.Popen[bytes]:
    """Another process that has the book until it is killed."""
    script = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from crmsheet.cli import locks
        with locks.held(Path({str(book)!r}), wait=0, ignore=False):
            print("held", flush=True)
            time.sleep(600)
    """)
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": SOURCE}
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    return child


@pytest.mark.parametrize("beside", [False, True], ids=["the book itself", "a file beside it"])
def test_two_runs_follow_one_another_and_a_dead_one_stops_nobody(
    book: Path, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    if beside:
        monkeypatch.setattr(locks, "lock_target", lambda book: book.with_name(".crmsheet-lock-x"))
        other = book.with_name(".crmsheet-lock-x")
        other.write_bytes(b"")
    child = _holder(other if beside else book)
    try:
        with (
            pytest.raises(WorkbookRefused) as refusal,
            locks.held(book, wait=0, ignore=True, patience=0.2),
        ):
            pass
        assert refusal.value.diagnostics[0].code == "W304"
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
    with locks.held(book, wait=0, ignore=False, patience=0):
        pass
    assert [f.name for f in book.parent.iterdir()] == [book.name]


def test_who_waits_gets_the_book_that_is_there_not_the_one_replaced_meanwhile(book: Path) -> None:
    order: list[str] = []
    first_has_it = threading.Event()

    def first() -> None:
        with locks.held(book, wait=0, ignore=False):
            first_has_it.set()
            time.sleep(0.2)
            new = book.with_name("new")
            new.write_bytes(b"new")
            order.append("first")  # before the book is there: who waits may have it at once
            new.replace(book)

    thread = threading.Thread(target=first)
    thread.start()
    first_has_it.wait()
    with locks.held(book, wait=0, ignore=False):
        order.append("second")
        assert book.read_bytes() == b"new"
        handle = os.open(book, os.O_RDWR)
        assert oslocks.locked(handle) is Locking.TAKEN
        os.close(handle)
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (None, Locking.LOCKED),
        (PermissionError(13, "Permission denied"), Locking.TAKEN),
        (OSError(22, "Invalid argument"), Locking.UNKNOWN),
    ],
)
def test_windows_locks_the_first_byte(
    book: Path, monkeypatch: pytest.MonkeyPatch, failure: OSError | None, state: Locking
) -> None:
    calls: list[tuple[int, int, int]] = []

    def locking(handle: int, mode: int, count: int) -> None:
        calls.append((os.lseek(handle, 0, os.SEEK_CUR), mode, count))
        if failure is not None:
            raise failure

    fake = types.ModuleType("msvcrt")
    monkeypatch.setattr(fake, "locking", locking, raising=False)
    monkeypatch.setattr(fake, "LK_NBLCK", 2, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    handle = os.open(book, os.O_RDWR)
    os.lseek(handle, 1, os.SEEK_SET)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "win32")
        found = oslocks.locked(handle)
    os.close(handle)
    assert found is state
    assert calls == [(0, 2, 1)]


def test_without_locks_one_goes_on(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "locked", lambda _handle: Locking.UNKNOWN)
    with locks.held(book, wait=0, ignore=False):
        assert book.exists()
