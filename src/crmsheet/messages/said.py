"""Texts that know how they were made.

A `Said` is an ordinary string, so whoever compares, stores or prints it need not know; whoever shows it to a
person asks `in_language` for it. Adding texts keeps what they are made of, formatting them into an f-string does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, SupportsIndex

from crmsheet.messages.catalogue import catalogue

ENGLISH: Final = "en"
_BETWEEN: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {", ": "、", " or ": " 或 ", " and ": "和", "; ": "；", " ": ""}
}
"""What stands between texts, where a language writes it otherwise."""


class Said(str):
    """A text in English, or in the language of its workbook, with its template and what was put into it."""

    __slots__ = ("others", "parts", "template", "values")

    template: str
    """In English, with named places; empty for texts that were put together from `parts`."""
    values: Mapping[str, object]
    others: Mapping[str, str]
    """Templates in other languages that came with it, before those of the catalogue."""
    parts: tuple[str, ...]

    def __new__(
        cls,
        text: str,
        template: str = "",
        values: Mapping[str, object] | None = None,
        others: Mapping[str, str] | None = None,
        parts: tuple[str, ...] = (),
    ) -> Said:
        said = super().__new__(cls, text)
        said.template = template
        said.values = values or {}
        said.others = others or {}
        said.parts = parts
        return said

    def __add__(self, other: str) -> Said:
        return _together((self, other))

    def __radd__(self, other: str) -> Said:
        return _together((other, self))

    def __deepcopy__(self, memo: dict[int, Any]) -> Said:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[object, ...]:
        return (Said, (str(self), self.template, dict(self.values), dict(self.others), self.parts))


def say(template: str, /, **values: object) -> Said:
    """The text of an English template with `values` in its places."""
    kept = {name: _kept(value) for name, value in values.items()}
    return Said(template.format(**kept), template, kept)


def say_in(language: str, english: str, others: Mapping[str, str], /, **values: object) -> Said:
    """A text that comes in several languages from one place, read in one of them, such as that of its workbook."""
    kept = {name: _kept(value) for name, value in values.items()}
    return Said(_formatted(others.get(language, english), kept, language), english, kept, others)


def phrase(template: str) -> str:
    """A template that is filled in elsewhere; marks it for the catalogues."""
    return template


def listed(texts: Iterable[str], between: str = ", ", *, language: str = ENGLISH) -> Said:
    """Texts one after the other, with what each language puts between them; read in one of them."""
    others = {other: words[between] for other, words in _BETWEEN.items() if between in words}
    parts: list[str] = []
    for text in texts:
        parts += (say_in(language, between, others), text) if parts else (text,)
    return _together(tuple(parts))


def in_language(text: str, language: str) -> str:
    """A text in `language`; as it is where nobody has said how it was made, or nobody has translated it."""
    if not isinstance(text, Said):
        return text
    if text.parts:
        return "".join(in_language(part, language) for part in text.parts)
    template = text.template
    if language != ENGLISH:
        template = text.others.get(language) or catalogue(language).get(template, template)
    try:
        return _formatted(template, text.values, language)
    except (KeyError, IndexError, ValueError):
        # A translation that does not fit never hides the message.
        return _formatted(text.template, text.values, language)


def _formatted(template: str, values: Mapping[str, object], language: str) -> str:
    return template.format(
        **{k: in_language(v, language) if isinstance(v, Said) else v for k, v in values.items()}
    )


def _kept(value: object) -> object:
    """A value that can be stored with the text: a number or a string."""
    return value if isinstance(value, str | int | float) else str(value)


def _together(parts: tuple[str, ...]) -> Said:
    return Said("".join(parts), parts=tuple(p for p in parts if p) or ("",))
