"""Rows that are written alike, decoded column by column.

Knows that the rows of a table repeat each other: where a cell stands, its formula and its tags are the same in
thousands of rows, and only values differ. One pattern made of such a row finds all others and their values in
one search. Rows that it does not find are left to `rowcells`, which gives the same.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.values import Value
from crmsheet.opc.xmltree import unescaped
from crmsheet.patterns import regex
from crmsheet.sheetml.decode import LOGICAL, Cell, CellKind, FormulaTag
from crmsheet.sheetml.rowcells import Memory, MissingTextError, content, plain_cells
from crmsheet.sheetml.spans import Rows
from crmsheet.structs import dataclass, field

BLOCK: Final = 4_096
"""Rows searched at a time: what a search finds is held twice for a moment."""
_FEWEST: Final = 64
"""Rows that are worth a search."""
_WORTH: Final = 1_000
"""Rows that are worth a pattern, which has to be compiled."""
_WORTH_IN_MANY: Final = 200
"""The same where all rows fill several blocks: others like them will come."""
_MOST_PATTERNS: Final = 24
_MOST_COLUMNS: Final = 200
_MOST_SHARED: Final = BLOCK // 2
_ATTRIBUTES: Final = rb'(?: [\w:]++="[^"<>/&]*+")*+'
_PLAIN_NUMBERS: Final = regex(rb"(?:-?[0-9]{1,9}(?:\.[0-9]{1,17})?+,)++")
_NOT_PLAIN: Final = regex(rb"&#|\r|_x[0-9A-Fa-f]{4}_")
"""What makes a text mean anything else than its bytes say, but for XML's own entities."""
_NOT_XML: Final = regex(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)|\]\]>")
"""What a text between tags must not hold; the only thing that may make a row of a pattern malformed."""


class OddTextError(Exception):
    """A text that XML does not allow; the general way refuses it."""


