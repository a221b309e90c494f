"""The forecast ladder: the method that a series is long enough for, backtested, with an interval.

Knows monthly values of months that are over. Does not know what they measure nor whether a missing month is zero.

Sources: Winters (1960) for the additive seasonal method; Hyndman and Koehler (2006) for MASE; Tashman (2000) for
the rolling origin. Two full seasons are the least that seasonal smoothing is documented for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise, product
from math import fsum, sqrt
from typing import Final

from crmsheet.structs import dataclass

SEASON: Final = 12
_Z80: Final = 1.2815515655446004
_LEAST_ORIGINS: Final = 3
_GRID: Final = tuple(product((0.05, 0.2, 0.4, 0.7), (0.01, 0.1, 0.3), (0.05, 0.2, 0.5)))
"""Weights of level, trend and season: finer ones change no forecast that its own errors would not swallow."""


class Method(StrEnum):
    """From the most to the least that the data must give."""

    HOLT_WINTERS = "holt_winters"
    SEASONAL_NAIVE = "seasonal_naive_drift"
    LINEAR = "linear"
    MEAN_OF_THREE = "mean_of_three"
    NAIVE = "naive"


_NEEDS: Final = {
    Method.HOLT_WINTERS: 2 * SEASON,
    Method.SEASONAL_NAIVE: SEASON,
    Method.LINEAR: 6,
    Method.MEAN_OF_THREE: 3,
}


@dataclass(frozen=True, slots=True)
class Backtest:
    """How a method did from earlier origins: errors one step ahead, WAPE and MASE (None where undefined)."""

    method: Method
    origins: int
    wape: float | None
    mase: float | None
    spread: float | None
    """Root mean square of the errors one step ahead."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Values of the coming months with 80 % limits, of the method chosen; the naive value stands beside them."""

    method: Method
    n: int
    points: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    naive: float
    chosen: Backtest
    others: tuple[Backtest, ...]


