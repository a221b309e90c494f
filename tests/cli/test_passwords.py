"""Workbooks that a password protects are read with it, written back with it, and opened by other programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.api.team_world import TODAY, everything, master
from tests.judge.steps import SetCells
from tests.judge.uno_session import edit_with_libreoffice, require

from crmsheet.api.team.copies import opened
from crmsheet.cli import cli
from crmsheet.errors import CrmsheetError, UsageError, WorkbookRefused
from crmsheet.opc import encryption

SECRET = "Geheim 密码 №1"


@pytest.fixture(scope="module")
def protected() -> bytes:
    return encryption.encrypted(master(), SECRET)


@pytest.fixture
def folder(tmp_path: Path, protected: bytes) -> Path:
    (tmp_path / "book.xlsx").write_bytes(protected)
    (tmp_path / "secret.txt").write_text(SECRET + "\r\nthe second line\n", "utf-8-sig")
    (tmp_path / "other.txt").write_text("something else\n", "utf-8")
    (tmp_path / "copies.txt").write_text("for the copies", "utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The command in this process; its own exceptions are handed on."""
    monkeypatch.chdir(folder)
    return CliRunner().invoke(cli, arguments, catch_exceptions=True)


def refused(result: Result) -> CrmsheetError:
    assert isinstance(result.exception, CrmsheetError), result.output
    assert SECRET not in result.output + str(result.exception)
    return result.exception


def test_what_is_protected_is_not_to_be_read(protected: bytes) -> None:
    assert encryption.is_encrypted(protected)
    assert b"Firma" not in protected
    assert encryption.decrypted(protected, SECRET, "x.xlsx") == master()


def test_a_refresh_writes_it_back_protected_and_so_is_the_backup(
    folder: Path, protected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(
        folder,
        *("refresh", "book.xlsx", "--as-of", "2026-03-30", "--password-file", "secret.txt"),
        monkeypatch=monkeypatch,
    )
    assert done.exception is None, done.output
    assert SECRET not in done.output
    after = (folder / "book.xlsx").read_bytes()
    assert after != protected
    assert "2026-03-30" in everything(encryption.decrypted(after, SECRET, "book.xlsx"))
    (backup,) = (folder / ".crmsheet-backups" / "book.xlsx").iterdir()
    assert backup.read_bytes() == protected


@pytest.mark.parametrize(
    ("file", "code"), [("other.txt", "W230"), ("", "W102"), ("missing.txt", "U145"), ("book.xlsx", "U145")]
)
def test_without_its_password_it_stays_closed(
    folder: Path, protected: bytes, monkeypatch: pytest.MonkeyPatch, file: str, code: str
) -> None:
    option = ("--password-file", file) if file else ()
    for command in (("refresh", "book.xlsx"), ("check", "book.xlsx"), ("access", "book.xlsx")):
        result = run(folder, *command, *option, monkeypatch=monkeypatch)
        if command[0] == "refresh":
            assert result.return_value is not None or result.exception is None
            assert code in result.output
        else:
            assert refused(result).diagnostics[0].code == code
    assert (folder / "book.xlsx").read_bytes() == protected


def test_copies_of_a_protected_workbook_have_a_password_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = ("share", "book.xlsx", "--role", "boss", "-o", "copy.xlsx", "--password-file", "secret.txt")
    silent = refused(run(folder, *share, monkeypatch=monkeypatch))
    assert isinstance(silent, UsageError)
    assert silent.diagnostics[0].code == "U146"
    assert not (folder / "copy.xlsx").exists()
    done = run(folder, *share, "--copy-password-file", "copies.txt", monkeypatch=monkeypatch)
    assert done.exception is None, done.output
    copy = (folder / "copy.xlsx").read_bytes()
    assert "Firma01" in everything(encryption.decrypted(copy, "for the copies", "copy.xlsx"))
    with pytest.raises(WorkbookRefused):
        encryption.decrypted(copy, SECRET, "copy.xlsx")


def test_a_password_has_characters(tmp_path: Path) -> None:
    for text in ("", "\n", "x" * 256):
        with pytest.raises(UsageError) as refusal:
            encryption.ensure_usable(text, str(tmp_path))
        assert refusal.value.diagnostics[0].code == "U145"


def test_a_damaged_container_is_refused(protected: bytes) -> None:
    for cut in (600, 5_000, len(protected) // 2):
        with pytest.raises(WorkbookRefused):
            encryption.decrypted(protected[:cut], SECRET, "x.xlsx")


def test_a_missing_library_is_named(protected: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "msoffcrypto", None)
    with pytest.raises(UsageError) as refusal:
        encryption.decrypted(protected, SECRET, "x.xlsx")
    assert "crmsheet[encrypt]" in refusal.value.diagnostics[0].remedy


@pytest.mark.slow
def test_libreoffice_opens_it_with_the_password(folder: Path) -> None:
    require()
    saved = folder / "saved.xlsx"
    steps = [SetCells("Customers", {"A5": "Opened GmbH"})]
    edit_with_libreoffice(folder / "book.xlsx", saved, steps, password=SECRET)
    with opened(saved.read_bytes(), "saved.xlsx", TODAY) as found:
        assert "Opened GmbH" in found.state.tables["customers"].columns["name"]
