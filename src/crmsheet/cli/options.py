"""Options that several commands share, and their types.

Knows how a user writes a date or a time span. Does not know what commands do with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import click

from crmsheet.messages import say

_F = TypeVar("_F", bound=Callable[..., object])


class AsOf(click.ParamType[date | str]):
    """A date as `2026-03-31`, or `today`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date | str:
        if isinstance(value, date) or value == "today":
            return value if isinstance(value, date) else "today"
        try:
            return date.fromisoformat(str(value).strip().replace("/", "-"))
        except ValueError:
            self.fail(
                say("'{value}' is not a date. Write it as 2026-03-31, or 'today'.", value=value), param, ctx
            )


class Span(click.ParamType[float]):
    """A span of time such as `90`, `90s`, `30m`, `2h`, in seconds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(value).strip())
        if match is None:
            self.fail(
                say("'{value}' is not a span of time. Write it as 90s, 30m or 2h.", value=value), param, ctx
            )
        return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


class Age(click.ParamType[tuple[int, str]]):
    """An age such as `90d`, `18m`, `3y`: how many, and of what."""

    name = "age"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        match = re.fullmatch(r"(\d{1,5})\s*([dmy])", str(value).strip().lower())
        if match is None:
            self.fail(say("'{value}' is no age. Write it as 90d, 18m or 3y.", value=value), param, ctx)
        return int(match[1]), match[2]


def before(day: date, age: tuple[int, str]) -> date:
    """The day so long ago; of a month that is shorter its last day."""
    count, unit = age
    if unit == "d":
        return day - timedelta(days=count)
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if year < 1:
        return date.min
    from calendar import monthrange

    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def output_format(command: _F) -> _F:
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How results are printed.",
    )(command)


def quiet(command: _F) -> _F:
    return click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")(command)


def verbose(command: _F) -> _F:
    return click.option("-v", "--verbose", is_flag=True, help="List every change and problem.")(command)


def as_of(command: _F) -> _F:
    return click.option(
        "--as-of",
        type=AsOf(),
        metavar="DATE",
        help="The date all figures are computed for, such as 2026-03-31; kept in the workbook. 'today' clears it.",
    )(command)
