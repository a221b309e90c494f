"""Number formats: what a value looks like under one, as TEXT() gives it.

Knows sections, conditions, digits, scaling, percent, scientific notation, dates and times, text sections,
quotes, colours and the Chinese weekday codes. Does not know fractions (`# ?/?`), Chinese numerals
(`[DBNum1]`) nor cell widths: fill characters are left out and `_x` is one space.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crmsheet.excel import dates
from crmsheet.excel.numbers import general_text, number_in
from crmsheet.excel.values import ExcelError, Value
from crmsheet.patterns import regex
from crmsheet.structs import dataclass

_TOKENS: Final = regex(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|_(?P<space>.)"
    r"|\*(?P<fill>.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<exponent>[Ee][+-])"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[aA]{3,}|[eE]+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_CONDITION: Final = regex(r"(<=|>=|<>|<|>|=)(-?[\d.]+(?:[eE][+-]?\d+)?)")
_ELAPSED: Final = regex(r"[hH]+|[mM]+|[sS]+")
_COLOURS: Final = frozenset(
    ("black", "blue", "cyan", "green", "magenta", "red", "white", "yellow", "黑色", "蓝色", "红色", "绿色")
)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS_ZH: Final = "一二三四五六日"
_MONTHS_ZH: Final = (*"一二三四五六七八九十", "十一", "十二")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """`literal`, `digit`, `point`, `comma`, `percent`, `exponent`, `date`, `elapsed`, `half`, `text` or
    `general`."""
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None
    chinese: bool = False

    @property
    def is_date(self) -> bool:
        return any(t.kind in ("date", "elapsed", "half") for t in self.tokens)

    @property
    def is_text(self) -> bool:
        return any(t.kind == "text" for t in self.tokens)


def formatted(value: Value, code: str) -> Value:
    """The text of a value under a format, #VALUE! when Excel would not show it."""
    if isinstance(value, ExcelError):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    sections = parsed(code)
    if sections is None:
        return ExcelError.VALUE
    if isinstance(value, str):
        number = number_in(value)
        if number is None:
            return _of_text(value, sections)
        value = number
    if not code:
        return ""
    return _of_number(0 if value is None else value, sections)


def is_date_format(code: str) -> bool:
    """Whether numbers in this format are meant as dates or times."""
    sections = parsed(code)
    return sections[0].is_date if sections else False


