"""Any Excel formula text, ours or not, cut into tokens that mean the same when the formula does.

Knows what programs change when they save a formula: spaces, case, `$`, `_xlfn.`, quotes around sheet names,
the form of numbers, structured references against A1. Does not compute anything, and does not know functions:
what it does not understand it keeps as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias, assert_never

from crmsheet.excel.escaping import unquoted_text_literal
from crmsheet.excel.references import RangeRef
from crmsheet.formulas.excel_pieces import Piece, PieceKind, area_of, pieces, sheet_of, specifiers
from crmsheet.formulas.places import FormulaPlace, TableShape
from crmsheet.structs import dataclass

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


_PREFIX: Final = re.compile(r"(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.)+", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\w.\]])\[")
"""A bracket without a table's name before it (or one inside another bracket)."""
_LINE_BREAK: Final = re.compile(r"_x000[aA]_|\r\n|\r")
_AREA_KINDS: Final = (PieceKind.CELL, PieceKind.ROWS, PieceKind.COLUMNS)


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
    if left == right:
        return True
    always = _same_in_every_row(left, right, place.sheet, _Same(place.tables))
    return always if always is not None else canonical(left, place) == canonical(right, place)


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
    scanner = _Scanner(body.removeprefix("="), sheet, own.it, tables.it)  # type: ignore[arg-type] # the box is typed for any
    return tuple(_settled(list(scanner.tokens())))


@lru_cache(maxsize=4096)
def _same_in_every_row(left: str, right: str, sheet: str, tables: _Same) -> bool | None:
    """Whether two texts are the same formula wherever on a sheet they stand, or nowhere: one look for a whole
    column. None when it depends on the row.

    What only the own table could explain stays as written, in both, and is compared so.
    """
    nowhere = _Same(None)
    one, other = _template(left, sheet, nowhere, tables), _template(right, sheet, nowhere, tables)
    if one == other:
        return True
    if any(isinstance(t, Token) and t.kind == "opaque" for t in (*one, *other)):
        return None
    pairs = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    fixed = any(isinstance(a, Token) and isinstance(b, Token) for a, b in pairs)
    return False if fixed or len(one) != len(other) else None


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


class _Scanner:
    def __init__(
        self, text: str, sheet: str, own: TableShape | None, tables: Mapping[str, TableShape]
    ) -> None:
        self._pieces = tuple(pieces(text))
        self._sheet = sheet
        self._own = own
        self._tables = tables
        self._at = 0

    def tokens(self) -> Iterator[Token | _RowToken]:
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if piece.kind is not PieceKind.SPACE:
                yield self._token(piece)

    def _next(self, *kinds: PieceKind) -> Piece | None:
        """The piece that follows at once, taken when it is of one of these kinds."""
        piece = self._ahead(0)
        if piece is None or piece.kind not in kinds:
            return None
        self._at += 1
        return piece

    def _ahead(self, count: int) -> Piece | None:
        at = self._at + count
        return self._pieces[at] if at < len(self._pieces) else None

    def _token(self, piece: Piece) -> Token | _RowToken:
        match piece.kind:
            case PieceKind.TEXT:
                return Token("text", unquoted_text_literal(piece.text))
            case PieceKind.ERROR:
                return Token("error", piece.text.upper())
            case PieceKind.SHEET:
                return self._on_sheet(piece)
            case PieceKind.SHEETS | PieceKind.BOOK:
                return self._opaque(piece.text)
            case PieceKind.CELL | PieceKind.ROWS | PieceKind.COLUMNS:
                return self._area(piece, self._sheet)
            case PieceKind.NUMBER:
                return Token("number", float(piece.text))
            case PieceKind.BRACKETS:
                return self._structured("", piece)
            case PieceKind.WORD:
                return self._word(piece.text)
            case PieceKind.OPERATOR | PieceKind.SPACE:
                return Token("operator", piece.text)
            case _:
                assert_never(piece.kind)

    def _word(self, word: str) -> Token | _RowToken:
        if brackets := self._next(PieceKind.BRACKETS):
            return self._structured(word, brackets)
        following = self._ahead(0)
        if following is not None and following.kind is PieceKind.SPACE:
            following = self._ahead(1)
        if following is not None and following.text == "(":
            return Token("function", _PREFIX.sub("", word).upper())
        if word.upper() in ("TRUE", "FALSE"):
            return Token("boolean", word.upper() == "TRUE")
        return Token("name", _PREFIX.sub("", word).lower())

    def _on_sheet(self, piece: Piece) -> Token | _RowToken:
        """What follows `Sheet!`."""
        sheet = sheet_of(piece.text)
        if "[" in sheet or ":" in sheet:
            return self._opaque(f"{sheet}!")
        if area := self._next(*_AREA_KINDS):
            return self._area(area, sheet)
        if error := self._next(PieceKind.ERROR):
            return Token("error", error.text.upper())
        if word := self._next(PieceKind.WORD):
            if brackets := self._next(PieceKind.BRACKETS):
                return self._structured(word.text, brackets)
            return Token("name", word.text.lower())
        return Token("opaque", f"{sheet}!".lower())

    def _opaque(self, text: str) -> Token:
        """What another workbook or several sheets hold, as it stands."""
        while (piece := self._ahead(0)) is not None and (
            piece.kind in (*_AREA_KINDS, PieceKind.WORD, PieceKind.NUMBER) or piece.text == ":"
        ):
            text += piece.text
            self._at += 1
        return Token("opaque", text.lower())

    def _area(self, piece: Piece, sheet: str) -> Token:
        """A1, A1:B2, A:B or 1:2 at this place."""
        area = area_of(piece.text)
        assert area is not None
        if piece.kind is PieceKind.CELL and (last := self._other_corner(sheet)) is not None:
            top, bottom = sorted((area.top, last.top))
            left, right = sorted((area.left, last.left))
            area = RangeRef(top, left, bottom, right)
        return _area_token(area.top, area.left, area.bottom, area.right, sheet)

    def _other_corner(self, sheet: str) -> RangeRef | None:
        """The cell behind a colon, which may name the same sheet again."""
        colon, corner, count = self._ahead(0), self._ahead(1), 2
        if colon is None or colon.text != ":" or corner is None:
            return None
        if corner.kind is PieceKind.SHEET and sheet_of(corner.text).lower() == sheet.lower():
            corner, count = self._ahead(2), 3
        if corner is None or corner.kind is not PieceKind.CELL:
            return None
        self._at += count
        return area_of(corner.text)

    def _structured(self, table: str, brackets: Piece) -> Token | _RowToken:
        shape = self._tables.get(table.lower()) if table else self._own
        found = None if shape is None else _structured_cells(brackets.text, shape)
        if found is None:
            return Token("opaque", table.lower() + _LINE_BREAK.sub("\n", brackets.text).lower())
        return found if "this row" in found.items else found.at(0)


def _area_token(top: int, left: int, bottom: int, right: int, sheet: str) -> Token:
    return Token("area", RangeRef(top, left, bottom, right, sheet.lower()))


def _structured_cells(brackets: str, shape: TableShape) -> _RowToken | None:
    """The cells meant by what stands between the brackets; None when it is not understood."""
    items, columns = specifiers(brackets)
    found = [shape.column(column.header) for column in columns]
    places = [place for place in found if place is not None]
    if len(places) != len(found) or len(places) > 2:
        return None
    left, right = (min(places), max(places)) if places else (shape.left, shape.right)
    if _item_rows(items, shape, shape.first_row) is None:
        return None
    return _RowToken(items, shape, left, right)


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
