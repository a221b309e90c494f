"""Any Excel formula text, ours or not, cut into tokens that mean the same when the formula does.

Knows what programs change when they save a formula: spaces, case, `$`, `_xlfn.`, quotes around sheet names,
the form of numbers, structured references against A1. Does not compute anything, and does not know functions:
what it does not understand it keeps as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from crmsheet.excel import limits
from crmsheet.excel.escaping import unescaped_column
from crmsheet.excel.references import RangeRef, column_index


@dataclass(frozen=True, slots=True)
class TableShape:
    """Where a table stands now; rows and columns are 0-based, -1 for a row it does not have."""

    sheet: str
    header_row: int
    first_row: int
    last_row: int
    left: int
    headers: tuple[str, ...]
    totals_row: int = -1

    @property
    def right(self) -> int:
        return self.left + len(self.headers) - 1

    def column(self, header: str) -> int | None:
        """The sheet column of a header, compared without case; `_x000a_` or a line break both mean one."""
        wanted = _header_key(header)
        for index, own in enumerate(self.headers):
            if _header_key(own) == wanted:
                return self.left + index
        return None


@dataclass(frozen=True, slots=True)
class FormulaPlace:
    """Where a formula stands, and the tables of its workbook by name in lower case.

    What was read once is remembered for the same mapping of tables, which must not change.
    """

    sheet: str
    row: int = 0
    column: int = 0
    tables: Mapping[str, TableShape] = field(default_factory=dict)

    def own_table(self) -> TableShape | None:
        """The table this cell is in."""
        for shape in self.tables.values():
            if (
                shape.sheet.lower() == self.sheet.lower()
                and shape.left <= self.column <= shape.right
                and min(shape.header_row, shape.first_row)
                <= self.row
                <= max(shape.last_row, shape.totals_row)
            ):
                return shape
        return None


Meaning: TypeAlias = str | float | bool | RangeRef


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `number`, `text`, `boolean`, `error`, `function`, `name`, `area`, `operator` or `opaque`.

    Function names are in upper case, other names and the sheets of areas in lower case.
    """

    kind: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a formula names."""

    functions: frozenset[str]
    names: frozenset[str]
    """In lower case."""
    areas: tuple[RangeRef, ...]
    """Their sheets in lower case."""
    opaque: bool
    """It names something that is not understood: another workbook, several sheets, an unknown table."""


_SPACE: Final = re.compile(r"[ \t\r\n\u00a0]+")
_TEXT: Final = re.compile(r'"((?:[^"]|"")*)"')
_ERROR: Final = re.compile(r"#(?:N/A|[A-Z]+(?:_[A-Z]+)?[!?](?![\w(])|DIV/0!|GETTING_DATA)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ROWS: Final = re.compile(r"\$?(\d{1,7}):\$?(\d{1,7})(?![\w.(])", re.ASCII)
_COLUMNS: Final = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})(?![\w.(!\[$])", re.ASCII)
_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?![\w.(!\[])", re.ASCII)
_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'!")
_WORD: Final = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
_SEVERAL_SHEETS: Final = re.compile(r"[^\W\d][\w.]*:[^\W\d][\w.]*![\w.$:]*")
_EXTERNAL: Final = re.compile(r"\[\d+\](?:[\w. ]*!)?")
_OPERATOR: Final = re.compile(r"<=|>=|<>|.", re.DOTALL)
_PREFIX: Final = re.compile(r"(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.)+", re.IGNORECASE)
_ITEM: Final = re.compile(r"#(all|data|headers|totals|this row)", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\w.\]])\[")
"""A bracket without a table's name before it (or one inside another bracket)."""
_LINE_BREAK: Final = re.compile(r"_x000[aA]_|\r\n|\r")


def canonical(text: str, place: FormulaPlace) -> tuple[Token, ...]:
    """The tokens of a formula; two formulas mean the same if and only if these are equal.

    A leading equals sign or brace around an array formula is not part of the meaning.
    """
    own = place.own_table() if _BARE.search(text) else None
    template = _template(text, place.sheet, _Same(own), _Same(place.tables))
    row = place.row
    return tuple([token.at(row) if isinstance(token, _RowToken) else token for token in template])


def same_meaning(left: str, right: str, place: FormulaPlace) -> bool:
    """Whether two texts in one cell are the same formula."""
    return (
        left == right
        or _same_in_every_row(left, right, place.sheet, _Same(place.tables))
        or canonical(left, place) == canonical(right, place)
    )


def references(text: str, place: FormulaPlace) -> Mentioned:
    """What a formula names."""
    tokens = canonical(text, place)
    return Mentioned(
        frozenset(str(t.meaning) for t in tokens if t.kind == "function"),
        frozenset(str(t.meaning) for t in tokens if t.kind == "name"),
        tuple(t.meaning for t in tokens if isinstance(t.meaning, RangeRef)),
        any(t.kind == "opaque" for t in tokens),
    )


