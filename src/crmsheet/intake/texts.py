"""Texts from outside: what is cleaned in any text, phone numbers, and the form in which names are compared.

Knows invisible characters, full-width letters and digits, and how Chinese mobile numbers are written. Does not
change what people mean to see: Chinese punctuation stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from unicodedata import normalize

_INVISIBLE: Final = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_SPACES: Final = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_OTHER_SPACES: Final = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NARROW: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_NARROW_SIGNS: Final = _NARROW | {
    ord("＋"): ord("+"),
    ord("－"): ord("-"),
    ord("（"): ord("("),
    ord("）"): ord(")"),
    ord("／"): ord("/"),
    ord("．"): ord("."),
}
_MOBILE: Final = re.compile(r"(?:\+?0{0,2}86)?(1[3-9]\d{9})", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+", re.ASCII)


def cleaned(text: str) -> str:
    """The text without what cannot be seen at all, and without spaces around it; other spaces are plain ones."""
    if text.isprintable():  # then its only space is the plain one
        return text.strip()
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _OTHER_SPACES.sub(" ", text).strip()


def name_text(text: str) -> str:
    """A name of a company or person: cleaned, single spaces, letters and digits in their narrow form."""
    plain = cleaned(text)
    if plain.isascii() and "  " not in plain:
        return plain
    return _SPACES.sub(" ", plain).translate(_NARROW)


def all_clean(texts: Sequence[str], *, names: bool = False) -> bool:
    """Whether `cleaned`, or `name_text`, leaves all of these texts as they are, and none of them is empty."""
    together = f"|{'|'.join(texts)}|"
    if not together.isprintable() or "| " in together or " |" in together or "||" in together:
        return False
    return not names or ("  " not in together and (together.isascii() or _WIDE.search(together) is None))


def name_form(text: str) -> str:
    """The form in which two names are the same: width, case, spaces and kinds of brackets make no difference."""
    return "".join(normalize("NFKC", cleaned(text)).casefold().split())


def phone_text(text: str) -> str:
    """A phone number; Chinese mobile numbers are eleven digits, others stay as they are grouped."""
    plain = cleaned(text).translate(_NARROW_SIGNS)
    digits = re.sub(r"[\s\-()./]", "", plain)
    if digits.endswith("0") and plain.endswith(".0"):
        digits, plain = digits[:-1], plain[:-2]
    match = _MOBILE.fullmatch(digits)
    return match[1] if match else plain


def lost_digits(text: str) -> bool:
    """Whether a number stands there as Excel shows long ones (1.38E+10): the rest of its digits is gone."""
    return _SCIENTIFIC.fullmatch(text.strip()) is not None
