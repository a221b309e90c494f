"""Recency, frequency and monetary value: scores, the 5 x 5 grid and the Chinese eight segments.

Knows how buyers are ranked among buyers. Does not know who is a buyer nor how a segment is called.

Sources: Hughes, Strategic Database Marketing (scores); the named grid is the widely used one of R against F.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import StrEnum
from math import fsum
from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.structs import dataclass

GROUPS: Final = 5
LEAST_BUYERS: Final = 5
"""With fewer, ranks say nothing: thresholds of the spec are used instead."""


class Segment(StrEnum):
    """The names of the 5 x 5 grid."""

    CHAMPIONS = "champions"
    LOYAL = "loyal"
    POTENTIAL_LOYALIST = "potential_loyalist"
    NEW = "new"
    PROMISING = "promising"
    NEED_ATTENTION = "need_attention"
    ABOUT_TO_SLEEP = "about_to_sleep"
    AT_RISK = "at_risk"
    CANT_LOSE = "cant_lose"
    HIBERNATING = "hibernating"


class Eight(StrEnum):
    """The 2 x 2 x 2 scheme: above or below the mean of recency, frequency and money."""

    KEY_VALUE = "key_value"
    KEY_GROWTH = "key_growth"
    KEY_RETENTION = "key_retention"
    KEY_RECOVERY = "key_recovery"
    VALUE = "value"
    GROWTH = "growth"
    RETENTION = "retention"
    RECOVERY = "recovery"


class Tier(StrEnum):
    """Value by the monetary score alone."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


_S: Final = Segment
_GRID: Final = (
    (_S.HIBERNATING, _S.HIBERNATING, _S.AT_RISK, _S.AT_RISK, _S.CANT_LOSE),
    (_S.HIBERNATING, _S.HIBERNATING, _S.AT_RISK, _S.AT_RISK, _S.CANT_LOSE),
    (_S.ABOUT_TO_SLEEP, _S.ABOUT_TO_SLEEP, _S.NEED_ATTENTION, _S.LOYAL, _S.LOYAL),
    (_S.PROMISING, _S.POTENTIAL_LOYALIST, _S.POTENTIAL_LOYALIST, _S.LOYAL, _S.LOYAL),
    (_S.NEW, _S.POTENTIAL_LOYALIST, _S.POTENTIAL_LOYALIST, _S.CHAMPIONS, _S.CHAMPIONS),
)
"""By R (1 to 5, downwards) and F (1 to 5, to the right)."""
# By whether recency, frequency and money are on the good side of their means.
_EIGHT: Final = {
    (True, True, True): Eight.KEY_VALUE,
    (True, False, True): Eight.KEY_GROWTH,
    (False, True, True): Eight.KEY_RETENTION,
    (False, False, True): Eight.KEY_RECOVERY,
    (True, True, False): Eight.VALUE,
    (True, False, False): Eight.GROWTH,
    (False, True, False): Eight.RETENTION,
    (False, False, False): Eight.RECOVERY,
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """One who bought: days since the last order, distinct days with an order, net amount in the window."""

    recency: float
    frequency: int
    money: float


@dataclass(frozen=True, slots=True)
class Score:
    """One buyer's scores, 1 to 5 each, 5 the best."""

    recency: int
    frequency: int
    money: int

    @property
    def segment(self) -> Segment:
        return _GRID[self.recency - 1][self.frequency - 1]

    @property
    def tier(self) -> Tier:
        return Tier.HIGH if self.money >= 4 else Tier.MIDDLE if self.money >= 2 else Tier.LOW


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Four rising limits for each dimension: a value at or above the k-th scores k + 1 (recency: at or below)."""

    recency: tuple[float, float, float, float]
    frequency: tuple[float, float, float, float]
    money: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rfm:
    """Scores in the order of the buyers; the gate says whether ranks or thresholds made them."""

    scores: tuple[Score, ...]
    gate: Gate


def ranked(values: Sequence[float], *, low_is_good: bool = False) -> list[int]:
    """Scores 1 to 5 by the share of strictly worse values: `MIN(5, INT(5 * share) + 1)`; ties score the same."""
    ordered = sorted(values)
    n = len(ordered)
    if low_is_good:
        return [min(GROUPS, GROUPS * (n - bisect_right(ordered, v)) // n + 1) for v in values]
    return [min(GROUPS, GROUPS * bisect_left(ordered, v) // n + 1) for v in values]


def scored(buyers: Sequence[Buyer], thresholds: Thresholds) -> Rfm:
    """Scores of buyers among themselves; of fewer than five by the thresholds, which the gate then says."""
    if len(buyers) >= LEAST_BUYERS:
        columns = (
            ranked([b.recency for b in buyers], low_is_good=True),
            ranked([float(b.frequency) for b in buyers]),
            ranked([b.money for b in buyers]),
        )
        return Rfm(tuple(Score(*row) for row in zip(*columns, strict=True)), Gate.OK)
    scores = tuple(
        Score(
            # A day count equal to a limit is still within it, so the limits are counted from above.
            GROUPS - bisect_left(thresholds.recency, b.recency),
            1 + bisect_right(thresholds.frequency, b.frequency),
            1 + bisect_right(thresholds.money, b.money),
        )
        for b in buyers
    )
    return Rfm(scores, Gate.SMALL_N)


def eight_segments(buyers: Sequence[Buyer]) -> list[Eight]:
    """The 2 x 2 x 2 scheme: each dimension against its mean, the mean itself on the good side."""
    if not buyers:
        return []
    n = len(buyers)
    recency = fsum(b.recency for b in buyers) / n
    frequency = fsum(b.frequency for b in buyers) / n
    money = fsum(b.money for b in buyers) / n
    return [_EIGHT[b.recency <= recency, b.frequency >= frequency, b.money >= money] for b in buyers]


def bins(values: Sequence[float], scores: Sequence[int]) -> list[tuple[int, int, float, float]]:
    """The bin table of one dimension: score, count, lowest and highest value; heavy ties show here."""
    return [
        (score, len(members), min(members), max(members))
        for score in range(1, GROUPS + 1)
        if (members := [v for v, s in zip(values, scores, strict=True) if s == score])
    ]
