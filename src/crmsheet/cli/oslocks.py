"""Locks that the operating system takes back when a process dies, however it dies.

Knows `flock` and its Windows counterpart. Does not know what is locked, or why.
"""

from __future__ import annotations

import os
import sys
from enum import Enum, auto


class Locking(Enum):
    """What became of an attempt to lock."""

    LOCKED = auto()
    TAKEN = auto()
    """Another process has it."""
    UNKNOWN = auto()
    """The file system has no locks, as some network shares."""


def locked(handle: int) -> Locking:
    """Lock an open file for this process alone, without waiting; closing the file gives the lock back."""
    if sys.platform == "win32":
        import msvcrt

        # A range may lie behind the end of the file, so that an empty file can be locked.
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return Locking.TAKEN
        except OSError:
            return Locking.UNKNOWN
        return Locking.LOCKED
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return Locking.TAKEN
    except OSError:
        return Locking.UNKNOWN
    return Locking.LOCKED
