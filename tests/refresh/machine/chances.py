"""Random choices out of one number, so that a step of a run is that number.

Knows nothing of workbooks.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """What one step draws."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, choices: Sequence[T]) -> T:
        """One of several."""
        return self._random.choice(choices)

    def number(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`."""
        return self._random.randint(first, last)

    def chance(self, part: float) -> bool:
        """True in this part of the cases."""
        return self._random.random() < part

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        """One to `most` of several, in their order."""
        count = self.number(1, max(1, min(most, len(choices))))
        found = sorted(self._random.sample(range(len(choices)), count))
        return [choices[i] for i in found]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """All of them in another order."""
        found = list(choices)
        self._random.shuffle(found)
        return found
