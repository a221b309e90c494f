"""Replacing a user's only copy: locks, backups, the atomic replacement.

Knows files. Does not know what is in them. Killed at any instant, the user has the old file or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError, WorkbookRefused

BACKUPS = ".crmsheet-backups"
"""The folder beside a book that holds its backups."""
KEPT = 20
"""Backups kept of one book; older ones are removed."""
_TEMPORARY = ".crmsheet-new-"


@dataclass(frozen=True, slots=True)
class Lock:
    """Who has a book open, as its lock file says."""

    file: Path
    program: str
    holder: str
    since: datetime


def lock_of(book: Path) -> Lock | None:
    """The lock file that Excel (`~$`), WPS (`.~`) or LibreOffice (`.~lock.`) keeps beside an open book."""
    candidates = (
        (book.with_name("~$" + book.name), "Excel"),
        (book.with_name("~$" + book.name[2:]), "Excel"),
        (book.with_name(f".~lock.{book.name}#"), "LibreOffice"),
        (book.with_name(".~" + book.name), "WPS"),
    )
    for file, program in candidates:
        try:
            stat = file.stat()
            content = file.read_bytes()[:256]
        except OSError:
            continue
        since = datetime.fromtimestamp(stat.st_mtime).astimezone()
        return Lock(file, program, _holder(program, content), since)
    return None


def _holder(program: str, content: bytes) -> str:
    if program == "LibreOffice":
        fields = content.decode("utf-8", "replace").split(",")
        return next((f.strip() for f in fields if f.strip()), "")
    if not content:
        return ""
    length = content[0]
    return content[1 : 1 + length].decode("utf-8", "replace").strip("\0 ")


def ensure_unlocked(book: Path, *, wait: float, ignore: bool) -> None:
    """Raise WorkbookRefused while another program has `book` open, after waiting `wait` seconds for it."""
    if ignore:
        return
    deadline = time.monotonic() + wait
    while (problem := _in_use(book)) is not None:
        if time.monotonic() >= deadline:
            raise WorkbookRefused(problem)
        time.sleep(min(2.0, max(0.05, deadline - time.monotonic())))


def _in_use(book: Path) -> Diagnostic | None:
    lock = lock_of(book)
    if lock is not None:
        who = lock.holder or "someone"
        return Diagnostic(
            "W301",
            f"the workbook is open in {lock.program}: {who}, since {lock.since:%Y-%m-%d %H:%M}",
            FilePlace(str(book)),
            reason="What that program saves later would overwrite the refresh.",
            remedy=(
                "Close it there and run again; --wait 30m waits for that; -o COPY writes elsewhere;\n"
                f"--ignore-lock is for a lock left behind by a crash ({lock.file.name})."
            ),
        )
    try:
        with book.open("r+b"):
            return None
    except PermissionError as refusal:
        if os.name == "nt":
            return Diagnostic(
                "W301",
                "the workbook is open in another program",
                FilePlace(str(book)),
                remedy="Close it there and run again; --wait 30m waits for that.",
            )
        return Diagnostic(
            "W302",
            "the workbook is read-only",
            FilePlace(str(book)),
            reason=str(refusal.strerror or refusal),
            remedy="Make it writable, or write elsewhere with -o COPY.",
        )
    except FileNotFoundError:
        return None


def read_book(book: Path) -> tuple[Path, bytes]:
    """The real file behind `book` and its content. Raises UsageError when there is none."""
    if not book.exists():
        raise UsageError(
            Diagnostic(
                "U101", "there is no such file", FilePlace(str(book)), remedy="Check the name and the folder."
            )
        )
    if book.is_dir():
        raise UsageError(
            Diagnostic(
                "U101", "this is a folder, not a file", FilePlace(str(book)), remedy="Name a file in it."
            )
        )
    real = book.resolve()
    return real, real.read_bytes()


def backed_up(book: Path, content: bytes, folder: Path | None, now: datetime) -> Path:
    """Write a real copy of `content` into the backup folder and remove the oldest beyond `KEPT`."""
    target = folder if folder is not None else book.parent / BACKUPS
    target.mkdir(parents=True, exist_ok=True)
    while True:
        copy = target / f"{book.stem}.{now:%Y%m%d-%H%M%S-%f}{book.suffix}"
        try:
            with copy.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            break
        except FileExistsError:
            now += timedelta(microseconds=1)
    with contextlib.suppress(OSError):
        shutil.copystat(book, copy)
    own = sorted(
        f for f in target.glob("*") if f.name.startswith(f"{book.stem}.") and f.suffix == book.suffix
    )
    for old in own[:-KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
    return copy


def replaced(book: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `book`, atomically, if it still holds `before`.

    Raises WorkbookRefused when somebody saved it meanwhile, OSError when the disk is full and the like.
    """
    sweep(book.parent)
    with _beside(book) as temporary:
        temporary.write_bytes(after)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        if temporary.read_bytes() != after:
            raise OSError(errno.EIO, "the new file does not read back as written", str(temporary))
        with contextlib.suppress(OSError):
            shutil.copymode(book, temporary)
        if hashlib.sha256(book.read_bytes()).digest() != hashlib.sha256(before).digest():
            raise WorkbookRefused(
                Diagnostic(
                    "W303",
                    "somebody saved the workbook while it was being refreshed",
                    FilePlace(str(book)),
                    remedy="Run the command again.",
                )
            )
        temporary.replace(book)
    _synced(book.parent)


def created(target: Path, content: bytes, *, force: bool) -> None:
    """Write a new file atomically. Raises UsageError when `target` exists and `force` is not set."""
    if target.exists() and not force:
        raise UsageError(
            Diagnostic(
                "U102",
                "this file exists already",
                FilePlace(str(target)),
                remedy="Choose another name with -o.",
            )
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    real = target.resolve()
    with _beside(real) as temporary:
        temporary.write_bytes(content)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(real)
    _synced(real.parent)


def sweep(folder: Path) -> None:
    """Remove temporary files of ours that a killed run left behind more than an hour ago."""
    for stale in folder.glob(_TEMPORARY + "*"):
        with contextlib.suppress(OSError):
            if time.time() - stale.stat().st_mtime > 3600:
                stale.unlink()


@contextlib.contextmanager
def _beside(book: Path) -> Iterator[Path]:
    """A temporary file in the book's folder, gone afterwards unless it was moved away."""
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, suffix=book.suffix, dir=book.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _synced(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
