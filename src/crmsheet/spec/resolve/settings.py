"""Settings: the named cells that users may edit, and the ones that are fixed at build time.

Knows their types and the reserved ones. Does not know where they stand.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from crmsheet.excel.dates import date_system, serial_of_date
from crmsheet.excel.values import Value
from crmsheet.messages import listed, say
from crmsheet.model.spec import AMOUNT_UNITS, FieldType, Setting
from crmsheet.model.words import Language
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path, ScalarNode, find
from crmsheet.spec.quoting import quoted_value
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.lists import SettingShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import Scalar
from crmsheet.structs import dataclass

BUILD_TIME: Final = ("currency", "fiscal_year_start", "language", "up_color", "unit")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "up_color": ("red", "green", "neutral"),
    "unit": tuple(AMOUNT_UNITS),
}
_MEASURED = re.compile(
    r"(-?[0-9]+(?:\.[0-9]+)?%?)(?:天|日|周|个?月|年|元|块|人|次|个|家|万?元|days?|months?|weeks?|years?|d)?"
)
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_NUMERIC: Final = (
    FieldType.NUMBER,
    FieldType.INTEGER,
    FieldType.CURRENCY,
    FieldType.PERCENT,
    FieldType.RATING,
)


def date_serial(text: str) -> int | None:
    """The serial of a date written as 2025-03-01 or 2025/3/1; a spec counts from 1900, whatever its workbooks do."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        with date_system(since_1904=False):
            return serial_of_date(dt.date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, and the build-time ones as the Model has them."""

    all: tuple[Setting, ...]
    language: Language
    currency: str
    fiscal_year_start: int


def resolved_settings(shape: SpecShape, labels: Labels, problems: Problems) -> Settings:
    """The settings of a spec; build-time settings that it leaves out get their defaults."""
    language = _language(shape, problems)
    currency, fiscal = "CNY", 1
    free: list[Setting] = []
    fixed: dict[str, Setting] = {}
    for setting_id, given in shape.settings.items():
        path = ("settings", setting_id)
        if setting_id not in BUILD_TIME:
            free.append(_free(setting_id, given, labels, problems))
            continue
        value = given.value
        if setting_id == "currency":
            currency = _currency(str(value), problems)
            value = currency
        elif setting_id == "fiscal_year_start":
            fiscal = _month(value, problems)
            value = fiscal
        elif setting_id == "language":
            value = language.value
        elif setting_id in _WORDS and value not in _WORDS[setting_id]:
            remedy, allowed = did_you_mean(str(value), _WORDS[setting_id])
            problems.error(
                Code.SETTING,
                (*path, "value"),
                say("{setting} is {words}", setting=setting_id, words=listed(_WORDS[setting_id])),
                remedy=remedy,
                allowed=allowed,
            )
        fixed[setting_id] = _fixed(setting_id, value, given, labels)
    for setting_id, value in (
        ("currency", currency),
        ("fiscal_year_start", fiscal),
        ("language", language.value),
    ):
        fixed.setdefault(setting_id, _fixed(setting_id, value, None, labels))
    ordered = tuple(fixed[name] for name in BUILD_TIME if name in fixed)
    return Settings((*free, *ordered), language, currency, fiscal)


def _fixed(setting_id: str, value: Scalar, given: SettingShape | None, labels: Labels) -> Setting:
    path = ("settings", setting_id)
    kind = FieldType.INTEGER if setting_id == "fiscal_year_start" else FieldType.TEXT
    label = labels.of(given.label if given else None, setting_id, path)
    text = labels.text(given.help, (*path, "help")) if given else None
    return Setting(setting_id, label, kind, value, editable=False, help=text)


def _language(shape: SpecShape, problems: Problems) -> Language:
    words = tuple(language.value for language in Language)
    setting = shape.settings.get("language")
    if setting is None:
        return shape.language or Language.ZH
    path = ("settings", "language", "value")
    if setting.value not in words:
        remedy, allowed = did_you_mean(str(setting.value), words)
        problems.error(Code.SETTING, path, say("language is zh or en"), remedy=remedy, allowed=allowed)
        return shape.language or Language.ZH
    if shape.language is not None and setting.value != shape.language:
        problems.error(
            Code.SETTING,
            path,
            say(
                "the language is {setting} here and {language} at the top",
                setting=setting.value,
                language=shape.language,
            ),
            remedy=say("Keep `language:` at the top of the spec and remove this one."),
        )
    return Language(setting.value)


def _currency(value: str, problems: Problems) -> str:
    if not re.fullmatch("[A-Z]{3}", value):
        known = {"¥": "CNY", "￥": "CNY", "元": "CNY", "人民币": "CNY", "RMB": "CNY", "$": "USD", "€": "EUR"}
        meant = known.get(value.strip(), known.get(value.upper(), "CNY"))
        problems.error(
            Code.SETTING,
            ("settings", "currency", "value"),
            say("'{value}' is not a currency code", value=value),
            remedy=say("Write three capital letters, such as {meant}.", meant=meant),
            allowed=(meant,),
        )
        return "CNY"
    return value


def _month(value: Scalar, problems: Problems) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return value
    problems.error(
        Code.SETTING,
        ("settings", "fiscal_year_start", "value"),
        say("fiscal_year_start is a month, not '{value}'", value=value),
        remedy=say("Write a number from 1 to 12."),
    )
    return 1


def _free(setting_id: str, given: SettingShape, labels: Labels, problems: Problems) -> Setting:
    path = ("settings", setting_id)
    kind, value = _typed(given.value, given.type)
    if isinstance(given.value, str) and given.type is None and not given.options and kind is FieldType.TEXT:
        _number_meant(given, path, problems)
    if kind is None:
        problems.error(
            Code.SETTING,
            (*path, "value"),
            say("'{given}' is not a value of type {type}", given=given.value, type=given.type),
            remedy=say("Settings are numbers, texts, dates (2025-03-01), true or false."),
        )
        kind = FieldType.TEXT
    if given.options and value not in given.options:
        remedy, allowed = did_you_mean(str(value), given.options)
        problems.error(
            Code.SETTING,
            (*path, "value"),
            say("'{value}' is not an option", value=value),
            remedy=remedy,
            allowed=allowed,
        )
    if (given.min is not None or given.max is not None) and not isinstance(value, int | float):
        if isinstance(value, str) and _measured(value):
            return _setting(setting_id, given, kind, value, labels)
        problems.error(
            Code.SETTING,
            path,
            say("min and max need a setting that is a number"),
            remedy=say("Remove them."),
            key=True,
        )
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low = given.min if given.min is not None else -math.inf
        high = given.max if given.max is not None else math.inf
        if low > high:
            problems.error(
                Code.RANGE, (*path, "min"), say("min {low:g} is above max {high:g}", low=low, high=high)
            )
        elif value < low:
            problems.error(
                Code.SETTING, (*path, "value"), say("{value:g} is below min {low:g}", value=value, low=low)
            )
        elif value > high:
            problems.error(
                Code.SETTING, (*path, "value"), say("{value:g} is above max {high:g}", value=value, high=high)
            )
    return _setting(setting_id, given, kind, value, labels)


def _measured(text: str) -> str:
    """The number in a text that people wrote as one: 1,000, 30天, ３０; empty for other texts."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    match = _MEASURED.fullmatch(plain)
    return match[1] if match else ""


def _number_meant(given: SettingShape, path: Path, problems: Problems) -> None:
    """A text that is a number but for commas, a unit or full-width digits; texts in quotes are meant as texts."""
    _, node = find(problems.root, (*path, "value"))
    number = _measured(str(given.value))
    if not number or (isinstance(node, ScalarNode) and node.style):
        return
    problems.error(
        Code.SETTING,
        (*path, "value"),
        say("'{value}' would be a text, not a number", value=given.value),
        remedy=say(
            "Write: {number}\nIf a text is meant, put it in quotes: {quoted}",
            number=number,
            quoted=quoted_value(str(given.value)),
        ),
    )


def _setting(setting_id: str, given: SettingShape, kind: FieldType, value: Value, labels: Labels) -> Setting:
    path = ("settings", setting_id)
    return Setting(
        setting_id,
        labels.of(given.label, setting_id, path),
        kind,
        value,
        help=labels.text(given.help, (*path, "help")),
        minimum=given.min,
        maximum=given.max,
        options=given.options,
        renamed_from=given.renamed_from or "",
    )


def _typed(value: Scalar, wanted: FieldType | None) -> tuple[FieldType | None, Value]:
    """The type of a setting and its value as a cell has it; no type when they do not fit."""
    if isinstance(value, bool):
        return (FieldType.BOOLEAN if wanted in (None, FieldType.BOOLEAN) else None), value
    if isinstance(value, int | float):
        whole = FieldType.INTEGER if isinstance(value, int) else FieldType.NUMBER
        if wanted is FieldType.INTEGER and whole is FieldType.NUMBER:
            return None, value
        if wanted is FieldType.TEXT:
            return FieldType.TEXT, str(value)
        return (wanted or whole) if wanted is None or wanted in _NUMERIC else None, value
    serial = date_serial(value)
    if wanted in (None, FieldType.DATE) and serial is not None:
        return FieldType.DATE, serial
    return (FieldType.TEXT if wanted in (None, FieldType.TEXT, FieldType.LONG_TEXT) else None), value