@dataclass(frozen=True, slots=True)
class _RowToken:
    """Cells that depend on the row the formula stands in."""

    items: frozenset[str]
    shape: TableShape
    left: int
    right: int

    def at(self, row: int) -> Token:
        rows = _item_rows(self.items, self.shape, row)
        if rows is None:
            return Token("opaque", f"{sorted(self.items)}")
        return Token("area", RangeRef(rows[0], self.left, rows[1], self.right, self.shape.sheet.lower()))


class _Same:
    """A key that is equal only for the same object, and keeps it alive."""

    __slots__ = ("it",)

    def __init__(self, it: object) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it


@lru_cache(maxsize=4096)
def _template(text: str, sheet: str, own: _Same, tables: _Same) -> tuple[Token | _RowToken, ...]:
    """The tokens of a text wherever on a sheet it stands; calculated columns repeat one text in every row."""
    body = text.strip()
    if body.startswith("{=") and body.endswith("}"):
        body = body[1:-1]
    scanner = _Scanner(body.removeprefix("="), sheet, own.it, tables.it)  # type: ignore[arg-type]
    return tuple(_settled(list(scanner.tokens())))


@lru_cache(maxsize=4096)
def _same_in_every_row(left: str, right: str, sheet: str, tables: _Same) -> bool:
    """Whether two texts are the same formula wherever on a sheet they stand: one look for a whole column.

    What only the own table could explain stays as written, in both, and is compared so.
    """
    nowhere = _Same(None)
    return _template(left, sheet, nowhere, tables) == _template(right, sheet, nowhere, tables)


