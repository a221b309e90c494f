"""The bytes of a part with some spans replaced, put together only when somebody asks for all of them.

Knows offsets. Does not know what the bytes mean, and proves nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from crmsheet.opc.held import HeldBytes
from crmsheet.sheetml.spanedit import Replacement, ordered, replace_spans


class SplicedBytes(HeldBytes):
    """`before` with these spans replaced, as `replace_spans` does it, without a second copy of what is kept.

    The spans must not overlap; that they do is told when all bytes are asked for."""

    __slots__ = ("_before", "_ends", "_moved", "_spans", "_starts")

    def __init__(self, before: HeldBytes, replacements: Sequence[Replacement]) -> None:
        super().__init__(None)
        self._before = before
        self._spans = ordered(replacements)
        self._moved = list(accumulate((len(new) - (e - s) for s, e, new in self._spans), initial=0))
        """How far the bytes before each span move, and those behind the last."""
        self._starts = [span.start + moved for span, moved in zip(self._spans, self._moved, strict=False)]
        self._ends = [start + len(span.new) for start, span in zip(self._starts, self._spans, strict=True)]

    @property
    def data(self) -> bytes:
        """All of them."""
        if self._data is None:
            self._data = replace_spans(self._before.data, self._spans)
        return self._data

    @property
    def size(self) -> int:
        """How many they are."""
        return self._before.size + self._moved[-1]

    def between(self, start: int, stop: int) -> bytes:
        """Some of them."""
        if self._data is not None:
            return self._data[start:stop]
        before, spans = self._before, self._spans
        pieces: list[bytes] = []
        index, at = bisect_right(self._ends, start), start
        while at < stop:
            following = self._starts[index] if index < len(spans) else stop
            if at < following:
                until, moved = min(following, stop), self._moved[index]
                pieces.append(before.between(at - moved, until - moved))
            else:
                until = min(self._ends[index], stop)
                pieces.append(spans[index].new[at - following : until - following])
                index += 1
            at = until
        return b"".join(pieces)

    def let_go(self) -> None:
        """Hold no more than the spans."""
        self._data = None
