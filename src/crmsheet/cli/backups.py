"""Copies of a book as it was before crmsheet wrote it.

Knows where they are, how they are named, which are removed, and which one a user means. Does not know what
is in them.

Every book has a folder of its own, so that books with similar names never meet; the names inside begin with
the time in UTC, so that they sort by it wherever the clock stood.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from crmsheet.cli.replacing import digest, sweep, synced, temporary, what_helps
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.messages import say
from crmsheet.structs import dataclass

FOLDER = ".crmsheet-backups"
"""The folder beside a book that holds the folders of backups."""
KEPT = 20
"""Backups kept of one book; older ones are removed."""
_NAME = re.compile(r"(\d{8}-\d{6}-\d{6})Z(?:[ .].*)?", re.DOTALL)
_STAMP = "%Y%m%d-%H%M%S-%f"
_LONGEST_NAME = 180
"""Bytes of a book's name that go into names made of it: file systems take 255, some encrypted ones 143."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy; `when` is when it was made, that is just before the book was written."""

    file: Path
    when: datetime
    size: int

    @property
    def name(self) -> str:
        return self.file.name

    def holds(self, content: bytes) -> bool:
        """Whether it is a copy of just these bytes. Raises OSError."""
        return self.size == len(content) and digest(self.file) == sha256(content).digest()


def folder_of(book: Path, under: Path | None) -> Path:
    """The folder of a book's backups; in one given by the user, where books of other folders may have theirs
    too, its name says whose it is."""
    if under is None:
        return book.parent / FOLDER / book.name
    path = os.path.normcase(str(book))
    return (
        under / f"{_shortened(book.name)} {sha256(path.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
    )


def listed(folder: Path) -> tuple[Backup, ...]:
    """The backups in a folder, oldest first."""
    found: list[Backup] = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for file in folder.iterdir():
            match = _NAME.fullmatch(file.name)
            if match is None:
                continue
            with contextlib.suppress(ValueError, OSError):
                when = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(file, when, file.stat().st_size))
    return tuple(sorted(found, key=lambda backup: backup.name))


def kept(book: Path, content: bytes, under: Path | None, now: datetime) -> Path:
    """Keep a real copy of `content`, and remove the oldest copies beyond `KEPT`; the path of the copy.

    When the last copy is the same already, it is enough. Raises WorkbookRefused when none can be written.
    """
    folder = folder_of(book, under)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        before = listed(folder)
        if before and before[-1].holds(content):
            return before[-1].file
        stamp = now.astimezone(UTC)
        if before:
            # Clocks go back; order does not.
            stamp = max(stamp, before[-1].when + timedelta(microseconds=1))
        copy = folder / f"{stamp:{_STAMP}}Z {_shortened(book.stem)}{book.suffix[:10]}"
        with temporary(folder) as new:
            new.write(content)
            with contextlib.suppress(OSError):
                shutil.copystat(book, new.path)
            new.become_new(copy)
        synced(folder)
    except OSError as problem:
        raise _not_kept(book, folder, problem) from problem
    for old in (*before, Backup(copy, stamp, len(content)))[:-KEPT]:
        with contextlib.suppress(OSError):
            old.file.unlink()
    return copy


def chosen(backups: tuple[Backup, ...], wanted: str, book: Path) -> Backup:
    """The backup that `wanted` means: a name, the beginning of one, or a time as `--list` shows it.

    Raises UsageError when it means none, or more than one.
    """
    fits = [b for b in backups if wanted in (b.name, str(b.file))] or [
        b for b in backups if b.name.startswith(wanted) or _local(b).startswith(wanted.replace("T", " "))
    ]
    if len(fits) == 1:
        return fits[0]
    raise UsageError(
        Diagnostic(
            "U109",
            say("several backups fit '{wanted}'", wanted=wanted)
            if fits
            else say("there is no backup '{wanted}'", wanted=wanted),
            FilePlace(str(book)),
            reason="".join(f"{_local(b)}\n" for b in reversed(fits[-5:])),
            remedy=(
                say("Give more of the time or the name.")
                if fits
                else say("Give a name or a time as crmsheet restore --list shows it.")
            ),
            allowed=tuple(b.name for b in reversed(fits or backups)),
        )
    )


def none_there(book: Path, folder: Path) -> Diagnostic:
    """What is said when a book has no backups."""
    return Diagnostic(
        "U108",
        say("this workbook has no backups"),
        FilePlace(str(book)),
        reason=say("They would be in {folder}.", folder=folder),
        remedy=say(
            "Every refresh that changes a workbook keeps one. If it was called with --backup-dir, "
            "name\nthat folder here too; a workbook that was moved or renamed left its backups behind."
        ),
    )


def local_times(backups: tuple[Backup, ...]) -> tuple[str, ...]:
    """When each was made, on the user's clock: to the second, finer where two would read the same."""
    whole = [_local(backup)[:19] for backup in backups]
    return tuple(
        _local(backup) if whole.count(second) > 1 else second
        for backup, second in zip(backups, whole, strict=True)
    )


def _local(backup: Backup) -> str:
    return f"{backup.when.astimezone():%Y-%m-%d %H:%M:%S.%f}"


def _shortened(name: str) -> str:
    """As much of a name as fits, cut between characters."""
    return name.encode("utf-8", "surrogateescape")[:_LONGEST_NAME].decode("utf-8", "ignore").rstrip(" .")


def _not_kept(book: Path, folder: Path, problem: OSError) -> WorkbookRefused:
    full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
    return WorkbookRefused(
        Diagnostic(
            "W306",
            say("no backup of the workbook could be kept"),
            FilePlace(str(book)),
            reason=f"{folder}: {problem.strerror or problem}.",
            remedy=say("--backup-dir DIR puts backups elsewhere; --no-backup keeps none.")
            + ("\n" + what_helps(problem) if full else ""),
        )
    )
