"""How unlikely the last values of a series are, measured by how much its baseline scatters.

Knows numbers and how many cases each is of. Does not know what is an alarm (`alarms`).

Sums and counts scatter more the larger they are, and more often far up than far down; their roots do not (Bartlett,
1936), so figures that are never negative are measured by their roots. A rate scatters less the more cases it is of, so
each month counts by the root of its cases (Laney, 2002, p' charts). A mean moving range is blind to slow swings such as
seasons, so the spread is that of the whole baseline where this is larger. A baseline is short: Student's t.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, sqrt
from typing import Final

from crmsheet.analysis.special import student_tails
from crmsheet.structs import dataclass

_RANGES_OF_ONE: Final = 1.128
"""The mean difference of two values is so many standard deviations (d2 of control charts)."""
_MOST_CARRIED: Final = 0.8
_ROUND: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Steady:
    """A baseline: centre and spread of a value of one case, how much a value says of the next, of how many values."""

    centre: float
    spread: float
    carried: float
    n: int
    cases: float
    rooted: bool

    def chance(self, value: float, cases: float) -> float:
        """How likely a value of so many cases would be so far off, on its side."""
        return self._tail(self._off(value), 1 / cases + 1 / self.cases)

    def chance_of_mean(self, values: Sequence[float], cases: Sequence[float]) -> float:
        """How likely the mean of the values that follow each other would be so far off, on its side."""
        total = fsum(cases)
        off = fsum(self._off(v) * c for v, c in zip(values, cases, strict=True)) / total
        together = (1 + self.carried) / (1 - self.carried)
        return self._tail(off, together * (1 / total + 1 / self.cases))

    def chance_of_step(self, before: float, cases_before: float, after: float, cases_after: float) -> float:
        """How likely two values would be so far apart, in this order."""
        return self._tail(self._off(after) - self._off(before), 1 / cases_before + 1 / cases_after)

    def _off(self, value: float) -> float:
        return (sqrt(value) if self.rooted else value) - self.centre

    def _tail(self, off: float, per_case: float) -> float:
        return student_tails(off / (self.spread * sqrt(per_case)), self.n - 1) / 2


def steady(values: Sequence[float], cases: Sequence[float], *, rooted: bool) -> Steady | None:
    """What a baseline says; None where nothing scatters."""
    scale = [sqrt(value) for value in values] if rooted else list(values)
    total = fsum(cases)
    centre = fsum(v * c for v, c in zip(scale, cases, strict=True)) / total
    off = [(v - centre) * sqrt(c) for v, c in zip(scale, cases, strict=True)]
    whole = sqrt(fsum(v * v for v in off) / (len(off) - 1))
    near = fsum(abs(b - a) for a, b in pairwise(off)) / (len(off) - 1) / _RANGES_OF_ONE
    spread = max(whole, near)
    if spread * sqrt(len(off) / total) <= _ROUND * max(abs(centre), _ROUND):
        return None
    carried = max(0.0, min(_MOST_CARRIED, 1 - (near / whole) ** 2))
    return Steady(centre, spread, carried, len(off), total, rooted)
