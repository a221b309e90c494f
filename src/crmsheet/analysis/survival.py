"""Survival of customers: the share still with us after a time, when some have not left yet.

Knows the product-limit estimator. Does not know when a customer counts as lost.

Sources: Kaplan and Meier (1958); Greenwood's variance on the log-log scale as in Kalbfleisch and Prentice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import exp, log, sqrt
from typing import Final

from crmsheet.structs import dataclass

_Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Step:
    """From `time` on: the share that survives with its 95 % limits, of `at_risk` who had reached it."""

    time: float
    at_risk: int
    lost: int
    share: float
    low: float
    high: float


def curve(durations: Sequence[float], lost: Sequence[bool]) -> list[Step]:
    """The steps of the survival curve; `lost` says of each duration whether it ended or was only cut off.

    Raises ValueError when a duration is negative.
    """
    if any(duration < 0 for duration in durations):
        raise ValueError("a duration cannot be negative")
    ended = Counter(d for d, gone in zip(durations, lost, strict=True) if gone)
    cut = Counter(d for d, gone in zip(durations, lost, strict=True) if not gone)
    at_risk, share, variance = len(durations), 1.0, 0.0
    steps: list[Step] = []
    for time in sorted(ended | cut):
        gone = ended[time]
        if gone:
            share *= 1 - gone / at_risk
            if gone < at_risk:
                variance += gone / (at_risk * (at_risk - gone))
            steps.append(Step(time, at_risk, gone, share, *_limits(share, variance)))
        at_risk -= gone + cut[time]
    return steps


def _limits(share: float, variance: float) -> tuple[float, float]:
    if share <= 0 or share >= 1:
        return share, share
    spread = exp(_Z95 * sqrt(variance) / log(share))
    return share ** (1 / spread), share**spread


def median(steps: Sequence[Step]) -> float | None:
    """The time at which half are lost; None when the curve does not come down to a half."""
    return next((step.time for step in steps if step.share <= 0.5), None)


def share_at(steps: Sequence[Step], time: float) -> float:
    """The share that survives a time."""
    share = 1.0
    for step in steps:
        if step.time > time:
            break
        share = step.share
    return share
