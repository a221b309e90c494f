"""Date and time functions.

Knows Excel's calendar arithmetic on serial numbers. Does not know today's date: the evaluator is told it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from crmsheet.excel import dates
from crmsheet.excel.numbers import number_in
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Argument, Function, Style, Type, ranges, scalar, signature
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import number

_WEEKENDS: Final = {1: (5, 6), 2: (6, 0), 3: (0, 1), 4: (1, 2), 5: (2, 3), 6: (3, 4), 7: (4, 5)} | {
    10 + n: ((n + 5) % 7,) for n in range(1, 8)
}
"""Codes of NETWORKDAYS.INTL: 0 is Monday."""


def _valid(serial: float) -> bool:
    return 0 <= serial < dates.last_serial() + 1


def _date(year: float, month: float, day: float) -> Value:
    found = dates.serial_of_parts(int(year), int(month), int(day))
    return ExcelError.NUM if found is None else found


def _part(index: int) -> Callable[[float], Value]:
    def call(serial: float) -> Value:
        parts = dates.date_parts(serial) if serial >= 0 else None
        return ExcelError.NUM if parts is None else parts[index]

    return call


def _time_part(index: int) -> Callable[[float], Value]:
    def call(serial: float) -> Value:
        return dates.time_parts(serial)[index] if _valid(serial) else ExcelError.NUM

    return call


def _time(hour: float, minute: float, second: float) -> Value:
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
    return ExcelError.NUM if seconds < 0 else seconds % 86_400 / 86_400


def _moved(serial: float, months: int) -> tuple[int, int, int] | None:
    """Year, month and day of a date some months on; the day is not yet cut to the month."""
    parts = dates.date_parts(serial) if serial >= 0 else None
    if parts is None:
        return None
    month0 = parts[0] * 12 + parts[1] - 1 + months
    return month0 // 12, month0 % 12 + 1, parts[2]


def month_days(year: int, month: int) -> int:
    """The number of days of a month, with Excel's 29 February 1900."""
    if month == 2:
        return 29 if year == 1900 or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _edate(serial: float, months: float) -> Value:
    moved = _moved(serial, math.trunc(months))
    if moved is None or not 1900 <= moved[0] <= 9999:
        return ExcelError.NUM
    year, month, day = moved
    return _date(year, month, min(day, month_days(year, month)))


def _eomonth(serial: float, months: float) -> Value:
    moved = _moved(serial, math.trunc(months))
    if moved is None or not 1900 <= moved[0] <= 9999:
        return ExcelError.NUM
    return _date(moved[0], moved[1], month_days(moved[0], moved[1]))


def _days(end: float, start: float) -> Value:
    if not (_valid(end) and _valid(start)):
        return ExcelError.NUM
    return int(end) - int(start)


def _datedif(start: float, end: float, unit: str) -> Value:
    first, last = dates.date_parts(start), dates.date_parts(end)
    if start < 0 or first is None or last is None or int(start) > int(end):
        return ExcelError.NUM
    months = (last[0] - first[0]) * 12 + last[1] - first[1] - (last[2] < first[2])
    match unit.upper():
        case "D":
            return int(end) - int(start)
        case "M":
            return months
        case "Y":
            return months // 12
        case "YM":
            return months % 12
        case "MD":
            if last[2] >= first[2]:
                return last[2] - first[2]
            return int(end) - _serial(last[0], last[1] - 1, first[2])
        case "YD":
            year = last[0] - ((last[1], last[2]) < (first[1], first[2]))
            return int(end) - _serial(year, first[1], first[2])
        case _:
            return ExcelError.NUM


def _serial(year: int, month: int, day: int) -> int:
    return dates.serial_of_parts(year, month, day) or 0


def _weekday(serial: float, kind: float = 1) -> Value:
    if not _valid(serial):
        return ExcelError.NUM
    day = dates.weekday(serial)
    match int(kind):
        case 1:
            return (day + 1) % 7 + 1
        case 2:
            return day + 1
        case 3:
            return day
        case code if 11 <= code <= 17:
            return (day - (code - 11)) % 7 + 1
        case _:
            return ExcelError.NUM


def _iso_week(serial: float) -> Value:
    if not _valid(serial):
        return ExcelError.NUM
    thursday = int(serial) - dates.weekday(serial) + 3
    parts = dates.date_parts(thursday)
    if parts is None or thursday < 1:
        return 52  # the end of 1899
    return (thursday - _serial(parts[0], 1, 1)) // 7 + 1


def _weeknum(serial: float, kind: float = 1) -> Value:
    code = int(kind)
    if code == 21:
        return _iso_week(serial)
    starts = {1: 6, 2: 0} | {11 + n: n for n in range(7)}
    parts = dates.date_parts(serial) if serial >= 0 else None
    if parts is None or code not in starts:
        return ExcelError.NUM
    first = _serial(parts[0], 1, 1)
    return (int(serial) - first + (dates.weekday(first) - starts[code]) % 7) // 7 + 1


