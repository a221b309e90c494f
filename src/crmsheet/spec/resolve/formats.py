"""How numbers look: the words of the language, and Excel's number formats.

Knows what Excel would refuse or show without any number. Does not know what a word becomes: `compile` does.
"""

from __future__ import annotations

from typing import Final

from crmsheet.excel import number_formats
from crmsheet.messages import say
from crmsheet.model.spec import FieldType
from crmsheet.patterns import regex
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.shapes.suggestions import nearest

WORDS: Final = [
    "currency",
    "currency0",
    "percent",
    "percent0",
    "percent1",
    "percent2",
    "integer",
    "number",
    "decimal",
    "decimal1",
    "days",
    "date",
    "datetime",
    "month",
    "year",
    "text",
]
_QUOTED: Final = regex(r'\\.|"[^"]*"|_.')
_SHOWS: Final = frozenset(("digit", "date", "elapsed", "text", "general"))
_EXAMPLE: Final = "0.0"


def check_format(given: str | None, path: Path, problems: Problems) -> None:
    """Reports a format that is neither a word nor a number format with a place for the number."""
    if not given or given in WORDS:
        return
    at = (*path, "format")
    close = nearest(given, WORDS, most=1) if given.isalpha() and given.isascii() else ()
    bare = _QUOTED.sub("", given)
    sections = number_formats.parsed(given)
    if '"' in bare:
        _report(at, given, say("Close the quotation mark, or leave it out."), problems)
    elif sections is None:
        _report(at, given, say("It has at most four parts, and only Excel's words in [ ]."), problems)
    elif close:
        _report(at, given, say("Did you mean {words}?", words=close[0]), problems)
    elif not any(token.kind in _SHOWS for token in sections[0].tokens):
        unit = given.strip('"')
        remedy = (
            say("Say where the number stands:  format: {example}", example=f"'0\"{unit}\"'")
            if "0" not in unit
            else say("Did you mean {words}?", words=_EXAMPLE)
        )
        _report(at, given, remedy, problems)


def check_id_format(given: str | None, path: Path, problems: Problems) -> None:
    """Reports an id format without zeros, in whose place the running number stands."""
    if given and "0" not in given:
        problems.error(
            Code.FORMAT,
            (*path, "format"),
            say("'{format}' has no place for the number", format=given),
            remedy=say("Write a zero for each digit, such as {example}", example=f"{given}0000"),
        )


def _report(path: Path, given: str, remedy: str, problems: Problems) -> None:
    problems.error(Code.FORMAT, path, say("'{format}' is no number format", format=given), remedy=remedy)


def checked(kind: FieldType, given: str | None, path: Path, problems: Problems) -> None:
    """Reports what is wrong with the format of a field."""
    if kind is FieldType.ID:
        check_id_format(given, path, problems)
    else:
        check_format(given, path, problems)
