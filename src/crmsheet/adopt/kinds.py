"""What a column holds: the field type that its values, formats and header speak for.

Knows how people write values and which of them must stay text. Does not know other columns.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from crmsheet.adopt.headerwords import CODES, DAYS, FREE, MONEY, NAMES, NOTHING, PHONES, SORTS
from crmsheet.excel.number_formats import formatted, parsed
from crmsheet.excel.values import ExcelError
from crmsheet.intake.books import BookCell
from crmsheet.intake.dates import DateOrder, date_number, ordering, written_date
from crmsheet.intake.grids import Raw
from crmsheet.intake.numbers import written_number
from crmsheet.intake.synonyms import field_word
from crmsheet.intake.texts import cleaned, name_form
from crmsheet.messages import phrase
from crmsheet.model.spec import FieldType
from crmsheet.structs import dataclass

_ERRORS: Final = frozenset(e.value for e in ExcelError)
_EMAIL: Final = re.compile(r"[^@\s]+[@＠][^@\s]+\.[^@\s.]+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.\-]{5,20}(?:\s*(?:转|ext\.?|x)\s*[0-9]{1,6})?", re.IGNORECASE)
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_URL: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MONTH: Final = re.compile(r"\d{4}\s*(?:[-/.年])\s*\d{1,2}\s*月?")
_SEPARATORS: Final = re.compile(r"[、,;，；|]")
_MOST: Final = 0.8
"""A share of values that speaks for a type although others do not fit it."""
_FEW: Final = 1 - _MOST + 1e-9
_SIGNS: Final = {"¥": "CNY", "￥": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds."""

    type: FieldType
    format: str = ""
    items: tuple[str, ...] = ()
    """Of choice and multi_choice, by how often they stand there."""
    currency: str = ""
    padded: str = ""
    """The number code that shows leading zeros of what are codes: its texts are the values."""
    misfits: int = 0
    """How many values are not of the type."""
    why: str = ""


def kind_of(header: str, cells: Sequence[BookCell | None], offered: Sequence[str] = ()) -> Kind:
    """The kind of a column by its cells. `offered` are the options of a drop-down that it has."""
    held = [cell for cell in cells if cell is not None and not _blank(cell.value)]
    values = [cell.value for cell in held]
    word = field_word(header)
    if offered:
        return _offered(values, offered)
    if not values:
        return Kind(FieldType.DATE if word in DAYS else FieldType.TEXT, why=phrase("empty"))
    if all(isinstance(v, bool) for v in values):
        return Kind(FieldType.BOOLEAN)
    code = Counter(cell.format for cell in held).most_common(1)[0][0]
    for found in (
        _codes(word, held, code),
        _dates(word, values, code),
        _numbers(word, values, held, code),
        _contacts(word, values),
    ):
        if found is not None:
            return found
    return _texts(word, values)


def _blank(value: Raw) -> bool:
    return value is None or (isinstance(value, str) and not cleaned(value))


def missing(value: Raw) -> bool:
    """Whether a text says that there is nothing: `-`, `N/A`, 无."""
    return isinstance(value, str) and len(value) < 9 and name_form(value) in NOTHING


def _offered(values: Sequence[Raw], offered: Sequence[str]) -> Kind:
    options = {name_form(o) for o in offered}
    others = [v for v in map(shown, values) if name_form(v) not in options and not missing(v)]
    several = [v for v in others if _SEPARATORS.search(v)]
    if several and all(name_form(p) in options for v in several for p in _SEPARATORS.split(v)):
        return Kind(FieldType.MULTI_CHOICE, items=tuple(offered))
    return Kind(FieldType.CHOICE, items=tuple(offered), misfits=len(others), why=phrase("drop-down"))


