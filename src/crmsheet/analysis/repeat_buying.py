"""Predictive lifetime value, part one: who is still a customer and how often each will buy (BG/NBD).

Knows buying histories in one unit of time. Does not know money (`spending`) nor customers.

Source: Fader, Hardie and Lee, "Counting Your Customers the Easy Way" (2005), equations 3, 6, 7, 9 and 10, with the
likelihood in the numerically stable form of Hardie's note of 2005.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import exp, lgamma, log, log1p
from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.minimum import Point, lowest
from crmsheet.analysis.special import hypergeometric
from crmsheet.structs import dataclass

LEAST_CUSTOMERS: Final = 100
LEAST_REPEATERS: Final = 30
_NEAR_ONE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class History:
    """Repeat purchase periods (the first left out), age at the last of them, age now; in one unit of time."""

    repeats: int
    last: float
    age: float

    def __post_init__(self) -> None:
        if self.repeats < 0 or not 0 <= self.last <= self.age:
            raise ValueError("a history needs repeats >= 0 and 0 <= last <= age")


@dataclass(frozen=True, slots=True)
class RepeatBuying:
    """A fitted model: r and alpha of the buying rates, a and b of the chance to leave after a purchase."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, history: History) -> float:
        """The chance that a customer still buys at all: 1 for whoever never bought again, by construction."""
        return 1 / (1 + self._gone_odds(history))

    def expected(self, history: History, time: float) -> float:
        """How often a customer with this history will buy within a time from now."""
        r, alpha, a, b = self.r, self.alpha, self._a, self.b
        x, age = history.repeats, history.age
        z = time / (alpha + age + time)
        series = hypergeometric(r + x, b + x, a + b + x - 1, z)
        left = exp((r + x) * log((alpha + age) / (alpha + age + time)))
        return (a + b + x - 1) / (a - 1) * (1 - left * series) / (1 + self._gone_odds(history))

    def expected_of_new(self, time: float) -> float:
        """How often a customer who has just bought for the first time will buy again within a time."""
        r, alpha, a, b = self.r, self.alpha, self._a, self.b
        series = hypergeometric(r, b, a + b - 1, time / (alpha + time))
        return (a + b - 1) / (a - 1) * (1 - exp(r * log(alpha / (alpha + time))) * series)

    @property
    def _a(self) -> float:
        """`a`, moved off 1, where the formulas divide by nothing."""
        return self.a if abs(self.a - 1) > _NEAR_ONE else 1 + _NEAR_ONE

    def _gone_odds(self, history: History) -> float:
        x = history.repeats
        if not x:
            return 0.0
        ratio = (self.alpha + history.age) / (self.alpha + history.last)
        return self.a / (self.b + x - 1) * exp((self.r + x) * log(ratio))


@dataclass(frozen=True, slots=True)
class Fit:
    """The model with its log-likelihood and the numbers it rests on; None with the reason when it may not be used."""

    model: RepeatBuying | None
    likelihood: float
    customers: int
    repeaters: int
    gate: Gate


def fitted(histories: Iterable[History], penalty: float = 0.0) -> Fit:
    """The model of greatest likelihood; `penalty` (0 to 0.1) holds parameters of small samples back.

    Closed below 100 customers or 30 repeaters, and when no greatest likelihood is found.
    """
    patterns = Counter(histories)
    customers = patterns.total()
    repeaters = sum(n for h, n in patterns.items() if h.repeats)
    if customers < LEAST_CUSTOMERS or repeaters < LEAST_REPEATERS:
        return Fit(None, 0.0, customers, repeaters, Gate.SMALL_N)
    # Time is scaled so that parameters are near 1, whatever its unit.
    scale = 10 / max(h.age for h in patterns)
    grouped = _grouped(patterns, scale)

    def loss(point: Point) -> float:
        if max(map(abs, point)) > 50:
            return float("inf")
        r, alpha, a, b = map(exp, point)
        held = penalty * (r * r + alpha * alpha + a * a + b * b)
        return -_likelihood(grouped, r, alpha, a, b) / customers + held

    found = lowest(loss, (0.0, 0.0, 0.0, 0.0), close=1e-10)
    r, alpha, a, b = map(exp, found.at)
    likelihood = _likelihood(grouped, r, alpha, a, b) + log(scale) * sum(
        h.repeats * n for h, n in patterns.items()
    )
    if not found.settled:
        return Fit(None, likelihood, customers, repeaters, Gate.NOT_IDENTIFIED)
    return Fit(RepeatBuying(r, alpha / scale, a, b), likelihood, customers, repeaters, Gate.OK)


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Patterns as places in lists of the few numbers that they are made of, each with how many customers have it."""

    repeats: list[int]
    times: list[float]
    patterns: list[tuple[int, int, int, int]]


def _grouped(patterns: Mapping[History, int], scale: float) -> _Grouped:
    repeats = sorted({h.repeats for h in patterns})
    times = sorted({time * scale for h in patterns for time in (h.last, h.age)})
    count = {x: i for i, x in enumerate(repeats)}
    when = {time: i for i, time in enumerate(times)}
    return _Grouped(
        repeats,
        times,
        [(count[h.repeats], when[h.last * scale], when[h.age * scale], n) for h, n in patterns.items()],
    )


def _likelihood(grouped: _Grouped, r: float, alpha: float, a: float, b: float) -> float:
    fixed = -lgamma(r) + r * log(alpha) + lgamma(a + b) - lgamma(b)
    logs = [log(alpha + time) for time in grouped.times]
    own = [lgamma(r + x) + lgamma(b + x) - lgamma(a + b + x) + fixed for x in grouped.repeats]
    odds = [log(a) - log(b + x - 1) if x else 0.0 for x in grouped.repeats]
    power = [r + x for x in grouped.repeats]
    total = 0.0
    for x, last, age, n in grouped.patterns:
        both = -power[x] * logs[age]
        if grouped.repeats[x]:
            gone = odds[x] - power[x] * logs[last]
            high, low = (both, gone) if both > gone else (gone, both)
            both = high + log1p(exp(low - high))
        total += n * (own[x] + both)
    return total
