"""The one encoder of cells: streaming, splicing and grafting all write a cell through it.

Knows how a value, a formula with its cached result, and a style stand in `<c>`. Strings are written in
place (`inlineStr`), so that the shared strings of a workbook never change.
Does not know rows of a sheet that exists, nor where a style index comes from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.numbers import file_text
from crmsheet.excel.references import column_letters
from crmsheet.excel.values import ExcelError, Value

_SPECIAL: Final = re.compile("[&<>\x00-\x1f\x7f_\ud800-\udfff\ufffe\uffff]|^\\s|\\s$")
"""What a text needs help with; most texts have none of it."""


def number_text(number: float) -> str:
    """The number as it stands in `<v>`; ValueError for what a sheet cannot hold."""
    # The shortest form of up to 15 digits is what `file_text` gives as well, in a third of the time.
    if not number:
        return "0"
    text = repr(number)
    if len(text) <= 16 and "e" not in text and "n" not in text:
        return text[:-2] if text[-2:] == ".0" else text
    return file_text(number)


def text_element(text: str, name: str = "t") -> str:
    """`<t>` with a text inside; `name` carries the prefix."""
    if (
        len(text) > limits.CELL_TEXT // 2
        and len(text.encode("utf-16-le", "surrogatepass")) > 2 * limits.CELL_TEXT
    ):
        raise ValueError(f"a cell holds {limits.CELL_TEXT:,} characters, not {len(text):,}")
    if _SPECIAL.search(text) is None:
        return f"<{name}>{text}</{name}>"
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<{name}{space}>{escaped_text(text)}</{name}>"


def escaped_text(text: str) -> str:
    """A text between tags: XML's own characters, and `_xHHHH_` for what XML cannot hold."""
    text = x_escaped(text).replace("\r", "_x000D_")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=4096)
def formula_element(formula: str, name: str = "f") -> str:
    """`<f>` with a formula's text (without `=`); `name` carries the prefix."""
    if len(formula) > limits.FORMULA:
        raise ValueError(f"a formula holds {limits.FORMULA:,} characters, not {len(formula):,}")
    text = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    space = ' xml:space="preserve"' if formula != formula.strip() else ""
    return f"<{name}{space}>{text}</{name}>"


def type_and_content(value: Value, formula_xml: str = "", prefix: str = "") -> tuple[str, str]:
    """The `t` attribute (empty for a number or blank) and everything inside `<c>`."""
    if value is None:
        return "", formula_xml
    if isinstance(value, str):
        if formula_xml:
            return "str", formula_xml + text_element(value, prefix + "v")
        return "inlineStr", f"<{prefix}is>{text_element(value, prefix + 't')}</{prefix}is>"
    if isinstance(value, bool):
        kind, text = "b", "1" if value else "0"
    elif isinstance(value, ExcelError):
        kind, text = "e", value.value
    else:
        kind, text = "", number_text(value)
    return kind, f"{formula_xml}<{prefix}v>{text}</{prefix}v>"


def encode(ref: str, style: int, value: Value, formula_xml: str = "", prefix: str = "") -> str:
    """A whole cell. `formula_xml` is a `formula_element`; `prefix` is that of the sheet (`x:`) or empty."""
    kind, content = type_and_content(value, formula_xml, prefix)
    look = f' s="{style}"' if style else ""
    type_ = f' t="{kind}"' if kind else ""
    if content:
        return f'<{prefix}c r="{ref}"{look}{type_}>{content}</{prefix}c>'
    return f'<{prefix}c r="{ref}"{look}/>'


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """What all cells of a column share when rows are streamed."""

    column: int
    style: int = 0
    formula: str = ""
    """Without `=`; the same text in every row."""


_PLAIN_INTEGER: Final = limits.EXACT_INTEGER
_REMEMBERED: Final = 20_000


def _column_pieces(column: ColumnFormat, p: str) -> tuple[str, str, str, str]:
    """Up to the row's number, up to the type, the formula, and all between a number's row and value."""
    head = f'<{p}c r="{column_letters(column.column)}'
    look = f'" s="{column.style}"' if column.style else '"'
    formula = formula_element(column.formula, p + "f") if column.formula else ""
    return head, look, formula, f"{look}>{formula}<{p}v>"


class RowEncoder:
    """Writes rows of one shape as fast as Python can: the pieces that never change are built once."""

    __slots__ = ("_columns", "_prefix", "_texts")

    def __init__(self, columns: Sequence[ColumnFormat], prefix: str = "") -> None:
        self._prefix = prefix
        self._columns = tuple(_column_pieces(c, prefix) for c in columns)
        self._texts: dict[str, str] = {}

    def _text(self, text: str) -> str:
        """What follows the style of a cell with a text; people write the same words again and again."""
        if len(self._texts) >= _REMEMBERED:
            self._texts.clear()
        p = self._prefix
        inside = f' t="inlineStr"><{p}is>{text_element(text, p + "t")}</{p}is></{p}c>'
        self._texts[text] = inside
        return inside

    def cells(self, row: int, values: Sequence[Value]) -> str:
        """The cells of a 0-based row, one value for each column; `None` leaves a styled blank cell."""
        p = self._prefix
        number = str(row + 1)
        end = f"</{p}v></{p}c>"
        texts = self._texts
        pieces: list[str] = []
        add = pieces.append
        for (head, look, formula, start), value in zip(self._columns, values, strict=True):
            kind = type(value)
            if kind is int and -_PLAIN_INTEGER < value < _PLAIN_INTEGER:  # type: ignore[operator] # its class was looked at
                add(f"{head}{number}{start}{value}{end}")
            elif kind is float:
                add(f"{head}{number}{start}{number_text(value)}{end}")  # type: ignore[arg-type] # its class was looked at
            elif kind is str and not formula:
                inside = texts.get(value)  # type: ignore[arg-type] # its class was looked at
                if inside is None:
                    inside = self._text(value)  # type: ignore[arg-type] # its class was looked at
                add(head + number + look + inside)
            elif value is None and not formula:
                if look != '"':
                    add(f"{head}{number}{look}/>")
            else:
                t, content = type_and_content(value, formula, p)
                type_ = f' t="{t}"' if t else ""
                add(f"{head}{number}{look}{type_}>{content}</{p}c>")
        return "".join(pieces)

    def row(self, row: int, values: Sequence[Value], attributes: str = "") -> str:
        """The whole row; `attributes` such as ` ht="30" customHeight="1"` follow its number."""
        p = self._prefix
        return f'<{p}row r="{row + 1}"{attributes}>{self.cells(row, values)}</{p}row>'
