"""Dates as people and programs write them.

Knows written forms in Chinese and English, and how a column tells whether the day or the month stands first.
Does not know fields.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final
from unicodedata import normalize

from crmsheet.excel.dates import datetime_of
from crmsheet.structs import dataclass


class DateOrder(StrEnum):
    """What stands first in dates such as 1/5/24."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Ordering:
    order: DateOrder
    certain: bool = True
    """Whether the column shows it; otherwise it is what is usual."""


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_TIME: Final = re.compile(
    r"(?:(?P<before>上午|下午|中午|晚上|凌晨|早上)\s*)?(?P<hour>\d{1,2})[:点时](?P<minute>\d{1,2})?"
    r"(?:[:分](?P<second>\d{1,2})?(?P<fraction>\.\d+)?秒?)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})(?:\s*\2\s*(\d{1,2}))?|年\s*(\d{1,2})\s*月?(?:\s*(\d{1,2})\s*[日号]?)?)(?P<rest>.*)",
    re.ASCII | re.DOTALL,
)
_COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})?(?P<rest>(?:[T ].*)?)", re.ASCII | re.DOTALL)
_STAMP: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_SHORT: Final = re.compile(
    r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{1,2})(?P<rest>(?:[,\s].*)?)", re.ASCII | re.DOTALL
)
_DAY_NAMED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*([a-z]{3,9})\.?[\s,.\-/]*(\d{4}|\d{2})(?P<rest>(?:[,\s].*)?)",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_MONTH_NAMED: Final = re.compile(
    r"([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})(?P<rest>(?:[,\s].*)?)",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_WEEKDAY: Final = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+|[\s(]*(?:星期|周|礼拜)[一二三四五六日天][)\s]*",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_LONGEST: Final = 60
_FIRST_YEAR: Final = 1900
_CENTURY_FROM: Final = 50
"""Years of two digits from here on are 19xx."""


def written_date(text: str, order: DateOrder = DateOrder.MONTH) -> dt.datetime | None:
    """The moment a text tells, None when it is no date. Time zones are not applied: what is written counts."""
    if _DIGIT.search(text) is None or len(text) > _LONGEST:
        return None
    plain = _plain(text)
    if not plain or not (plain[0].isdecimal() or plain[0].isalpha()):
        return None
    found = _parts(plain, order)
    if found is None:
        return None
    year, month, day, rest = found
    time = _time(rest)
    if time is None or year < _FIRST_YEAR:
        return None
    try:
        # dates of Excel have no zone
        return dt.datetime(year, month, day) + time  # noqa: DTZ001 - naive, as cells are
    except (ValueError, OverflowError):
        return None


def _plain(text: str) -> str:
    plain = normalize("NFKC", text).strip(" \t\r\n'\"")
    return _WEEKDAY.sub(" ", plain).strip() if plain else plain


def _parts(text: str, order: DateOrder) -> tuple[int, int, int, str] | None:
    """Year, month, day and what stands behind them."""
    if match := _YEAR_FIRST.fullmatch(text):
        month, day = match[3] or match[5], match[4] or match[6] or "1"
        return int(match[1]), int(month), int(day), match["rest"]
    if match := _SHORT.fullmatch(text):
        return _ordered(match, order)
    if match := _STAMP.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3]), f" {match[4]}:{match[5]}:{match[6]}"
    if match := _COMPACT.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3] or 1), match["rest"]
    if match := _DAY_NAMED.fullmatch(text):
        named = _MONTHS.get(match[2].casefold())
        return (_year(match[3]), named, int(match[1]), match["rest"]) if named else None
    if match := _MONTH_NAMED.fullmatch(text):
        named = _MONTHS.get(match[1].casefold())
        return (int(match[3]), named, int(match[2]), match["rest"]) if named else None
    return None


def _ordered(match: re.Match[str], order: DateOrder) -> tuple[int, int, int, str]:
    first, second, last, rest = match[1], match[3], match[4], match["rest"]
    if len(last) == 1 or (order is DateOrder.YEAR and len(last) == 2):
        return _year(first.zfill(2)), int(second), int(last), rest
    # Dots part days, months and years in German and Russian, day first.
    if order is DateOrder.DAY or (match[2] == "." and int(second) <= 12):
        return _year(last), int(second), int(first), rest
    return _year(last), int(first), int(second), rest


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:
        return number
    return number + (1900 if number >= _CENTURY_FROM else 2000)


