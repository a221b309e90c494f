"""Numbers as people and programs write them.

Knows full-width digits, thousands, currency signs, Chinese units, percent and the signs of losses. Does not
know fields.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, cast
from unicodedata import normalize

_SCALES: Final = {
    "百": 2,
    "千": 3,
    "万": 4,
    "萬": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "億": 8,
    "万亿": 12,
    "k": 3,
    "w": 4,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "bn": 9,
    "billion": 9,
    "thousand": 3,
}
_CURRENCY: Final = r"(?:[¥￥$€£]|rmb|cny|usd|eur|gbp|hkd|jpy|hk\$|us\$|nt\$|人民币|美元|欧元|港币|日元)"
_COUNTERS: Final = r"(?:个|件|台|套|人|位|名|天|日|次|家|份|条|笔|元整|元|圆|块|分|星|岁|days?|pcs)"
_NUMBER: Final = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*" + _CURRENCY + r"?\s*(?P<sign2>[+-])?\s*"
    r"(?P<digits>\d[\d,.'\s]*|\.\d+)(?P<exponent>e[+-]?\d{1,3})?\s*(?P<after>-)?\s*"
    r"(?P<percent>%|‰)?\s*"
    r"(?P<scale>" + "|".join(sorted(_SCALES, key=len, reverse=True)) + r")?\s*"
    r"(?P<unit>" + _CURRENCY + "|" + _COUNTERS + r")?\s*(?(open)\))",
    re.IGNORECASE | re.ASCII,
)
_COMMAS: Final = re.compile(r"\d{1,3}(?:[,'\s]\d{3})+(?:\.\d*)?|\d{1,4}(?:,\d{4})+(?:\.\d*)?", re.ASCII)
_POINTS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_LONGEST: Final = 40
_DIGIT: Final = re.compile(r"\d")
_PLAIN: Final = re.compile(r"(?:-?[0-9]{1,15}+(?:\.[0-9]{1,15}+)?+\n)++")
"""Lines of plain numbers."""
_WHOLE: Final = 1e15
"""Below this a whole number is held as one."""


def written_number(text: str) -> int | float | None:
    """The number a text tells, None when it is none: `1,200.50`, `１２％`, `¥3.5万`, `(80)`, `12-`, `30天`."""
    if len(text) > _LONGEST or _DIGIT.search(text) is None:
        return None
    plain = normalize("NFKC", text).strip().replace("−", "-").replace("–", "-")
    if not plain or len(plain) > _LONGEST:
        return None
    match = _NUMBER.fullmatch(plain)
    if match is None:
        return None
    digits = _digits(match["digits"].strip())
    if digits is None or (match["scale"] and match["exponent"]):
        return None
    signs = [match["sign"], match["sign2"], match["after"]]
    negative = signs.count("-") == 1 or bool(match["open"])
    if sum(sign is not None for sign in signs) + bool(match["open"]) > 1:
        return None
    try:
        number = Decimal(digits + (match["exponent"] or ""))
    except InvalidOperation:
        return None
    power = _SCALES[match["scale"].casefold()] if match["scale"] else 0
    power -= {"%": 2, "‰": 3}.get(match["percent"] or "", 0)
    return number_of(number.scaleb(power) * (-1 if negative else 1))


def plain_numbers(given: Sequence[object]) -> list[int | float] | None:
    """What `written_number` and `number_of` give for many texts or many numbers, where all are written plainly."""
    kinds = set(map(type, given))
    if kinds == {str}:
        if _PLAIN.fullmatch("\n".join(cast("Sequence[str]", given)) + "\n") is None:
            return None
    elif not kinds or not kinds <= {int, float}:
        return None
    elif kinds == {int}:
        whole = cast("Sequence[int]", given)
        return list(whole) if min(whole) > -_WHOLE and max(whole) < _WHOLE else None
    try:
        numbers = list(map(float, cast("Sequence[float]", given)))
    except OverflowError:  # a whole number of hundreds of digits
        return None
    if not math.isfinite(sum(numbers)) or min(numbers) <= -_WHOLE or max(numbers) >= _WHOLE:
        return None
    return [int(n) if n.is_integer() else n for n in numbers]


def number_of(number: Decimal | float) -> int | float | None:
    """A cell's number: whole where it is whole."""
    value = float(number)
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _WHOLE else value


def _digits(text: str) -> str | None:
    """The digits without what parts thousands."""
    if re.fullmatch(r"\d+\.?\d*|\.\d+", text, re.ASCII):
        return text
    if _COMMAS.fullmatch(text):
        return re.sub(r"[,'\s]", "", text)
    if _POINTS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return None