def _holidays(argument: Argument | None) -> set[int] | ExcelError:
    """Days off, from cells or one value; in cells only numbers are days."""
    if isinstance(argument, RangeValue):
        found: set[int] = set()
        for cell in argument.cells:
            if isinstance(cell, ExcelError):
                return cell
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                found.add(int(cell))
        return found
    if argument is None or argument == "":
        return set()
    day = number(argument)
    return day if isinstance(day, ExcelError) else {int(day)}


def _weekend(value: Value) -> frozenset[int] | ExcelError:
    """The days of the week off: a code, or seven digits from Monday on."""
    if isinstance(value, str) and len(value) == 7 and set(value) <= {"0", "1"}:
        return frozenset(day for day, digit in enumerate(value) if digit == "1")
    code = number(value)
    if isinstance(code, ExcelError):
        return code
    return frozenset(_WEEKENDS[int(code)]) if int(code) in _WEEKENDS else ExcelError.NUM


def _networkdays(_indexes: Indexes, start: float, end: float, off: Argument | None = None) -> Value:
    return _networkdays_intl(_indexes, start, end, 1, off)


def _networkdays_intl(
    _indexes: Indexes, start: float, end: float, weekend: Value = 1, off: Argument | None = None
) -> Value:
    if not (_valid(start) and _valid(end)):
        return ExcelError.NUM
    free, holidays = _weekend(weekend), _holidays(off)
    if isinstance(free, ExcelError):
        return free
    if isinstance(holidays, ExcelError):
        return holidays
    first, last = sorted((int(start), int(end)))
    weeks, rest = divmod(last - first + 1, 7)
    count = weeks * (7 - len(free))
    count += sum(dates.weekday(last - back) not in free for back in range(rest))
    count -= sum(first <= day <= last and dates.weekday(day) not in free for day in holidays)
    return -count if start > end else count


def _workday(_indexes: Indexes, start: float, days: float, off: Argument | None = None) -> Value:
    if not _valid(start):
        return ExcelError.NUM
    holidays = _holidays(off)
    if isinstance(holidays, ExcelError):
        return holidays
    left, day = math.trunc(days), int(start)
    step = 1 if left > 0 else -1
    while left:
        if not holidays and abs(left) > 10:
            weeks = abs(left) // 5 - 1
            day += step * 7 * weeks
            left -= step * 5 * weeks
        day += step
        if not 0 <= day <= dates.last_serial():
            return ExcelError.NUM
        if dates.weekday(day) < 5 and day not in holidays:
            left -= step
    return day


def _datevalue(text: str) -> Value:
    found = number_in(text)
    if found is None or not any(mark in text for mark in "-/.年"):
        return ExcelError.VALUE
    return int(found) if found >= 1 else ExcelError.VALUE


def _timevalue(text: str) -> Value:
    found = number_in(text)
    return ExcelError.VALUE if found is None or ":" not in text else found % 1


def _special(*_arguments: object) -> Value:
    raise AssertionError("the evaluator computes this function itself")


FUNCTIONS: Final[tuple[Function, ...]] = (
    scalar("DATE", "number number number", Type.DATE, _date),
    scalar("YEAR", "date", Type.NUMBER, _part(0)),
    scalar("MONTH", "date", Type.NUMBER, _part(1)),
    scalar("DAY", "date", Type.NUMBER, _part(2)),
    scalar("TIME", "number number number", Type.NUMBER, _time),
    scalar("HOUR", "date", Type.NUMBER, _time_part(0)),
    scalar("MINUTE", "date", Type.NUMBER, _time_part(1)),
    scalar("SECOND", "date", Type.NUMBER, _time_part(2)),
    scalar("EDATE", "date number", Type.DATE, _edate),
    scalar("EOMONTH", "date number", Type.DATE, _eomonth),
    scalar("DATEDIF", "date date text", Type.NUMBER, _datedif),
    scalar("DAYS", "date date", Type.NUMBER, _days, 2013, "_xlfn."),
    scalar("WEEKDAY", "date number?", Type.NUMBER, _weekday),
    scalar("WEEKNUM", "date number?", Type.NUMBER, _weeknum),
    scalar("ISOWEEKNUM", "date", Type.NUMBER, _iso_week, 2013, "_xlfn."),
    scalar("DATEVALUE", "text", Type.DATE, _datevalue),
    scalar("TIMEVALUE", "text", Type.NUMBER, _timevalue),
    ranges("NETWORKDAYS", "date date range?", Type.NUMBER, _networkdays),
    ranges("NETWORKDAYS.INTL", "date date value? range?", Type.NUMBER, _networkdays_intl, 2010),
    ranges("WORKDAY", "date number range?", Type.DATE, _workday),
    Function("TODAY", signature(""), Type.DATE, Style.SPECIAL, _special),
)