def _codes(word: str, held: Sequence[BookCell], code: str) -> Kind | None:
    """Numbers that are names: they keep their zeros and all their digits."""
    values = [cell.value for cell in held]
    texts = [v for v in values if isinstance(v, str)]
    if re.fullmatch(r"0{2,}", code) and all(isinstance(v, int | float) for v in values):
        return Kind(FieldType.TEXT, padded=code, why=phrase("leading zeros"))
    if word in PHONES and word != "fax":
        return (
            Kind(FieldType.PHONE)
            if _share(values, lambda v: bool(_PHONE.fullmatch(_digits(v)))) >= 0.5
            else None
        )
    digits = [v for v in texts if re.fullmatch(r"\d+", cleaned(v), re.ASCII)]
    if word in CODES and (digits or (all(isinstance(v, int) for v in values) and word != "id")):
        return Kind(FieldType.TEXT, why=phrase("code"))
    if any(len(cleaned(v)) > 11 or (len(cleaned(v)) > 1 and cleaned(v)[0] == "0") for v in digits):
        if _share(values, lambda v: bool(_MOBILE.fullmatch(_digits(v)))) >= _MOST:
            return Kind(FieldType.PHONE)
        return Kind(FieldType.TEXT, why=phrase("leading zeros"))
    if _share(values, lambda v: bool(_MOBILE.fullmatch(_digits(v)))) >= _MOST:
        return Kind(FieldType.PHONE)
    return None


def _digits(value: Raw) -> str:
    return re.sub(r"[\s\-]", "", shown(value)) if isinstance(value, str | int | float) else ""


def _dates(word: str, values: Sequence[Raw], code: str) -> Kind | None:
    told = word in DAYS
    found = [_moment(v, told=told) for v in values]
    real = sum(isinstance(v, dt.date) for v in values)
    good = sum(f is not None for f in found)
    misses = [v for v, f in zip(values, found, strict=True) if f is None and not missing(v)]
    if not good or (len(misses) > _FEW * len(values)):
        return None
    texts = [v for v, f in zip(values, found, strict=True) if isinstance(v, str) and f is not None]
    if not real and not told and all(written_number(t) is not None for t in texts):
        return None
    order = ordering(texts).order
    moments = [_moment(v, told=told, order=order) for v in values]
    if texts and all(_MONTH.fullmatch(cleaned(t)) for t in texts) and not real:
        return Kind(FieldType.DATE, format="month", misfits=len(misses))
    timed = any(isinstance(m, dt.datetime) and (m.hour or m.minute or m.second) for m in moments)
    kind = FieldType.DATETIME if timed else FieldType.DATE
    month = not timed and real and "d" not in code.casefold() and "y" in code.casefold()
    return Kind(
        kind,
        format="month" if month else "",
        misfits=len(misses),
        why=phrase("dates as text") if texts else "",
    )


def _moment(value: Raw, *, told: bool, order: object = None) -> dt.date | None:
    match value:
        case dt.datetime() | dt.date():
            return value
        case bool():
            return None
        case int() | float():
            return date_number(value) if told else None
        case str():
            known = order if isinstance(order, DateOrder) else DateOrder.MONTH
            return written_date(value, known) or (
                written_date(value, DateOrder.DAY) if order is None else None
            )
        case _:
            return None


def _numbers(word: str, values: Sequence[Raw], held: Sequence[BookCell], code: str) -> Kind | None:
    if any(isinstance(v, dt.time | dt.timedelta) for v in values):
        times = sum(isinstance(v, dt.time | dt.timedelta) for v in values)
        return (
            Kind(FieldType.NUMBER, format=_kept(code) or "h:mm", misfits=len(values) - times)
            if times >= _MOST * len(values)
            else None
        )
    numbers = [_number(v) for v in values]
    misses = [v for v, n in zip(values, numbers, strict=True) if n is None and not missing(v)]
    good = sum(n is not None for n in numbers)
    if not good or len(misses) > _FEW * len(values) or word in NAMES:
        return None
    sign = _currency(values, held)
    percent = sum(
        "%" in cell.format or (isinstance(cell.value, str) and re.search(r"[%％]", cell.value) is not None)
        for cell in held
    )
    whole = all(n is None or n == int(n) for n in numbers)
    if percent > len(held) / 2:
        places = (
            "percent"
            if not whole and any(n is not None and round(n * 100) != round(n * 100, 6) for n in numbers)
            else "percent0"
        )
        return Kind(FieldType.PERCENT, format=places, misfits=len(misses))
    if sign or word in MONEY:
        return Kind(
            FieldType.CURRENCY if sign else FieldType.NUMBER,
            currency=sign,
            format="" if sign else _kept(code) or "decimal",
            misfits=len(misses),
        )
    return Kind(
        FieldType.INTEGER if whole else FieldType.NUMBER,
        format=_kept(code) or ("" if whole else _places(numbers)),
        misfits=len(misses),
    )


