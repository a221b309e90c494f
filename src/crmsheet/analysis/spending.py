"""Predictive lifetime value, part two: how much a customer spends on a purchase (Gamma-Gamma).

Knows mean values of repeat purchases. Does not know how often they come (`repeat_buying`).

Source: Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013), equations 1a and 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.minimum import Point, lowest
from crmsheet.analysis.repeat_buying import LEAST_REPEATERS
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Spending:
    """A fitted model: p of the purchases, q and v of the customers' means."""

    p: float
    q: float
    v: float

    def expected(self, repeats: int, mean: float) -> float | None:
        """The mean value of a customer's purchases, between what was seen of them and what all spend.

        None when the model has no finite mean (q at most 1 for a customer without repeats).
        """
        weight = self.p * repeats + self.q - 1
        return (self.v + repeats * mean) * self.p / weight if weight > 0 and self.q > 1 else None


@dataclass(frozen=True, slots=True)
class SpendingFit:
    """The model with the repeaters it rests on; None with the reason when it may not be used."""

    model: Spending | None
    repeaters: int
    gate: Gate


def fitted(repeats: Sequence[int], means: Sequence[float], penalty: float = 0.0) -> SpendingFit:
    """The model of greatest likelihood over customers with repeats and a positive mean; others are left out.

    Closed below 30 of them, and when the fit gives no finite mean.
    """
    rows = [(x, m) for x, m in zip(repeats, means, strict=True) if x > 0 and m > 0]
    n = len(rows)
    if n < LEAST_REPEATERS:
        return SpendingFit(None, n, Gate.SMALL_N)
    scale = n / sum(m for _, m in rows)
    scaled = [(x, m * scale) for x, m in rows]
    logs = [(x, log(m), x * m, log(x)) for x, m in scaled]

    def loss(point: Point) -> float:
        if max(map(abs, point)) > 50:
            return float("inf")
        p, q, v = map(exp, point)
        fixed = -lgamma(q) + q * log(v)
        total = sum(
            lgamma(p * x + q)
            - lgamma(p * x)
            + fixed
            + (p * x - 1) * log_mean
            + p * x * log_repeats
            - (p * x + q) * log(spent + v)
            for x, log_mean, spent, log_repeats in logs
        )
        return -total / n + penalty * (p * p + q * q + v * v)

    found = lowest(loss, (0.0, 0.5, 0.0), close=1e-10)
    p, q, v = map(exp, found.at)
    if not found.settled or q <= 1:
        return SpendingFit(None, n, Gate.NOT_IDENTIFIED)
    return SpendingFit(Spending(p, q, v / scale), n, Gate.OK)
