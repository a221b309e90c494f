"""Replacing a user's only copy: whole or not at all.

Knows files. Does not know what is in them, nor who else has them open. Killed at any instant, the user has
the old file or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from crmsheet.cli.oslocks import Locking, locked
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.messages import say
from crmsheet.structs import dataclass

TEMPORARY = ".crmsheet-new-"
_FOREIGN_AGE = 3600
"""Seconds after which a temporary file is stale where no lock can tell."""
_PAUSES = (0.05, 0.1, 0.25, 0.5)
_PIECE = 2**20
_NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""Made by this run and by no other."""


def real_book(book: Path) -> Path:
    """The file that `book` names, behind any links. Raises UsageError when there is none."""
    if not book.exists():
        raise UsageError(
            Diagnostic(
                "U101",
                say("there is no such file"),
                FilePlace(str(book)),
                remedy=say("Check the name and the folder."),
            )
        )
    if not book.is_file():
        raise UsageError(
            Diagnostic(
                "U101",
                say("this is a folder, not a file"),
                FilePlace(str(book)),
                remedy=say("Name a file in it."),
            )
        )
    return book.resolve()


def replaced(book: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `book`, atomically, if it still holds `before`.

    Mode, owner and extended attributes stay as far as the system lets us keep them. Raises WorkbookRefused,
    with the book as it was, when somebody saved it meanwhile or the new one cannot be written.
    """
    try:
        with temporary(book.parent) as new:
            new.write(after)
            _dressed(new.path, book)
            if digest(book) != sha256(before).digest():
                raise _meanwhile(book, say("somebody saved the workbook while it was being worked on"))
            new.become(book)
        synced(book.parent)
    except FileNotFoundError as gone:
        raise _meanwhile(
            book, say("the workbook was moved or deleted while it was being worked on")
        ) from gone
    except OSError as problem:
        raise _not_written(book, problem) from problem


def ensure_new(target: Path, book: Path | None = None) -> None:
    """Raise UsageError when `target` cannot be a new file: because it is `book`, exists already, or would not
    open: Excel opens a workbook under the ending of its kind only."""
    if book is not None and target.suffix.lower() != book.suffix.lower() and not target.is_dir():
        raise UsageError(
            Diagnostic(
                "U110",
                say("a copy has the ending of the workbook"),
                FilePlace(str(target)),
                reason=say("Excel opens a workbook of this kind as '{suffix}' only.", suffix=book.suffix),
                remedy=say("Name it so: -o {with_suffix}", with_suffix=target.with_suffix(book.suffix)),
            )
        )
    try:
        if book is not None and target.exists() and target.samefile(book):
            raise UsageError(
                Diagnostic(
                    "U102",
                    say("this is the workbook itself"),
                    FilePlace(str(target)),
                    remedy=say("Choose another name with -o; without -o the workbook itself is refreshed."),
                )
            )
        if target.is_dir():
            raise UsageError(
                Diagnostic(
                    "U102",
                    say("this is a folder"),
                    FilePlace(str(target)),
                    remedy=say(
                        "Name a file in it: -o {target}", target=target / (book or Path("book.xlsx")).name
                    ),
                )
            )
        if target.exists():
            raise _exists(target)
    except OSError as problem:
        raise _refused(target, problem) from problem


def created(target: Path, content: bytes) -> None:
    """Write a new file, whole or not at all. Raises UsageError when `target` exists or cannot be written."""
    ensure_new(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _refused(target, problem) from problem
    try:
        real = target.resolve()
        with temporary(real.parent) as new:
            new.write(content)
            new.path.chmod(0o666 & ~umask())
            new.become_new(real)
        synced(real.parent)
    except FileExistsError as problem:
        raise _exists(target) from problem
    except OSError as problem:
        raise _refused(target, problem) from problem


@dataclass(frozen=True, slots=True)
class Temporary:
    """A file of ours that is about to become another."""

    path: Path
    file: BinaryIO

    def write(self, content: bytes) -> None:
        """Write all of it to the disk, and read it back. Raises OSError."""
        self.file.write(content)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.seek(0)
        if _digest_of(self.file) != sha256(content).digest():
            raise OSError(errno.EIO, "what was written does not read back", str(self.path))

    def become(self, target: Path) -> None:
        """Take the place of `target`, in one step."""
        self._let_go()
        for pause in _PAUSES if os.name == "nt" else ():
            # Scanners and indexers open every new file for a moment, which Windows takes for a use of it.
            try:
                self.path.replace(target)
            except PermissionError:
                time.sleep(pause)
            else:
                return
        self.path.replace(target)

    def become_new(self, target: Path) -> None:
        """Take the name `target` if nobody has it; FileExistsError otherwise."""
        self._let_go()
        try:
            # A link is never made over a file that is there, a rename would be.
            target.hardlink_to(self.path)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
            self.path.replace(target)

    def _let_go(self) -> None:
        """Windows renames no open file; elsewhere it stays open, and so locked, to the end."""
        if os.name == "nt":
            self.file.close()


@contextlib.contextmanager
def temporary(folder: Path) -> Iterator[Temporary]:
    """A temporary file in a folder, gone afterwards unless it became another; those of dead runs go too."""
    sweep(folder)
    while True:
        path = folder / f"{TEMPORARY}{os.urandom(8).hex()}.tmp"
        handle = os.open(path, _NEW_FILE, 0o600)
        if os.name != "nt":
            locked(handle)
        if os.fstat(handle).st_nlink:
            break
        # Another run took it for stale before it was locked.
        os.close(handle)
    with os.fdopen(handle, "w+b") as file:
        try:
            yield Temporary(path, file)
        finally:
            if os.name == "nt":
                file.close()
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove temporary files that runs left behind which were killed; never one of a run that is alive."""
    with contextlib.suppress(OSError):
        for name in [entry.name for entry in os.scandir(folder) if entry.name.startswith(TEMPORARY)]:
            with contextlib.suppress(OSError):
                if _is_stale(folder / name):
                    (folder / name).unlink()


def _is_stale(file: Path) -> bool:
    """Whether nobody holds the file: a run that is alive has it locked, a dead one cannot."""
    if os.name != "nt":
        handle = os.open(file, os.O_RDWR)
        try:
            state = locked(handle)
        finally:
            os.close(handle)
        if state is not Locking.UNKNOWN:
            return state is Locking.LOCKED
    return time.time() - file.stat().st_mtime > _FOREIGN_AGE


def synced(folder: Path) -> None:
    """The folder's entries on the disk; where folders cannot be synced, nothing."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _dressed(new: Path, old: Path) -> None:
    """Give `new` the owner, mode and extended attributes of `old`, each if the system allows it."""
    was = old.stat()
    mode = stat.S_IMODE(was.st_mode)
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(new, was.st_uid, -1)
        with contextlib.suppress(OSError):
            os.chown(new, -1, was.st_gid)
        if new.stat().st_gid != was.st_gid:
            # What the old group might do is not for ours: it gets what everybody gets.
            mode = mode & ~0o070 | (mode & 0o007) << 3
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(old):
                with contextlib.suppress(OSError):
                    os.setxattr(new, name, os.getxattr(old, name))
    with contextlib.suppress(OSError):
        new.chmod(mode)
    flags = getattr(was, "st_flags", 0)
    if flags and hasattr(os, "chflags"):
        with contextlib.suppress(OSError):
            os.chflags(new, flags)


def digest(file: Path) -> bytes:
    """SHA-256 of a file, read piece by piece."""
    with file.open("rb") as handle:
        return _digest_of(handle)


def _digest_of(file: BinaryIO) -> bytes:
    whole = sha256()
    while piece := file.read(_PIECE):
        whole.update(piece)
    return whole.digest()


def _meanwhile(book: Path, message: str) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic("W303", message, FilePlace(str(book)), remedy=say("Run the command again."))
    )


def _not_written(book: Path, problem: OSError) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W305",
            say("the new workbook could not be written"),
            FilePlace(str(book)),
            reason=f"{problem.strerror or problem}.",
            remedy=what_helps(problem),
        )
    )


def what_helps(problem: OSError) -> str:
    """The remedy for what the system said."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return say("Free some space on that disk and run again, or write elsewhere with -o COPY.")
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return say(
            "Close it wherever it is open and make the folder writable, or write elsewhere with -o COPY."
        )
    return say("Try again, or write elsewhere with -o COPY.")


def _exists(target: Path) -> UsageError:
    return UsageError(
        Diagnostic(
            "U102",
            say("this file exists already"),
            FilePlace(str(target)),
            remedy=say("Choose another name with -o."),
        )
    )


def _refused(target: Path, problem: OSError) -> UsageError:
    return UsageError(
        Diagnostic(
            "U100",
            say("the system refused to write this file"),
            FilePlace(str(target)),
            reason=f"{problem.strerror or problem}.",
            remedy=say("Choose another name or folder with -o, or make room."),
        )
    )


def umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
