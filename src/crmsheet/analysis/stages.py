"""What became of things that go through stages: how long they stay in each, and where they go from there.

Knows paths through stages by day. A stay counts only if both of its ends were seen: one that began before anybody
watched lasted longer than is known, one that goes on is not over. Does not know what a stage is called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from statistics import median
from typing import Final

from crmsheet.analysis.gates import Estimate, Gate, closed
from crmsheet.structs import dataclass

LEAST_STAYS: Final = 3
LEAST_LEFT: Final = 5
"""Stays and departures below which nothing is said."""
_FIRM: Final = 20


@dataclass(frozen=True, slots=True)
class Path:
    """One thing: the day it began, its first stage, and the stages it went to, each with the day, in order."""

    began: float
    first: str
    moves: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StageCourse:
    """A stage: how many are in it, the median of days that stays lasted, how many left it, and the share of these
    that went on to a later stage."""

    stage: str
    present: int
    days: Estimate
    left: int
    onward: Estimate


def courses(
    paths: Iterable[Path], order: Sequence[str], since: float, lost: Collection[str] = ()
) -> tuple[StageCourse, ...]:
    """The stages in `order`, as far as anything was ever seen in them. `since` is the day that watching began; stages
    in `lost` are no way on."""
    place = {stage: i for i, stage in enumerate(order)}
    present = dict.fromkeys(order, 0)
    stays: dict[str, list[float]] = {stage: [] for stage in order}
    left = dict.fromkeys(order, 0)
    onward = dict.fromkeys(order, 0)
    for path in paths:
        stage, start, seen = path.first, path.began, path.began >= since
        for day, after in path.moves:
            if stage in place:
                left[stage] += 1
                onward[stage] += after in place and place[after] > place[stage] and after not in lost
                if seen:
                    stays[stage].append(max(day - start, 0))
            stage, start, seen = after, day, True
        if stage in place:
            present[stage] += 1
    return tuple(
        StageCourse(
            stage,
            present[stage],
            _estimate(median(stays[stage]) if stays[stage] else 0, len(stays[stage]), LEAST_STAYS),
            left[stage],
            _estimate(onward[stage] / left[stage] if left[stage] else 0, left[stage], LEAST_LEFT),
        )
        for stage in order
        if present[stage] or left[stage]
    )


def _estimate(value: float, n: int, least: int) -> Estimate:
    if n < least:
        return closed(n)
    return Estimate(value, n, Gate.OK if n >= _FIRM else Gate.FEW)
