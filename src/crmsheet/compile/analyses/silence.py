"""Customers gone silent, the most valuable first.

Knows the days of their purchases. Does not know other rules (`watching`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from crmsheet.analysis.alarms import Rule, Silence, silence, silence_chances
from crmsheet.analysis.association import false_discoveries
from crmsheet.compile.analyses.facts import Facts, month_of
from crmsheet.compile.analyses.raising import Raised
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Metric

PAUSES: Final = 2.0
"""Times its usual pause a customer must have been silent."""
_LEAST_IDLE: Final = 90
_FORGOTTEN: Final = 365
_VALUABLE: Final = 0.8
"""Silent customers are told of as long as those before them bought less than this share in the year before."""
_BY_CHANCE: Final = 0.05
"""So large a part of the customers told of may be silent by chance; where all are, so often is anyone told of."""


def silent(facts: Facts, metric: Metric, entity: Dimension) -> tuple[list[Raised], int]:
    """The customers worth most who have bought nothing for longer than chance alone would bring, and how many were
    looked at."""
    events = facts.events(metric.id, entity)
    now = facts.context.as_of
    days: dict[str, list[float]] = defaultdict(list)
    worth: dict[str, float] = defaultdict(float)
    for day, who, value in zip(events.days, events.groups, events.amounts, strict=True):
        if who and value > 0:
            days[who].append(day)
            if day > now - 2 * _FORGOTTEN:
                worth[who] += value
    total = sum(worth.values())
    reached = 0.0
    found: list[Raised] = []
    looked: list[str] = []
    for who in sorted(worth, key=lambda who: (-worth[who], who)):
        if reached >= _VALUABLE * total:
            break
        reached += worth[who]
        looked.append(who)
    chances = silence_chances({who: days[who] for who in looked}, now)
    sure = dict(zip(chances, false_discoveries(list(chances.values())), strict=True))
    for who in looked:
        one = silence(days[who], now)
        # Where all pauses are equal any longer one is new.
        unlikely = sure.get(who, 0.0) <= _BY_CHANCE
        if one is not None and unlikely and _patience(one) < one.idle <= _FORGOTTEN:
            found.append(
                Raised(
                    metric,
                    entity,
                    who,
                    month_of(max(days[who])),
                    Rule.SILENT,
                    one.idle,
                    _patience(one),
                    worth[who] / 2,
                    one.n,
                    chances.get(who, 0.0),
                )
            )
    return found, len(looked)


def _patience(one: Silence) -> float:
    """How many days of silence are nothing new: twice the usual pause, the longest one so far."""
    return max(_LEAST_IDLE, one.usual * PAUSES, one.longest)
