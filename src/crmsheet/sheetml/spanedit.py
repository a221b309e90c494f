"""Replacing spans of bytes, and proving that nothing else changed.

Knows offsets. Does not know what the bytes mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

_PIECE: Final = 2**18


class Replacement(NamedTuple):
    """`data[start:end]` becomes `new`; an insertion has `start == end`."""

    start: int
    end: int
    new: bytes


def replace_spans(data: bytes, replacements: Sequence[Replacement]) -> bytes:
    """The bytes with all spans replaced. They may come in any order but must not overlap.

    Insertions at the same place keep the order in which they come.
    """
    pieces: list[bytes | memoryview] = []
    whole = memoryview(data)
    done = 0
    for start, end, new in ordered(replacements):
        if not done <= start <= end <= len(data):
            raise ValueError(f"the span {start}:{end} overlaps another or lies outside")
        pieces.append(whole[done:start])
        pieces.append(new)
        done = end
    pieces.append(whole[done:])
    return b"".join(pieces)


def spliced(pieces: Iterable[bytes], replacements: Iterable[Replacement]) -> Iterator[bytes]:
    """The same of bytes that come in pieces; the spans come in order."""
    source = iter(pieces)
    piece, first, done = b"", 0, 0
    made: list[bytes] = []
    for start, end, new in replacements:
        if not done <= start <= end:
            raise ValueError(f"the span {start}:{end} overlaps another")
        while first + len(piece) < start and (following := next(source, b"")):
            made.append(piece[done - first :])
            yield b"".join(made)
            made.clear()
            first += len(piece)
            piece, done = following, first
        made += (piece[done - first : start - first], new)
        while first + len(piece) < end and (following := next(source, b"")):
            first += len(piece)
            piece = following
        if first + len(piece) < end:
            raise ValueError(f"the span {start}:{end} lies outside")
        done = end
        if len(new) > _PIECE:
            yield b"".join(made)
            made.clear()
    made.append(piece[done - first :])
    yield b"".join(made)
    yield from source


def ordered(replacements: Sequence[Replacement]) -> list[Replacement]:
    """By place; insertions before a replacement that begins where they are."""
    return sorted(replacements, key=lambda r: (r.start, r.end))


def _same(before: bytes, old_at: int, after: bytes, new_at: int, length: int) -> bool:
    """Whether so many bytes are the same, looked at piece by piece."""
    return all(
        before[old_at + at : old_at + min(at + _PIECE, length)]
        == after[new_at + at : new_at + min(at + _PIECE, length)]
        for at in range(0, length, _PIECE)
    )


def proof_outside_spans(before: bytes, after: bytes, replacements: Sequence[Replacement]) -> str:
    """Why `after` differs from `before` outside the replaced spans, in words; empty when it does not.

    Walks both, independently of how `after` was made, and looks at the spans' new bytes too.
    """
    old_at = new_at = 0
    for start, end, new in ordered(replacements):
        if start < old_at:
            return f"the spans overlap at {start}"
        kept = start - old_at
        if not _same(before, old_at, after, new_at, kept):
            return f"bytes between {old_at} and {start} changed"
        new_at += kept
        if after[new_at : new_at + len(new)] != new:
            return f"the span at {start} does not hold what was to be written"
        new_at += len(new)
        old_at = end
    rest = len(before) - old_at
    if len(after) - new_at != rest or not _same(before, old_at, after, new_at, rest):
        return f"bytes behind {old_at} changed"
    return ""
