"""Dates as Excel's serial numbers.

Knows the 1900 date system with its invented 29 February 1900, and the shift of the 1904 system.
Does not know how dates look (`number_formats`) nor time zones.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

SHIFT_1904: Final = 1462
"""Days to add to a serial of a 1904 workbook to get the 1900 serial of the same date."""
LAST_SERIAL: Final = 2_958_465
"""9999-12-31."""
LEAP_BUG: Final = 60
"""The serial of 29 February 1900, a day that never was."""

_EPOCH: Final = dt.date(1899, 12, 30).toordinal()
_SECONDS: Final = 86_400


def serial_of_date(day: dt.date) -> int:
    """The serial of a date (of a datetime: its day); ValueError before 1900."""
    serial = day.toordinal() - _EPOCH
    if serial <= LEAP_BUG:
        serial -= 1
    if serial < 1:
        raise ValueError(f"Excel has no dates before 1900: {day}")
    return serial


def serial(moment: dt.date | dt.datetime) -> float:
    """The serial of a date or datetime; whole days are integers."""
    day = serial_of_date(moment)
    if isinstance(moment, dt.datetime):
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
        if seconds:
            return day + seconds / _SECONDS
    return day


def serial_of_parts(year: int, month: int, day: int) -> int | None:
    """The serial as DATE() has it: months and days may run over; None outside 1900-9999."""
    if 0 <= year < 1900:
        year += 1900
    year, month0 = year + (month - 1) // 12, (month - 1) % 12
    if not 1900 <= year <= 9999:
        return None
    first = dt.date(year, month0 + 1, 1).toordinal() - _EPOCH
    if first <= LEAP_BUG:
        first -= 1
    number = first + day - 1
    return number if 0 <= number <= LAST_SERIAL else None


def date_parts(number: float) -> tuple[int, int, int] | None:
    """Year, month, day of a serial as Excel shows them; None outside its calendar.

    Serial 0 is 1900-01-00 and serial 60 is 1900-02-29.
    """
    whole = int(number // 1)
    if not 0 <= whole <= LAST_SERIAL:
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
    if parts is None or parts[2] == 0 or int(number // 1) == LEAP_BUG:
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
    return (int(number // 1) + 5) % 7
