"""Any Excel formula text after sheets, tables, columns and names got other names, and cells other places.

Knows how a formula mentions each of them. Changes the pieces that do so and no other character; what stands
in quotes, in another workbook or where a function stands is no mention. Does not know which formulas there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.excel.escaping import column_specifier
from crmsheet.excel.references import RangeRef, column_index, column_letters, quoted_sheet
from crmsheet.formulas.excel_pieces import (
    Piece,
    PieceKind,
    Specifier,
    area_of,
    pieces,
    sheet_of,
    specifiers,
)
from crmsheet.formulas.places import header_key
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Renames:
    """What is called otherwise from now on; old names are compared without case, and all changes are at once."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the old name of the Excel table: new headers by old ones."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Defined names that hold for the whole workbook."""
    moves: Mapping[str, tuple[tuple[RangeRef, RangeRef], ...]] = field(default_factory=dict)
    """By the old name of the sheet: cells and where they are now, as when Excel cuts and pastes."""
    _by_key: _ByKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for moves in self.moves.values():
            for old, new in moves:
                if (old.rows, old.columns) != (new.rows, new.columns):
                    raise ValueError(f"{old} cannot move to {new}, which has another size")
        object.__setattr__(self, "_by_key", _ByKey.of(self))

    @property
    def empty(self) -> bool:
        """Nothing is called otherwise, nothing moved."""
        return not (self.sheets or self.tables or self.names or self.moves or any(self.columns.values()))

    def sheet(self, name: str) -> str:
        """The sheet's name from now on."""
        return self._by_key.sheets.get(name.lower(), name)

    def table(self, name: str) -> str:
        """The table's name from now on."""
        return self._by_key.tables.get(name.lower(), name)

    def name(self, name: str) -> str:
        """The name of a defined name from now on."""
        return self._by_key.names.get(name.lower(), name)

    def header(self, table: str, header: str) -> str:
        """The header from now on of a column of a table, which is named as it was."""
        return self._by_key.columns.get(table.lower(), {}).get(header_key(header), header)

    def moved(self, sheet: str, area: RangeRef) -> RangeRef:
        """Where the cells are from now on; the sheet is named as it was."""
        rows, columns = self._by_key.shift(sheet, area)
        return RangeRef(
            area.top + rows, area.left + columns, area.bottom + rows, area.right + columns, area.sheet
        )

    def inverse(self) -> Renames:
        """The same backwards."""
        return Renames(
            sheets={new: old for old, new in self.sheets.items()},
            tables={new: old for old, new in self.tables.items()},
            columns={
                self.table(table): {new: old for old, new in headers.items()}
                for table, headers in self.columns.items()
            },
            names={new: old for old, new in self.names.items()},
            moves={
                self.sheet(sheet): tuple((new, old) for old, new in moves)
                for sheet, moves in self.moves.items()
            },
        )

    def without_names(self, hidden: frozenset[str]) -> Renames:
        """The same where a sheet has names of its own, in lower case, that hide the workbook's."""
        if not hidden & self._by_key.names.keys():
            return self
        kept = {old: new for old, new in self.names.items() if old.lower() not in hidden}
        return Renames(self.sheets, self.tables, self.columns, kept, self.moves)


def renamed(
    text: str, renames: Renames, *, own_table: str = "", sheet: str = "", fixed_only: bool = False
) -> str:
    """A formula as it reads from now on; the same text when it mentions nothing that changed.

    `own_table` is the table the cell stands in and `sheet` its sheet, both named as they were. `fixed_only`
    is for formulas without a cell of their own (names): only what is written with `$` goes along with cells.
    """
    by_key = renames._by_key
    if not by_key.may_be_mentioned(text):
        return text
    return _Walk(text, by_key, own_table, sheet, fixed_only=fixed_only).renamed()


@dataclass(frozen=True, slots=True)
class _ByKey:
    """The same by what is compared, and what a text must hold before it is worth a closer look."""

    sheets: Mapping[str, str]
    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    moves: Mapping[str, tuple[tuple[RangeRef, RangeRef], ...]]
    hints: re.Pattern[str] | None

    @staticmethod
    def of(renames: Renames) -> _ByKey:
        columns = {
            table.lower(): {header_key(old): new for old, new in headers.items()}
            for table, headers in renames.columns.items()
        }
        hints = [re.escape(name.replace("'", "''")) for name in renames.sheets]
        hints += [re.escape(name) for name in (*renames.tables, *renames.names)]
        hints += [
            re.escape(header) if _PLAIN.fullmatch(header) else r"\["
            for headers in columns.values()
            for header in headers
        ]
        hints += [_hint(old) for moves in renames.moves.values() for old, _ in moves]
        return _ByKey(
            sheets={old.lower(): new for old, new in renames.sheets.items()},
            tables={old.lower(): new for old, new in renames.tables.items()},
            columns=columns,
            names={old.lower(): new for old, new in renames.names.items()},
            moves={old.lower(): moves for old, moves in renames.moves.items()},
            hints=re.compile("|".join(hints), re.IGNORECASE) if hints else None,
        )

    def may_be_mentioned(self, text: str) -> bool:
        return self.hints is not None and self.hints.search(text) is not None

    def shift(self, sheet: str, area: RangeRef) -> tuple[int, int]:
        """How many rows and columns an area of a sheet goes along with the cells around it."""
        for old, new in self.moves.get(sheet.lower(), ()):
            if old.contains(area.top, area.left) and old.contains(area.bottom, area.right):
                return new.top - old.top, new.left - old.left
        return 0, 0


