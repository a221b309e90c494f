"""History keeps what it says it keeps, reads as it was written, and is the same when nothing is new."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.excel.dates import date_of, serial_of_date
from crmsheet.model.history import (
    MOST_ROWS,
    History,
    HistoryRules,
    Point,
    Series,
    SeriesKey,
    history_lines,
    history_of,
    measured_point,
    remembered,
    rolled_up,
)

DAY = serial_of_date(dt.date(2026, 3, 31))
KEY = SeriesKey("revenue")
_KEYS = st.builds(
    SeriesKey, st.sampled_from(["revenue", "率"]), st.sampled_from(["", "owner"]), st.text("ab1", max_size=2)
)
_VALUES = st.none() | st.integers(-(10**13), 10**13) | st.floats(allow_nan=False, allow_infinity=False)
_DAYS = st.integers(DAY - 1500, DAY)
_POINTS = st.dictionaries(
    _DAYS,
    st.builds(measured_point, _VALUES, _VALUES, st.sampled_from(["", "no data", "n=3"]), _DAYS),
    min_size=1,
    max_size=10,
)
_HISTORIES = st.dictionaries(
    _KEYS, st.builds(Series, st.just("Net 额"), st.just(""), st.just("李"), _POINTS), max_size=2
).map(History)
_RULES = st.builds(HistoryRules, st.just(("revenue",)), days=st.integers(1, 366), months=st.integers(1, 60))


def today(value: float, *, run: int = DAY) -> dict[SeriesKey, Series]:
    return {KEY: Series("Net revenue", points={DAY: Point(value, run=run)})}


@settings(max_examples=50)
@given(_HISTORIES)
def test_lines_read_as_they_were_written(history: History) -> None:
    lines = history_lines(history)
    assert history_of(lines) == history
    assert history_lines(history_of(lines)) == lines


@settings(max_examples=50)
@given(_HISTORIES, _RULES)
def test_every_recent_date_is_kept_and_the_last_of_each_month_before(
    history: History, rules: HistoryRules
) -> None:
    latest = history.latest
    kept = rolled_up(history, rules)
    assert rolled_up(kept, rules) == kept
    assert kept.latest == latest
    for key, one in history.series.items():
        after = kept.series[key].points if key in kept.series else {}
        assert after.items() <= one.points.items()
        recent = {day for day in one.points if day > latest - rules.days}
        assert recent <= after.keys()
        for day in after.keys() - recent:
            month = (date_of(day).year, date_of(day).month)
            assert not any(day < d and (date_of(d).year, date_of(d).month) == month for d in one.points)
        assert len(after) <= rules.days + rules.months


@settings(max_examples=50)
@given(_HISTORIES, _RULES, _DAYS, _VALUES)
def test_a_date_that_is_written_down_twice_is_there_once(
    history: History, rules: HistoryRules, day: int, value: float | None
) -> None:
    found = {KEY: Series("Net revenue", points={day: measured_point(value, None, "why", day)})}
    once = remembered(rolled_up(history, rules), day, found, rules)
    assert remembered(once, day, found, rules) == once
    later = {KEY: Series("Net revenue", points={day: measured_point(value, None, "why", day + 5)})}
    assert remembered(once, day, later, rules) == once


def test_the_last_date_follows_the_data() -> None:
    rules = HistoryRules(("revenue",))
    first = remembered(History(), DAY, today(5), rules)
    again = remembered(first, DAY, today(7, run=DAY + 3), rules)
    assert again.series[KEY].points == {DAY: Point(7, run=DAY + 3)}


def test_what_was_written_down_on_its_day_is_not_rewritten_later() -> None:
    rules = HistoryRules(("revenue",))
    written = remembered(History(), DAY, today(5), rules)
    newer = remembered(
        written, DAY + 1, {KEY: Series("Net revenue", points={DAY + 1: Point(9, run=DAY + 1)})}, rules
    )
    looked_back = remembered(newer, DAY, today(6, run=DAY + 1), rules)
    assert looked_back.series[KEY].points[DAY] == Point(5, run=DAY)


def test_what_was_reckoned_afterwards_is_reckoned_again() -> None:
    rules = HistoryRules(("revenue",))
    newer = remembered(
        History(), DAY + 9, {KEY: Series("Net revenue", points={DAY + 9: Point(9, run=DAY + 9)})}, rules
    )
    back = remembered(newer, DAY, today(5, run=DAY + 9), rules)
    again = remembered(back, DAY, today(6, run=DAY + 10), rules)
    assert again.series[KEY].points[DAY] == Point(6, run=DAY + 10)


def test_growth_has_an_end_whatever_the_rules_say() -> None:
    rules = HistoryRules(("revenue",), days=366, months=120)
    series = {
        SeriesKey("revenue", "owner", str(i)): Series(
            "x", points={DAY - d: Point(1.0, run=DAY) for d in range(300)}
        )
        for i in range(50)
    }
    kept = rolled_up(History(series), rules)
    assert 0 < kept.size <= MOST_ROWS
    assert rolled_up(kept, rules) == kept
    assert all(DAY in one.points for one in kept.series.values())


def test_a_deleted_row_leaves_no_figure() -> None:
    history = History(
        {KEY: Series("a", points={DAY: Point(1)}), SeriesKey("revenue", "owner", "k3-1"): Series("b")}
    )
    assert set(history.without({"k3-1"}).series) == {KEY}


def test_a_year_of_a_dozen_figures_is_small() -> None:
    series = {
        SeriesKey(f"metric_{i}"): Series(
            "Some figure", points={DAY - d: Point(1234.5 + i * d, run=DAY - d) for d in range(92)}
        )
        for i in range(12)
    }
    assert sum(map(len, history_lines(History(series)))) < 12 * 92 * 12
