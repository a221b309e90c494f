"""Having a book to oneself: other programs' lock files, and a lock between runs of crmsheet.

Knows when a book may be replaced and how long to wait for it. Does not replace it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from crmsheet.cli.lockfiles import lock_of
from crmsheet.cli.oslocks import Locking, locked
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import say

PATIENCE = 60.0
"""Seconds that one run waits for another on the same book: it ends by itself, people do not."""
_ANYBODY_WRITES = 0o222


@contextlib.contextmanager
def held(book: Path, *, wait: float, ignore: bool, patience: float = PATIENCE) -> Iterator[None]:
    """Have `book` to oneself for the block. `ignore` passes over lock files, never over another run.

    Raises WorkbookRefused when it cannot be written, or is in use for longer than one is ready to wait.
    """
    deadline = time.monotonic() + wait
    patient = time.monotonic() + max(wait, patience)
    while True:
        ensure_unlocked(book, wait=max(0.0, deadline - time.monotonic()), ignore=ignore)
        with contextlib.ExitStack() as stack:
            handle = _ours(book, patient)
            if handle is not None:
                stack.callback(_released, book, handle)
            # Somebody may have opened the book while another run had it.
            if ignore or lock_of(book) is None:
                yield
                return


def ensure_unlocked(book: Path, *, wait: float, ignore: bool) -> None:
    """Raise WorkbookRefused when `book` may not be written, or while another program has it open.

    For the latter it waits up to `wait` seconds.
    """
    _ensure_writable(book)
    deadline = time.monotonic() + wait
    while not ignore and (problem := _open_elsewhere(book)) is not None:
        if time.monotonic() >= deadline:
            raise WorkbookRefused(problem)
        time.sleep(min(1.0, max(0.05, deadline - time.monotonic())))


def _open_elsewhere(book: Path) -> Diagnostic | None:
    lock = lock_of(book)
    if lock is not None:
        who = lock.holder or say("someone")
        return Diagnostic(
            "W301",
            say(
                "the workbook is open in {program}: {who}, since {since}",
                program=lock.program,
                who=who,
                since=f"{lock.since:%Y-%m-%d %H:%M}",
            ),
            FilePlace(str(book)),
            reason=say("What that program saves later would overwrite what is written now."),
            remedy=(
                say(
                    "Close it there and run again; --wait 30m waits for that; -o COPY writes elsewhere;\n"
                    "--ignore-lock is for a lock left behind by a crash ({file}).",
                    file=lock.file.name,
                )
            ),
        )
    if os.name == "nt":
        # An open book cannot be opened for writing there, whether or not a lock file can be seen.
        try:
            with book.open("r+b"):
                pass
        except PermissionError:
            return Diagnostic(
                "W301",
                say("the workbook is open in another program"),
                FilePlace(str(book)),
                remedy=say("Close it there and run again; --wait 30m waits for that."),
            )
        except OSError:
            pass
    return None


def _ensure_writable(book: Path) -> None:
    """Refuse a file or folder that was made read-only, also for those whom the system would let write."""
    try:
        mode = book.stat().st_mode
        if mode & _ANYBODY_WRITES == 0:
            raise _read_only(book, say("the workbook is read-only"), "")
        if os.name != "nt":
            with book.open("r+b"):
                pass
    except FileNotFoundError:
        return
    except OSError as refusal:
        reason = f"{refusal.strerror or refusal}."
        raise _read_only(book, say("the workbook is read-only"), reason) from refusal
    if not os.access(book.parent, os.W_OK | os.X_OK):
        raise _read_only(
            book,
            say("the workbook's folder is read-only"),
            say("The new workbook is written beside the old one before it takes its place."),
        )


def _read_only(book: Path, message: str, reason: str) -> WorkbookRefused:
    remedy = say("Make it writable, or write elsewhere with -o COPY.")
    return WorkbookRefused(Diagnostic("W302", message, FilePlace(str(book)), reason=reason, remedy=remedy))


def _ours(book: Path, deadline: float) -> int | None:
    """The handle that holds the lock between runs of crmsheet; None where there are no locks."""
    file = lock_target(book)
    while True:
        try:
            handle = os.open(file, os.O_RDWR | (os.O_CREAT if file != book else 0), 0o600)
        except OSError:
            return None
        state = locked(handle)
        if state is Locking.LOCKED and _is_still(file, handle):
            return handle
        os.close(handle)
        match state:
            case Locking.UNKNOWN:
                return None
            case Locking.TAKEN if time.monotonic() >= deadline:
                raise WorkbookRefused(
                    Diagnostic(
                        "W304",
                        say("another crmsheet is working on this workbook"),
                        FilePlace(str(book)),
                        remedy=say("Run the command again when that has ended; --wait 30m waits longer."),
                    )
                )
            case Locking.TAKEN:
                time.sleep(0.05)
            case Locking.LOCKED:
                # The file was replaced while we waited for its lock: ours is on the one that is gone.
                continue


def lock_target(book: Path) -> Path:
    """What is locked: the book itself; on Windows, where a locked file cannot be replaced, a file beside it."""
    if os.name != "nt":
        return book
    return book.with_name(f".crmsheet-lock-{sha256(book.name.casefold().encode()).hexdigest()[:12]}")


def _is_still(file: Path, handle: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(handle))
    except OSError:
        return False


def _released(book: Path, handle: int) -> None:
    file = lock_target(book)
    there = file != book
    if there:
        # Before the lock is given back, or another run's new file would be removed.
        with contextlib.suppress(OSError):
            file.unlink()
            there = False
    os.close(handle)
    if there:
        # Windows removes no open file; one that another run has opened meanwhile stays for the same reason.
        with contextlib.suppress(OSError):
            file.unlink()
