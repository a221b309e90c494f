"""Where the rows of a worksheet part stand, found in one of two ways.

Knows a fast way (searching for tags, right whenever the part has no comments, CDATA or processing
instructions and no foreign elements inside cells) and a thorough one (expat). Both give the same spans.
Does not know what a row holds.
"""

from __future__ import annotations

import operator
import re
from array import array
from collections.abc import Sequence
from typing import Final

from crmsheet.excel import limits
from crmsheet.messages import say
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.xmltree import TAG_END, new_parser, run_parser
from crmsheet.patterns import regex
from crmsheet.sheetml.spans import R_ATTRIBUTE, REST_OF_TAG, CellSpan, Rows, RowSpan, cell_place, shown

_SHEET_DATA: Final = regex(rb"<(?:([^\s<>/:\"'=?!]+):)?sheetData(?=[\s/>])")
_MOST_DIGITS: Final = 7


class _Collector:
    """Rows as they are found; numbers them and watches their order."""

    __slots__ = ("columns", "file", "in_order", "last", "part")

    def __init__(self, file: str, part: str) -> None:
        self.columns = tuple(array("q") for _ in range(5))
        self.last = -1
        self.in_order = True
        self.file = file
        self.part = part

    def number(self, written: bytes | None) -> int:
        """The 0-based number of the next row."""
        if written is None:
            row = self.last + 1
        else:
            if not written.isdigit() or len(written) > _MOST_DIGITS:
                raise Refusal.BAD_REFERENCE.error(
                    self.file, self.part, say("Row {shown}.", shown=shown(written))
                )
            row = int(written) - 1
        if not 0 <= row < limits.ROWS:
            raise Refusal.BAD_REFERENCE.error(self.file, self.part, say("Row {row}.", row=row + 1))
        if row <= self.last:
            self.in_order = False
        self.last = row
        return row

    def add(self, span: RowSpan) -> None:
        for column, value in zip(self.columns, span, strict=True):
            column.append(value)

    def rows(
        self,
        prefix: bytes,
        outer: tuple[int, int, int, int],
        cells: Sequence[tuple[CellSpan, ...]] | None,
    ) -> Rows:
        numbers, starts, open_ends, close_starts, ends = self.columns
        return Rows(
            *(prefix.decode(), *outer),
            numbers=numbers,
            starts=starts,
            open_ends=open_ends,
            close_starts=close_starts,
            ends=ends,
            in_order=self.in_order,
            cells=cells,
        )


def needs_expat(data: bytes) -> bool:
    """Whether searching for tags could be misled."""
    if b"<!" in data:
        return True
    declared = data.find(b"?>", 0, 400) if data[:5] == b"<?xml" or data[3:8] == b"<?xml" else -1
    return data.find(b"<?", max(declared, 0)) >= 0


def misleading(data: bytes) -> bool:
    """Whether searching for the rows and cells of a worksheet part could be misled."""
    if needs_expat(data):
        return True
    head = _SHEET_DATA.search(data)
    return head is not None and data.find(b"extLst", head.end(), _close_of(data, head)) >= 0


def find_rows(data: bytes, file: str = "", part: str = "", *, thorough: bool | None = None) -> Rows:
    """The rows of a worksheet part in UTF-8; `thorough` forces one of the two ways."""
    if thorough is None:
        thorough = misleading(data)
    return _thorough(data, file, part) if thorough else _fast(data, file, part)


def _prefix(head: re.Match[bytes]) -> bytes:
    return head.group(1) + b":" if head.group(1) else b""


def _close_of(data: bytes, head: re.Match[bytes]) -> int:
    """Where `</sheetData>` begins; the end of the start tag when that is the whole element."""
    tag = TAG_END.match(data, head.end())
    if tag is None or data[tag.end() - 2 : tag.end()] == b"/>":
        return head.end() if tag is None else tag.end()
    return data.rfind(b"</" + _prefix(head) + b"sheetData", tag.end())


