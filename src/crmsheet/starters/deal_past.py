"""How the deals of the demo came to be where they are: what a change log would have noted since they were created.

Knows the usual way through the stages, and that closing dates are put off. Every path ends where the deal stands.
Does not know how changes are remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from crmsheet.starters.demo import DemoValue, Row
from crmsheet.starters.dice import Dice
from crmsheet.structs import dataclass

_WAY: Final = ("new", "qualified", "proposal", "negotiation")
_WEIGHTS: Final = {"new": 1.0, "qualified": 1.8, "proposal": 3.2, "negotiation": 1.6}
"""How the time is spent: an offer waits longest for an answer."""
_REFRESHED: Final = 0
"""The weekday on which somebody refreshes: Monday."""
_PUT_OFF: Final = 0.35
_WEEKS: Final = (2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Past:
    """A change to a row (by its place in the table) that a refresh found on `day`; stages by their ids."""

    table: str
    row: int
    day: date
    field: str
    old: DemoValue
    new: DemoValue
    who: str


def past_changes(deals: Sequence[Row], as_of: date) -> list[Past]:
    """What became of the deals, in the order of the days."""
    found = [change for row, deal in enumerate(deals) for change in _of(row, deal, as_of)]
    return sorted(found, key=lambda change: (change.day, change.row, change.field))


def _of(row: int, deal: Row, as_of: date) -> Iterator[Past]:
    created, closed, stage = deal["created"], deal["closed_date"], str(deal["stage"])
    if not isinstance(created, date):
        return
    dice = Dice(f"past {deal['deal_no']}")
    end = closed if isinstance(closed, date) else as_of
    who = str(deal["owner"])
    stages = _stages(stage, dice)
    for day, old, new in _moves(stages, created, end, dice, over=isinstance(closed, date)):
        yield Past("deals", row, _noted(day, as_of), "stage", old, new, who)
    expected = deal["expected_close"]
    if isinstance(expected, date) and dice.random() < _PUT_OFF:
        noted = _noted(created + (end - created) * (0.4 + dice.random() / 2), as_of)
        before = expected - timedelta(weeks=dice.choice(_WEEKS))
        if created < before and created < noted:
            yield Past("deals", row, noted, "expected_close", before, expected, who)


def _stages(stage: str, dice: Dice) -> tuple[str, ...]:
    """The stages that a deal went through, the last one it stands in."""
    if stage == "lost":
        return (*_WAY[: dice.randint(1, len(_WAY))], stage)
    if stage == "won":
        return (*_WAY, stage)
    return _WAY[: _WAY.index(stage) + 1]


def _moves(
    stages: tuple[str, ...], created: date, end: date, dice: Dice, *, over: bool
) -> Iterator[tuple[date, str, str]]:
    """The days on which a deal moved on; one that is not over has been in its last stage for a while."""
    timed = stages if not over else stages[:-1]
    weights = [_WEIGHTS[stage] * (0.5 + dice.random()) for stage in timed]
    spent, whole = 0.0, sum(weights)
    for stage, after, weight in zip(stages, stages[1:], weights, strict=False):
        spent += weight
        yield created + (end - created) * (spent / whole), stage, after


def _noted(day: date, as_of: date) -> date:
    """The day of the refresh that notices what happened on a day; what is new today is noticed now."""
    return min(day + timedelta(days=(_REFRESHED - day.weekday()) % 7), as_of)
