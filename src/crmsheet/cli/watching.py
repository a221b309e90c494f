"""Which workbooks have been saved by people and want refreshing: `refresh --watch`.

Knows files by what the system says of them (time, size, number) and by their bytes; when a file is at rest, who has it
open, and what it held when it was last served. Does not know how a workbook is served, nor what time it is: both are
given, so that tests need neither wait nor refresh.

A save is a new time, size or number of the file, at rest for two looks, with nobody's lock file beside it. What is
there then is compared by its bytes with what was left there: programs that keep folders in step touch files that they
did not change, and the watch itself writes. A file that is gone for a moment, because a program saves by putting a
new one in its place, is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Final

from crmsheet.cli.bookfiles import candidates
from crmsheet.cli.lockfiles import LockFile, lock_of
from crmsheet.cli.replacing import digest
from crmsheet.diagnostics import Diagnostic
from crmsheet.structs import dataclass, field

_AGAIN: Final = frozenset({"W301", "W303", "W304"})
"""Refusals that pass by themselves: somebody has it open, has just saved it, or another run is at work."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells a file from what it was before, without reading it."""

    changed: int
    size: int
    number: int


@dataclass(frozen=True, slots=True)
class Served:
    """A workbook was served; `left` is the SHA-256 of the file as it was left."""

    left: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not, and why."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def passes(self) -> bool:
        return bool(self.diagnostics) and all(d.code in _AGAIN for d in self.diagnostics)


class Word(Enum):
    """What is told of a workbook once."""

    OPEN = "open"
    """Somebody has it open; it is served when it is closed."""
    GONE = "gone"
    """A file that was named is not there; it is served when it comes back."""


@dataclass(slots=True)
class _Book:
    """What is known of one file."""

    seen: Stamp | None = None
    """At the last look."""
    served: Stamp | None = None
    left: bytes = b""
    day: date | None = None
    foreign: bool = False
    told: Word | None = None


@dataclass(slots=True)
class Watch:
    """The files and folders that were named. Every `look` serves what has been saved since the last one."""

    targets: tuple[Path, ...]
    serve: Callable[[Path], Served | Failed]
    is_ours: Callable[[Path], bool]
    tell: Callable[[Path, Word, LockFile | None], None]
    stamp: Callable[[Path], Stamp | None] = field(default_factory=lambda: stamp_of)
    locked: Callable[[Path], LockFile | None] = lock_of
    _books: dict[Path, _Book] = field(default_factory=dict)

    def look(self, today: date) -> None:
        """Serve each workbook that was saved and is at rest, and each once a day: figures depend on the date."""
        for path, named in self._files():
            book = self._books.setdefault(path, _Book())
            now = self.stamp(path)
            before, book.seen = book.seen, now
            if now is None:
                if named:
                    self._once(path, book, Word.GONE)
                continue
            if now == book.served and book.day == today:
                continue
            if before != now:
                continue
            if (lock := self.locked(path)) is not None:
                self._once(path, book, Word.OPEN, lock)
                continue
            if self._wanted(path, book, now, today, named=named):
                self._serve(path, book, now, today)

    def _files(self) -> Iterator[tuple[Path, bool]]:
        """Each file once, with whether it was named itself."""
        met: set[Path] = set()
        for target in self.targets:
            folder = target.is_dir()
            for path in candidates(target) if folder else (target,):
                if path not in met:
                    met.add(path)
                    yield path, not folder

    def _wanted(self, path: Path, book: _Book, now: Stamp, today: date, *, named: bool) -> bool:
        """Whether the file holds something else than was left in it, or the day is another one."""
        if not named:
            if book.foreign and now == book.served:
                return False
            book.foreign = not self.is_ours(path)
            if book.foreign:
                book.served, book.day = now, today
                return False
        if book.day != today or not book.left:
            return True
        there = _digest(path)
        if there == book.left:
            book.served = now
        return bool(there) and there != book.left

    def _serve(self, path: Path, book: _Book, now: Stamp, today: date) -> None:
        outcome = self.serve(path)
        after = self.stamp(path)
        match outcome:
            case Served(left):
                book.left, book.day, book.told = left, today, None
                # What somebody saved in the meantime is served at the next look.
                book.served = after if _digest(path) == left else None
                book.seen = after
            case Failed() if outcome.passes:
                book.served = None
                self._once(path, book, Word.OPEN)
            case Failed():
                # Told once; the same file would be refused for the same reason.
                book.served, book.day, book.left = now, today, _digest(path)

    def _once(self, path: Path, book: _Book, word: Word, lock: LockFile | None = None) -> None:
        if book.told is not word:
            book.told = word
            self.tell(path, word, lock)


def _digest(path: Path) -> bytes:
    """The sum of a file's bytes; empty when it cannot be read just now."""
    try:
        return digest(path)
    except OSError:
        return b""


def stamp_of(path: Path) -> Stamp | None:
    """What the system says of a file; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


def run(
    watch: Watch,
    *,
    interval: float,
    today: Callable[[], date],
    sleep: Callable[[float], None],
    looks: Iterable[object],
) -> None:
    """Look again and again, once for each of `looks`."""
    for _ in looks:
        watch.look(today())
        sleep(interval)
