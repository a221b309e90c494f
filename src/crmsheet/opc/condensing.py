"""A large part in which long texts that recur stand once.

Knows that the formulas of a table are the same in every row and are most of its bytes: each such text between
`<f>` and `</f>` is replaced by a mark of two bytes, so that the part takes a fraction of the memory and of the
time it takes to look through it. The condensed part is as well-formed as the part, and any bytes of it can be
expanded again to what they stand for. Does not know what a formula means; texts that only look alike are kept.

A mark is the character DEL, which XML allows and nobody types, and one letter, and only ever all of the text of an
`<f>`: a part in which such a text stands already is not condensed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

_OPENINGS: Final = (b"<f>", b'<f aca="false">')
"""How Excel and we begin a formula, and how LibreOffice does. In a part one of them counts."""
_CLOSE: Final = b"</f>"
_MARK: Final = b"\x7f"
_MARKED: Final = {opening: re.compile(rb"%b(%b[A-Za-z0-9])" % (opening, _MARK)) for opening in _OPENINGS}
_CODES: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SHORTEST: Final = 24
"""Texts that are worth a mark."""
_MOST_SEEN: Final = 4_096
"""Texts remembered in case they come again."""
_PIECE: Final = 2**16


@dataclass(slots=True)
class Texts:
    """The texts that stand for marks, in both directions; they grow while a part is condensed."""

    codes: dict[bytes, bytes] = field(default_factory=dict)
    """Text to mark."""
    texts: dict[bytes, bytes] = field(default_factory=dict)
    """Mark to text."""
    opening: bytes = _OPENINGS[0]
    """What stands before a mark."""

    def text(self, given: bytes) -> bytes:
        """The text of an element: what its mark stands for, else itself."""
        return self.texts.get(given, given)

    def expanded(self, data: bytes) -> bytes:
        """What bytes of a condensed part stand for; they must not end within a mark."""
        opening = self.opening
        if opening not in data:
            return data
        pieces = _MARKED[opening].split(data)
        pieces[1::2] = [opening + self.texts[mark] for mark in pieces[1::2]]
        return b"".join(pieces)

    def pieces(self, data: bytes, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The expanded part, or some bytes of it, piece by piece."""
        at, stop = start, len(data) if stop is None else stop
        while at < stop:
            end = stop
            if end - at > _PIECE:
                # Before a tag there is never the middle of a mark.
                end = data.rfind(b"<", at + 1, at + _PIECE)
                end = end if end > at else data.find(b"<", at + _PIECE, stop)
                end = end if end > at else stop
            yield self.expanded(data[at:end])
            at = end


def condensed(pieces: Iterable[bytes]) -> tuple[bytes, Texts] | None:
    """A part that comes in pieces, condensed; None when it holds what would be taken for a mark."""
    made = _Condenser()
    for piece in pieces:
        if not made.add(piece):
            return None
    return made.finished(), made.texts


class _Condenser:
    """The state of condensing: what is done, and what the texts so far let expect."""

    def __init__(self) -> None:
        self.texts = Texts()
        self._done = BytesIO()
        self._rest = b""
        self._begun = False
        """A formula has been met."""
        self._seen: set[bytes] = set()
        self._after: dict[bytes, tuple[bytes, bytes, int]] = {}
        """What followed a mark last: text with its end tag, and mark. Rows repeat each other."""
        self._last = b""

    def add(self, piece: bytes) -> bool:
        """Condense some more bytes; False when the part cannot be condensed."""
        data = self._rest + piece if self._rest else piece
        if not self._begun:
            openings = [opening for opening in _OPENINGS if opening in data]
            self._begun = bool(openings)
            self.texts.opening = (*openings, *_OPENINGS)[0]
        opening = self.texts.opening
        find, after, last, codes = data.find, self._after, self._last, self.texts.codes
        pieces: list[bytes] = []
        put = pieces.append
        done = 0
        nothing = (b"<", b"", 0)
        while (start := find(opening, done)) >= 0:
            start += len(opening)
            text, mark, length = after.get(last, nothing)
            if length and data.startswith(text, start):
                put(data[done:start])
                put(mark)
                done = start + length
                last = mark
                continue
            end = find(b"<", start)
            if end < 0 or end + len(_CLOSE) > len(data):
                break
            if data.startswith(_MARK, start):
                return False
            put(data[done:start])
            found = data[start:end]
            mark = codes.get(found, b"")
            if not mark and data.startswith(_CLOSE, end):
                mark = self._marked(found)
            put(mark or found)
            if mark:
                after[last] = found + _CLOSE, mark, len(found)
                last = mark
            done = end
        # From the last tag on, more may belong to it.
        whole = max(done, data.rfind(b"<", done) if start < 0 else start - len(opening))
        put(data[done:whole])
        self._rest = data[whole:]
        self._last = last
        self._done.write(b"".join(pieces))
        return True

    def _marked(self, text: bytes) -> bytes:
        """The mark of a text that comes again; nothing for one that is new or not worth it."""
        texts = self.texts
        if len(text) < _SHORTEST or len(texts.texts) == len(_CODES):
            return b""
        if text not in self._seen:
            if len(self._seen) < _MOST_SEEN:
                self._seen.add(text)
            return b""
        mark = _MARK + _CODES[len(texts.texts) : len(texts.texts) + 1]
        texts.codes[text], texts.texts[mark] = mark, text
        return mark

    def finished(self) -> bytes:
        self._done.write(self._rest)
        return self._done.getvalue()
