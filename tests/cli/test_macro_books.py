"""A workbook with macros stays one: its ending, its kind, its macros; copies and backups too."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import Crmsheet
from tests.judge.grafting import into
from tests.judge.saved import WORKBOOKS

KIND = b'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"'
DAY = "2026-04-05"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "宏 book.xlsm"
    content = into((WORKBOOKS / "xlsxwriter_macros.xlsm").read_bytes(), path.name)
    assert isinstance(content, bytes)
    path.write_bytes(content)
    return path


def kept(path: Path, original: Path) -> None:
    with zipfile.ZipFile(path) as after, zipfile.ZipFile(original) as before:
        assert after.read("xl/vbaProject.bin") == before.read("xl/vbaProject.bin")
        assert KIND in after.read("[Content_Types].xml")
        for name in before.namelist():
            if "vba" in name.lower() or "vml" in name.lower():
                assert after.read(name) == before.read(name)


def test_it_is_refreshed_in_place_with_a_backup_of_its_kind(book: Path, crmsheet: Crmsheet) -> None:
    before = book.read_bytes()
    done = crmsheet("refresh", book.name, "--as-of", DAY, cwd=book.parent)
    assert done.code == 0, done.messages
    assert book.read_bytes() != before
    kept(book, WORKBOOKS / "xlsxwriter_macros.xlsm")
    assert [p.name for p in book.parent.iterdir() if p.is_file()] == [book.name]
    (backup,) = (p for p in (book.parent / ".crmsheet-backups").rglob("*.xlsm") if p.is_file())
    assert backup.read_bytes() == before
    assert crmsheet("refresh", book.name, cwd=book.parent).text.count("up to date") == 1


def test_a_copy_keeps_the_ending(book: Path, crmsheet: Crmsheet) -> None:
    done = crmsheet("refresh", book.name, "--as-of", DAY, "-o", "copy.xlsm", cwd=book.parent)
    assert done.code == 0, done.messages
    kept(book.with_name("copy.xlsm"), WORKBOOKS / "xlsxwriter_macros.xlsm")


@pytest.mark.parametrize("name", ["copy.xlsx", "copy"])
def test_a_copy_with_another_ending_is_refused(book: Path, crmsheet: Crmsheet, name: str) -> None:
    """Excel does not open a workbook with macros under another ending."""
    before = book.read_bytes()
    done = crmsheet("refresh", book.name, "--as-of", DAY, "-o", name, cwd=book.parent)
    assert done.code == 2
    assert "U110" in done.messages
    assert ".xlsm" in done.messages
    assert book.read_bytes() == before
    assert not (book.parent / name).exists()


def test_the_data_of_one_are_checked(book: Path, crmsheet: Crmsheet) -> None:
    done = crmsheet("check", book.name, cwd=book.parent)
    assert done.code == 0, done.text + done.messages