def forecast(series: Sequence[float], horizon: int) -> Forecast | None:
    """The coming `horizon` months; fewer when a straight line would be drawn too far (half its length).

    Of the methods that the series is long enough for, the one of the smallest MASE from rolling origins; the
    richest one where no backtest can tell. None below three months. Never below 0 when the series never was.
    """
    n = len(series)
    possible = [method for method, least in _NEEDS.items() if n >= least]
    if not possible or horizon < 1:
        return None
    tests = [backtest(series, method) for method in (*possible, Method.NAIVE)]
    told = [test for test in tests[:-1] if test.mase is not None and test.origins >= _LEAST_ORIGINS]
    chosen = min(told, key=lambda test: (test.mase, tests.index(test))) if told else tests[0]
    reach = min(horizon, n // 2) if chosen.method is Method.LINEAR else horizon
    floor = 0.0 if min(series) >= 0 else float("-inf")
    points = [max(floor, value) for value in _METHODS[chosen.method](series, reach)]
    spread = chosen.spread if chosen.spread is not None else _deviation(series)
    widths = [_Z80 * spread * sqrt(step) for step in range(1, reach + 1)]
    return Forecast(
        chosen.method,
        n,
        tuple(points),
        tuple(max(floor, point - width) for point, width in zip(points, widths, strict=True)),
        tuple(point + width for point, width in zip(points, widths, strict=True)),
        series[-1],
        chosen,
        tuple(test for test in tests if test is not chosen),
    )


def backtest(series: Sequence[float], method: Method) -> Backtest:
    """One step ahead from every origin that leaves the method the data it needs, at most twelve of them."""
    least = _NEEDS.get(method, 1)
    origins = range(max(least, len(series) - SEASON), len(series))
    errors = [series[at] - _METHODS[method](series[:at], 1)[0] for at in origins]
    if not errors:
        return Backtest(method, 0, None, None, None)
    size = fsum(abs(e) for e in errors)
    seen = fsum(abs(series[at]) for at in origins)
    steps = [abs(b - a) for a, b in pairwise(series)]
    naive = fsum(steps) / len(steps) if steps else 0.0
    return Backtest(
        method,
        len(errors),
        size / seen if seen else None,
        size / len(errors) / naive if naive else None,
        sqrt(fsum(e * e for e in errors) / len(errors)),
    )


def line(series: Sequence[float]) -> tuple[float, float, float]:
    """Intercept at position 0, slope and R squared of the least-squares line; R squared is 1 of a constant."""
    n = len(series)
    middle, mean = (n - 1) / 2, fsum(series) / n
    across = fsum((at - middle) ** 2 for at in range(n))
    slope = fsum((at - middle) * (value - mean) for at, value in enumerate(series)) / across
    intercept = mean - slope * middle
    left = fsum((value - intercept - slope * at) ** 2 for at, value in enumerate(series))
    total = fsum((value - mean) ** 2 for value in series)
    return intercept, slope, 1 - left / total if total else 1.0


def _linear(series: Sequence[float], horizon: int) -> list[float]:
    intercept, slope, _ = line(series)
    return [intercept + slope * (len(series) + step) for step in range(horizon)]


def _seasonal_naive(series: Sequence[float], horizon: int) -> list[float]:
    """The month a year before, moved by the mean yearly growth so far (none in the first year)."""
    n = len(series)
    pairs = [series[at] - series[at - SEASON] for at in range(SEASON, n)]
    drift = fsum(pairs) / len(pairs) if pairs else 0.0
    return [series[n - SEASON + step % SEASON] + drift * (1 + step // SEASON) for step in range(horizon)]


def _mean_of_three(series: Sequence[float], horizon: int) -> list[float]:
    return [fsum(series[-3:]) / 3] * horizon


def _naive(series: Sequence[float], horizon: int) -> list[float]:
    return [series[-1]] * horizon


def _holt_winters(series: Sequence[float], horizon: int) -> list[float]:
    """Additive trend and season with the weights of the grid that err least one step ahead."""
    weights = min(_GRID, key=lambda weights: smoothed(series, *weights)[0])
    _, level, trend, season = smoothed(series, *weights)
    n = len(series)
    return [level + trend * (step + 1) + season[(n + step) % SEASON] for step in range(horizon)]


def smoothed(
    series: Sequence[float], alpha: float, beta: float, gamma: float
) -> tuple[float, float, float, list[float]]:
    """Additive Holt-Winters with weights of level, trend and season: the squared errors one step ahead, and the last
    level, trend and season (by position modulo twelve). Needs two seasons."""
    first, second = fsum(series[:SEASON]) / SEASON, fsum(series[SEASON : 2 * SEASON]) / SEASON
    trend = (second - first) / SEASON
    # The level just before the first month; the season is what both years show beside the straight line.
    level = first - trend * (SEASON + 1) / 2
    season = [
        fsum(series[at + year * SEASON] - level - trend * (at + year * SEASON + 1) for year in (0, 1)) / 2
        for at in range(SEASON)
    ]
    squares = 0.0
    for at, value in enumerate(series):
        place = at % SEASON
        expected = level + trend
        squares += (value - expected - season[place]) ** 2
        level = alpha * (value - season[place]) + (1 - alpha) * expected
        trend = beta * (level - (expected - trend)) + (1 - beta) * trend
        season[place] = gamma * (value - level) + (1 - gamma) * season[place]
    return squares, level, trend, season


def _deviation(series: Sequence[float]) -> float:
    mean = fsum(series) / len(series)
    return sqrt(fsum((value - mean) ** 2 for value in series) / max(1, len(series) - 1))


_METHODS: Final[dict[Method, Callable[[Sequence[float], int], list[float]]]] = {
    Method.HOLT_WINTERS: _holt_winters,
    Method.SEASONAL_NAIVE: _seasonal_naive,
    Method.LINEAR: _linear,
    Method.MEAN_OF_THREE: _mean_of_three,
    Method.NAIVE: _naive,
}
