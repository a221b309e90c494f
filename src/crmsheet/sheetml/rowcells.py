"""The cells of a row, decoded as fast as Python can.

Knows how nearly all programs write a cell and reads rows in which every cell is like that; for any other
row it gives up, and the caller takes the general way (`pieces`, `decode`), which gives the same.
Does not know which rows there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.values import Value
from crmsheet.opc.condensing import Texts
from crmsheet.opc.xmltree import ATTRIBUTE
from crmsheet.sheetml.decode import (
    LOGICAL,
    Cell,
    CellKind,
    FormulaTag,
    formula_tag,
    number_value,
    style_index,
    value_of,
)
from crmsheet.sheetml.sharedstrings import plain_text
from crmsheet.sheetml.spans import column_number
from crmsheet.structs import dataclass, field


@lru_cache(maxsize=16)
def _plain(prefix: bytes) -> re.Pattern[bytes]:
    """A cell as nearly all programs write it; anything else shows in the last group."""
    p = re.escape(prefix)
    return re.compile(
        rb'<%bc r="([A-Z]++)([0-9]++)"([^>/]*+)(?:/>|>' % p
        + rb'(<%bf(?: [\w:]++="[^"<>]*+")*+(?:/>|>[^<]*+</%bf>))?+' % (p, p)
        + rb'(?:<%bv(?: xml:space="preserve")?+>([^<]*+)</%bv>|' % (p, p)
        + rb'<%bis><%bt(?: xml:space="preserve")?+>([^<]*+)</%bt></%bis>)?+' % (p, p, p, p)
        + rb"</%bc>)|(<%bc[\s/>])" % (p, p)
    )


@lru_cache(maxsize=16)
def _formula_pieces(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(rb'<%bf((?: [\w:]+="[^"<>]*")*)(?:/>|>([^<]*)</%bf>)' % (p, p))


_MEMO_SIZE: Final = 20_000
_NUMBER, _TEXT, _BLANK = CellKind.NUMBER, CellKind.TEXT, CellKind.BLANK
_new: Final = tuple.__new__


class Memory:
    """What the cells of a sheet have in common: reading it again and again is what takes time."""

    __slots__ = ("columns", "formulas", "heads", "marks", "texts")

    def __init__(self, marks: Texts | None = None) -> None:
        self.marks = marks or Texts()
        self.columns: dict[bytes, int] = {}
        self.heads: dict[bytes, tuple[int, bytes]] = {b"": (0, b"")}
        self.texts: dict[bytes, str] = {}
        self.formulas: dict[bytes, tuple[str | None, FormulaTag | None]] = {b"": (None, None)}

    def column(self, letters: bytes) -> int:
        """The number of a column; that of none for letters that are too many."""
        column = column_number(letters) if len(letters) <= 3 else limits.COLUMNS
        self.columns[letters] = column
        return column

    def head(self, attributes: bytes) -> tuple[int, bytes]:
        """Style and type (empty for a number) out of the attributes of a cell."""
        style, type_ = 0, b""
        for name, double, single in ATTRIBUTE.findall(attributes):
            if name == b"s":
                style = style_index((double or single).decode().strip())
            elif name == b"t":
                type_ = double or single
        found = self.heads[attributes] = (style, b"" if type_ == b"n" else type_)
        return found

    def text(self, raw: bytes) -> str:
        if len(self.texts) >= _MEMO_SIZE:
            self.texts.clear()
        text = self.texts[raw] = plain_text(raw)
        return text

    def formula(self, raw: bytes, prefix: bytes) -> tuple[str | None, FormulaTag | None]:
        """The text of an ordinary formula, or the tag of a shared, array or data table one and of a logical value."""
        if len(self.formulas) >= _MEMO_SIZE:
            self.formulas.clear()
        match = _formula_pieces(prefix).fullmatch(raw)
        text = self.marks.text(match.group(2) or b"") if match else b""
        tag = formula_tag(match.group(1) if match else b"", text)
        found = self.formulas[raw] = (None, tag) if tag.type or tag.text in LOGICAL else (tag.text, None)
        return found


class MissingTextError(Exception):
    """A cell names a shared text that is not there; the general way refuses it."""


def content(
    type_: bytes, value: bytes, inline: bytes, texts: Sequence[str], memory: Memory, *, date1904: bool
) -> tuple[CellKind, Value]:
    """Kind and value of a cell of a type (empty for a number) from what stands in its `<v>` and `<is><t>`."""
    if not type_:
        if value.isdigit() and len(value) <= 15:
            return _NUMBER, int(value)
        return number_value(value) if value else (_BLANK, None)
    if type_ == b"s":
        if not value.isdigit() or (index := int(value)) >= len(texts):
            raise MissingTextError
        return _TEXT, texts[index]
    if type_ in (b"inlineStr", b"str"):
        raw = value or inline
        text = memory.texts.get(raw)
        return _TEXT, memory.text(raw) if text is None else text
    return value_of(type_, value, texts, date1904=date1904)


def plain_cells(prefix: bytes, data: bytes, start: int, end: int) -> list[tuple[bytes, ...]]:
    """Of each cell: letters, row number, attributes, `<f>`, value, inline text, and what is odd."""
    return _plain(prefix).findall(data, start, end)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Decodes the rows of one sheet. `own_formula` gives the text of a formula shared with other cells."""

    data: bytes = field(repr=False)
    prefix: bytes
    texts: Sequence[str] = field(repr=False)
    date1904: bool
    own_formula: Callable[[int, int, FormulaTag], str]
    memory: Memory = field(default_factory=Memory, repr=False)

    def cells(self, row: int, start: int, end: int) -> list[Cell] | None:
        """The cells between the tags of a row; None when one of them is not as usual, or not in order."""
        cells: list[Cell] = []
        add, new = cells.append, _new
        prefix, texts, memory = self.prefix, self.texts, self.memory
        number = str(row + 1).encode()
        columns, heads, formulas = memory.columns, memory.heads, memory.formulas
        kind: CellKind
        value_: Value
        last = -1
        for letters, digits, attributes, formula_xml, value, inline, odd in _plain(prefix).findall(
            self.data, start, end
        ):
            if odd or digits != number:
                return None
            style, type_ = heads.get(attributes) or memory.head(attributes)
            if not type_ and value.isdigit() and len(value) <= 15:
                kind, value_ = _NUMBER, int(value)
            else:
                try:
                    kind, value_ = content(type_, value, inline, texts, memory, date1904=self.date1904)
                except MissingTextError:
                    return None
            column = columns.get(letters)
            if column is None:
                column = memory.column(letters)
            if not last < column < limits.COLUMNS:
                return None
            last = column
            formula, tag = formulas.get(formula_xml) or memory.formula(formula_xml, prefix)
            if tag is not None:
                formula = self.own_formula(row, column, tag)
                if not tag.type and kind is _NUMBER:
                    kind, value_ = CellKind.BOOLEAN, LOGICAL[tag.text]
            add(new(Cell, (row, column, style, kind, value_, formula)))
        return cells