def _places(numbers: Sequence[float | None]) -> str:
    """A code that shows the decimals there are, where there are more than two."""
    places = max(
        (len(f"{n:.10f}".rstrip("0").partition(".")[2]) for n in numbers if n is not None), default=0
    )
    return "0.0" if places == 1 else "0.00" if places == 2 else "General"


def _kept(code: str) -> str:
    """The number code that people chose, if a spec can say it."""
    if code in ("General", "@", "") or parsed(code) is None or '"' in code or len(code) > 60:
        return ""
    return code


def _number(value: Raw) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return written_number(value) if isinstance(value, str) else None


def _currency(values: Sequence[Raw], held: Sequence[BookCell]) -> str:
    signs: Counter[str] = Counter()
    for cell in held:
        text = cell.format + (cell.value if isinstance(cell.value, str) else "")
        found = re.search(r"[¥￥€£]|(?<!\[)\$(?!-)|\[\$([¥￥€£$])", text)
        if found is not None:
            signs[_SIGNS[found[1] or found[0]]] += 1
    return signs.most_common(1)[0][0] if signs and signs.total() > len(values) / 2 else ""


def _contacts(word: str, values: Sequence[Raw]) -> Kind | None:
    texts = [cleaned(v) for v in values if isinstance(v, str)]
    if len(texts) < len(values):
        return None
    for pattern, kind, words in (
        (_EMAIL, FieldType.EMAIL, ("email",)),
        (_URL, FieldType.URL, ("website",)),
        (_PHONE, FieldType.PHONE, ("phone", "mobile")),
    ):
        fits = sum(pattern.fullmatch(t) is not None for t in texts)
        if fits >= (0.5 if word in words else 0.9) * len(texts):
            return Kind(kind, misfits=len(texts) - fits)
    return None


def _texts(word: str, values: Sequence[Raw]) -> Kind:
    texts = [cleaned(shown(v)) for v in values]
    plain = [t for t in texts if not missing(t)]
    if any("\n" in t or len(t) > 80 for t in texts) or (
        word in ("remark", "content", "needs", "address") and max(map(len, texts)) > 30
    ):
        return Kind(FieldType.LONG_TEXT)
    if any(t in _ERRORS for t in texts):
        return Kind(FieldType.TEXT, why=phrase("errors"))
    counts = Counter(plain)
    parts = Counter(p for t in plain for p in map(str.strip, _SEPARATORS.split(t)) if p)
    several = sum(bool(_SEPARATORS.search(t)) for t in plain)
    if (
        word not in NAMES
        and several >= max(2, 0.2 * len(plain))
        and len(parts) <= min(15, parts.total() / 2)
        and max(map(len, parts)) <= 12
    ):
        return Kind(
            FieldType.MULTI_CHOICE,
            items=tuple(t for t, _ in parts.most_common()),
            why=phrase("repeated values"),
        )
    if word not in NAMES | CODES | FREE and _repeats(word, counts):
        return Kind(
            FieldType.CHOICE, items=tuple(t for t, _ in counts.most_common()), why=phrase("repeated values")
        )
    return Kind(FieldType.TEXT)


def _repeats(word: str, counts: Counter[str]) -> bool:
    """Whether texts repeat as the options of a list do."""
    total, different = counts.total(), len(counts)
    if total < 2 or max(map(len, counts)) > 30 or different > 40:
        return False
    if word in SORTS:
        return different <= max(3, total * 0.6) and different <= 30 and different < total
    return total >= 6 and different <= 20 and different <= total / 2.5


def _share(values: Sequence[Raw], holds: object) -> float:
    assert callable(holds)
    return sum(bool(holds(v)) for v in values) / len(values) if values else 0.0


def shown(value: Raw) -> str:
    """A value as the text that people read."""
    match value:
        case None:
            return ""
        case str():
            return cleaned(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
        case ExcelError():
            return value.value
        case _:
            return str(value)


def padded(value: Raw, code: str) -> Raw:
    """A code as its number code shows it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = formatted(value, code)
        return text if isinstance(text, str) else str(value)
    return value
