"""The escapes of everything that is quoted in a formula or a sheet.

Knows each quoting rule in both directions where both are needed.
Does not know when a text needs which: the renderer of that place does.
"""

from __future__ import annotations

import re

from crmsheet.patterns import regex

_WILDCARD = regex(r"[~*?]")
_COLUMN_SPECIAL = regex(r"[\[\]#'@]")
_COLUMN_ESCAPED = regex(r"'(.)", re.DOTALL)
_X_ESCAPE = regex(r"_x([0-9A-Fa-f]{4})_")
_NEEDS_X_ESCAPE = regex("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def text_literal(text: str) -> str:
    """A text in a formula: quoted, quotes doubled."""
    return '"' + text.replace('"', '""') + '"'


def unquoted_text_literal(literal: str) -> str:
    """The text of a quoted literal."""
    return literal[1:-1].replace('""', '"')


def column_specifier(header: str) -> str:
    """A column's header inside the brackets of a structured reference."""
    return _COLUMN_SPECIAL.sub(lambda match: "'" + match[0], header)


def unescaped_column(specifier: str) -> str:
    """The header meant by the text between the brackets of a structured reference."""
    return _COLUMN_ESCAPED.sub(lambda match: match[1], specifier)


def table_column(table: str, header: str) -> str:
    """All data cells of a table column."""
    return f"{table}[{column_specifier(header)}]"


def table_cell(table: str, header: str) -> str:
    """This row's cell of a table column, in the one form every program reads."""
    return f"{table}[[#This Row],[{column_specifier(header)}]]"


def table_header(table: str, header: str) -> str:
    """The header cell of a table column."""
    return f"{table}[[#Headers],[{column_specifier(header)}]]"


def wildcards_escaped(text: str) -> str:
    """A text that means itself inside a criterion of COUNTIF and in MATCH of type 0."""
    return _WILDCARD.sub(lambda match: "~" + match[0], text)


def equal_criterion(text: str) -> str:
    """The criterion that holds for exactly this text (numbers still match as numbers)."""
    return "=" + wildcards_escaped(text)


def x_escaped(text: str) -> str:
    """Text for an XML part: characters XML cannot hold as `_xHHHH_`, and what looks like that escaped."""
    if "_x" not in text and text.isprintable():
        return text
    return _NEEDS_X_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def x_unescaped(text: str) -> str:
    """The text meant by one that stands in an XML part."""
    if "_x" not in text:
        return text
    return _X_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