@dataclass(frozen=True, slots=True)
class AlikeColumn:
    """A column of a block: what is one for all its rows stands once."""

    column: int
    styles: int | list[int]
    kinds: CellKind | list[CellKind]
    values: list[Value] = field(repr=False)
    formula: str | None
    tag: FormulaTag | None
    """Of a formula shared with other cells, whose text differs from row to row."""

    def cell(self, row: int, at: int, own_formula: Callable[[int, int, FormulaTag], str]) -> Cell:
        """The cell of a row that is the block's row number `at`."""
        return Cell(
            row,
            self.column,
            self.styles if isinstance(self.styles, int) else self.styles[at],
            self.kinds if isinstance(self.kinds, CellKind) else self.kinds[at],
            self.values[at],
            self.formula if self.tag is None else own_formula(row, self.column, self.tag),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """Rows written alike. `indexes` are their places among all rows of the sheet, rising."""

    indexes: Sequence[int] = field(repr=False)
    numbers: Sequence[int] = field(repr=False)
    columns: tuple[AlikeColumn, ...]
    sample: int
    """The index of the row that all of them are written like."""

    def cells(self, at: int, own_formula: Callable[[int, int, FormulaTag], str]) -> list[Cell]:
        """The cells of the block's row number `at`."""
        row = self.numbers[at]
        return [c.cell(row, at, own_formula) for c in self.columns]


@dataclass(frozen=True, slots=True)
class _PatternCell:
    """A cell of a pattern. `style` and `type` are those it usually has; the first of its two groups is the
    text of such a cell, the second all of a cell that has other attributes or other content."""

    letters: bytes
    column: int
    formula: str | None
    tag: FormulaTag | None
    style: int
    type: bytes


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What finds rows like one; its groups are the row's number and two for each cell."""

    search: re.Pattern[bytes]
    cells: tuple[_PatternCell, ...]
    sample: int


@dataclass(slots=True)
class AlikeReader:
    """Decodes blocks of rows of one sheet."""

    data: bytes = field(repr=False)
    rows: Rows
    prefix: bytes
    texts: Sequence[str] = field(repr=False)
    date1904: bool
    memory: Memory
    _patterns: list[_Pattern] = field(default_factory=list)
    _tried: int = 0
    _shared: dict[str, str] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """Blocks of rows, each row in at most one; not all rows are in one."""
        rows = self.rows
        if len(rows) < _WORTH or rows.cells is not None or not rows.in_order:
            return
        for first in range(0, len(rows), BLOCK):
            yield from self._among(range(first, min(first + BLOCK, len(rows))))

    def _among(self, waiting: Sequence[int]) -> Iterator[Block]:
        """The blocks among some rows that stand together."""
        for pattern in tuple(self._patterns):
            if len(waiting) < _FEWEST:
                return
            block, waiting = self._found(pattern, waiting)
            if block is not None:
                self._patterns.remove(pattern)
                self._patterns.insert(0, pattern)
                yield block
        worth = _WORTH_IN_MANY if len(self.rows) > 2 * BLOCK else _WORTH
        while len(waiting) >= worth and self._tried < _MOST_PATTERNS:
            self._tried += 1
            made = self._pattern(waiting[len(waiting) // 2])
            if made is None:
                return
            block, waiting = self._found(made, waiting)
            if block is None:
                return
            self._patterns.insert(0, made)
            yield block

    def _found(self, pattern: _Pattern, waiting: Sequence[int]) -> tuple[Block | None, Sequence[int]]:
        """The rows that a pattern finds, and those that it does not."""
        rows = self.rows
        found = pattern.search.findall(self.data, rows.starts[waiting[0]], rows.ends[waiting[-1]])
        if not found:
            return None, waiting
        groups = list(zip(*found, strict=True))
        numbers = [int(n) - 1 for n in groups[0]]
        if len(numbers) == len(waiting):
            indexes: Sequence[int] = waiting
            left: Sequence[int] = ()
        else:
            wanted = set(numbers)
            indexes = [i for i in waiting if rows.numbers[i] in wanted]
            left = [i for i in waiting if rows.numbers[i] not in wanted]
        if [rows.numbers[i] for i in indexes] != numbers:
            return None, waiting
        try:
            columns = tuple(
                self._column(cell, usual, other)
                for cell, usual, other in zip(pattern.cells, groups[1::2], groups[2::2], strict=True)
            )
        except (MissingTextError, OddTextError):
            return None, waiting
        return Block(indexes, array("q", numbers), columns, pattern.sample), left

    def _column(self, cell: _PatternCell, usual: Sequence[bytes], other: Sequence[bytes]) -> AlikeColumn:
        styles: int | list[int] = cell.style
        kinds, values = self._contents(cell.type, usual)
        if any(other):
            several = {raw: self._other(raw) for raw in set(other) if raw}
            if any(style != cell.style for style, _, _ in several.values()):
                styles = [several[raw][0] if raw else cell.style for raw in other]
            each = kinds if isinstance(kinds, list) else [kinds] * len(values)
            kinds = [several[raw][1] if raw else kind for raw, kind in zip(other, each, strict=True)]
            values = [several[raw][2] if raw else value for raw, value in zip(other, values, strict=True)]
        if cell.tag is not None and not cell.tag.type:
            kinds, values = _logical(kinds, values, meant=LOGICAL[cell.tag.text])
        return AlikeColumn(cell.column, styles, kinds, values, cell.formula, cell.tag)

    def _contents(self, type_: bytes, raws: Sequence[bytes]) -> tuple[CellKind | list[CellKind], list[Value]]:
        """Kinds and values of cells of one type."""
        distinct = set(raws)
        if len(distinct) * 4 < len(raws) * 3:
            given = tuple(distinct)
            kinds, values = self._decoded(type_, given)
            if len(distinct) < _MOST_SHARED:
                # What recurs here recurs in other blocks, too, and is to be held once.
                values = [self._once(value) for value in values]
            value_of = dict(zip(given, values, strict=True))
            if isinstance(kinds, list):
                kind_of = dict(zip(given, kinds, strict=True))
                kinds = list(map(kind_of.__getitem__, raws))
            return kinds, list(map(value_of.__getitem__, raws))
        return self._decoded(type_, raws)

    def _once(self, value: Value) -> Value:
        return self._shared.setdefault(value, value) if isinstance(value, str) else value

    def _decoded(self, type_: bytes, raws: Sequence[bytes]) -> tuple[CellKind | list[CellKind], list[Value]]:
        """The same for texts of which each is looked at, all at once if they are plain."""
        if not type_:
            if _PLAIN_NUMBERS.fullmatch(b",".join((*raws, b""))) is not None:
                numbers = map(float, raws)
                return CellKind.NUMBER, [int(n) if n.is_integer() else n for n in numbers]
        else:
            together = b"\0".join(raws)
            if _NOT_XML.search(together) is not None:
                raise OddTextError
            if type_ in (b"inlineStr", b"str") and _NOT_PLAIN.search(together) is None:
                texts = together.decode()
                if "&" in texts:
                    texts = unescaped(texts)
                return CellKind.TEXT, list(texts.split("\0"))
        found = [self._content(type_, raw, b"") for raw in raws]
        return _together([kind for kind, _ in found]), [value for _, value in found]

    def _content(self, type_: bytes, value: bytes, inline: bytes) -> tuple[CellKind, Value]:
        return content(type_, value, inline, self.texts, self.memory, date1904=self.date1904)

    def _other(self, raw: bytes) -> tuple[int, CellKind, Value]:
        """Style, kind and value of a cell from all that follows its reference."""
        if _NOT_XML.search(raw) is not None:
            raise OddTextError
        whole = b"<" + self.prefix + b'c r="A1"' + raw
        ((_, _, attributes, _, value, inline, _),) = plain_cells(self.prefix, whole, 0, len(whole))
        style, type_ = self.memory.heads.get(attributes) or self.memory.head(attributes)
        return style, *self._content(type_, value, inline)

    def _pattern(self, index: int) -> _Pattern | None:
        """The pattern of a row; None when the row is not written as most are."""
        span, p = self.rows[index], re.escape(self.prefix)
        found = plain_cells(self.prefix, self.data, span.open_end, span.close_start)
        if not found or len(found) > _MOST_COLUMNS or any(cell[-1] for cell in found):
            return None
        pieces = [rb'<%brow r="([1-9][0-9]{0,6})"(?: [\w:.]++="[^"<>&]*+")*+\s*+>' % p]
        cells: list[_PatternCell] = []
        value = rb'<%bv(?: xml:space="preserve")?+>[^<]*+</%bv>' % (p, p)
        inline = rb'<%bis><%bt(?: xml:space="preserve")?+>[^<]*+</%bt></%bis>' % (p, p, p, p)
        last = -1
        for letters, _, attributes, formula_xml, text, inner, _ in found:
            style, type_ = self.memory.heads.get(attributes) or self.memory.head(attributes)
            column = self.memory.columns.get(letters)
            if column is None:
                column = self.memory.column(letters)
            if not last < column < limits.COLUMNS:
                return None
            last = column
            formula, tag = self.memory.formulas.get(formula_xml) or self.memory.formula(
                formula_xml, self.prefix
            )
            f = re.escape(formula_xml)
            if inner and type_ in (b"inlineStr", b"str"):
                usual = rb">%b<%bis><%bt>([^<]*+)</%bt></%bis></%bc>" % (f, p, p, p, p, p)
            elif text or formula_xml:
                usual = rb">%b<%bv>([^<]*+)</%bv></%bc>" % (f, p, p, p)
            else:
                usual = b"()/>"
            if formula_xml:
                other = rb"%b>%b(?:%b)?+</%bc>" % (_ATTRIBUTES, f, value, p)
            else:
                other = rb"%b(?:/>|>(?:%b|%b)?+</%bc>)" % (_ATTRIBUTES, value, inline, p)
            pieces.append(rb'<%bc r="%b\1"(?>%b%b|(%b))' % (p, letters, re.escape(attributes), usual, other))
            cells.append(_PatternCell(letters, column, formula, tag, style, type_))
        pieces.append(rb"</%brow>" % p)
        search = re.compile(b"".join(pieces))
        if search.fullmatch(self.data, span.start, span.end) is None:
            return None
        return _Pattern(search, tuple(cells), index)


def _together(kinds: list[CellKind]) -> CellKind | list[CellKind]:
    return kinds[0] if len(set(kinds)) == 1 else kinds


def _logical(
    kinds: CellKind | list[CellKind], values: list[Value], *, meant: bool
) -> tuple[CellKind | list[CellKind], list[Value]]:
    """Cells of a logical value, of which numbers mean it."""
    each = kinds if isinstance(kinds, list) else [kinds] * len(values)
    numbers = [kind is CellKind.NUMBER for kind in each]
    return (
        _together([CellKind.BOOLEAN if is_number else k for k, is_number in zip(each, numbers, strict=True)]),
        [meant if is_number else v for v, is_number in zip(values, numbers, strict=True)],
    )
