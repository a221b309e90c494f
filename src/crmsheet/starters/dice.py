"""Random numbers for demo data: seeded by a text, quick.

Knows how to draw. Does not know what for. The standard library's `choice` and `randint` avoid a bias of
2^-50 that nobody sees in a demo, at three times the cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice(Random):
    """A stream of draws; the same seed gives the same stream, whatever other streams do."""

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override] # the parameter is named as Random names it
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        return a + int(self.random() * (b - a + 1))
