"""Cells of several choices: how their items are parted, and joined.

People part items as they type, `、` in Chinese and `, ` in English, and programs by other signs: all are read. An item's
label may hold such a sign itself. Does not know lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from crmsheet.model.words import Label, Language
from crmsheet.patterns import regex

COMMA: Final = "、"
"""Between the items in data that are in no language yet, and in cells of Chinese workbooks."""
BETWEEN: Final = Label(COMMA, ", ")
_SIGNS: Final = regex(r"\s*[、,，;；|｜\n]+\s*")


def joined(labels: Iterable[str], language: Language) -> str:
    """Items as a cell holds them."""
    return BETWEEN.text(language).join(labels)


def with_signs(labels: Iterable[str]) -> frozenset[str]:
    """Those of the labels that hold a sign that parts others, as `parted` and `reworded` want them."""
    return frozenset(label.casefold() for label in labels if _SIGNS.search(label))


def parted(text: str, signed: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The items in a cell, each once."""
    return tuple(dict.fromkeys(item for item, _ in _pieces(text, signed) if item))


def reworded(text: str, words: Mapping[str, str], signed: frozenset[str] = frozenset()) -> str:
    """A cell with other words for some of its items; the signs between them stay as people typed them."""
    return "".join(words.get(item, item) + sign for item, sign in _pieces(text, signed | with_signs(words)))


def _pieces(text: str, signed: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each item and the sign behind it."""
    signs = list(_SIGNS.finditer(text))
    begin, at = 0, 0
    while at <= len(signs):
        ends = [sign.start() for sign in signs[at:]] + [len(text)]
        whole = (n for n in range(len(ends) - 1, 0, -1) if text[begin : ends[n]].strip().casefold() in signed)
        longest = next(whole, 0) if signed else 0
        at += longest
        sign = signs[at] if at < len(signs) else None
        yield text[begin : ends[longest]].strip(), sign[0] if sign else ""
        begin = sign.end() if sign else len(text)
        at += 1
