"""Promised days that were put off: how often, and by how much in all.

Knows the days that something was promised for, one after the other. Does not know what was promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from crmsheet.analysis.gates import Estimate, Gate, closed
from crmsheet.structs import dataclass

LEAST: Final = 3
_FIRM: Final = 20


@dataclass(frozen=True, slots=True)
class Slips:
    """Of `n` promises: how many stand later now than at first, how often a day was put off, and the median number of
    days that the late ones are late by."""

    n: int
    later: int
    times: int
    days: Estimate


def slips(promises: Iterable[Sequence[float]]) -> Slips:
    """Each promise as its days in the order they were given."""
    n = times = 0
    late: list[float] = []
    for days in promises:
        if not days:
            continue
        n += 1
        times += sum(after > before for before, after in pairwise(days))
        if days[-1] > days[0]:
            late.append(days[-1] - days[0])
    gate = Gate.OK if len(late) >= _FIRM else Gate.FEW
    typical = Estimate(median(late), len(late), gate) if len(late) >= LEAST else closed(len(late))
    return Slips(n, len(late), times, typical)
