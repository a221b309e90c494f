"""A backup takes the book's place, and the book as it was becomes a backup."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Crmsheet

from crmsheet.cli import backups
from crmsheet.cli.exits import Exit


@pytest.fixture
def book(world: Path, tmp_path: Path, crmsheet: Crmsheet) -> Path:
    """A workbook with two backups: as built, and as of 1 April; it is as of 2 April."""
    book = Path(shutil.copy(world / "客户表.xlsx", tmp_path / "客户 表.xlsx"))
    for day in ("2026-04-01", "2026-04-02"):
        assert crmsheet("refresh", book.name, "--as-of", day, cwd=tmp_path).code == Exit.DONE
    return book


def _copies(book: Path) -> list[bytes]:
    return [b.file.read_bytes() for b in backups.listed(backups.folder_of(book, None))]


def test_the_newest_that_differs_is_restored_and_a_second_time_undoes_it(
    book: Path, crmsheet: Crmsheet
) -> None:
    present = book.read_bytes()
    built, first = _copies(book)
    book.chmod(0o640)
    dry = crmsheet("restore", book.name, "--dry-run", cwd=book.parent)
    assert dry.code == Exit.NO
    assert "would be restored" in dry.text
    assert book.read_bytes() == present
    done = crmsheet("restore", book.name, cwd=book.parent)
    assert done.code == Exit.DONE
    assert book.read_bytes() == first
    assert book.stat().st_mode & 0o777 == 0o640
    assert _copies(book) == [built, first, present]
    again = crmsheet("restore", book.name, "--format", "json", cwd=book.parent)
    assert book.read_bytes() == present
    said = json.loads(again.text)
    assert said["restored"]
    assert Path(said["backup"]).read_bytes() == first
    assert not list(book.parent.glob(".crmsheet-new*"))


def test_a_backup_is_chosen_by_name_or_time(book: Path, crmsheet: Crmsheet) -> None:
    listed = json.loads(crmsheet("restore", book.name, "--list", "--format", "json", cwd=book.parent).text)
    oldest = listed["backups"][-1]
    built, _ = _copies(book)
    done = crmsheet("restore", book.name, "--backup", oldest["name"], cwd=book.parent)
    assert done.code == Exit.DONE
    assert book.read_bytes() == built
    same = crmsheet("restore", book.name, "--backup", oldest["name"], cwd=book.parent)
    assert same.code == Exit.DONE
    assert "nothing to restore" in same.text
    for wrong in ("2020-01-01", "20"):
        refused = crmsheet("restore", book.name, "--backup", wrong, cwd=book.parent)
        assert refused.code == Exit.USAGE
        assert "U109" in refused.messages
    assert book.read_bytes() == built


def test_the_list_says_when_how_large_how_many_rows_and_which_is_the_present_one(
    book: Path, crmsheet: Crmsheet
) -> None:
    built, _ = _copies(book)
    text = crmsheet("restore", book.name, "--list", cwd=book.parent).text
    assert text.count("客户 3") == 2
    assert "as the workbook is now" not in text
    book.write_bytes(built)
    (book.parent / backups.FOLDER / book.name / "20991231-000000-000000Z x.xlsx").write_bytes(b"broken")
    listed = json.loads(crmsheet("restore", book.name, "--list", "--format", "json", cwd=book.parent).text)
    newest, second, oldest = listed["backups"]
    assert (newest["rows"], newest["bytes"]) == ({}, 6)
    assert second["rows"] == {"客户": 3}
    assert [b["is_present"] for b in (newest, second, oldest)] == [False, False, True]
    assert oldest["bytes"] == len(built)
    assert oldest["when"] < second["when"] < newest["when"]


def test_a_deleted_book_comes_back(book: Path, crmsheet: Crmsheet) -> None:
    _, first = _copies(book)
    book.unlink()
    assert crmsheet("restore", book.name, cwd=book.parent).code == Exit.DONE
    assert book.read_bytes() == first
    assert len(_copies(book)) == 2


def test_a_backup_can_be_written_elsewhere(book: Path, crmsheet: Crmsheet) -> None:
    present = book.read_bytes()
    _, first = _copies(book)
    done = crmsheet("restore", book.name, "-o", "früher.xlsx", cwd=book.parent)
    assert done.code == Exit.DONE
    assert (book.parent / "früher.xlsx").read_bytes() == first
    assert book.read_bytes() == present
    assert crmsheet("restore", book.name, "-o", book.name, cwd=book.parent).code == Exit.USAGE


def test_backups_elsewhere_are_found_there(world: Path, tmp_path: Path, crmsheet: Crmsheet) -> None:
    book = Path(shutil.copy(world / "客户表.xlsx", tmp_path / "b.xlsx"))
    before = book.read_bytes()
    crmsheet("refresh", book.name, "--as-of", "2026-04-01", "--backup-dir", "备 份", cwd=tmp_path)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.xlsx", "备 份"]
    refused = crmsheet("restore", book.name, cwd=tmp_path)
    assert refused.code == Exit.USAGE
    assert "U108" in refused.messages
    assert "--backup-dir" in refused.messages
    assert crmsheet("restore", book.name, "--backup-dir", "备 份", cwd=tmp_path).code == Exit.DONE
    assert book.read_bytes() == before


def test_a_book_that_is_open_is_not_restored_until_it_is_closed(book: Path, crmsheet: Crmsheet) -> None:
    present = book.read_bytes()
    lock = book.with_name("~$" + book.name)
    lock.write_bytes(b"\x04Anna")
    refused = crmsheet("restore", book.name, cwd=book.parent)
    assert refused.code == Exit.REFUSED
    assert "W301" in refused.messages
    assert book.read_bytes() == present
    assert len(_copies(book)) == 2
    assert crmsheet("restore", book.name, "--ignore-lock", cwd=book.parent).code == Exit.DONE
    assert book.read_bytes() != present


def test_without_backups_it_says_so(world: Path, tmp_path: Path, crmsheet: Crmsheet) -> None:
    shutil.copy(world / "客户表.xlsx", tmp_path / "b.xlsx")
    listed = crmsheet("restore", "b.xlsx", "--list", cwd=tmp_path)
    assert (listed.code, "no backups" in listed.text) == (Exit.DONE, True)
    assert crmsheet("restore", "b.xlsx", cwd=tmp_path).code == Exit.USAGE
    assert "U101" in crmsheet("restore", "none.xlsx", cwd=tmp_path).messages