@lru_cache(maxsize=1024)
def parsed(code: str) -> tuple[Section, ...] | None:
    """The sections of a format, None when there are more than Excel takes."""
    sections: list[Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    chinese = False
    for match in _TOKENS.finditer(code):
        kind = match.lastgroup
        text = match[kind] if kind else ""
        if kind == "other" and text == ";":
            sections.append(Section(_dates_settled(tokens), condition, chinese))
            tokens, condition, chinese = [], None, False
        elif kind == "bracket":
            if found := _CONDITION.fullmatch(text):
                condition = (found[1], float(found[2]))
            elif _ELAPSED.fullmatch(text):
                tokens.append(Token("elapsed", text.lower()))
            elif text.startswith("$"):
                symbol, _, locale = text[1:].partition("-")
                chinese = chinese or locale.lower().endswith("804")
                if symbol:
                    tokens.append(Token("literal", symbol))
            elif text.lower() not in _COLOURS and not text.lower().startswith(("color", "颜色", "dbnum")):
                return None
        elif kind == "space":
            tokens.append(Token("literal", " "))
        elif kind != "fill":
            tokens.append(_token(kind or "", text))
    sections.append(Section(_dates_settled(tokens), condition, chinese))
    return tuple(sections) if len(sections) <= 4 else None


def _token(kind: str, text: str) -> Token:
    match kind:
        case "general" | "half" | "digit" | "exponent":
            return Token(kind, text)
        case "date":
            return Token("date", text.lower())
        case "other" if text in ".,%@":
            names = {".": "point", ",": "comma", "%": "percent", "@": "text"}
            return Token(names[text], text)
        case _:
            return Token("literal", text)


def _dates_settled(tokens: list[Token]) -> tuple[Token, ...]:
    """`m` is minutes after hours or before seconds; in a date section points and commas are themselves."""
    if not any(t.kind in ("date", "elapsed") for t in tokens):
        return tuple(tokens)
    if any(t.kind == "digit" for t in tokens) and all(t.text[0] == "e" for t in tokens if t.kind == "date"):
        return tuple(Token("literal", t.text) if t.kind == "date" else t for t in tokens)
    settled: list[Token] = []
    last = ""
    for position, token in enumerate(tokens):
        following = next((t.text for t in tokens[position + 1 :] if t.kind in ("date", "elapsed")), "")
        minutes = token.text in ("m", "mm") and (last.startswith("h") or following.startswith("s"))
        if token.kind in ("date", "elapsed"):
            last = token.text
        settled.append(Token("date", "minute" + token.text) if minutes else token)
    return tuple(settled)


def _of_text(text: str, sections: tuple[Section, ...]) -> str:
    section = sections[3] if len(sections) == 4 else next((s for s in sections if s.is_text), None)
    if section is None:
        return text
    return "".join(text if t.kind == "text" else t.text for t in section.tokens)


def _of_number(number: float, sections: tuple[Section, ...]) -> Value:
    section, value, sign = _chosen(number, sections)
    if section is None:
        return ExcelError.VALUE
    if section.is_text or any(t.kind == "general" for t in section.tokens):
        shown = general_text(value)
        return sign + "".join(shown if t.kind in ("text", "general") else t.text for t in section.tokens)
    if section.is_date:
        return ExcelError.VALUE if number < 0 else _of_date(number, section)
    shown = _of_digits(abs(value), section.tokens)
    return shown if not sign or not any(c in "123456789" for c in shown) else sign + shown


def _chosen(number: float, sections: tuple[Section, ...]) -> tuple[Section | None, float, str]:
    """The section for a number, the number it shows, and the sign that Excel adds."""
    numeric = [s for s in sections[:3] if not s.is_text or len(sections) == 1]
    minus = "-" if number < 0 else ""
    if any(s.condition for s in numeric):
        for section in numeric:
            if section.condition is None or _holds(number, section.condition):
                return section, abs(number), minus
        return None, number, ""
    if len(numeric) <= 1:
        section = numeric[0] if numeric else sections[0]
        return section, abs(number), minus
    if number < 0:
        return numeric[1], -number, ""
    if number == 0 and len(numeric) == 3:
        return numeric[2], 0, ""
    return numeric[0], number, ""


def _holds(number: float, condition: tuple[str, float]) -> bool:
    op, bound = condition
    return {
        "<": number < bound,
        ">": number > bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[op]


# Digits


def _of_digits(number: float, tokens: tuple[Token, ...]) -> str:
    from crmsheet.excel.decimals import CONTEXT, ROUND_HALF_UP, Decimal

    digits_at = [i for i, t in enumerate(tokens) if t.kind == "digit"]
    if not digits_at:
        return "".join(t.text for t in tokens if t.kind != "comma")
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), None)
    exponent = next((i for i, t in enumerate(tokens) if t.kind == "exponent"), None)
    mantissa_end = exponent if exponent is not None else len(tokens)
    whole_at = [i for i in digits_at if i < (point if point is not None else mantissa_end)]
    fraction_at = [i for i in digits_at if point is not None and point < i < mantissa_end]
    scale, grouped = _commas(tokens, whole_at, fraction_at or whole_at or digits_at)
    decimal = Decimal(f"{number:.15g}")
    decimal = decimal.scaleb(2 * sum(t.kind == "percent" for t in tokens) - 3 * scale, CONTEXT)
    power = 0
    if exponent is not None and decimal:
        width = max(len(whole_at), 1)
        power = decimal.adjusted() // width * width if width > 1 else decimal.adjusted()
        decimal = decimal.scaleb(-power, CONTEXT)
    decimal = decimal.quantize(Decimal((0, (1,), -len(fraction_at))), ROUND_HALF_UP, CONTEXT)
    if exponent is not None and decimal.adjusted() >= max(len(whole_at), 1) and decimal:
        power += 1
        decimal = decimal.scaleb(-1, CONTEXT).quantize(Decimal((0, (1,), -len(fraction_at))), ROUND_HALF_UP)
    whole, _, fraction = f"{decimal:f}".partition(".")
    places = _whole_places(tokens, whole_at, "" if whole == "0" else whole, grouped)
    places.update(_fraction_places(tokens, fraction_at, fraction))
    if exponent is not None:
        places.update(_exponent_places(tokens, [i for i in digits_at if i > exponent], exponent, power))
    shown = []
    for i, token in enumerate(tokens):
        if i in places:
            shown.append(places[i])
        elif token.kind != "comma":
            shown.append(token.text)
    return "".join(shown)


def _commas(tokens: tuple[Token, ...], whole_at: list[int], last_digits: list[int]) -> tuple[int, bool]:
    """How many thousands to scale by, and whether thousands are grouped."""
    scale = 0
    after = last_digits[-1] + 1
    while after < len(tokens) and tokens[after].kind == "comma":
        scale += 1
        after += 1
    grouped = len(whole_at) > 1 and any(
        tokens[i].kind == "comma" for i in range(whole_at[0] + 1, whole_at[-1])
    )
    if whole_at and last_digits[-1] != whole_at[-1]:
        after = whole_at[-1] + 1
        while after < len(tokens) and tokens[after].kind == "comma":
            scale += 1
            after += 1
    return scale, grouped


