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
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Final

from crmsheet.patterns import regex
from crmsheet.structs import dataclass, field

_OPENINGS: Final = (b"<f>", b'<f aca="false">')
"""How Excel and we begin a formula, and how LibreOffice does. In a part one of them counts."""
_CLOSE: Final = b"</f>"
_MARK: Final = b"\x7f"
_MARKED: Final = {opening: regex(rb"%b(%b[A-Za-z0-9])" % (opening, _MARK)) for opening in _OPENINGS}
_CODES: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SHORTEST: Final = 24
"""Texts that are worth a mark."""
_MOST_SEEN: Final = 4_096
"""Texts remembered in case they come again."""
_PIECE: Final = 2**16
_LEARNING: Final = 16
"""Of so many pieces one is looked through text by text, in case others recur by now."""


@dataclass(slots=True)
class Texts:
    """The texts that stand for marks, in both directions; they grow while a part is condensed."""

    codes: dict[bytes, bytes] = field(default_factory=dict)
    """Text to mark."""
    texts: dict[bytes, bytes] = field(default_factory=dict)
    """Mark to text."""
    opening: bytes = _OPENINGS[0]
    """What stands before a mark."""
    held: array[int] = field(default_factory=lambda: array("q", [0]), repr=False)
    """Places in the condensed part, before tags and rising, …"""
    meant: array[int] = field(default_factory=lambda: array("q", [0]), repr=False)
    """… and where the same stands in the part."""
    _told: tuple[Sequence[int], Sequence[int]] = field(default=((), ()), repr=False, compare=False)
    """What was asked last, and the answer: a part is put together, and then proven."""

    def text(self, given: bytes) -> bytes:
        """The text of an element: what its mark stands for, else itself."""
        return self.texts.get(given, given)

    def mark(self, text: bytes) -> bytes:
        """What stands for a text that is to be put in many times; the text itself where nothing does. Only of a
        part that is condensed."""
        known = self.codes.get(text)
        if (
            known is None
            and len(text) >= _SHORTEST
            and 0 < len(self.texts) < len(_CODES)
            and b"<" not in text
        ):
            known = _MARK + _CODES[len(self.texts) : len(self.texts) + 1]
            self.codes[text], self.texts[known] = known, text
        return known or text

    def expanded(self, data: bytes) -> bytes:
        """What bytes of a condensed part stand for; they must not end within a mark."""
        opening = self.opening
        if opening not in data:
            return data
        pieces = _MARKED[opening].split(data)
        pieces[1::2] = [opening + self.texts[mark] for mark in pieces[1::2]]
        return b"".join(pieces)

    @property
    def consistent(self) -> bool:
        """Whether each mark stands for the text that it took the place of."""
        return self.texts == {mark: text for text, mark in self.codes.items()}

    def elsewhere(self) -> Texts:
        """The same marks for other data, of which nothing is known."""
        return Texts(self.codes, self.texts, self.opening)

    def places(self, data: bytes, offsets: Sequence[int]) -> Sequence[int]:
        """Where in the part stands what stands at these places (rising, none within a mark) in `data`, which is
        that part condensed."""
        if self._told[0] != offsets:
            self._told = (offsets, array("q", self._places(data, offsets)))
        return self._told[1]

    def _places(self, data: bytes, offsets: Sequence[int]) -> Iterator[int]:
        at = there = 0
        growth = {mark: len(text) - len(mark) for mark, text in self.texts.items()}.__getitem__
        marks = _MARKED[self.opening].findall
        held, meant, last = self.held, self.meant, len(self.held) - 1
        known = 0
        for offset in offsets:
            if known < last and held[known + 1] <= offset:
                known = bisect_right(held, offset) - 1
                if held[known] > at:
                    at, there = held[known], meant[known]
            there += offset - at + sum(map(growth, marks(data, at, offset)))
            at = offset
            yield there

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
    return (made.finished(), made.texts) if made.take() else None


class _Condenser:
    """The state of condensing: what is done, and what the texts so far let expect."""

    def __init__(self) -> None:
        self.texts = Texts()
        self._done = BytesIO()
        self._taken = 0
        self._rest = b""
        """What was looked through in vain: nothing in it has ended."""
        self._waiting: list[bytes] = []
        self._size = 0
        self._begun = False
        """A formula has been met."""
        self._seen: set[bytes] = set()
        self._after: dict[bytes, tuple[bytes, bytes, int]] = {}
        """What followed a mark last: text with its end tag, and mark. Rows repeat each other."""
        self._last = b""
        self._quick: re.Pattern[bytes] | None = None
        """Finds formulas as long as the texts known, by their length."""
        self._by_length: dict[int, tuple[bytes, bytes]] = {}
        self._number = 0

    def add(self, piece: bytes) -> bool:
        """Condense some more bytes; False when the part cannot be condensed.

        Looking again through an element that does not end is put off until there is twice as much of it.
        """
        self._waiting.append(piece)
        self._size += len(piece)
        return self._size < len(self._rest) or self.take()

    def take(self) -> bool:
        """Condense what waits for more to come; False when the part cannot be condensed."""
        if not self._waiting:
            return True
        data = b"".join((self._rest, *self._waiting) if self._rest else self._waiting)
        self._waiting.clear()
        self._size = 0
        self._number += 1
        if self._quick is not None and self._number % _LEARNING and _MARK not in data:
            self._add_known(data, self._quick)
            return True
        known = len(self.texts.texts)
        done = self._add_any(data)
        if len(self.texts.texts) != known:
            self._quick = None
        elif known and self._quick is None:
            self._expect()
        return done

    def _expect(self) -> None:
        """From now on look for the texts that are known."""
        opening = self.texts.opening
        self._by_length = {len(text): (text, opening + mark) for text, mark in self.texts.codes.items()}
        # So many bytes of anything are passed over at once; what they are is compared behind.
        lengths = b"|".join(b".{%d}(?=</f>)" % length for length in sorted(self._by_length))
        self._quick = re.compile(b"(?s:%b(%b))" % (re.escape(opening), lengths))

    def _add_known(self, data: bytes, pattern: re.Pattern[bytes]) -> None:
        """Condense some more bytes in which no mark stands, as far as texts are known."""
        opening = self.texts.opening
        whole = data.rfind(opening)
        # From the last tag on, more may belong to it; and to the last formula, unless it is whole.
        if whole < 0 or data.find(_CLOSE, whole) >= 0:
            whole = data.rfind(b"<")
        whole = max(whole, 0)
        pieces = pattern.split(data[:whole])
        codes, found = self.texts.codes, pieces[1::2]
        # What the pattern found begins with the opening, which is in no piece.
        likely = map(self._by_length.__getitem__, map(len, found))
        pieces[1::2] = [
            mark if text == known else opening + codes.get(text, text)
            for text, (known, mark) in zip(found, likely, strict=True)
        ]
        self._rest = data[whole:]
        self._put(b"".join(pieces), whole)

    def _add_any(self, data: bytes) -> bool:
        """Condense some more bytes, formula by formula, and learn which texts recur."""
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
        self._put(b"".join(pieces), whole)
        return True

    def _put(self, condensed: bytes, size: int) -> None:
        """Take what stands for some more bytes of the part, up to a tag."""
        self._done.write(condensed)
        self._taken += size
        self.texts.held.append(self._done.tell())
        self.texts.meant.append(self._taken)

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
