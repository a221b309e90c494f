"""Values made unreadable: what is left of them tells that there is one, and no more.

Knows 138****5678 for phones and the first letter of anything else. Does not know which fields are masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import Value
from crmsheet.model.spec import FieldType

STARS: Final = "****"
_LONG_NUMBER: Final = 11
"""Digits of which the first three and the last four are told; of fewer only the first."""
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]*[A-Za-z0-9]")
_DIGITS: Final = re.compile(r"\+?\d(?:[\s\-()]{0,2}\d){5,}")
_CONTACTS: Final = (FieldType.PHONE, FieldType.EMAIL)


def masked(value: Value, kind: FieldType) -> Value:
    """What is shown in place of a value; nothing stays nothing. Its length is not told."""
    if value is None or value == "":
        return None
    text = value_words(value)
    if kind is FieldType.PHONE:
        digits = _bare(text)
        if len(digits) >= _LONG_NUMBER:
            return f"{digits[:3]}{STARS}{digits[-4:]}"
        return f"{digits[:1]}{STARS}"
    return f"{text.strip()[:1]}{STARS}"


def value_words(value: Value) -> str:
    """A cell's value as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return general_text(value)
    return str(value)


def distinct(texts: Iterable[Value]) -> list[Value]:
    """The same texts with a number behind those that stand there already: what names rows must differ."""
    seen: dict[str, int] = {}
    found: list[Value] = []
    for text in texts:
        if not isinstance(text, str):
            found.append(text)
            continue
        count = seen[text] = seen.get(text, 0) + 1
        found.append(text if count == 1 else f"{text} ({count})")
    return found


class Scrubber:
    """Finds hidden phone numbers and addresses of mail where people noted them besides, in a text."""

    def __init__(self, hidden: Iterable[tuple[FieldType, Sequence[Value]]]) -> None:
        self._mails: set[str] = set()
        self._numbers: set[str] = set()
        for kind, values in hidden:
            for value in values if kind in _CONTACTS else ():
                text = "" if value is None else value_words(value).strip()
                if kind is FieldType.EMAIL and "@" in text:
                    self._mails.add(text.casefold())
                elif kind is FieldType.PHONE and len(number := _bare(text)) >= 6:
                    self._numbers.add(number)

    def __bool__(self) -> bool:
        return bool(self._mails or self._numbers)

    def scrubbed(self, value: Value) -> Value:
        """The value without what is hidden elsewhere."""
        if not isinstance(value, str) or len(value) < 6:
            return value
        text = _EMAIL.sub(self._mail, value) if "@" in value and self._mails else value
        return _DIGITS.sub(self._number, text) if self._numbers else text

    def _mail(self, match: re.Match[str]) -> str:
        hidden = match[0].casefold() in self._mails
        return str(masked(match[0], FieldType.EMAIL)) if hidden else match[0]

    def _number(self, match: re.Match[str]) -> str:
        return str(masked(match[0], FieldType.PHONE)) if _bare(match[0]) in self._numbers else match[0]


def _bare(text: str) -> str:
    digits = "".join(c for c in text if c.isdecimal())
    return digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
