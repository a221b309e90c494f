"""Raw values of one field as the values of its cells.

Knows, by field type, how values are written by people and programs, in both languages. What does not fit stays
as it is, with the reason. Does not know where values come from nor what becomes of them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, TypeAlias, cast

from crmsheet.excel.dates import serial
from crmsheet.excel.limits import CELL_TEXT
from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import ExcelError, Value, told_apart
from crmsheet.intake.converted import Column, Converted, Problem, Reason
from crmsheet.intake.dates import (
    date_number,
    serial_in_text,
    written_date,
)
from crmsheet.intake.evidence import Evidence
from crmsheet.intake.grids import Raw
from crmsheet.intake.numbers import number_of, plain_numbers, written_number
from crmsheet.intake.texts import all_clean, cleaned, lost_digits, name_form, name_text, phone_text
from crmsheet.model.several import joined, parted, with_signs
from crmsheet.model.spec import Field, FieldType, ListItem, Model
from crmsheet.model.state import ListRow
from crmsheet.model.words import Language

_TRUE: Final = frozenset(
    ("true", "yes", "y", "t", "1", "on", "是", "对", "有", "真", "√", "✓", "✔", "☑", "已")
)
_FALSE: Final = frozenset(
    ("false", "no", "n", "f", "0", "off", "否", "错", "无", "没有", "假", "×", "✗", "✘", "☐", "未")
)
_NOTHING: Final = frozenset(
    (
        *("-", "--", "---", "—", "——", "–", "/", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "tbd"),
        *("无", "暂无", "空", "(空)", "未知", "待定"),
    )
)
"""What people write where a number, date or choice is missing."""
_NUMBERS: Final = frozenset(
    (FieldType.NUMBER, FieldType.INTEGER, FieldType.CURRENCY, FieldType.PERCENT, FieldType.RATING)
)
_PLAIN: Final = {int, float}
_SCALARS: Final = {type(None), str, int, float, bool, dt.date, dt.datetime}
_ERRORS: Final = frozenset(error.value for error in ExcelError)


_Cleaning: TypeAlias = Callable[[str], str]


class Converter:
    """Turns raw values of one field into cell values; labels of lists are looked up once.

    `lists` are the rows of lists as a workbook has them, whose labels people may have changed.
    """

    def __init__(
        self,
        model: Model,
        language: Language,
        field: Field,
        *,
        evidence: Evidence | None = None,
        lists: Mapping[str, Sequence[ListRow]] | None = None,
    ) -> None:
        self.field = field
        self.language = language
        self.evidence = evidence or Evidence()
        self.labels: dict[str, str] = {}
        self.offered: tuple[str, ...] = ()
        self.signed: frozenset[str] = frozenset()
        if field.list:
            self._learn(model, language, (lists or {}).get(field.list, ()))
        self._in_points = field.type is FieldType.PERCENT and self.evidence.points
        self._convert = self._converter()

    def _learn(self, model: Model, language: Language, rows: Sequence[ListRow]) -> None:
        """Every word that means an item, to the label in the workbook. What is written exactly so comes first."""
        shown = {row.id: row.label for row in rows if row.id}
        items: tuple[ListItem, ...] = model.list(self.field.list).items
        words: list[tuple[str, str]] = []
        for item in items:
            label = shown.get(item.id, item.label.text(language))
            words += [(word, label) for word in (label, item.label.zh, item.label.en, item.id, *item.aliases)]
        words += [(row.label, row.label) for row in rows]
        self.offered = tuple(dict.fromkeys(label for _, label in words))
        for word, label in words:
            self.labels.setdefault(word, label)
        for word, label in words:
            self.labels.setdefault(name_form(word), label)
        self.signed = with_signs(word for word, _ in words)

    def __call__(self, raw: Raw) -> Converted:
        if isinstance(raw, str):
            raw = cleaned(raw)
        elif isinstance(raw, int | float):
            raw = _holdable(raw)
        if raw is None or raw == "":
            return Converted(None)
        return self._convert(raw)

    def column(self, raws: Sequence[Raw]) -> Column:
        """Many values at once: plain numbers all together, and what repeats itself once."""
        kinds = set(map(type, raws))
        if self.field.type in _NUMBERS and not self._in_points:
            held = raws if kinds <= _PLAIN else [raw for raw in raws if raw is not None and raw != ""]
            numbers = plain_numbers(held)
            if numbers is not None:
                rest = iter(numbers)
                return Column(
                    numbers
                    if len(numbers) == len(raws)
                    else [None if raw is None or raw == "" else next(rest) for raw in raws]
                )
        if not kinds <= _SCALARS:
            done = [self(raw) for raw in raws]
            return Column(
                [one.value for one in done],
                {at: one.problem for at, one in enumerate(done) if one.problem is not None},
            )
        if kinds == {str} and self._stays(cast("Sequence[str]", raws)):
            return Column(cast("Sequence[str]", raws))
        keys: Sequence[object] = raws if told_apart(kinds) else list(zip(map(type, raws), raws, strict=True))
        values: dict[object, Value] = {}
        problems: dict[object, Problem] = {}
        for key, raw in dict(zip(keys, raws, strict=True)).items():
            one = self(raw)
            values[key] = one.value
            if one.problem is not None:
                problems[key] = one.problem
        return Column(
            list(map(values.__getitem__, keys)),
            {at: problems[key] for at, key in enumerate(keys) if key in problems} if problems else {},
        )

    def _stays(self, texts: Sequence[str]) -> bool:
        """Whether these are texts that stay as they are, each of them."""
        clean = self._convert.keywords["clean"] if isinstance(self._convert, partial) else None
        return (
            clean in (cleaned, name_text)
            and all_clean(texts, names=clean is name_text)
            and max(map(len, texts)) <= CELL_TEXT
            and _ERRORS.isdisjoint(texts)
        )

    def _converter(self) -> Callable[[Raw], Converted]:
        match self.field.type:
            case FieldType.CHOICE:
                return self._choice
            case FieldType.MULTI_CHOICE:
                return self._choices
            case FieldType.DATE | FieldType.DATETIME:
                return self._date
            case FieldType.BOOLEAN:
                return self._boolean
            case _ if self.field.type in _NUMBERS:
                return self._number
            case FieldType.PHONE:
                return partial(_text, clean=phone_text)
            case FieldType.REFERENCE:
                return partial(_text, clean=name_text)
            case FieldType.EMAIL:
                return partial(_text, clean=_email)
            case _:
                return partial(
                    _text, clean=name_text if self.field.unique or self.field.required else cleaned
                )

    def _choice(self, raw: Raw) -> Converted:
        text = _shown(raw)
        label = self._label(text)
        if label is not None:
            return Converted(label)
        plain = cleaned(text)
        if name_form(plain) in _NOTHING:
            return Converted(None)
        return Converted(plain, Problem(Reason.NOT_IN_LIST, plain, _nearest(plain, self.offered)))

    def _choices(self, raw: Raw) -> Converted:
        if isinstance(raw, str):
            whole = self._label(raw)
            texts: Sequence[str] = (raw,) if whole is not None else parted(raw, self.signed)
        elif isinstance(raw, Sequence):
            texts = raw
        else:
            texts = (_shown(raw),)
        labels: dict[str, None] = {}
        wrong = ""
        for text in texts:
            plain = cleaned(text)
            label = self._label(plain)
            if label is None and plain and name_form(plain) not in _NOTHING:
                wrong = wrong or plain
                label = plain
            if label:
                labels[label] = None
        value = joined(labels, self.language) or None
        if wrong:
            return Converted(value, Problem(Reason.NOT_IN_LIST, wrong, _nearest(wrong, self.offered)))
        return Converted(value)

    def _label(self, text: str) -> str | None:
        found = self.labels.get(text)
        return found if found is not None else self.labels.get(name_form(text))

    def _date(self, raw: Raw) -> Converted:
        moment: dt.date | None = None
        match raw:
            case bool():
                pass
            case dt.date():
                moment = raw
            case int() | float():
                # A number that is no date in the written form is Excel's own serial.
                moment = date_number(raw)
                if moment is None:
                    return Converted(raw, _year_problem(raw))
            case str():
                text = cleaned(raw)
                moment = written_date(text, self.evidence.order.order)
                if moment is None:
                    number = serial_in_text(text)
                    moment = date_number(number) if number is not None else None
                if moment is None and name_form(text) in _NOTHING:
                    return Converted(None)
            case _:
                pass
        if moment is None:
            text = _shown(raw)
            return Converted(text if not isinstance(raw, bool) else raw, Problem(_why_no_date(text), text))
        return self._serial(moment, raw)

    def _serial(self, moment: dt.date, raw: Raw) -> Converted:
        if self.field.type is FieldType.DATE and isinstance(moment, dt.datetime):
            moment = moment.date()
        try:
            return Converted(serial(moment))
        except ValueError:
            text = _shown(raw)
            return Converted(text, Problem(Reason.NOT_A_DATE, text))

    def _boolean(self, raw: Raw) -> Converted:
        if isinstance(raw, bool):
            return Converted(raw)
        if isinstance(raw, int | float) and raw in (0, 1):
            return Converted(bool(raw))
        text = _shown(raw)
        word = name_form(text)
        if word in _TRUE:
            return Converted(True)
        if word in _FALSE:
            return Converted(False)
        if word in _NOTHING:
            return Converted(None)
        plain = cleaned(text)
        return Converted(plain, Problem(Reason.NOT_YES_OR_NO, plain, ("是 / yes", "否 / no")))

    def _number(self, raw: Raw) -> Converted:
        number: int | float | None = None
        match raw:
            case bool():
                return Converted(raw, Problem(Reason.NOT_A_NUMBER, _shown(raw)))
            case int() | float():
                number = number_of(raw)
                return Converted(self._share(number) if number is not None else None)
            case dt.timedelta():
                return Converted(number_of(raw.total_seconds() / 86_400))
            case dt.date():
                with suppress(ValueError):  # of days before a workbook's first
                    number = serial(raw)
            case str():
                number = written_number(raw)
                if number is None:
                    number = _stars(raw)
                elif "%" not in raw and "％" not in raw:
                    number = self._share(number)
            case _:
                pass
        if number is not None:
            return Converted(number)
        text = cleaned(_shown(raw))
        if name_form(text) in _NOTHING:
            return Converted(None)
        return Converted(text, Problem(Reason.ERROR_VALUE if text in _ERRORS else Reason.NOT_A_NUMBER, text))

    def _share(self, number: int | float) -> int | float:
        if not self._in_points:
            return number
        return number_of(round(number / 100, 15)) or 0


def _text(raw: Raw, *, clean: _Cleaning) -> Converted:
    text = _shown(raw)
    plain = clean(text)
    if not plain:
        return Converted(None)
    if plain in _ERRORS:
        return Converted(plain, Problem(Reason.ERROR_VALUE, plain))
    if len(plain) > CELL_TEXT:
        return Converted(plain[:CELL_TEXT], Problem(Reason.TOO_LONG, f"{plain[:40]}…"))
    if clean is phone_text and lost_digits(plain):
        return Converted(plain, Problem(Reason.DIGITS_LOST, plain))
    return Converted(plain)


def _email(text: str) -> str:
    return re.sub(r"^mailto:", "", cleaned(text).replace("＠", "@"), flags=re.IGNORECASE)


def _holdable(number: int | float) -> Raw:
    """A number as a cell can hold it; the words of what is too large for one, nothing for what is no number."""
    try:
        if math.isfinite(number):
            return number
    except OverflowError:  # a whole number of hundreds of digits
        return str(number)
    return None if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _shown(raw: Raw) -> str:
    """A value as people read it."""
    match raw:
        case None:
            return ""
        case str():
            return raw
        case bool():
            return "TRUE" if raw else "FALSE"
        case int() | float():
            return general_text(raw)
        case ExcelError():
            return raw.value
        case dt.datetime():
            return f"{raw:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
        case dt.date() | dt.time():
            return raw.isoformat()
        case dt.timedelta():
            return str(raw)
        case _:
            return "、".join(raw)


def _stars(text: str) -> int | None:
    """A rating drawn as stars; empty ones do not count."""
    plain = text.strip()
    return plain.count("★") if plain and not plain.strip("★☆") else None


def _year_problem(number: float) -> Problem | None:
    """Of a number that is no date: serials far from today stay, a year is told."""
    if 1900 <= number <= 2100 and number == int(number):
        return Problem(Reason.ONLY_A_YEAR, general_text(number))
    return Problem(Reason.NOT_A_DATE, general_text(number))


def _why_no_date(text: str) -> Reason:
    plain = cleaned(text)
    if plain in _ERRORS:
        return Reason.ERROR_VALUE
    if re.fullmatch(r"(?:19|20)\d{2}\s*年?", plain, re.ASCII):
        return Reason.ONLY_A_YEAR
    if re.fullmatch(r"\d{1,2}\s*(?:月\s*\d{1,2}\s*[日号]?|[-/.]\s*\d{1,2})", plain, re.ASCII):
        return Reason.YEAR_MISSING
    return Reason.NOT_A_DATE


def _nearest(text: str, offered: Sequence[str]) -> tuple[str, ...]:
    """What is offered, the most similar first."""
    from difflib import SequenceMatcher

    if len(offered) > 200:
        return tuple(offered[:20])
    form = name_form(text)
    return tuple(sorted(offered, key=lambda label: -SequenceMatcher(None, form, name_form(label)).ratio()))
