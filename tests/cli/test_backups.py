"""Backups are real copies that belong to one book, in the order of time."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.cli import backups
from crmsheet.errors import UsageError, WorkbookRefused

NOW = datetime(2026, 3, 31, 12, 0, 0, tzinfo=UTC)


def made(book: Path, content: bytes, now: datetime = NOW, under: Path | None = None) -> Path:
    """The book with that content, and a backup of it."""
    book.parent.mkdir(parents=True, exist_ok=True)
    book.write_bytes(content)
    return backups.kept(book, content, under, now)


def test_a_backup_is_a_copy_with_the_books_mode_and_leaves_nothing_else(tmp_path: Path) -> None:
    book = tmp_path / "客户 表.xlsx"
    book.write_bytes(b"content")
    book.chmod(0o600)
    copy = backups.kept(book, b"content", None, NOW)
    assert copy.parent == tmp_path / ".crmsheet-backups" / "客户 表.xlsx"
    assert copy.name == "20260331-120000-000000Z 客户 表.xlsx"
    assert copy.read_bytes() == b"content"
    assert copy.stat().st_ino != book.stat().st_ino
    assert copy.stat().st_nlink == 1
    assert copy.stat().st_mode == book.stat().st_mode
    assert list(copy.parent.iterdir()) == [copy]


def test_the_newest_are_kept(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    copies = [made(book, b"%d" % n, NOW + timedelta(seconds=n // 2)) for n in range(backups.KEPT + 3)]
    assert sorted(copies) == copies
    left = backups.listed(copies[0].parent)
    assert [b.file for b in left] == copies[3:]
    assert [b.file.read_bytes() for b in left] == [b"%d" % n for n in range(3, backups.KEPT + 3)]


def test_the_same_content_is_not_kept_twice_in_a_row(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    first = made(book, b"1")
    assert made(book, b"1", NOW + timedelta(days=1)) == first
    second = made(book, b"2", NOW + timedelta(days=2))
    assert made(book, b"1", NOW + timedelta(days=3)) > second
    assert len(backups.listed(first.parent)) == 3


def test_order_survives_a_clock_that_goes_back_and_other_zones(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    times = (
        NOW,
        NOW - timedelta(hours=3),
        NOW.astimezone(timezone(timedelta(hours=8))),
        NOW.astimezone(timezone(timedelta(hours=-9))) + timedelta(seconds=1),
    )
    copies = [made(book, b"%d" % n, time) for n, time in enumerate(times)]
    assert sorted(copies) == copies
    assert copies[-1].name.startswith("20260331-120001")


NAMES = (
    *("a.xlsx", "a.b.xlsx", "a b.xlsx", "A (1).xlsx", "a.20260331-120000-000000.xlsx", "客户.xlsx"),
    *("客户.2026.xlsx", "a.xlsm", "a", ".xlsx", "20260331-120000-000000Z a.xlsx", "长" * 80 + ".xlsx"),
)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["beside", "--backup-dir"])
def test_books_of_one_folder_never_rotate_each_others(tmp_path: Path, elsewhere: bool) -> None:
    under = tmp_path / "备份" if elsewhere else None
    books = [tmp_path / folder / name for folder in ("x", "y") for name in NAMES]
    for n in range(3):
        for book in books:
            made(book, f"{book} {n}".encode(), NOW + timedelta(seconds=n), under)
    for _ in range(backups.KEPT + 5):
        made(books[0], os.urandom(8), NOW, under)
    folders = {backups.folder_of(book, under) for book in books}
    assert len(folders) == len(books)
    for book in books[1:]:
        own = backups.listed(backups.folder_of(book, under))
        assert [b.file.read_bytes().decode() for b in own] == [f"{book} {n}" for n in range(3)]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_any_name_gives_names_that_a_disk_takes_and_that_are_found_again(name: str) -> None:
    if len(name.encode()) > 250:
        return
    book = Path("/folder") / (name + ".xlsx")
    stamp = f"{NOW:%Y%m%d-%H%M%S-%f}Z {backups._shortened(book.stem)}{book.suffix}"
    assert len(stamp.encode()) <= 255
    assert backups._NAME.fullmatch(stamp)
    assert len(backups.folder_of(book, Path("/b")).name.encode()) <= 255


def test_what_is_no_backup_is_neither_listed_nor_removed(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    copy = made(book, b"1")
    others = [copy.with_name(n) for n in ("notes.txt", "20269931-120000-000000Z x.xlsx", "2026.xlsx")]
    for other in others:
        other.write_bytes(b"mine")
    for n in range(backups.KEPT + 2):
        made(book, b"more %d" % n)
    assert all(other.exists() for other in others)
    assert len(backups.listed(copy.parent)) == backups.KEPT
    assert backups.listed(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("20260331-120000-000000Z book.xlsx", 0),
        ("20260331-12", 0),
        ("2026-04-01", 1),
        ("2026-04-01T13:05", 1),
        ("2026-04-02 13:05:06.000001", 3),
    ],
)
def test_a_backup_is_named_by_its_name_or_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, index: int
) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        book = tmp_path / "book.xlsx"
        later = datetime(2026, 4, 2, 11, 5, 6, tzinfo=UTC)
        moments = (NOW, later - timedelta(days=1), later, later)
        copies = [made(book, b"%d" % n, moment) for n, moment in enumerate(moments)]
        found = backups.listed(copies[0].parent)
        assert backups.chosen(found, wanted, book).file == copies[index]
        assert backups.chosen(found, str(copies[2]), book).file == copies[2]
        shown = backups.local_times(found)
        assert shown[0] == "2026-03-31 14:00:00"
        assert len(set(shown)) == 4
        assert [backups.chosen(found, s, book).file for s in shown] == copies
        for unclear in ("2026-04-02", "2026"):
            with pytest.raises(UsageError, match=r"U109.*several"):
                backups.chosen(found, unclear, book)
        with pytest.raises(UsageError, match=r"U109.*no backup"):
            backups.chosen(found, "2025-01-01", book)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_without_a_backup_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    book = tmp_path / "book.xlsx"
    copy = made(book, b"1")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(WorkbookRefused) as refusal:
        made(book, b"2")
    (said,) = refusal.value.diagnostics
    assert said.code == "W306"
    assert "--backup-dir" in said.remedy
    assert list(copy.parent.iterdir()) == [copy]


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    (tmp_path / backups.FOLDER).write_bytes(b"")
    with pytest.raises(WorkbookRefused, match="W306"):
        made(book, b"1")
