"""Defined names and table names.

Knows which words Excel accepts as a name and how to make one from any text.
Does not know which names a workbook already has.
"""

from __future__ import annotations

import re

from crmsheet.excel import limits
from crmsheet.patterns import regex

_NAME = regex(r"[^\W\d][\w.?\\]*|\\[\w.?\\]*")
_A1 = regex(r"([A-Za-z]{1,3})[0-9]+")
_R1C1 = regex(r"[Rr](\[?-?[0-9]*\]?)([Cc](\[?-?[0-9]*\]?))?|[Cc](\[?-?[0-9]*\]?)")
_LETTER_DIGITS_R1C1 = regex(r"[Rr][0-9]+[Cc][0-9]*.*|[Rr][Cc][0-9]*.*")
_NOT_IN_NAME = regex(r"[^\w.]")


def name_problem(name: str) -> str:
    """Why Excel would refuse a defined name or table name, in words; empty when it would not."""
    if not name:
        return "it is empty"
    if len(name) > limits.DEFINED_NAME:
        return f"it is longer than {limits.DEFINED_NAME} characters"
    if not _NAME.fullmatch(name):
        return "only letters, digits, underscores and dots are allowed, and no digit first"
    if like_reference(name):
        return "it reads as a cell reference"
    if name.upper() in ("TRUE", "FALSE"):
        return "it is a logical value"
    return ""


def is_legal_name(name: str) -> bool:
    """Whether Excel accepts the word as a defined name and as a table name."""
    return not name_problem(name)


def like_reference(name: str) -> bool:
    """Whether the word can be read as A1 or R1C1 (LibreOffice refuses some that Excel takes)."""
    if match := _A1.fullmatch(name):
        letters = match[1].upper()
        return len(letters) < 3 or letters <= "XFD"
    return bool(_R1C1.fullmatch(name) or _LETTER_DIGITS_R1C1.fullmatch(name))


def legal_name(text: str) -> str:
    """A legal name made from any text; the same text always gives the same name, a legal one itself.

    Two texts can give one name: the caller, who knows all of them, makes them differ.
    """
    name = _NOT_IN_NAME.sub("_", text.strip()) or "_"
    if not re.match(r"[^\W\d]", name):
        name = "_" + name
    name = name[: limits.DEFINED_NAME]
    if name_problem(name):
        name = "_" + name[: limits.DEFINED_NAME - 1]
    return name
