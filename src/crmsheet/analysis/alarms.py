"""Alarms over a series: beyond limits, far from the median, falling for long, a sudden drop.

Knows the rules. Does not know what the series measures nor what to do about it.

Sources: Wheeler, Understanding Variation (XmR: 2.66 times the mean moving range; eight in a row on one side);
Iglewicz and Hoaglin (1993), NIST/SEMATECH e-Handbook 1.3.5.17 (modified z above 3.5); Efron (1969), Student's t
under symmetry (a sum over the root of its summed squares is normal when its terms are as likely up as down).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from math import erfc, fsum, sqrt
from statistics import median
from typing import Final

from crmsheet.analysis.special import student_tails
from crmsheet.structs import dataclass

BASELINE: Final = 12
_RANGE_FACTOR: Final = 2.66
RUN: Final = 8
_Z_SCALE: Final = 0.6745
_MEAN_DEVIATION_SCALE: Final = 1.253314
_Z_LIMIT: Final = 3.5
_LEAST_FOR_Z: Final = 7
_LEAST_UNITS: Final = 10
_LEAST_PAUSES: Final = 4
_ROUND: Final = 1e-9


class Rule(StrEnum):
    """What raised an alarm."""

    BELOW_LIMIT = "below_limit"
    ABOVE_LIMIT = "above_limit"
    RUN_BELOW = "run_below"
    RUN_ABOVE = "run_above"
    OUTLIER = "outlier"
    RUN_DOWN = "run_down"
    DROP = "drop"
    BEHIND = "behind"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Limits:
    """The natural process limits of a baseline: centre, lower and upper limit, and how many values made them."""

    centre: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """The rule broken at a position, the value there, and the bound it passed (the value before, of falls)."""

    rule: Rule
    at: int
    value: float
    bound: float


def natural_limits(baseline: Sequence[float], *, floor: float | None = 0.0) -> Limits | None:
    """The XmR limits; None of fewer than twelve values. Limits never lie below the floor, which is none for None."""
    if len(baseline) < BASELINE:
        return None
    centre = fsum(baseline) / len(baseline)
    ranges = [abs(b - a) for a, b in pairwise(baseline)]
    reach = _RANGE_FACTOR * fsum(ranges) / len(ranges)
    lower = centre - reach if floor is None else max(floor, centre - reach)
    return Limits(centre, lower, centre + reach, len(baseline))


def beyond_limits(series: Sequence[float], limits: Limits, start: int = 0) -> list[Alarm]:
    """Values outside the limits, and the eighth of each run of eight on one side of the centre."""
    found: list[Alarm] = []
    side, length = 0, 0
    for at in range(start, len(series)):
        value = series[at]
        if value < limits.lower:
            found.append(Alarm(Rule.BELOW_LIMIT, at, value, limits.lower))
        elif value > limits.upper:
            found.append(Alarm(Rule.ABOVE_LIMIT, at, value, limits.upper))
        now = (value > limits.centre) - (value < limits.centre)
        length = length + 1 if now == side else 1
        side = now
        if side and length == RUN:
            found.append(Alarm(Rule.RUN_ABOVE if side > 0 else Rule.RUN_BELOW, at, value, limits.centre))
    return found


def outliers(values: Sequence[float]) -> list[Alarm]:
    """Values whose modified z is above 3.5 in size; none of fewer than seven values or of equal ones.

    When more than half of the values are equal, the mean deviation stands for the median one.
    """
    if len(values) < _LEAST_FOR_Z:
        return []
    middle = median(values)
    deviations = [abs(value - middle) for value in values]
    scale = median(deviations) / _Z_SCALE
    if not scale:
        scale = _MEAN_DEVIATION_SCALE * fsum(deviations) / len(deviations)
    if not scale:
        return []
    return [
        Alarm(Rule.OUTLIER, at, value, middle + (_Z_LIMIT if value > middle else -_Z_LIMIT) * scale)
        for at, value in enumerate(values)
        if abs(value - middle) / scale > _Z_LIMIT
    ]


def run_down(series: Sequence[float], steps: int = 3) -> Alarm | None:
    """The series ends with so many falls in a row; an equal value ends a run."""
    falls = 0
    for before, after in zip(reversed(series[:-1]), reversed(series[1:]), strict=False):
        if after >= before:
            break
        falls += 1
    if falls < steps:
        return None
    last = len(series) - 1
    return Alarm(Rule.RUN_DOWN, last, series[last], series[last - falls])


def drop(series: Sequence[float], share: float, limits: Limits) -> Alarm | None:
    """The last value is below the one before by more than a share and below the lower limit as well."""
    if len(series) < 2 or series[-2] <= 0:
        return None
    before, value = series[-2], series[-1]
    if value < before * (1 - share) and value < limits.lower:
        return Alarm(Rule.DROP, len(series) - 1, value, before)
    return None


@dataclass(frozen=True, slots=True)
class Lag:
    """How a group did against the rest: its sums in two windows, the factor by which the rest changed, the shortfall
    in units of chance and its one-sided p, and of how many units."""

    before: float
    after: float
    rest: float
    z: float
    p: float
    n: int


def lag(before: Mapping[str, float], after: Mapping[str, float], rest: float) -> Lag | None:
    """How a group of customers fell behind (z below 0) or moved ahead, each customer being one observation.

    `rest` is the factor by which everything else changed: 1 for no comparison. None of fewer than ten customers.
    """
    units = sorted({*before, *after})
    changes = [after.get(unit, 0.0) - rest * before.get(unit, 0.0) for unit in units]
    size = sqrt(fsum(change * change for change in changes))
    total = fsum(changes)
    was = fsum(before.values())
    if len(units) < _LEAST_UNITS or was <= 0 or size <= _ROUND * was:
        return None
    z = total / size
    return Lag(was, fsum(after.values()), rest, z, erfc(abs(z) / sqrt(2)) / 2, len(units))


@dataclass(frozen=True, slots=True)
class Silence:
    """The days since the last of several purchases, the usual and the longest pause between them, and how many
    pauses that is of."""

    idle: float
    usual: float
    longest: float
    n: int


def silence_chances(customers: Mapping[str, Sequence[float]], now: float) -> dict[str, float]:
    """How likely it is that each customer who still buys would be silent for so long or longer.

    Pauses are waiting times; their cube roots are near to normal (Wilson and Hilferty, 1931). Each customer has a rhythm
    of its own, how regular it is is taken from all of them: one's own pauses are too few for that. Customers of fewer
    than four pauses have no chance of their own; nobody has one where all pauses are equal.
    """
    roots: dict[str, list[float]] = {}
    for who, days in customers.items():
        distinct = sorted(set(days))
        if len(distinct) > _LEAST_PAUSES and now > distinct[-1]:
            roots[who] = [(b - a) ** (1 / 3) for a, b in pairwise(distinct)]
    freedom = sum(len(own) - 1 for own in roots.values())
    means = {who: fsum(own) / len(own) for who, own in roots.items()}
    square = fsum((value / means[who] - 1) ** 2 for who, own in roots.items() for value in own)
    if not freedom or square <= _ROUND:
        return {}
    spread = sqrt(square / freedom)
    found: dict[str, float] = {}
    for who, own in roots.items():
        off = (now - max(customers[who])) ** (1 / 3) / means[who] - 1
        tails = student_tails(off / (spread * sqrt(1 + 1 / len(own))), freedom)
        found[who] = tails / 2 if off > 0 else 1 - tails / 2
    return found


def silence(days: Sequence[float], now: float) -> Silence | None:
    """How long a customer has been silent by its own rhythm: the median pause between days with a purchase.
    None of fewer than four pauses."""
    distinct = sorted(set(days))
    pauses = [b - a for a, b in pairwise(distinct)]
    if len(pauses) < _LEAST_PAUSES:
        return None
    return Silence(now - distinct[-1], median(pauses), max(pauses), len(pauses))
