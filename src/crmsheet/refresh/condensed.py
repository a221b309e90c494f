"""The proof outside of the replaced spans for a part that is held condensed.

Knows that what is held only stands for the part: the bytes in the two files are unpacked side by side and compared
up to each span, of which the place in the file is known. Does not rely on how the new one was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmsheet.opc.package import Package
from crmsheet.sheetml.spanedit import Replacement, ordered
from crmsheet.structs import dataclass


@dataclass(slots=True)
class _Stream:
    """Bytes that come in pieces, as far as they were looked at."""

    source: Iterator[bytes]
    piece: bytes = b""
    at: int = 0
    done: int = 0

    def filled(self) -> bool:
        """Whether more bytes are there."""
        while self.at == len(self.piece):
            self.piece, self.at = next(self.source, b""), 0
            if not self.piece:
                return False
        return True

    def passed(self, count: int) -> None:
        self.at += count
        self.done += count

    def goes_on_with(self, expected: bytes) -> bool:
        """Pass over these bytes, if they are the next ones."""
        seen = 0
        while seen < len(expected):
            if not self.filled():
                return False
            some = min(len(expected) - seen, len(self.piece) - self.at)
            if not self.piece.startswith(expected[seen : seen + some], self.at):
                return False
            seen += some
            self.passed(some)
        return True


def _same(old: _Stream, new: _Stream, count: int | None = None) -> bool:
    """Pass over so many bytes of both, or all, if they are the same."""
    left = count
    while left is None or left:
        if not (old.filled() and new.filled()):
            return left is None and not old.filled() and not new.filled()
        some = min(len(old.piece) - old.at, len(new.piece) - new.at)
        if left is not None:
            some = min(some, left)
            left -= some
        if not new.piece.startswith(old.piece[old.at : old.at + some], new.at):
            return False
        old.passed(some)
        new.passed(some)
    return True


def condensed_proof(before: Package, after: Package, part: str, replacements: Sequence[Replacement]) -> str:
    """Why a part of `after` is not that of `before` with these spans of its condensed form replaced, in words;
    empty when it is."""
    texts = before.texts(part)
    if texts is None or before.find(part) is None or after.find(part) is None:
        return "the part is not there, or not as it was read"
    if not texts.consistent:
        return "the part that was read is not the one in the file"
    data, spans = before.xml(part), ordered(replacements)
    old, new = _Stream(before.pieces(part)), _Stream(after.pieces(part))
    for (start, end, fresh), place in zip(spans, texts.places(data, [s.start for s in spans]), strict=True):
        if not _same(old, new, place - old.done):
            return "bytes outside of the changed spans changed"
        if not old.goes_on_with(texts.expanded(data[start:end])):
            return "the part that was read is not the one in the file"
        if not new.goes_on_with(texts.expanded(fresh)):
            return "a span holds something else"
    if not _same(old, new):
        return "bytes behind the changed spans changed"
    return ""