def _fast(data: bytes, file: str, part: str) -> Rows:
    collector = _Collector(file, part)
    head = _SHEET_DATA.search(data)
    tag = TAG_END.match(data, head.end()) if head else None
    if head is None or tag is None:
        return collector.rows(b"", (-1, -1, -1, -1), None)
    prefix, open_end = _prefix(head), tag.end()
    close = _close_of(data, head)
    if close < 0:
        raise Refusal.DAMAGED.error(file, part, say("The rows of a sheet have no end."))
    if close == open_end and data[open_end - 2 : open_end] == b"/>":
        return collector.rows(prefix, (head.start(), open_end, open_end, open_end), None)
    end = data.find(b">", close) + 1
    if _usual_rows(collector, data, prefix, open_end, close):
        return collector.rows(prefix, (head.start(), open_end, close, end), None)
    opening, closing = b"<" + prefix + b"row", b"</" + prefix + b"row"
    match_tag = re.compile(re.escape(opening) + rb'(?: r="([1-9][0-9]{0,5})")?' + REST_OF_TAG).match
    find, search_number = data.find, R_ATTRIBUTE.search
    numbers, starts, open_ends, close_starts, ends = collector.columns
    at = open_end
    while (at := find(opening, at, close)) >= 0:
        matched = match_tag(data, at)
        if matched is None:
            at += 1
            continue
        behind = matched.end()
        digits = matched.group(1)
        if digits is not None and (row := int(digits) - 1) > collector.last:
            collector.last = row
        else:
            written = search_number(data, at, behind)
            row = collector.number(written.group(1) if written else None)
        numbers.append(row)
        starts.append(at)
        open_ends.append(behind)
        if data[behind - 2] == 47:  # `/>`
            close_starts.append(behind)
            ends.append(behind)
            at = behind
            continue
        row_close = find(closing, behind, close)
        at = find(b">", row_close, close) + 1 if row_close >= 0 else 0
        if not at:
            raise Refusal.DAMAGED.error(file, part, say("Row {row} has no end.", row=row + 1))
        close_starts.append(row_close)
        ends.append(at)
    return collector.rows(prefix, (head.start(), open_end, close, end), None)


def _usual_rows(collector: _Collector, data: bytes, prefix: bytes, first: int, close: int) -> bool:
    """Collect the rows if each is numbered, the numbers grow, none is empty and nothing stands between them."""
    p = re.escape(prefix)
    length = len(prefix) + len(b"</row>")
    tag = rb'<%brow r="([1-9][0-9]{0,6})"(?: [\w:.]++="[^"<>]*+")*+\s*+>' % p
    begun = re.compile(tag).match(data, first, close)
    # Where a row ends, the next one begins, or nothing.
    turns = [
        (*turn.span(), turn[1])
        for turn in re.compile(rb"</%brow>(?:%b)?+" % (p, tag)).finditer(data, first, close)
    ]
    if begun is None or not turns or turns[-1][1] != close or turns[-1][2] is not None:
        return False
    close_starts, opened, written = zip(*turns, strict=True)
    numbers = (begun[1], *written[:-1])
    if None in numbers:
        return False
    rows = [number - 1 for number in map(int, numbers)]
    if rows[-1] >= limits.ROWS or any(map(operator.ge, rows, rows[1:])):
        return False
    ends = [at + length for at in close_starts]
    found = (rows, (first, *ends[:-1]), (begun.end(), *opened[:-1]), close_starts, ends)
    for column, values in zip(collector.columns, found, strict=True):
        column.extend(values)
    collector.last = rows[-1]
    return True


def _thorough(data: bytes, file: str, part: str) -> Rows:
    """One pass of expat over the whole part, which is checked for well-formedness by the way."""
    collector = _Collector(file, part)
    parser = new_parser(file, part, namespaces=False)
    path: list[str] = []
    outer = [-1, -1, -1, -1]
    prefix = b""
    opened = [0, 0]
    cell: tuple[int, int, int, int] = (0, 0, 0, 0)
    row = -1
    column = -1
    cells: list[tuple[CellSpan, ...]] = []
    row_cells: list[CellSpan] = []

    def tag_end(at: int) -> int:
        match = TAG_END.match(data, at)
        return match.end() if match else len(data)

    def is_empty(behind: int) -> bool:
        return data[behind - 2 : behind] == b"/>"

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal prefix, row, column, cell, row_cells
        path.append(name.rsplit(":", 1)[-1])
        at = parser.CurrentByteIndex
        match path:
            case [_, "sheetData"] if outer[0] < 0:
                outer[:2] = at, tag_end(at)
                prefix = name[: -len("sheetData")].encode()
            case [_, "sheetData", "row"]:
                opened[:] = at, tag_end(at)
                written = attributes.get("r")
                row = collector.number(written.strip().encode() if written is not None else None)
                column = -1
                row_cells = []
            case [_, "sheetData", "row", "c"]:
                ref = attributes.get("r")
                row_of_cell, column = cell_place(
                    ref.strip().encode() if ref else None, row, column, file, part
                )
                cell = (row_of_cell, column, at, tag_end(at))

    def end(_: str) -> None:
        at = parser.CurrentByteIndex
        match path:
            case [_, "sheetData"]:
                outer[2:] = _ends(outer[1], at)
            case [_, "sheetData", "row"]:
                collector.add(RowSpan(row, opened[0], opened[1], *_ends(opened[1], at)))
                cells.append(tuple(row_cells))
            case [_, "sheetData", "row", "c"]:
                row_cells.append(CellSpan(*cell, *_ends(cell[3], at)))
        path.pop()

    def _ends(open_end: int, at: int) -> tuple[int, int]:
        return (open_end, open_end) if is_empty(open_end) else (at, data.index(b">", at) + 1)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    run_parser(parser, data, file, part)
    return collector.rows(prefix, (outer[0], outer[1], outer[2], outer[3]), cells)