def _hint(area: RangeRef) -> str:
    """What a text must hold to mention cells inside an area: a letter of its columns, before a number."""
    if area.columns > _MANY_COLUMNS:
        return ""
    letters = "|".join(column_letters(column) for column in range(area.left, area.right + 1))
    return rf"(?<![A-Za-z])(?:{letters})(?:\$?[0-9]|:)"


_MANY_COLUMNS: Final = 100
_PLAIN: Final = re.compile(r"\w+")
_SIDE: Final = re.compile(r"[^\W\d][\w.]*|'(?:[^']|'')*'")
_CORNER: Final = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_LOOSE: Final = re.compile(r"(?<![$A-Za-z])[A-Za-z]|(?<![$0-9])[0-9]")
_AREAS: Final = (PieceKind.CELL, PieceKind.ROWS, PieceKind.COLUMNS)
_ESCAPED_BREAK: Final = "_x000a_"
_FOREIGN: Final = "["
"""Stands for the sheets of other workbooks, and for several sheets; no sheet is called so."""
_THIS_BOOK: Final = "[0]"


class _Walk:
    """One formula, piece by piece."""

    def __init__(self, text: str, by_key: _ByKey, own_table: str, sheet: str, *, fixed_only: bool) -> None:
        self._text = text
        self._pieces = tuple(pieces(text))
        self._by_key = by_key
        self._own_table = own_table
        self._sheet = sheet
        self._fixed_only = fixed_only
        self._at = 0
        self._qualifier: str | None = None
        """What stands at once before this piece: a sheet, another workbook, nothing."""

    def renamed(self) -> str:
        """The text, unchanged the very same."""
        out: list[str] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            out.append(self._piece(piece))
        text = "".join(out)
        return self._text if text == self._text else text

    def _ahead(self, count: int = 0) -> Piece | None:
        at = self._at + count
        return self._pieces[at] if at < len(self._pieces) else None

    def _piece(self, piece: Piece) -> str:
        before, self._qualifier = self._qualifier, None
        match piece.kind:
            case PieceKind.SHEET:
                return self._on_sheet(piece.text, foreign=before == _FOREIGN)
            case PieceKind.SHEETS:
                self._qualifier = _FOREIGN
                return piece.text if before == _FOREIGN else self._several(piece.text)
            case PieceKind.BOOK:
                return self._book(piece.text)
            case PieceKind.CELL | PieceKind.ROWS | PieceKind.COLUMNS:
                return self._area(piece, before)
            case PieceKind.WORD:
                return self._word(piece.text, before)
            case PieceKind.BRACKETS:
                following = self._ahead()
                if following is not None and following.kind in (PieceKind.SHEET, PieceKind.SHEETS):
                    self._qualifier = _FOREIGN
                    return piece.text
                return self._brackets(piece.text, self._own_table)
            case _:
                return piece.text

    # Sheets

    def _on_sheet(self, text: str, *, foreign: bool) -> str:
        name = sheet_of(text)
        book = _THIS_BOOK if name.startswith(_THIS_BOOK) else ""
        name = name.removeprefix(book)
        if foreign or "[" in name:
            self._qualifier = _FOREIGN
            return text
        if ":" in name:
            self._qualifier = _FOREIGN
            return self._several_in_quotes(text, name)
        self._qualifier = name
        new = self._by_key.sheets.get(name.lower())
        return text if new is None else _quoted_as(text, name, new, book) + "!"

    def _several_in_quotes(self, text: str, name: str) -> str:
        """`'First:Last sheet'!`"""
        ends = name.split(":")
        new = [self._by_key.sheets.get(end.lower(), end) for end in ends]
        if new == ends or len(ends) != 2:
            return text
        without_need = all(quoted_sheet(end) == end for end in ends)
        if without_need or any(quoted_sheet(end) != end for end in new):
            return f"'{_doubled(':'.join(new))}'!"
        return ":".join(new) + "!"

    def _several(self, text: str) -> str:
        """`First:Last!`; quotes that are needed stand around both."""
        if text.startswith("#"):
            return text
        sides = [(m[0], sheet_of(m[0] + "!")) for m in _SIDE.finditer(text)]
        new = [self._by_key.sheets.get(name.lower(), name) for _, name in sides]
        if new == [name for _, name in sides]:
            return text
        if any(side.startswith("'") for side, _ in sides):
            quoted = (_quoted_as(side, name, now) for (side, name), now in zip(sides, new, strict=True))
            return ":".join(quoted) + "!"
        if any(quoted_sheet(now) != now != name for (_, name), now in zip(sides, new, strict=True)):
            return f"'{_doubled(':'.join(new))}'!"
        return ":".join(new) + "!"

    def _book(self, text: str) -> str:
        """`[0]!` is this workbook: a name behind it is the workbook's."""
        if not text.startswith(_THIS_BOOK):
            self._qualifier = _FOREIGN
            return text
        name = text[len(_THIS_BOOK) : -1]
        self._qualifier = name or None
        new = self._by_key.sheets.get(name.lower())
        return text if new is None else _quoted_as(text, name, new, _THIS_BOOK) + "!"

    # Names and tables

    def _word(self, word: str, qualifier: str | None) -> str:
        following = self._ahead()
        if following is not None and following.kind is PieceKind.BRACKETS:
            self._at += 1
            if qualifier == _FOREIGN:
                return word + following.text
            new = self._by_key.tables.get(word.lower(), word)
            return new + self._brackets(following.text, word)
        if following is not None and following.kind is PieceKind.SPACE:
            following = self._ahead(1)
        if qualifier is not None or (following is not None and following.text == "("):
            return word
        # Tables and names of a workbook share one set of words.
        return self._by_key.names.get(word.lower()) or self._by_key.tables.get(word.lower(), word)

    def _brackets(self, text: str, table: str) -> str:
        columns = self._by_key.columns.get(table.lower())
        if not columns or not text.endswith("]"):
            return text
        done, out = 0, ""
        for specifier in specifiers(text)[1]:
            new = columns.get(header_key(specifier.header))
            if new is not None:
                out += text[done : specifier.start] + _specifier(specifier, new)
                done = specifier.start + len(specifier.text)
        return out + text[done:]

    # Moved cells

    def _area(self, piece: Piece, qualifier: str | None) -> str:
        """A1, A1:B2, A:B or 1:2 where it is from now on."""
        if not self._by_key.moves:
            return piece.text
        sheet = self._sheet if qualifier is None else qualifier
        area = area_of(piece.text)
        assert area is not None
        rest = self._rest_of_area(sheet) if piece.kind is PieceKind.CELL else ()
        if rest:
            last = area_of(rest[-1].text)
            assert last is not None
            top, bottom = sorted((area.top, last.top))
            left, right = sorted((area.left, last.left))
            area = RangeRef(top, left, bottom, right)
        rows, columns = self._by_key.shift(sheet, area)
        if self._fixed_only and not all(_is_fixed(p.text) for p in (piece, *rest) if p.kind in _AREAS):
            rows = columns = 0
        self._at += len(rest)
        out = _shifted(piece.text, rows, columns)
        for other in rest:
            if other.kind is PieceKind.SHEET:
                out += self._on_sheet(other.text, foreign=False)
            else:
                out += _shifted(other.text, rows, columns) if other.kind is PieceKind.CELL else other.text
        self._qualifier = None
        return out

    def _rest_of_area(self, sheet: str) -> Sequence[Piece]:
        """The colon and the other corner, which may name the same sheet again."""
        colon, corner, count = self._ahead(), self._ahead(1), 2
        if colon is None or colon.text != ":" or corner is None:
            return ()
        if corner.kind is PieceKind.SHEET and sheet_of(corner.text).lower() == sheet.lower():
            corner, count = self._ahead(2), 3
        if corner is None or corner.kind is not PieceKind.CELL:
            return ()
        return self._pieces[self._at : self._at + count]


