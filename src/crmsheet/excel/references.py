"""A1 references and sheet names.

Knows the A1 notation, quoting of sheet names and the value types for a cell and a rectangle.
Does not know structured references (`escaping` has their escapes) nor what stands in a cell.
All rows and columns in Python are 0-based; `A1` is row 0, column 0.
"""

from __future__ import annotations

from functools import lru_cache

from crmsheet.excel import limits
from crmsheet.messages import say
from crmsheet.patterns import regex
from crmsheet.structs import dataclass

_CELL = regex(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
_PLAIN_SHEET = regex(r"[^\W\d][\w.]*")
_LIKE_CELL = regex(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*")
_FORBIDDEN_IN_SHEET = regex(r"[\[\]:*?/\\]")
_EDGES = regex(r"^[\s']+|[\s']+$")
"""What a sheet name neither begins nor ends with."""


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """One cell; `sheet` is empty when it is understood."""

    row: int
    column: int
    sheet: str = ""

    def __str__(self) -> str:
        return sheet_prefix(self.sheet) + a1(self.row, self.column)

    def absolute(self) -> str:
        """The `$A$1` form, with its sheet if it has one."""
        return sheet_prefix(self.sheet) + a1(self.row, self.column, absolute=True)


@dataclass(frozen=True, slots=True, order=True)
class RangeRef:
    """A rectangle, both ends included; `sheet` is empty when it is understood."""

    top: int
    left: int
    bottom: int
    right: int
    sheet: str = ""

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1

    @property
    def first(self) -> CellRef:
        return CellRef(self.top, self.left, self.sheet)

    def contains(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def covers(self, other: RangeRef) -> bool:
        """Whether all of another rectangle lies inside; both must be on one sheet to be asked."""
        return self.contains(other.top, other.left) and self.contains(other.bottom, other.right)

    def overlaps(self, other: RangeRef) -> bool:
        """Whether the rectangles share a cell; both must be on one sheet to be asked."""
        return not (
            other.bottom < self.top
            or other.top > self.bottom
            or other.right < self.left
            or other.left > self.right
        )

    def __str__(self) -> str:
        return sheet_prefix(self.sheet) + self._text(absolute=False)

    def absolute(self) -> str:
        """The `$A$1:$B$2` form, with its sheet if it has one; a single cell is written once."""
        return sheet_prefix(self.sheet) + self._text(absolute=True)

    def _text(self, *, absolute: bool) -> str:
        start = a1(self.top, self.left, absolute=absolute)
        if (self.top, self.left) == (self.bottom, self.right):
            return start
        return f"{start}:{a1(self.bottom, self.right, absolute=absolute)}"


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """`0` → `A`, `26` → `AA`."""
    if column < 0:
        raise ValueError(f"no column {column}")
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_index(letters: str) -> int:
    """`A` → `0`, `aa` → `26`."""
    index = 0
    for letter in letters.upper():
        digit = ord(letter) - 64
        if not 1 <= digit <= 26:
            raise ValueError(f"no column {letters!r}")
        index = index * 26 + digit
    if index == 0:
        raise ValueError("no column ''")
    return index - 1


def a1(row: int, column: int, *, absolute: bool = False) -> str:
    """The A1 text of a cell without sheet."""
    if absolute:
        return f"${column_letters(column)}${row + 1}"
    return f"{column_letters(column)}{row + 1}"


def parse_cell(text: str) -> CellRef:
    """`B2`, `$B$2`, `'My sheet'!B2`; ValueError for anything else."""
    sheet, rest = split_sheet(text)
    match = _CELL.fullmatch(rest)
    if match is None:
        raise ValueError(f"not a cell reference: {text!r}")
    row, column = int(match[4]) - 1, column_index(match[2])
    if row >= limits.ROWS or column >= limits.COLUMNS:
        raise ValueError(f"outside the sheet: {text!r}")
    return CellRef(row, column, sheet)


@lru_cache(maxsize=4096)
def parse_range(text: str) -> RangeRef:
    """`B2`, `B2:C9`, `S!$B$2:$C$9`, whole columns `A:C` and rows `1:3`; corners may come in any order."""
    sheet, rest = split_sheet(text)
    first, colon, last = rest.replace("$", "").partition(":")
    if not colon:
        last = first
    if colon and first.isascii() and first.isalpha() and last.isascii() and last.isalpha():
        left, right = sorted((column_index(first), column_index(last)))
        top, bottom = 0, limits.ROWS - 1
    elif colon and first.isdecimal() and last.isdecimal():
        top, bottom = sorted((int(first) - 1, int(last) - 1))
        left, right = 0, limits.COLUMNS - 1
    else:
        start, end = parse_cell(first), parse_cell(last)
        top, bottom = sorted((start.row, end.row))
        left, right = sorted((start.column, end.column))
    if top < 0 or bottom >= limits.ROWS or right >= limits.COLUMNS:
        raise ValueError(f"outside the sheet: {text!r}")
    return RangeRef(top, left, bottom, right, sheet)


def range_or_none(text: str) -> RangeRef | None:
    """The same; None for what is no range."""
    try:
        return parse_range(text)
    except ValueError:
        return None


def parse_sqref(text: str) -> tuple[RangeRef, ...]:
    """The space-separated list of ranges of validations and conditional formats."""
    return tuple(parse_range(part) for part in text.split())


def split_sheet(text: str) -> tuple[str, str]:
    """Sheet name (unquoted, empty if none) and the rest of a reference."""
    mark = text.rfind("!")
    if mark < 0:
        return "", text
    sheet, rest = text[:mark], text[mark + 1 :]
    if len(sheet) >= 2 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, rest


@lru_cache(maxsize=256)
def quoted_sheet(name: str) -> str:
    """A sheet name as formulas need it: quoted unless it is a plain word that nothing else can be."""
    plain = _PLAIN_SHEET.fullmatch(name) and not _LIKE_CELL.fullmatch(name)
    if plain and name.upper() not in ("TRUE", "FALSE"):
        return name
    return "'" + name.replace("'", "''") + "'"


def sheet_prefix(name: str) -> str:
    """`Name!`, or nothing for an empty name."""
    return f"{quoted_sheet(name)}!" if name else ""


def sheet_name_problem(name: str) -> str:
    """Why Excel would refuse a sheet name, in words; empty when it would not."""
    if not name.strip():
        return say("it is empty")
    if _units(name) > limits.SHEET_NAME:
        return say("it is longer than {most} characters", most=limits.SHEET_NAME)
    if forbidden := _FORBIDDEN_IN_SHEET.search(name):
        return say("it contains {character!r}", character=forbidden[0])
    if name.startswith("'") or name.endswith("'"):
        return say("it begins or ends with an apostrophe")
    if name.lower() == "history":
        return say("Excel keeps the name History for itself")
    return ""


def free_sheet_name(wanted: str, taken: set[str]) -> str:
    """`wanted` made legal and unlike the names in `taken` (compared without case)."""
    name = _cut(_EDGES.sub("", _FORBIDDEN_IN_SHEET.sub(" ", wanted)), limits.SHEET_NAME) or "Sheet"
    if name.lower() == "history":
        name += "_"
    lower = {other.lower() for other in taken}
    result, number = name, 2
    while result.lower() in lower:
        suffix = f" ({number})"
        result = _cut(name, limits.SHEET_NAME - len(suffix)) + suffix
        number += 1
    return result


def _cut(text: str, length: int) -> str:
    """The beginning of a text in at most `length` UTF-16 units; no apostrophe or space ends it."""
    while _units(text) > length:
        text = text[:-1]
    return _EDGES.sub("", text)


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