def _time(rest: str) -> dt.timedelta | None:
    """The time of day behind a date; None when something else stands there."""
    text = rest.lstrip(" \t\r\n,Tt").rstrip()
    if not text:
        return dt.timedelta()
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    half, before = (match["half"] or "").casefold(), match["before"] or ""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif before in ("下午", "晚上") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59 or second > 59:
        return None
    return dt.timedelta(hours=hour, minutes=minute, seconds=second + float(match["fraction"] or 0))


def serial_in_text(text: str) -> float | None:
    """A date that Excel's number was left of when a column was saved as text: `45296`, `45296.5`."""
    match = re.fullmatch(r"\d{5}(?:\.\d+)?", text.strip(), re.ASCII)
    # 1927 to 2119: other numbers of five digits are postcodes or amounts.
    return float(text) if match and 10_000 <= float(text) < 80_000 else None


def date_number(number: float) -> dt.datetime | None:
    """What a number means where a date belongs: `20240105`, `202401`, or Excel's serial; None for a year."""
    if number == int(number) and 190_001 <= number <= 20_991_231:
        if number >= 19_000_101 or 1 <= number % 100 <= 12:
            found = written_date(str(int(number)))
            if found is not None:
                return found
        if number >= 19_000_101:
            return None
    if 1 <= number < 1900 or 2100 < number <= 109_575:
        return datetime_of(number)
    return None


def ordering(values: Iterable[object], usual: DateOrder = DateOrder.MONTH) -> Ordering:
    """How the texts of a column order day, month and year, by what all of them allow.

    Where several orders fit, that in which the column runs more evenly up or down; without such a sign the
    usual one, which then is not certain.
    """
    texts = [m for m in map(_short, values) if m is not None]
    if not texts:
        return Ordering(usual)
    long_years = any(len(text[2]) == 4 for text in texts)
    orders = [DateOrder.MONTH, DateOrder.DAY] + ([] if long_years else [DateOrder.YEAR])
    scores = {order: sum(_fits(text, order) for text in texts) for order in orders}
    best = max(scores.values())
    fitting = [order for order in orders if scores[order] == best]
    if len(fitting) == 1:
        return Ordering(fitting[0])
    turns = {order: _turns(texts, order) for order in fitting}
    fewest = min(turns.values())
    even = [order for order in fitting if turns[order] == fewest]
    if len(even) == 1 and len(texts) > 3:
        return Ordering(even[0])
    dotted = DateOrder.DAY in fitting and all(text[3] == "." for text in texts)
    if dotted:
        return Ordering(DateOrder.DAY)
    same = len({_day(text, order) for text in texts for order in fitting}) == 1
    return Ordering(usual if usual in fitting else fitting[0], certain=same)


@lru_cache(maxsize=4096)
def _short_text(text: str) -> tuple[str, str, str, str] | None:
    match = _SHORT.fullmatch(_plain(text))
    return (match[1], match[3], match[4], match[2]) if match else None


def _short(value: object) -> tuple[str, str, str, str] | None:
    return _short_text(value) if isinstance(value, str) and len(value) < 40 else None


def _day(text: tuple[str, str, str, str], order: DateOrder) -> dt.date | None:
    first, second, last, _ = text
    if len(last) == 1 and order is not DateOrder.YEAR:
        return None
    if order is DateOrder.YEAR:
        parts = _year(first.zfill(2)), int(second), int(last)
    elif order is DateOrder.DAY:
        parts = _year(last), int(second), int(first)
    else:
        parts = _year(last), int(first), int(second)
    try:
        return dt.date(*parts)
    except ValueError:
        return None


def _fits(text: tuple[str, str, str, str], order: DateOrder) -> bool:
    day = _day(text, order)
    # A year first has two digits, and people write no dates far ahead.
    return day is not None and (
        order is not DateOrder.YEAR or (len(text[0]) == 2 and 2000 <= day.year < 2040)
    )


def _turns(texts: list[tuple[str, str, str, str]], order: DateOrder) -> int:
    """How often the column turns back, read in the direction that it mostly runs."""
    days = [day for text in texts if (day := _day(text, order)) is not None]
    ups = sum(a < b for a, b in pairwise(days))
    downs = sum(a > b for a, b in pairwise(days))
    return min(ups, downs)