def _quoted_as(text: str, name: str, new: str, book: str = "") -> str:
    """A sheet's new name, quoted when it must be, or when the old one was without need."""
    if quoted_sheet(new) != new or (text.startswith("'") and quoted_sheet(name) == name):
        return f"'{book}{_doubled(new)}'"
    return book + new


def _doubled(name: str) -> str:
    return name.replace("'", "''")


def _specifier(old: Specifier, new: str) -> str:
    """A column between brackets, with brackets of its own where it would not be read alone."""
    text = column_specifier(new)
    if _ESCAPED_BREAK in old.text.lower():
        text = text.replace("\r\n", "\n").replace("\n", _ESCAPED_BREAK)
    if old.bracketed or _PLAIN.fullmatch(new) or (old.alone and new == new.strip()):
        return text
    return f"[{text}]"


def _is_fixed(area: str) -> bool:
    """Every letter and number of the corners stands behind a `$`."""
    return _LOOSE.search(area) is None


def _shifted(area: str, rows: int, columns: int) -> str:
    """The corners of an area elsewhere, with the `$` they have."""
    if not rows and not columns:
        return area
    return ":".join(_shifted_corner(corner, rows, columns) for corner in area.split(":"))


def _shifted_corner(corner: str, rows: int, columns: int) -> str:
    match = _CORNER.fullmatch(corner)
    assert match is not None
    first, letters, second, digits = match.groups()
    letters = column_letters(column_index(letters) + columns) if letters else ""
    digits = str(int(digits) + rows) if digits else ""
    return first + letters + second + digits
