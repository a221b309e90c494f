"""A user's file is replaced whole or not at all, and never under another program's feet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crmsheet.cli import files
from crmsheet.errors import UsageError, WorkbookRefused

NOW = datetime(2026, 3, 31, 12, 0, 0, tzinfo=UTC)


def test_a_replacement_keeps_permissions_and_leaves_nothing_behind(tmp_path: Path) -> None:
    book = tmp_path / "客户 表.xlsx"
    book.write_bytes(b"old")
    book.chmod(0o640)
    files.replaced(book, b"old", b"new")
    assert book.read_bytes() == b"new"
    assert book.stat().st_mode & 0o777 == 0o640
    assert [f.name for f in tmp_path.iterdir()] == [book.name]


def test_a_book_saved_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"saved by someone else")
    with pytest.raises(WorkbookRefused) as refusal:
        files.replaced(book, b"old", b"new")
    assert refusal.value.diagnostics[0].code == "W303"
    assert book.read_bytes() == b"saved by someone else"
    assert [f.name for f in tmp_path.iterdir()] == [book.name]


def test_backups_are_copies_and_are_rotated(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"content")
    copies = [
        files.backed_up(book, b"content", None, NOW + timedelta(seconds=n // 2))
        for n in range(files.KEPT + 3)
    ]
    left = sorted((tmp_path / files.BACKUPS).iterdir())
    assert left == sorted(copies)[3:]
    assert all(f.read_bytes() == b"content" for f in left)
    assert all(f.stat().st_ino != book.stat().st_ino for f in left)


@pytest.mark.parametrize(
    ("lock", "content", "program", "holder"),
    [
        ("~$book.xlsx", b"\x06Li Lei" + b" " * 40, "Excel", "Li Lei"),
        (".~lock.book.xlsx#", ",韩梅梅,host,21.11.2026 10:00,file:///x;".encode(), "LibreOffice", "韩梅梅"),
        (".~book.xlsx", b"", "WPS", "someone"),
    ],
)
def test_an_open_book_is_refused_with_who_holds_it(
    tmp_path: Path, lock: str, content: bytes, program: str, holder: str
) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"x")
    (tmp_path / lock).write_bytes(content)
    with pytest.raises(WorkbookRefused) as refusal:
        files.ensure_unlocked(book, wait=0, ignore=False)
    message = refusal.value.diagnostics[0].message
    assert program in message
    assert holder in message
    files.ensure_unlocked(book, wait=0, ignore=True)


def test_waiting_ends_when_the_lock_goes(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"x")
    lock = tmp_path / "~$book.xlsx"
    lock.write_bytes(b"")
    remover = subprocess.Popen(
        [sys.executable, "-c", f"import time, os; time.sleep(.3); os.unlink({str(lock)!r})"]
    )
    files.ensure_unlocked(book, wait=30, ignore=False)
    remover.wait()
    assert not lock.exists()


def test_a_missing_book_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        files.read_book(tmp_path / "none.xlsx")
    with pytest.raises(UsageError):
        files.read_book(tmp_path)


def test_a_link_leads_to_the_real_file(tmp_path: Path) -> None:
    real = tmp_path / "real.xlsx"
    real.write_bytes(b"x")
    link = tmp_path / "link.xlsx"
    link.symlink_to(real)
    assert files.read_book(link) == (real.resolve(), b"x")


def test_an_existing_file_is_not_overwritten_by_a_new_one(tmp_path: Path) -> None:
    target = tmp_path / "a" / "new.xlsx"
    files.created(target, b"1", force=False)
    with pytest.raises(UsageError):
        files.created(target, b"2", force=False)
    assert target.read_bytes() == b"1"
    files.created(target, b"2", force=True)
    assert target.read_bytes() == b"2"


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_killed_at_any_moment_the_book_is_old_or_new(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    old, new = b"o" * 2_000_000, b"n" * 3_000_000
    script = textwrap.dedent(f"""
        from pathlib import Path
        from crmsheet.cli import files
        book = Path({str(book)!r})
        print("ready", flush=True)
        while True:
            content = book.read_bytes()
            files.replaced(book, content, {"b'n' * 3_000_000"} if content[:1] == b"o" else {"b'o' * 2_000_000"})
    """)
    book.write_bytes(old)
    for round_ in range(8):
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.01 + 0.007 * round_)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert book.read_bytes() in (old, new)
