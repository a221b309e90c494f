"""Dates as Excel's serial numbers.

Knows the 1900 date system with its invented 29 February 1900, and the 1904 system: a fact of a workbook that
changes what every number means that is shown or computed as a date. It is said once, around all work on the
workbook (`date_system`); every function here then speaks of that workbook's serials.
Does not know how dates look (`number_formats`) nor time zones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

SHIFT_1904: Final = 1462
"""Days to add to a serial of a 1904 workbook to get the 1900 serial of the same date."""
LAST_SERIAL: Final = 2_958_465
"""9999-12-31."""
LEAP_BUG: Final = 60
"""The serial of 29 February 1900, a day that never was."""

_EPOCH: Final = dt.date(1899, 12, 30).toordinal()
_SECONDS: Final = 86_400
_shift: Final[ContextVar[int]] = ContextVar("shift", default=0)


@contextmanager
def date_system(*, since_1904: bool) -> Iterator[None]:
    """Inside, serials are those of a workbook that counts from 1904, or (the rule) from 1900."""
    token = _shift.set(SHIFT_1904 if since_1904 else 0)
    try:
        yield
    finally:
        _shift.reset(token)


def shift() -> int:
    """Days to add to a serial of the workbook at hand to get the 1900 serial. Whoever remembers what texts
    mean as numbers remembers it for each shift."""
    return _shift.get()


def last_serial() -> int:
    """The last day there is."""
    return LAST_SERIAL - _shift.get()


def serial_here(serial_1900: float) -> float:
    """A date of a spec, which always counts from 1900, as a serial of the workbook at hand."""
    return serial_1900 - _shift.get()


def serial_of_date(day: dt.date) -> int:
    """The serial of a date (of a datetime: its day); ValueError before 1900."""
    serial = day.toordinal() - _EPOCH
    if serial <= LEAP_BUG:
        serial -= 1
    if serial < 1:
        raise ValueError(f"Excel has no dates before 1900: {day}")
    return _since_epoch(serial, day)


def _since_epoch(serial: int, day: dt.date) -> int:
    shifted = serial - _shift.get()
    if shifted < 0:
        raise ValueError(f"a workbook that counts from 1904 has no such date: {day}")
    return shifted


def serial(moment: dt.date | dt.datetime) -> float:
    """The serial of a date or datetime; whole days are integers."""
    day = serial_of_date(moment)
    if isinstance(moment, dt.datetime):
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
        if seconds:
            return day + seconds / _SECONDS
    return day


def serial_of_parts(year: int, month: int, day: int) -> int | None:
    """The serial as DATE() has it: months and days may run over; None outside the calendar."""
    if 0 <= year < 1900:
        year += 1900
    year, month0 = year + (month - 1) // 12, (month - 1) % 12
    if not 1900 <= year <= 9999:
        return None
    first = dt.date(year, month0 + 1, 1).toordinal() - _EPOCH
    if first <= LEAP_BUG:
        first -= 1
    number = first + day - 1
    shifted = number - _shift.get()
    return shifted if shifted >= 0 and number <= LAST_SERIAL else None


def date_parts(number: float) -> tuple[int, int, int] | None:
    """Year, month, day of a serial as Excel shows them; None outside its calendar.

    Serial 0 is 1900-01-00 and serial 60 is 1900-02-29.
    """
    whole = _day(number)
    if not _shift.get() <= whole <= LAST_SERIAL:
        return None
    if whole == 0:
        return 1900, 1, 0
    if whole == LEAP_BUG:
        return 1900, 2, 29
    day = dt.date.fromordinal(_EPOCH + whole + (1 if whole < LEAP_BUG else 0))
    return day.year, day.month, day.day


def date_of(number: float) -> dt.date:
    """The date of a serial; ValueError outside the calendar and for the day that never was."""
    parts = date_parts(number)
    if parts is None or parts[2] == 0 or _day(number) == LEAP_BUG:
        raise ValueError(f"no date has the serial {number}")
    return dt.date(*parts)


def time_parts(number: float) -> tuple[int, int, int]:
    """Hour, minute and second of a serial, rounded to the second."""
    seconds = round((number % 1) * _SECONDS) % _SECONDS
    return seconds // 3600, seconds // 60 % 60, seconds % 60


def datetime_of(number: float) -> dt.datetime:
    """The datetime of a serial, to the second; ValueError as for `date_of`."""
    seconds = round((number % 1) * _SECONDS)
    return dt.datetime.combine(date_of(number), dt.time()) + dt.timedelta(seconds=seconds)  # naive as Excel


def weekday(number: float) -> int:
    """0 for Monday to 6 for Sunday, as Excel counts (wrong before 1900-03-01, like Excel)."""
    return (_day(number) + 5) % 7


def _day(number: float) -> int:
    """The day of a serial, counted from 1900."""
    return int(number // 1) + _shift.get()
