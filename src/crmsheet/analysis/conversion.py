"""How far things come that go through stages, and how many of those that came so far were won.

Knows paths through stages. A stage that was skipped counts as passed, one that was entered twice counts once. Does not
know what a stage is called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from crmsheet.analysis.gates import Estimate, Gate, closed
from crmsheet.analysis.stages import Path
from crmsheet.structs import dataclass

LEAST: Final = 5
_FIRM: Final = 30


@dataclass(frozen=True, slots=True)
class Closings:
    """Of the things that ever reached a stage and whose end was seen: how many were won and lost."""

    stage: str
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Course:
    """Things that began together: how many, how many are not over yet, and of each stage the share that reached it."""

    n: int
    open: int
    reached: tuple[Estimate, ...]


def furthest(path: Path, order: Sequence[str], lost: Collection[str]) -> int:
    """The place of the latest stage that a thing was ever in; -1 when it was in none but lost ones."""
    place = {stage: i for i, stage in enumerate(order)}
    seen = (path.first, *(stage for _, stage in path.moves))
    return max((place[s] for s in seen if s in place and s not in lost), default=-1)


def closings(
    paths: Iterable[Path], order: Sequence[str], won: Collection[str], lost: Collection[str]
) -> tuple[Closings, ...]:
    """For each stage that is no end. Only things whose end was seen count, that is whose last move led there: of one
    that was lost before anybody watched nobody knows how far it had come."""
    wins, losses = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for path in paths:
        last = path.moves[-1][1] if path.moves else ""
        if last not in won and last not in lost:
            continue
        counts = wins if last in won else losses
        for stage in order[: furthest(path, order, lost) + 1]:
            counts[stage] += 1
    ends = {*won, *lost}
    return tuple(Closings(stage, wins[stage], losses[stage]) for stage in order if stage not in ends)


def course(
    paths: Sequence[Path], order: Sequence[str], won: Collection[str], lost: Collection[str]
) -> Course:
    """How far things came that began together; no share of fewer than five."""
    steps = [i for i, stage in enumerate(order) if stage not in lost]
    far = [furthest(path, order, lost) for path in paths]
    ends = {*won, *lost}
    now = [path.moves[-1][1] if path.moves else path.first for path in paths]
    n = len(paths)
    gate = Gate.OK if n >= _FIRM else Gate.FEW
    reached = tuple(
        Estimate(sum(one >= step for one in far) / n, n, gate) if n >= LEAST else closed(n) for step in steps
    )
    return Course(n, sum(stage not in ends for stage in now), reached)
