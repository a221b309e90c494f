"""Serial numbers of dates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel import dates


@given(st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)))
def test_dates_read_back(day: dt.date) -> None:
    assert dates.date_of(dates.serial_of_date(day)) == day
    assert dates.date_parts(dates.serial_of_date(day)) == (day.year, day.month, day.day)


@given(st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 30)), st.integers(0, 86_399))
def test_moments_read_back(day: dt.date, seconds: int) -> None:
    moment = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)
    assert dates.datetime_of(dates.serial(moment)) == moment


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        (dt.date(1900, 1, 1), 1),
        (dt.date(1900, 2, 28), 59),
        (dt.date(1900, 3, 1), 61),
        (dt.date(2025, 3, 9), 45725),
        (dt.date(9999, 12, 31), dates.LAST_SERIAL),
    ],
)
def test_known_serials(day: dt.date, serial: int) -> None:
    assert dates.serial_of_date(day) == serial


def test_the_day_that_never_was() -> None:
    assert dates.date_parts(60) == (1900, 2, 29)
    assert dates.date_parts(0) == (1900, 1, 0)
    assert dates.date_parts(-1) is None
    assert dates.date_parts(dates.LAST_SERIAL + 1) is None
    for serial in (60, 0, -5):
        with pytest.raises(ValueError, match="no date"):
            dates.date_of(serial)
    with pytest.raises(ValueError, match="before 1900"):
        dates.serial_of_date(dt.date(1899, 12, 31))


@given(st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)))
def test_weekdays(day: dt.date) -> None:
    assert dates.weekday(dates.serial_of_date(day)) == day.weekday()


@pytest.mark.parametrize(
    ("parts", "serial"),
    [
        ((2025, 13, 1), 46023),
        ((2025, 1, 0), 45657),
        ((2025, 0, 1), 45627),
        ((125, 1, 1), 45658),
        ((10000, 1, 1), None),
        ((1900, 1, -1), None),
    ],
)
def test_parts_may_run_over(parts: tuple[int, int, int], serial: int | None) -> None:
    assert dates.serial_of_parts(*parts) == serial


def test_1904_books_are_shifted() -> None:
    assert dates.serial_of_date(dt.date(1904, 1, 1)) == dates.SHIFT_1904


@pytest.mark.parametrize("day", [dt.date(1904, 1, 1), dt.date(2026, 3, 31), dt.date(9999, 12, 31)])
def test_a_1904_book_counts_otherwise_and_means_the_same(day: dt.date) -> None:
    serial, weekday = dates.serial_of_date(day), dates.weekday(dates.serial_of_date(day))
    with dates.date_system(since_1904=True):
        here = dates.serial_of_date(day)
        assert here == serial - dates.SHIFT_1904 == dates.serial_here(serial)
        assert dates.date_of(here) == day
        assert dates.weekday(here) == weekday
        assert dates.serial_of_parts(day.year, day.month, day.day) == here
        assert dates.date_parts(here) == (day.year, day.month, day.day)
    assert dates.date_of(serial) == day


def test_a_1904_book_has_no_earlier_and_no_later_days() -> None:
    with dates.date_system(since_1904=True):
        assert dates.date_parts(-1) is None
        assert dates.date_parts(dates.last_serial() + 1) is None
        assert dates.serial_of_parts(1903, 12, 31) is None
        with pytest.raises(ValueError, match="1904"):
            dates.serial_of_date(dt.date(1903, 12, 31))
