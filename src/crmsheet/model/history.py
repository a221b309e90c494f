"""History: figures as they were on earlier dates, and how much of it is kept.

Knows series of points, which point a new reckoning replaces, and how a series thins out with age. Does not know how
figures are computed, nor where their history is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from crmsheet.excel.dates import date_of, shift
from crmsheet.excel.numbers import file_text
from crmsheet.model.boards import Dimension
from crmsheet.structs import dataclass, field, replace

MOST_ROWS: Final = 10_000
"""Points kept in all, however many a spec asks for."""
_DIGITS: Final = 12
"""Significant digits of a value: sums that differ by the order of their rows are the same figure."""


@dataclass(frozen=True, slots=True)
class HistoryRules:
    """What a spec wants remembered: `metrics`, in all and for each value of `by`, measured over the window `period`.

    Of the last `days` every date is kept, before them the last one of each month, for `months`; of changes to
    audited fields the last `changes`.
    """

    metrics: tuple[str, ...]
    by: tuple[Dimension, ...] = ()
    period: str = "this_month"
    days: int = 92
    months: int = 60
    changes: int = 5_000


class SeriesKey(NamedTuple):
    """One figure: of everything, or of one value (`member`) of a dimension: an item's id, a row's id, or a text."""

    metric: str
    by: str = ""
    member: str = ""


class Point(NamedTuple):
    """A figure on one date. Without a `value`, `reason` says why; `run` is the day that it was reckoned."""

    value: float | None
    n: float | None = None
    reason: str = ""
    run: int = 0

    def same(self, other: Point) -> bool:
        return (self.value, self.n, self.reason) == (other.value, other.n, other.reason)


@dataclass(frozen=True, slots=True)
class Series:
    """The points of a figure by date (a serial), with the words it was last known by."""

    label: str
    scope: str = ""
    member: str = ""
    points: Mapping[int, Point] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    series: Mapping[SeriesKey, Series] = field(default_factory=dict)

    @property
    def latest(self) -> int:
        """The last date of all; 0 without any."""
        return max((day for one in self.series.values() for day in one.points), default=0)

    @property
    def size(self) -> int:
        return sum(len(one.points) for one in self.series.values())

    def without(self, members: Collection[str]) -> History:
        """The same without the figures of these rows (by their ids), as if they had never been."""
        return History({key: one for key, one in self.series.items() if key.member not in members})


NO_HISTORY: Final = History()


def measured_point(value: float | None, n: float | None, reason: str, run: int) -> Point:
    """A point with as many digits as are kept."""
    return Point(_rounded(value), _rounded(n), reason if value is None else "", run)


def _rounded(value: float | None) -> float | None:
    if value is None:
        return None
    rounded = float(f"{value:.{_DIGITS}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 10**_DIGITS else rounded


def remembered(history: History, day: int, found: Mapping[SeriesKey, Series], rules: HistoryRules) -> History:
    """History with the figures reckoned for a date, each a series of that one point, thinned out as the rules say.

    The last date is always as it was reckoned last. An earlier one stays as it was recorded on the day itself; what
    was reckoned afterwards is replaced by a later reckoning.
    """
    latest = max(history.latest, day)
    series = dict(history.series)
    for key, one in found.items():
        before = series.get(key)
        points = dict(before.points) if before is not None else {}
        new, old = one.points[day], points.get(day)
        if old is None or (not old.same(new) and (day == latest or old.run > day)):
            points[day] = new
        series[key] = replace(one, points=points)
    return rolled_up(History(series), rules)


def rolled_up(history: History, rules: HistoryRules) -> History:
    """The points that are kept: every date of the last days, then the last one of each month."""
    latest = history.latest
    days, months = rules.days, rules.months
    while True:
        kept = {
            key: replace(
                one, points={day: one.points[day] for day in _kept(one.points, latest, days, months)}
            )
            for key, one in history.series.items()
        }
        found = History({key: one for key, one in kept.items() if one.points})
        if found.size <= MOST_ROWS or months <= 1:
            return found
        days, months = (days // 2, months) if days else (0, months // 2)


def _kept(points: Iterable[int], latest: int, days: int, months: int) -> list[int]:
    last: dict[int, int] = {}
    recent = []
    for day in sorted(points):
        if day > latest - days:
            recent.append(day)
        last[_month(day)] = day
    first = _month(latest) - months
    since = latest - days
    return [*(day for month, day in last.items() if month > first and day <= since), *recent]


def _month(day: int) -> int:
    found = date_of(day)
    return found.year * 12 + found.month


# As lines of text, for the record

_BREAKS: Final = str.maketrans("\t\r\n", "   ")


def history_lines(history: History) -> tuple[str, ...]:
    """A history as text: the reasons, then a line a series. Equal histories give equal lines."""
    if not history.series:
        return ()
    reasons = sorted({p.reason for one in history.series.values() for p in one.points.values() if p.reason})
    number = {reason: str(i) for i, reason in enumerate(reasons, 1)}
    lines = ["\t".join(plain(r) for r in reasons)]
    for key in sorted(history.series):
        one = history.series[key]
        head = (*key, one.label, one.scope, one.member)
        lines.append("\t".join((*map(plain, head), " ".join(_point_texts(one.points, number)))))
    return tuple(lines)


def plain(text: str) -> str:
    """A text that keeps to one line and one column."""
    return text.translate(_BREAKS)


def _point_texts(points: Mapping[int, Point], reasons: Mapping[str, str]) -> Iterable[str]:
    """Each point as few characters: days since the one before, value, number, days until it was reckoned, reason."""
    # A record counts from 1900, whatever the workbook does.
    before = -shift()
    for day in sorted(points):
        p = points[day]
        value = "" if p.value is None else file_text(p.value)
        n = "" if p.n is None else file_text(p.n)
        late = "" if p.run == day else str(p.run - day)
        yield ",".join((str(day - before), value, n, late, reasons.get(p.reason, ""))).rstrip(",")
        before = day


def history_of(lines: Iterable[str]) -> History:
    """The history that `history_lines` made lines of. Raises ValueError for anything else."""
    rows = [line.split("\t") for line in lines]
    if not rows:
        return History()
    reasons = ["", *rows[0]]
    return History(
        {SeriesKey(*row[:3]): Series(row[3], row[4], row[5], _points(row[6], reasons)) for row in rows[1:]}
    )


def _points(text: str, reasons: list[str]) -> dict[int, Point]:
    points: dict[int, Point] = {}
    day = -shift()
    for one in text.split():
        step, value, n, late, reason = (*one.split(","), "", "", "", "")[:5]
        day += int(step)
        points[day] = Point(_number(value), _number(n), reasons[int(reason or 0)], day + int(late or 0))
    return points


def _number(text: str) -> float | None:
    if not text:
        return None
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 10**_DIGITS else number
