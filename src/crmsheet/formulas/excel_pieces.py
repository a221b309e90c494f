"""Any Excel formula text cut into pieces that know where they stand; joined again they are the text.

Knows which stretch is a text, a sheet's name, a cell, a word, a pair of brackets. Does not know what any of
them means in a workbook (`excel_text` does), nor what a function is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from crmsheet.excel.escaping import unescaped_column
from crmsheet.excel.references import RangeRef, parse_range


class PieceKind(StrEnum):
    SPACE = "space"
    TEXT = "text"
    ERROR = "error"
    NUMBER = "number"
    SHEET = "sheet"
    """`Sheet1!` or `'My sheet'!` with the mark; in quotes it may name a workbook or several sheets."""
    SHEETS = "sheets"
    """`Sheet1:Sheet3!`, and `#REF!` where a sheet was."""
    BOOK = "book"
    """`[1]`, `[1]!` or `[1]Sheet1!`: a workbook by its number, 0 is this one."""
    CELL = "cell"
    ROWS = "rows"
    COLUMNS = "columns"
    BRACKETS = "brackets"
    """`[…]` with all that is inside: a structured reference without its table."""
    WORD = "word"
    OPERATOR = "operator"


class Piece(NamedTuple):
    kind: PieceKind
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Specifier(NamedTuple):
    """A column named between brackets: `text` as written there, at an offset into the piece."""

    start: int
    text: str
    bracketed: bool
    """It has brackets of its own."""
    alone: bool
    """Nothing else stands between the brackets."""

    @property
    def header(self) -> str:
        return unescaped_column(self.text)


_SHEET_NAME: Final = r"(?:[^\W\d][\w.]*|'(?:[^']|'')*')"
_PATTERNS: Final = {
    PieceKind.SPACE: r"[ \t\r\n\u00a0]+",
    PieceKind.TEXT: r'"(?:[^"]|"")*"',
    PieceKind.ERROR: r"\#(?i:N/A|[A-Z]+(?:_[A-Z]+)?[!?](?![\w($])|DIV/0!|GETTING_DATA)",
    PieceKind.SHEETS: rf"{_SHEET_NAME}:{_SHEET_NAME}!|\#(?i:REF)!(?=[\w$])",
    PieceKind.ROWS: r"\$?[0-9]{1,7}:\$?[0-9]{1,7}(?![\w.(])",
    PieceKind.COLUMNS: r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(!\[$])",
    PieceKind.CELL: r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?![\w.(!\[])",
    PieceKind.SHEET: r"(?:'(?:[^']|'')*'|[\w.\\?]+)!",
    PieceKind.NUMBER: r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    PieceKind.BOOK: r"\[[0-9]+\](?:[\w. ]*!)?",
    PieceKind.BRACKETS: r"\[",
    PieceKind.WORD: r"[^\W\d][\w.\\?]*|\\[\w.\\?]*",
    PieceKind.OPERATOR: r"(?s:<=|>=|<>|.)",
}
"""Where more than one fits, the first counts; the end of brackets is found by counting."""
_KINDS: Final[Mapping[str | None, PieceKind]] = {kind.value: kind for kind in PieceKind}
_AREAS: Final = (PieceKind.ROWS, PieceKind.COLUMNS, PieceKind.CELL)
_NEAR: Final = re.compile(r"\$?[A-Za-z]{1,2}\$?[1-9][0-9]{0,5}")
"""A cell that is on every sheet."""


def _any_but(*kinds: PieceKind) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{k}>{p})" for k, p in _PATTERNS.items() if k not in kinds))


_ANYWHERE: Final = _any_but()
_BEHIND: Final = {
    PieceKind.SHEET: _any_but(PieceKind.SHEETS),
    PieceKind.WORD: _any_but(PieceKind.BOOK),
}
_NO_AREA: Final = _any_but(*_AREAS)
_ITEM: Final = re.compile(r"#(all|data|headers|totals|this row)", re.IGNORECASE)
_TAIL: Final = re.compile(r"\]\s*,\s*([^\[\]]+)$")


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a formula without its equals sign, in order and without gaps."""
    at, pattern = 0, _ANYWHERE
    while at < len(text):
        match = pattern.match(text, at)
        assert match is not None
        kind = _KINDS[match.lastgroup]
        if kind in _AREAS and _NEAR.fullmatch(match[0]) is None and area_of(match[0]) is None:
            match = _NO_AREA.match(text, at)
            assert match is not None
            kind = _KINDS[match.lastgroup]
        end = _bracket_end(text, at) if kind is PieceKind.BRACKETS else match.end()
        yield Piece(kind, at, text[at:end])
        at = end
        pattern = _BEHIND.get(kind, _ANYWHERE)


@lru_cache(maxsize=4096)
def area_of(text: str) -> RangeRef | None:
    """The cells of a `CELL`, `ROWS` or `COLUMNS` piece; None where no sheet is as large."""
    try:
        return parse_range(text)
    except ValueError:
        return None


def _bracket_end(text: str, at: int) -> int:
    """Behind the bracket that closes the one at a place; `'` hides the character after it."""
    depth = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "'":
            at += 1
        elif letter == "[":
            depth += 1
        elif letter == "]":
            depth -= 1
            if depth == 0:
                return at
    return len(text)


def sheet_of(text: str) -> str:
    """The name in a `SHEET` piece, without quotes and mark."""
    name = text[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return name


def specifiers(brackets: str) -> tuple[frozenset[str], tuple[Specifier, ...]]:
    """What a `BRACKETS` piece names: items such as `this row` in lower case, and columns."""
    items: set[str] = set()
    end = len(brackets) - 1 if brackets.endswith("]") else len(brackets)
    at, end = _stripped(brackets, 1, end)
    if brackets.startswith("@", at, end):
        items.add("this row")
        at, end = _stripped(brackets, at + 1, end)
    inner = brackets[at:end]
    if match := _ITEM.fullmatch(inner):
        return frozenset({*items, match[1].lower()}), ()
    if not inner.startswith("["):
        return frozenset(items), (Specifier(at, inner, False, not items),) if inner else ()
    columns: list[Specifier] = []
    for start, text in _inner_brackets(inner):
        if match := _ITEM.fullmatch(text.strip()):
            items.add(match[1].lower())
        else:
            columns.append(Specifier(at + start, text, True, False))
    if tail := _TAIL.search(inner):
        columns.append(Specifier(at + tail.start(1), tail[1].rstrip(), False, False))
    return frozenset(items), tuple(columns)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _inner_brackets(inner: str) -> Iterator[tuple[int, str]]:
    """Where the inner brackets' texts begin, and the texts."""
    at, depth, start = 0, 0, 0
    while at < len(inner):
        letter = inner[at]
        if letter == "'":
            at += 1
        elif letter == "[":
            depth += 1
            start = at + 1
        elif letter == "]":
            depth -= 1
            if depth == 0:
                yield start, inner[start:at]
        at += 1
