"""Options that several commands share, and their types.

Knows how a user writes a date or a time span. Does not know what commands do with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
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
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(value).strip())
        if match is None:
            self.fail(
                say("'{value}' is not a span of time. Write it as 90s, 30m or 2h.", value=value), param, ctx
            )
        return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


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
