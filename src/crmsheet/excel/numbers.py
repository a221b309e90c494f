"""Numbers as text.

Knows how a number stands in a file (`<v>`), how it looks in General and in a concatenation, and what
numbers a text can be read as. Does not know number formats (`number_formats`).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import Final

from crmsheet.excel import dates, limits
from crmsheet.patterns import regex

_PLAIN = regex(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DECORATED = regex(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<currency>[$¥￥€£])?\s*(?P<sign2>[+-])?"
    r"(?P<whole>\d{1,3}(,\d{3})+|\d+)?(?P<fraction>\.\d*)?(?P<exponent>[eE][+-]?\d+)?"
    r"\s*(?P<percent>%)?\s*(?(open)\))",
    re.ASCII,
)
_DATE = regex(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(.*))?", re.ASCII)
_DATE_ZH = regex(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?", re.ASCII)
_TIME = regex(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d*)?)?\s*([AaPp][Mm])?", re.ASCII)
_LONGEST: Final = 20
"""Excel turns to scientific notation when a number in a text would need more characters."""


def file_text(number: float) -> str:
    """The text of a number in a file: the shortest that reads back as the same number.

    Fifteen digits where they suffice, else up to seventeen, as Excel writes them.
    """
    if not number:
        return "0"
    text = repr(number)
    # Exponents have an e, and truth values.
    if -1e15 < number < 1e15 and "e" not in text:
        return text.removesuffix(".0")
    if isinstance(number, int) and -limits.EXACT_INTEGER < number < limits.EXACT_INTEGER:
        return str(int(number))
    if not math.isfinite(number):
        raise ValueError(f"a sheet cannot hold {number}")
    value = float(number)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if float(text) != value:
        text = repr(value)
    mantissa, e, exponent = text.upper().partition("E")
    if not e:
        return mantissa.removesuffix(".0")
    if mantissa.endswith(".0"):
        mantissa = mantissa[:-2]
    return f"{mantissa}E{'-' if exponent[0] == '-' else '+'}{exponent.lstrip('+-').lstrip('0').zfill(2)}"


def file_texts(numbers: Sequence[float]) -> list[str]:
    """`file_text` of many numbers."""
    together = "\n".join(map(repr, numbers))
    if not together:
        return []
    # What is no number has an n.
    if "e" in together or "n" in together or max(numbers) >= 1e15 or min(numbers) <= -1e15:
        return list(map(file_text, numbers))
    if ".0" in together:
        together = f"{together}\n".replace(".0\n", "\n").replace("-0\n", "0\n")[:-1]
    return together.split("\n")


def general_text(number: float) -> str:
    """A number as `&` and TEXT(…,"General") give it: 15 digits, scientific past 20 characters."""
    value = float(number)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    digits, _, power = f"{abs(value):.14e}".partition("e")
    exponent = int(power)
    digits = digits.replace(".", "").rstrip("0") or "0"
    sign = "-" if value < 0 else ""
    if exponent >= 0:
        if exponent < _LONGEST:
            whole, fraction = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
            return sign + whole + (f".{fraction}" if fraction else "")
    elif 1 - exponent + len(digits) <= _LONGEST:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{sign}{mantissa}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def to_fifteen_digits(number: float) -> float:
    """The number with 15 significant digits, which is all that Excel compares."""
    if isinstance(number, int):
        if -(10**15) < number < 10**15:
            return number
        number = float(number)
    if number.is_integer() and -1e15 < number < 1e15:
        return number
    return float(f"{number:.15g}")


def number_in(text: str) -> float | None:
    """The number (or date serial) that Excel reads a text as, or None.

    `12`, `-1,234.5`, `12%`, `¥5`, `(3)`, `1e3`, `2025-03-09`, `2025年3月9日`, `10:30`, and such with spaces
    around. Digits past the fifteenth become zeros. Dates with the year last depend on the computer and are
    left as text.
    """
    stripped = text.strip(" \u00a0\u3000")
    if not stripped or not (stripped[0] in "+-.($¥￥€£" or stripped[0].isdecimal()):
        return None
    if _PLAIN.fullmatch(stripped):
        return _fifteen(stripped)
    return _decorated(stripped) if ":" not in stripped and "年" not in stripped else _moment(stripped)


def _fifteen(text: str) -> float | None:
    """A plain number, cut (not rounded) after its fifteenth significant digit."""
    value = float(text)
    if math.isinf(value):
        return None
    mantissa, e, exponent = text.lower().partition("e")
    if sum(c.isdecimal() for c in mantissa.lstrip("+-0.")) > limits.NUMBER_DIGITS:
        kept, seen = [], 0
        for c in mantissa:
            if c.isdecimal() and (seen or c != "0"):
                seen += 1
            kept.append("0" if c.isdecimal() and seen > limits.NUMBER_DIGITS else c)
        value = float("".join(kept) + e + exponent)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _decorated(text: str) -> float | None:
    match = _DECORATED.fullmatch(text)
    if match is None or not (match["whole"] or (match["fraction"] or ".") != "."):
        return _moment(text)
    signs = [sign for sign in (match["sign"], match["sign2"]) if sign]
    if len(signs) > 1 or (match["open"] and signs):
        return None
    plain = (match["whole"] or "0").replace(",", "") + (match["fraction"] or "") + (match["exponent"] or "")
    value = _fifteen(plain)
    if value is None:
        return None
    if match["percent"]:
        value /= 100
    negative = match["open"] or "-" in signs
    return -value if negative else value


def _moment(text: str) -> float | None:
    """A date, a time, or both, as a serial."""
    rest = text
    day = 0
    if match := _DATE.fullmatch(text):
        year, month, number, rest = int(match[1]), int(match[3]), int(match[4]), match[5] or ""
    elif match := _DATE_ZH.fullmatch(text):
        year, month, number, rest = int(match[1]), int(match[2]), int(match[3] or 1), ""
    else:
        year = 0
    if year:
        try:
            day = dates.serial_of_date(dt.date(year, month, number))
        except ValueError:
            return None
        if not rest:
            return day
    time = _TIME.fullmatch(rest.strip())
    if time is None:
        return None
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    if minute > 59 or second > 59 or (year and hour > 24):
        return None
    if time[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if time[5].lower() == "pm" else 0)
    return day + (hour * 3600 + minute * 60 + second + float(time[4] or 0)) / 86_400
