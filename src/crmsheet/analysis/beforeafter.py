"""A figure before and after a day: two spans of equal length, and how unusual such a change is.

Knows a figure only by its value over any span of days. Says that something changed, never why: what else changed on
that day is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from crmsheet.analysis.gates import Estimate, closed
from crmsheet.structs import dataclass

LEAST_DAYS: Final = 28
"""Days that must have passed before anything is compared."""
YEAR: Final = 364
"""Days, so that both years' spans have the same days of the week."""
LEAST_EARLIER: Final = 6
_STEP: Final = 28
_MOST_EARLIER: Final = 24


class Standing(StrEnum):
    """What a comparison may be used for."""

    OK = "ok"
    EARLY = "early"
    """Not compared: too few days have passed."""
    NO_BEFORE = "no_before"
    """Not compared: the rows do not reach back so far."""
    FEW = "few"
    """Not compared: too few cases in one of the spans."""


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Values of both spans of `days` days each, and the change between the same spans a year before.

    Of `earlier` dates, each four weeks before the next, that have whole spans around them, as many as `as_large` show a
    change of at least this size; both are 0 where there are too few such dates.
    """

    standing: Standing
    days: int
    before: Estimate
    after: Estimate
    change: float | None = None
    year_before: float | None = None
    as_large: int = 0
    earlier: int = 0


def before_after(
    value: Callable[[float, float], Estimate],
    began: float,
    now: float,
    most: int,
    first: float | None,
    *,
    relative: bool,
) -> BeforeAfter:
    """The figure in the days up to `now` since `began`, at most so many, and in as many days before.

    `value` is asked for spans that include their first day and not their last, `first` is the day of the first row.
    Changes are relative to what was before (none where that is not above 0), or differences.
    """
    days = int(min(now + 1 - began, most))
    nothing = closed(0)
    if days < LEAST_DAYS:
        return BeforeAfter(Standing.EARLY, max(0, days), nothing, nothing)
    if first is None or first > began - days:
        return BeforeAfter(Standing.NO_BEFORE, days, nothing, value(began, began + days))

    def around(day: float) -> tuple[Estimate, Estimate]:
        return value(day - days, day), value(day, day + days)

    before, after = around(began)
    change = moved(before, after, relative=relative)
    if change is None:
        return BeforeAfter(Standing.FEW, days, before, after)

    def known(day: float) -> float | None:
        return moved(*around(day), relative=relative) if day - days >= first else None

    # Dates whose second span ends before the first span of this one begins: none shares a day with it.
    dates = [began - 2 * days - _STEP * step for step in range(_MOST_EARLIER)]
    others = [other for day in dates if (other := known(day)) is not None]
    if len(others) < LEAST_EARLIER:
        others = []
    return BeforeAfter(
        Standing.OK,
        days,
        before,
        after,
        change,
        known(began - YEAR),
        sum(abs(other) >= abs(change) for other in others),
        len(others),
    )


def moved(before: Estimate, after: Estimate, *, relative: bool) -> float | None:
    """How far a value has moved; None where one is not known, or nothing was there to be relative to."""
    if before.value is None or after.value is None or (relative and before.value <= 0):
        return None
    return after.value / before.value - 1 if relative else after.value - before.value
