"""Moving the relative references of a formula, as shared formulas and copied cells need.

Knows A1 references inside a formula's text and what only looks like one: text, quoted sheet names,
brackets of structured references, functions such as LOG10.
Does not know what a formula means.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

from crmsheet.excel import limits
from crmsheet.excel.references import column_index, column_letters
from crmsheet.patterns import regex

_TOKEN: Final = regex(
    r"""
      "(?:[^"]|"")*"                                      # text
    | '(?:[^']|'')*'                                      # quoted sheet
    | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]           # structured reference, book number
    | (?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.\\?(!$])
    | (?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.\\?(!$])
    | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?![\w.\\?(!$])
    | [\w.\\?$]+                                          # name, function, number, sheet
    """,
    re.VERBOSE | re.DOTALL,
)
_CORNER: Final = regex(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")

_Corner: TypeAlias = tuple[bool, int, bool, int]
"""(column is fixed, column, row is fixed, row); -1 where the reference has none."""
_Piece: TypeAlias = str | _Corner


@lru_cache(maxsize=512)
def _pieces(formula: str) -> tuple[_Piece, ...]:
    """The formula as literal stretches and corners of references."""
    pieces: list[_Piece] = []
    done = 0
    for match in _TOKEN.finditer(formula):
        if match.lastgroup is None:
            continue
        pieces.append(formula[done : match.start()])
        first, colon, last = match.group().partition(":")
        pieces.append(_corner(first))
        if colon:
            pieces += [":", _corner(last)]
        done = match.end()
    pieces.append(formula[done:])
    return tuple(pieces)


def _corner(text: str) -> _Corner:
    match = _CORNER.fullmatch(text)
    if match is None:
        raise AssertionError(text)
    first, letters, second, digits = match.groups()
    if not letters:
        return False, -1, bool(first or second), int(digits) - 1
    return bool(first), column_index(letters), bool(second), int(digits) - 1 if digits else -1


def shifted(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads `rows` further down and `columns` further right.

    A reference pushed off the sheet becomes `#REF!`.
    """
    if not rows and not columns:
        return formula
    out: list[str] = []
    for piece in _pieces(formula):
        if isinstance(piece, str):
            out.append(piece)
            continue
        fixed_column, column, fixed_row, row = piece
        text = ""
        if column >= 0:
            column += 0 if fixed_column else columns
            if not 0 <= column < limits.COLUMNS:
                out.append("#REF!")
                continue
            text = ("$" if fixed_column else "") + column_letters(column)
        if row >= 0:
            row += 0 if fixed_row else rows
            if not 0 <= row < limits.ROWS:
                out.append("#REF!")
                continue
            text += f"{'$' if fixed_row else ''}{row + 1}"
        out.append(text)
    return "".join(out)