def _settled(tokens: list[Token | _RowToken]) -> Iterator[Token | _RowToken]:
    """`TRUE()` is TRUE."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, Token) and token.kind == "function" and token.meaning in ("TRUE", "FALSE"):
            following = [t.meaning for t in tokens[at + 1 : at + 3] if isinstance(t, Token)]
            if following == ["(", ")"]:
                yield Token("boolean", token.meaning == "TRUE")
                at += 3
                continue
        yield token
        at += 1


def _header_key(header: str) -> str:
    return _LINE_BREAK.sub("\n", header).strip().lower()


class _Scanner:
    def __init__(
        self, text: str, sheet: str, own: TableShape | None, tables: Mapping[str, TableShape]
    ) -> None:
        self._text = text
        self._sheet = sheet
        self._own = own
        self._tables = tables
        self._at = 0

    def tokens(self) -> Iterator[Token | _RowToken]:
        while self._at < len(self._text):
            if space := _SPACE.match(self._text, self._at):
                self._at = space.end()
                continue
            yield self._token()

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match

    def _token(self) -> Token | _RowToken:
        if match := self._take(_TEXT):
            return Token("text", match[1].replace('""', '"'))
        if match := self._take(_ERROR):
            return Token("error", match[0].upper())
        if match := self._take(_QUOTED):
            return self._on_sheet(match[1].replace("''", "'"))
        if match := self._take(_SEVERAL_SHEETS):
            return Token("opaque", match[0].lower())
        if area := self._area(self._sheet):
            return area
        if match := self._take(_NUMBER):
            return Token("number", float(match[0]))
        if match := self._take(_EXTERNAL):
            return Token("opaque", match[0].lower())
        if self._text[self._at] == "[":
            return self._structured("")
        if match := self._take(_WORD):
            return self._word(match[0])
        match = self._take(_OPERATOR)
        assert match is not None
        return Token("operator", match[0])

    def _word(self, word: str) -> Token | _RowToken:
        after = self._text[self._at : self._at + 1]
        if after == "!":
            self._at += 1
            return self._on_sheet(word)
        if after == "[":
            return self._structured(word)
        space = _SPACE.match(self._text, self._at)
        next_at = space.end() if space else self._at
        if self._text[next_at : next_at + 1] == "(":
            return Token("function", _PREFIX.sub("", word).upper())
        if word.upper() in ("TRUE", "FALSE"):
            return Token("boolean", word.upper() == "TRUE")
        return Token("name", _PREFIX.sub("", word).lower())

    def _on_sheet(self, sheet: str) -> Token | _RowToken:
        """What follows `Sheet!`."""
        if "[" in sheet or ":" in sheet:
            rest = re.compile(r"[\w.$:]*").match(self._text, self._at)
            assert rest is not None
            self._at = rest.end()
            return Token("opaque", f"{sheet}!{rest[0]}".lower())
        area = self._area(sheet)
        if area is not None:
            return area
        if match := self._take(_ERROR):
            return Token("error", match[0].upper())
        if match := self._take(_WORD):
            if self._text[self._at : self._at + 1] == "[":
                return self._structured(match[0])
            return Token("name", match[0].lower())
        return Token("opaque", f"{sheet}!".lower())

    def _area(self, sheet: str) -> Token | None:
        """A1, A1:B2, A:B or 1:2 at this place."""
        if match := self._take(_ROWS):
            top, bottom = sorted((int(match[1]) - 1, int(match[2]) - 1))
            return _area_token(top, 0, bottom, limits.COLUMNS - 1, sheet)
        if match := self._take(_COLUMNS):
            left, right = sorted((column_index(match[1]), column_index(match[2])))
            return _area_token(0, left, limits.ROWS - 1, right, sheet)
        first = self._cell()
        if first is None:
            return None
        last = first
        mark = self._at
        if self._text[self._at : self._at + 1] == ":":
            self._at += 1
            if match := self._take(_QUOTED):
                same = match[1].replace("''", "'").lower() == sheet.lower()
            elif (match := self._take(_WORD)) and self._text[self._at : self._at + 1] == "!":
                self._at += 1
                same = match[0].lower() == sheet.lower()
            else:
                self._at = mark + 1
                same = True
            other = self._cell() if same else None
            if other is None:
                self._at = mark
            else:
                last = other
        top, bottom = sorted((first[0], last[0]))
        left, right = sorted((first[1], last[1]))
        return _area_token(top, left, bottom, right, sheet)

    def _cell(self) -> tuple[int, int] | None:
        match = _CELL.match(self._text, self._at)
        if match is None:
            return None
        row, column = int(match[2]) - 1, column_index(match[1])
        if row >= limits.ROWS or column >= limits.COLUMNS:
            return None
        self._at = match.end()
        return row, column

    # Structured references

    def _structured(self, table: str) -> Token | _RowToken:
        start = self._at
        content = self._brackets()
        shape = self._tables.get(table.lower()) if table else self._own
        found = None if shape is None else _structured_cells(content, shape)
        if found is None:
            raw = _LINE_BREAK.sub("\n", self._text[start : self._at]).lower()
            return Token("opaque", table.lower() + raw)
        return found if "this row" in found.items else found.at(0)

    def _brackets(self) -> str:
        """The text between a bracket and the one that closes it; `'` hides the character after it."""
        depth, start = 0, self._at
        while self._at < len(self._text):
            letter = self._text[self._at]
            self._at += 1
            if letter == "'":
                self._at += 1
            elif letter == "[":
                depth += 1
            elif letter == "]":
                depth -= 1
                if depth == 0:
                    return self._text[start + 1 : self._at - 1]
        return self._text[start + 1 :]


def _area_token(top: int, left: int, bottom: int, right: int, sheet: str) -> Token:
    return Token("area", RangeRef(top, left, bottom, right, sheet.lower()))


def _structured_cells(content: str, shape: TableShape) -> _RowToken | None:
    """The cells meant by what stands between the brackets; None when it is not understood."""
    inner = content.strip()
    items: set[str] = set()
    if inner.startswith("@"):
        items.add("this row")
        inner = inner[1:].strip()
    if inner.startswith("#") and (match := _ITEM.fullmatch(inner)):
        items.add(match[1].lower())
        inner = ""
    columns: list[str] = []
    if inner.startswith("["):
        for specifier in _specifiers(inner):
            match = _ITEM.fullmatch(specifier.strip())
            if match:
                items.add(match[1].lower())
            else:
                columns.append(unescaped_column(specifier))
        tail = re.search(r"\]\s*,\s*([^\[\]]+)$", inner)
        if tail:
            columns.append(unescaped_column(tail[1].strip()))
    elif inner:
        columns.append(unescaped_column(inner))
    found = [shape.column(column) for column in columns]
    places = [place for place in found if place is not None]
    if len(places) != len(found) or len(places) > 2:
        return None
    left, right = (min(places), max(places)) if places else (shape.left, shape.right)
    if _item_rows(frozenset(items), shape, shape.first_row) is None:
        return None
    return _RowToken(frozenset(items), shape, left, right)


def _specifiers(inner: str) -> Iterator[str]:
    """The texts of the inner brackets."""
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
                yield inner[start:at]
        at += 1


def _item_rows(items: frozenset[str], shape: TableShape, row: int) -> tuple[int, int] | None:
    spans = {
        "data": (shape.first_row, shape.last_row),
        "headers": (shape.header_row, shape.header_row),
        "totals": (shape.totals_row, shape.totals_row),
        "this row": (row, row),
        "all": (
            shape.header_row if shape.header_row >= 0 else shape.first_row,
            max(shape.last_row, shape.totals_row),
        ),
    }
    chosen = [spans[item] for item in items or {"data"}]
    if any(first < 0 for first, _ in chosen):
        return None
    return min(first for first, _ in chosen), max(last for _, last in chosen)
