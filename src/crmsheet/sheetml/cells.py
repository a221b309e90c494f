"""The one encoder of cells: streaming, splicing and grafting all write a cell through it.

Knows how a value, a formula with its cached result, and a style stand in `<c>`. Strings are written in
place (`inlineStr`), so that the shared strings of a workbook never change.
Does not know rows of a sheet that exists, nor where a style index comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.numbers import file_text
from crmsheet.excel.values import ExcelError, Value
from crmsheet.patterns import regex

_SPECIAL: Final = regex("[&<>\x00-\x1f\x7f_\ud800-\udfff\ufffe\uffff]|^\\s|\\s$")
"""What a text needs help with; most texts have none of it."""
_NEEDING: Final = ("&", "<", ">", "_x", "| ", " |")
"""The same of printable texts, which stand between bars."""


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


def text_elements(texts: Sequence[str], name: str = "t") -> list[str]:
    """`text_element` of many texts; most have nothing in them that needs help."""
    together = f"|{'|'.join(texts)}|"
    if (
        together.isprintable()
        and not any(map(together.__contains__, _NEEDING))
        and max(map(len, texts), default=0) <= limits.CELL_TEXT // 2
    ):
        return [f"<{name}>{text}</{name}>" for text in texts]
    return [text_element(text, name) for text in texts]


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
        kind, text = "", file_text(value)
    return kind, f"{formula_xml}<{prefix}v>{text}</{prefix}v>"


def encode(ref: str, style: int, value: Value, formula_xml: str = "", prefix: str = "") -> str:
    """A whole cell. `formula_xml` is a `formula_element`; `prefix` is that of the sheet (`x:`) or empty."""
    kind, content = type_and_content(value, formula_xml, prefix)
    look = f' s="{style}"' if style else ""
    type_ = f' t="{kind}"' if kind else ""
    if content:
        return f'<{prefix}c r="{ref}"{look}{type_}>{content}</{prefix}c>'
    return f'<{prefix}c r="{ref}"{look}/>'
