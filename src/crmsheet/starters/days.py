"""The calendar of the demo data: days as ordinals, working days, the year's course.

Knows days as `date.toordinal` numbers, which are cheap to add and compare. Does not know what happens
on them.
"""

from __future__ import annotations

from datetime import date
from functools import cache

SEASON = (0.85, 0.60, 0.95, 0.95, 1.00, 1.35, 0.90, 0.90, 1.05, 1.05, 1.60, 1.20)
"""Sales by month of the year relative to the average: spring festival, 18 June, 11 November."""


@cache
def as_date(day: int) -> date:
    return date.fromordinal(day)


def back_to_workday(day: int) -> int:
    """The day itself, or the Friday before a weekend."""
    return day - max(0, (day - 1) % 7 - 4)


def on_to_workday(day: int) -> int:
    """The day itself, or the Monday after a weekend."""
    weekday = (day - 1) % 7
    return day + 7 - weekday if weekday > 4 else day


def workdays(first: int, last: int) -> list[int]:
    """The working days from one day to another, both included."""
    return [day for day in range(first, last + 1) if (day - 1) % 7 < 5]


@cache
def season(day: int) -> float:
    return SEASON[as_date(day).month - 1]


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - years, day.month, last)


def months(first: date, last: date) -> tuple[date, ...]:
    """The first days of the months from one day's to another's, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return tuple(date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(count))
