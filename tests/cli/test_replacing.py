"""A user's file is replaced whole or not at all, whatever the disk and its rights are like."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmsheet.cli import replacing
from crmsheet.cli.oslocks import Locking
from crmsheet.errors import UsageError, WorkbookRefused

POSIX = pytest.mark.skipif(os.name == "nt", reason="rights and links of POSIX")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    book = tmp_path / "客户 表.xlsx"
    book.write_bytes(b"old")
    return book


def _alone(book: Path) -> bool:
    return [f.name for f in book.parent.iterdir()] == [book.name]


def test_a_replacement_keeps_mode_and_leaves_nothing_behind(book: Path) -> None:
    book.chmod(0o640)
    replacing.replaced(book, b"old", b"new")
    assert book.read_bytes() == b"new"
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert _alone(book)


@POSIX
def test_owner_and_attributes_stay(book: Path) -> None:
    try:
        os.setxattr(book, "user.note", "看".encode())
    except OSError:
        pytest.skip("no extended attributes here")
    if os.geteuid() == 0:
        os.chown(book, 1234, 2345)
    book.chmod(0o664)
    before = book.stat()
    replacing.replaced(book, b"old", b"new")
    after = book.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert os.getxattr(book, "user.note") == "看".encode()


@POSIX
def test_rights_of_a_group_that_cannot_be_kept_are_not_given_to_another(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.chmod(0o664)
    group = book.stat().st_gid

    def denied(_path: Path, _user: int, wanted: int) -> None:
        if wanted >= 0:
            raise PermissionError(errno.EPERM, "Operation not permitted")

    real = Path.stat

    def of_another_group(path: Path, **options: bool) -> os.stat_result:
        found = real(path, **options)
        if path.name.startswith(replacing.TEMPORARY):
            return os.stat_result((*found[:5], group + 1, *found[6:]))
        return found

    monkeypatch.setattr(os, "chown", denied)
    monkeypatch.setattr(Path, "stat", of_another_group)
    replacing.replaced(book, b"old", b"new")
    assert stat.S_IMODE(book.stat().st_mode) == 0o644


@POSIX
def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "里面" / "real.xlsx"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link = tmp_path / "link.xlsx"
    link.symlink_to(Path("里面") / "real.xlsx")
    book = replacing.real_book(link)
    replacing.replaced(book, b"old", b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert not real.is_symlink()


def test_a_book_saved_meanwhile_is_not_replaced(book: Path) -> None:
    book.write_bytes(b"saved by someone else")
    with pytest.raises(WorkbookRefused, match="W303"):
        replacing.replaced(book, b"old", b"new")
    assert book.read_bytes() == b"saved by someone else"
    assert _alone(book)


def test_a_book_that_vanishes_does_not_come_back(book: Path) -> None:
    book.unlink()
    with pytest.raises(WorkbookRefused, match=r"W303.*moved or deleted"):
        replacing.replaced(book, b"old", b"new")
    assert list(book.parent.iterdir()) == []
    shutil.rmtree(book.parent)
    with pytest.raises(WorkbookRefused, match="W303"):
        replacing.replaced(book, b"old", b"new")


@pytest.mark.parametrize("step", ["fsync", "write", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES])
def test_whatever_the_disk_refuses_the_book_stays(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    match step:
        case "fsync":
            monkeypatch.setattr(os, "fsync", refuse)
        case "write":
            monkeypatch.setattr(replacing.Temporary, "write", refuse)
        case _:
            monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WorkbookRefused) as refusal:
        replacing.replaced(book, b"old", b"new")
    (said,) = refusal.value.diagnostics
    assert said.code == "W305"
    assert os.strerror(number) in said.reason
    assert "-o COPY" in said.remedy
    assert book.read_bytes() == b"old"
    assert _alone(book)


def test_what_does_not_read_back_as_written_is_thrown_away(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "_digest_of", lambda _file: b"other")
    with pytest.raises(WorkbookRefused, match="does not read back"):
        replacing.replaced(book, b"old", b"new")
    assert book.read_bytes() == b"old"
    assert _alone(book)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB, where we may mount one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting takes root")
    folder = tmp_path / "小盘"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder))
    if shutil.which("mount") is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(("umount", str(folder)), check=True)


def test_a_full_disk_leaves_the_book_and_no_temporary_file(tiny_disk: Path) -> None:
    book = tiny_disk / "book.xlsx"
    book.write_bytes(b"o" * 30_000)
    with pytest.raises(WorkbookRefused, match="W305") as refusal:
        replacing.replaced(book, book.read_bytes(), b"n" * 60_000)
    assert "space" in refusal.value.diagnostics[0].remedy
    assert book.read_bytes() == b"o" * 30_000
    assert _alone(book)
    with pytest.raises(UsageError, match="U100"):
        replacing.created(tiny_disk / "copy.xlsx", b"n" * 60_000)
    assert _alone(book)


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a" / "new.xlsx"
    replacing.created(target, b"1")
    assert target.read_bytes() == b"1"
    with pytest.raises(UsageError, match="U102"):
        replacing.created(target, b"2")
    # Even when it appears after the look.
    monkeypatch.setattr(replacing, "ensure_new", lambda _target: None)
    with pytest.raises(UsageError, match="U102"):
        replacing.created(target, b"2")

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    with pytest.raises(UsageError, match="U102"):
        replacing.created(target, b"2")
    other = tmp_path / "other.xlsx"
    replacing.created(other, b"3")
    assert (target.read_bytes(), other.read_bytes()) == (b"1", b"3")
    assert sorted(f.name for f in tmp_path.rglob("*")) == ["a", "new.xlsx", "other.xlsx"]


@POSIX
def test_a_copy_onto_the_book_itself_is_refused(book: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    for same in (book, link, tmp_path / "." / book.name):
        with pytest.raises(UsageError) as refusal:
            replacing.ensure_new(same, book)
        assert refusal.value.diagnostics[0].code == "U102"
        assert "itself" in refusal.value.diagnostics[0].message
    with pytest.raises(UsageError) as folder:
        replacing.ensure_new(tmp_path, book)
    assert book.name in folder.value.diagnostics[0].remedy


@pytest.mark.parametrize("target", ["x" * 300 + ".xlsx", "客户 表.xlsx/copy.xlsx"])
def test_a_target_that_cannot_be_is_refused(book: Path, target: str) -> None:
    with pytest.raises(UsageError, match="U100"):
        replacing.created(book.parent / target, b"new")
    assert _alone(book)


def test_a_missing_book_or_a_folder_is_a_usage_error(tmp_path: Path) -> None:
    for book in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(UsageError, match="U101"):
            replacing.real_book(book)


@POSIX
def test_only_files_that_nobody_holds_are_swept(tmp_path: Path) -> None:
    dead = tmp_path / f"{replacing.TEMPORARY}dead.xlsx"
    dead.write_bytes(b"x")
    with replacing.temporary(tmp_path) as first:
        assert not dead.exists()
        # Another run of the same moment sweeps, and makes its own.
        source = str(Path(__file__).resolve().parents[2] / "src")
        code = (
            "import sys; from pathlib import Path; from crmsheet.cli import replacing\n"
            "with replacing.temporary(Path(sys.argv[1])) as new: new.write(b'y')"
        )
        environment = {**os.environ, "PYTHONPATH": source}
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=environment)
        first.write(b"z")
        assert first.path.read_bytes() == b"z"
    assert list(tmp_path.iterdir()) == []


def test_where_no_lock_can_tell_only_old_files_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "locked", lambda _handle: Locking.UNKNOWN)
    old, young = (tmp_path / f"{replacing.TEMPORARY}{n}" for n in ("old", "young"))
    for file in (old, young):
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    replacing.sweep(tmp_path)
    assert [f.name for f in tmp_path.iterdir()] == [young.name]


@POSIX
@pytest.mark.parametrize("what", ["folder", "file"])
def test_without_the_right_to_write_the_book_is_refused_before_anything_else(
    tmp_path: Path, what: str
) -> None:
    """As a user without rights, in a process of its own: root may do anything."""
    home = tmp_path / "home"
    home.mkdir()
    book = home / "book.xlsx"
    book.write_bytes(b"old")
    if os.geteuid() == 0:
        for folder in (home, *list(home.parents)[:-1]):
            if not folder.stat().st_mode & stat.S_IXOTH and folder.owner() == "root":
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
        os.chown(book, 65534, 65534)
        os.chown(home, 65534, 65534)
    (book if what == "file" else home).chmod(0o555)
    source = str(Path(__file__).resolve().parents[2] / "src")
    code = (
        "import os, sys; from pathlib import Path; from crmsheet.cli import locks\n"
        "from crmsheet.errors import WorkbookRefused\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try:\n    with locks.held(Path(sys.argv[1]), wait=0, ignore=True): print('held')\n"
        "except WorkbookRefused as refusal: print(refusal)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(book)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    home.chmod(0o755)
    assert done.stdout.startswith("W302"), done.stderr
    assert "-o COPY" in done.stdout
    assert _alone(book)
