"""Byte spans of the rows of a worksheet part and of the cells in them.

Knows where a cell stands, with a reference or without. Does not know how rows are found (`rowfinding`) nor what a
cell holds.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from crmsheet.excel import limits
from crmsheet.excel.references import a1
from crmsheet.messages import say
from crmsheet.opc.refusals import Refusal
from crmsheet.patterns import regex
from crmsheet.structs import dataclass, field

REST_OF_TAG: Final = rb"""(?=[\s/>])[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>"""
"""Behind the name of an element: up to the end of its tag, whatever its attributes hold."""
R_ATTRIBUTE: Final = regex(rb"""\sr\s*=\s*["']\s*([^"']*?)\s*["']""")
"""The reference in the tag of a row or cell."""
_CELL_REF: Final = regex(rb"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


class CellSpan(NamedTuple):
    """A cell and its bytes; it is empty (`<c/>`) when `open_end` is `end`."""

    row: int
    column: int
    start: int
    open_end: int
    close_start: int
    end: int


class RowSpan(NamedTuple):
    """A row and its bytes; it is empty (`<row/>`) when `open_end` is `end`."""

    row: int
    start: int
    open_end: int
    close_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a sheet, as columns of numbers: a sheet may have a million."""

    prefix: str
    """`x:` when the sheet's elements are written with a prefix."""
    start: int
    """Of `<sheetData`; -1 when the sheet has none."""
    open_end: int
    close_start: int
    end: int
    numbers: array[int] = field(repr=False)
    starts: array[int] = field(repr=False)
    open_ends: array[int] = field(repr=False)
    close_starts: array[int] = field(repr=False)
    ends: array[int] = field(repr=False)
    in_order: bool
    """Row numbers only grow. A sheet in which they do not can be read but not changed."""
    cells: Sequence[tuple[CellSpan, ...]] | None = field(repr=False)
    """For each row, when the thorough way found them anyway."""

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, index: int) -> RowSpan:
        return RowSpan(
            self.numbers[index],
            self.starts[index],
            self.open_ends[index],
            self.close_starts[index],
            self.ends[index],
        )

    def __iter__(self) -> Iterator[RowSpan]:
        return (
            RowSpan(*numbers)
            for numbers in zip(
                self.numbers, self.starts, self.open_ends, self.close_starts, self.ends, strict=True
            )
        )


def shown(raw: bytes) -> str:
    """The beginning of bytes that are no reference, for people."""
    return raw[:40].decode(errors="replace")


def cell_place(ref: bytes | None, row: int, column: int, file: str, part: str) -> tuple[int, int]:
    """Where a cell stands: its reference, or behind the one before it when it has none."""
    if ref is None:
        column += 1
        if column >= limits.COLUMNS:
            raise Refusal.BAD_REFERENCE.error(
                file, part, say("A cell behind {row}.", row=a1(row, column - 1))
            )
        return row, column
    match = _CELL_REF.fullmatch(ref)
    if match is not None:
        column = column_number(match.group(1))
        row = int(match.group(2)) - 1
    if match is None or column >= limits.COLUMNS or row >= limits.ROWS:
        raise Refusal.BAD_REFERENCE.error(file, part, say("Cell {shown}.", shown=shown(ref)))
    return row, column


@lru_cache(maxsize=20_000)
def column_number(letters: bytes) -> int:
    """`b"A"` → 0; of up to three letters, not checked against the sheet's edge."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def cells_of_row(data: bytes, rows: Rows, index: int, file: str = "", part: str = "") -> tuple[CellSpan, ...]:
    """The cells of one row, in the order written."""
    if rows.cells is not None:
        return rows.cells[index]
    span = rows[index]
    if span.open_end == span.end:
        return ()
    usual = _usual_cells(data, span, _usual_cell(rows.prefix.encode()))
    if usual is not None:
        return usual
    cell_tag, cell_close = _cell_patterns(rows.prefix.encode())
    found: list[CellSpan] = []
    column = -1
    at = span.open_end
    while (match := cell_tag.search(data, at, span.close_start)) is not None:
        start, behind = match.span()
        written = R_ATTRIBUTE.search(data, start, behind)
        row, column = cell_place(written.group(1) if written else None, span.row, column, file, part)
        if data[behind - 2] == 47:
            close_start = end = behind
        else:
            close = cell_close.search(data, behind, span.close_start)
            if close is None:
                raise Refusal.DAMAGED.error(file, part, say("Cell {row} has no end.", row=a1(row, column)))
            close_start, end = close.span()
        found.append(CellSpan(row, column, start, behind, close_start, end))
        at = end
    return tuple(found)


def _usual_cells(data: bytes, span: RowSpan, pattern: re.Pattern[bytes]) -> tuple[CellSpan, ...] | None:
    """The same when each cell begins with its reference and nothing stands between them; else None."""
    found: list[CellSpan] = []
    add, new, number, row = found.append, tuple.__new__, str(span.row + 1).encode(), span.row
    at = span.open_end
    for match in pattern.finditer(data, at, span.close_start):
        letters, digits = match.group(1, 2)
        (start, end), _, _, (_, opened), (close_start, _) = match.regs
        column = column_number(letters)
        if start != at or digits != number or column >= limits.COLUMNS:
            return None
        at = end
        if opened < 0:
            opened = close_start = end
        add(new(CellSpan, (row, column, start, opened, close_start, end)))
    return tuple(found) if at == span.close_start else None


@lru_cache(maxsize=16)
def _usual_cell(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(
        rb'<%bc r="([A-Z]{1,3}+)([0-9]++)"[^>/]*+(?:/>|(>)[^<]*+(?:<(?!/%bc>)[^<]*+)*+(</%bc>))' % (p, p, p)
    )


@lru_cache(maxsize=16)
def _cell_patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    return (
        re.compile(b"<" + re.escape(prefix) + b"c" + REST_OF_TAG),
        re.compile(b"</" + re.escape(prefix) + rb"c\s*>"),
    )