def _whole_places(
    tokens: tuple[Token, ...], whole_at: list[int], whole: str, grouped: bool
) -> dict[int, str]:
    """The digits before the point, dealt to placeholders from the right; the first takes what is left."""
    places: dict[int, str] = {}
    shown = 0
    for order, i in enumerate(reversed(whole_at)):
        first = order == len(whole_at) - 1
        if first:
            taken, whole = whole, ""
        else:
            taken, whole = whole[-1:], whole[:-1]
        if not taken:
            taken = {"0": "0", "?": " ", "#": ""}[tokens[i].text]
        text = ""
        for digit in reversed(taken):
            text = digit + ("," if grouped and shown and shown % 3 == 0 and digit != " " else "") + text
            shown += 1
        places[i] = text
    return places


def _fraction_places(tokens: tuple[Token, ...], fraction_at: list[int], fraction: str) -> dict[int, str]:
    places: dict[int, str] = {}
    significant = len(fraction.rstrip("0"))
    for order, i in enumerate(fraction_at):
        if order >= significant and tokens[i].text != "0":
            places[i] = " " if tokens[i].text == "?" else ""
        else:
            places[i] = fraction[order]
    return places


def _exponent_places(
    tokens: tuple[Token, ...], digits_at: list[int], exponent: int, power: int
) -> dict[int, str]:
    mark = tokens[exponent].text
    sign = "-" if power < 0 else "+" if mark[1] == "+" else ""
    places = {exponent: mark[0].upper() + sign}
    text = str(abs(power)).zfill(len(digits_at))
    for order, i in enumerate(digits_at):
        last = order == len(digits_at) - 1
        places[i] = text[order:] if last else text[order]
    return places


# Dates


def _of_date(number: float, section: Section) -> Value:
    kinds = [t.text for t in section.tokens if t.kind in ("date", "elapsed")]
    whole_seconds = any(k.startswith("s") for k in kinds)
    if not whole_seconds and any(k[0] in "hm" and k not in ("m", "mm", "mmm", "mmmm") for k in kinds):
        number += 0.5e-6 / 86_400  # a whole minute that binary fractions put a hair below itself
    hour, minute, second = dates.time_parts(number)
    if not hour and not minute and not second and number % 1 > 0.5:
        number = int(number) + 1
    parts = dates.date_parts(number)
    if parts is None:
        return ExcelError.VALUE
    halves = any(t.kind == "half" for t in section.tokens)
    shown = []
    for token in section.tokens:
        match token.kind:
            case "date":
                shown.append(_date_part(token.text, parts, (hour, minute, second), number, halves, section))
            case "elapsed":
                seconds = round(number * 86_400)
                unit = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
                shown.append(str(seconds // unit).zfill(len(token.text)))
            case "half":
                early, _, late = token.text.partition("/")
                shown.append(early if hour < 12 else late)
            case _:
                shown.append(token.text)
    return "".join(shown)


def _date_part(
    code: str,
    parts: tuple[int, int, int],
    clock: tuple[int, int, int],
    number: float,
    halves: bool,
    section: Section,
) -> str:
    year, month, day = parts
    hour, minute, second = clock
    weekday = dates.weekday(number)
    if code.startswith("minute"):
        return str(minute).zfill(len(code) - 6)
    match code[0], len(code):
        case "y", 1 | 2:
            return f"{year % 100:02d}"
        case "y" | "e", _:
            return str(year)
        case "m", 1 | 2 as width:
            return str(month).zfill(width)
        case "m", 3:
            return f"{month}月" if section.chinese else _MONTHS[month - 1][:3]
        case "m", 5:
            return str(month) if section.chinese else _MONTHS[month - 1][0]
        case "m", _:
            return f"{_MONTHS_ZH[month - 1]}月" if section.chinese else _MONTHS[month - 1]
        case "d", 1 | 2 as width:
            return str(day).zfill(width)
        case "d", 3:
            return f"周{_DAYS_ZH[weekday]}" if section.chinese else _DAYS[weekday][:3]
        case "a", 3:
            return _DAYS_ZH[weekday] if section.chinese else _DAYS[weekday][:3]
        case "d" | "a", _:
            return f"星期{_DAYS_ZH[weekday]}" if section.chinese else _DAYS[weekday]
        case "h", width:
            return str((hour - 1) % 12 + 1 if halves else hour).zfill(min(width, 2))
        case _, width:
            return str(second).zfill(min(width, 2))
