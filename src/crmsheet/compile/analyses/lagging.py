"""Groups that fall behind the others: the last months against the same months a year before, by customer.

Knows sums of customers in two windows. Does not know other rules (`watching`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import fsum
from typing import Final

from crmsheet.analysis.alarms import Lag, Rule, lag
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts
from crmsheet.compile.analyses.raising import Raised, is_bad
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Metric

YEAR: Final = 12
SPAN: Final = 6
"""Months compared with the same months a year before."""
_ALMOST: Final = 1e-9
_LEAST_FALL: Final = 0.1


def behind(facts: Facts, metric: Metric, dimension: Dimension | None, group: str, one: Lag) -> Raised | None:
    """The alarm of a group that did worse than the rest by a good part."""
    expected = one.before * one.rest
    if not is_bad(metric, rises=one.z > 0) or abs(one.after - expected) < _LEAST_FALL * expected:
        return None
    return Raised(
        metric,
        dimension,
        group,
        facts.last_month,
        Rule.BEHIND,
        one.after,
        expected,
        one.before,
        one.n,
        one.p,
        one.z > 0,
    )


def compared(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None, group: str
) -> Lag | None:
    """A group against the rest; all rows against the year before."""
    groups = _windows(facts, metric, entity, dimension)
    before, after = groups.get(group, ({}, {}))
    totals = [fsum(fsum(sums[at].values()) for sums in groups.values()) for at in (0, 1)]
    others = [total - fsum(sums.values()) for total, sums in zip(totals, (before, after), strict=True)]
    alone = dimension is None or others[0] <= _ALMOST * totals[0]
    return lag(before, after, 1.0 if alone else others[1] / others[0])


def moved(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None, group: str
) -> dict[str, float]:
    """By how much each customer of a group changed between the two windows."""
    before, after = _windows(facts, metric, entity, dimension).get(group, ({}, {}))
    return {who: after.get(who, 0.0) - before.get(who, 0.0) for who in {*before, *after}}


_Sums = tuple[dict[str, float], dict[str, float]]


def _windows(
    facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None
) -> dict[str, _Sums]:
    """By group, what each customer brought in the window a year before and in the last one."""
    key = ("windows", metric.id, entity.paths, None if dimension is None else dimension.paths)
    return facts.rows.remembered(key, lambda: _summed(facts, metric, entity, dimension))


def _summed(facts: Facts, metric: Metric, entity: Dimension, dimension: Dimension | None) -> dict[str, _Sums]:
    whose = facts.events(metric.id, entity)
    groups: Sequence[str] = (EVERYWHERE,) * len(whose.groups)
    if dimension is not None:
        groups = facts.events(metric.id, dimension).groups
    last = facts.last_month
    found: dict[str, _Sums] = {}
    for after, end in ((False, last - YEAR), (True, last)):
        rows = slice(bisect_left(whose.months, end - SPAN + 1), bisect_left(whose.months, end + 1))
        for who, group, value in zip(whose.groups[rows], groups[rows], whose.amounts[rows], strict=True):
            if who:
                sums = found.setdefault(group, ({}, {}))[after]
                sums[who] = sums.get(who, 0.0) + value
    return found
