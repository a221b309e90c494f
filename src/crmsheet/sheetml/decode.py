"""What a cell's bytes mean: the counterpart of the encoder.

Knows every way a value may stand in `<c>`: numbers, shared and inline strings, booleans, errors, ISO dates,
text results of formulas, none at all. Does not know where a cell is, nor number formats: a date in an
ordinary cell is its serial number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from crmsheet.excel import dates
from crmsheet.excel.escaping import x_unescaped
from crmsheet.excel.values import ExcelError, Value
from crmsheet.opc.xmltree import TAG_END, attribute_text, new_parser, run_parser
from crmsheet.patterns import regex
from crmsheet.sheetml.sharedstrings import plain_text
from crmsheet.structs import dataclass


class CellKind(StrEnum):
    """How a value stands in the file. A formula's cell has the kind of its cached result."""

    BLANK = "blank"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    DATE = "date"
    """Written as an ISO date; the value is its serial number."""
    BROKEN = "broken"
    """Not what its type says; the value is the text that stands there."""


class Cell(NamedTuple):
    """A cell as read; 0-based. `formula` is its text without `=`, None when there is none.

    The formula of an array is its text, that of a data table is `TABLE(…)`; the other cells of such a
    range have no formula of their own.
    """

    row: int
    column: int
    style: int
    kind: CellKind
    value: Value
    formula: str | None

    @property
    def computes(self) -> bool:
        """Whether it holds a formula that is more than a plain value."""
        return is_computing(self.formula)


LOGICAL: Final = {"TRUE()": True, "FALSE()": False}
"""LibreOffice makes these formulas of logical values; the result is 1 or 0 where the cell has a number format."""
_LITERALS: Final = frozenset({*LOGICAL, "#N/A"})
"""Formulas that LibreOffice makes of plain values when it saves a workbook."""


def is_computing(formula: str | None) -> bool:
    """Whether a cell's formula is one, and more than a plain value."""
    return formula is not None and formula not in _LITERALS


@dataclass(frozen=True, slots=True)
class FormulaTag:
    """`<f>` as written."""

    text: str
    type: str
    """`shared`, `array`, `dataTable`, or empty."""
    shared_index: str
    ref: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RawCell:
    """The pieces of `<c>`, before they mean anything."""

    ref: str
    style: int
    type: str
    formula: FormulaTag | None
    value: bytes | None
    """What stands in `<v>`, still escaped; None without it."""
    inline: str | None


ERRORS: Final[Mapping[str, ExcelError]] = {error.value: error for error in ExcelError}
_NUMBER: Final = regex(rb"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_TRUE: Final = (b"1", b"true")
_FALSE: Final = (b"0", b"false")


def value_of(
    type_: bytes, raw: bytes, strings: Sequence[str], *, date1904: bool = False
) -> tuple[CellKind, Value]:
    """The value that `<v>` holds in a cell of this type."""
    if type_ in (b"", b"n"):
        return number_value(raw)
    if type_ == b"s":
        if not raw.strip():
            return CellKind.BLANK, None
        index = int(raw) if raw.strip().isdigit() else len(strings)
        return (CellKind.TEXT, strings[index]) if index < len(strings) else (CellKind.BROKEN, plain_text(raw))
    if type_ in (b"str", b"inlineStr"):
        return CellKind.TEXT, plain_text(raw)
    if not raw.strip():
        return CellKind.BLANK, None
    if type_ == b"b":
        word = raw.strip().lower()
        if word in _TRUE or word in _FALSE:
            return CellKind.BOOLEAN, word in _TRUE
    elif type_ == b"e":
        # Errors younger than the seven classic ones behave like #VALUE! wherever they are used.
        return CellKind.ERROR, ERRORS.get(plain_text(raw).strip(), ExcelError.VALUE)
    elif type_ == b"d":
        moment = iso_serial(raw.decode().strip(), date1904=date1904)
        if moment is not None:
            return CellKind.DATE, moment
    return CellKind.BROKEN, plain_text(raw)


def number_value(raw: bytes) -> tuple[CellKind, Value]:
    """A number from its text; integers of up to fifteen digits are `int`."""
    if raw.isdigit() and len(raw) <= 15:
        return CellKind.NUMBER, int(raw)
    if not raw.replace(b".", b"", 1).isdigit():
        if not raw.strip():
            return CellKind.BLANK, None
        if _NUMBER.fullmatch(raw) is None:
            return CellKind.BROKEN, plain_text(raw)
    value = float(raw)
    if not math.isfinite(value):
        return CellKind.BROKEN, plain_text(raw)
    return CellKind.NUMBER, int(value) if value.is_integer() and -1e15 < value < 1e15 else value


def iso_serial(text: str, *, date1904: bool = False) -> float | None:
    """The serial of an ISO date, datetime or time; None when it is none."""
    text = text.removesuffix("Z")
    try:
        if "T" not in text and ":" in text:
            time = dt.time.fromisoformat(text)
            return (time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / 86_400
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
        with dates.date_system(since_1904=date1904):
            return dates.serial(moment)
    except ValueError:
        return None


def raw_cell(data: bytes, file: str = "", part: str = "") -> RawCell:
    """A cell from its bytes, whatever they look like: CDATA, comments, foreign elements, any order."""
    parser = new_parser(file, part, namespaces=False)
    path: list[str] = []
    attributes: dict[str, str] = {}
    formula_attributes: dict[str, str] | None = None
    formula_text: list[str] = []
    value: list[str] | None = None
    inline: list[str] | None = None

    def start(name: str, found: dict[str, str]) -> None:
        nonlocal attributes, formula_attributes, value, inline
        path.append(name.rsplit(":", 1)[-1])
        match path:
            case ["c"]:
                attributes = found
            case ["c", "f"]:
                formula_attributes = found
            case ["c", "v"] if value is None:
                value = []
            case ["c", "is"] if inline is None:
                inline = []

    def text(characters: str) -> None:
        match path:
            case ["c", "f"]:
                formula_text.append(characters)
            case ["c", "v"] if value is not None:
                value.append(characters)
            case ["c", "is", "t"] | ["c", "is", "r", "t"] if inline is not None:
                inline.append(characters)

    def end(_: str) -> None:
        path.pop()

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    run_parser(parser, data, file, part)
    formula = None
    if formula_attributes is not None:
        formula = FormulaTag(
            "".join(formula_text),
            formula_attributes.get("t", ""),
            formula_attributes.get("si", ""),
            formula_attributes.get("ref", ""),
            formula_attributes,
        )
    return RawCell(
        ref=attributes.get("r", ""),
        style=style_index(attributes.get("s", "")),
        type=attributes.get("t", ""),
        formula=formula,
        value=None if value is None else _escaped("".join(value)),
        inline=None if inline is None else x_unescaped("".join(inline)),
    )


def child_spans(data: bytes, file: str = "", part: str = "") -> tuple[tuple[str, int, int], ...]:
    """The elements directly inside the one element that `data` is: (local name, start, end)."""
    parser = new_parser(file, part, namespaces=False)
    found: list[tuple[str, int, int]] = []
    open_tags: list[int] = []

    def start(_: str, __: object) -> None:
        open_tags.append(parser.CurrentByteIndex)

    def end(name: str) -> None:
        began, at = open_tags.pop(), parser.CurrentByteIndex
        if len(open_tags) == 1:
            tag = TAG_END.match(data, began)
            is_empty = tag is not None and data[tag.end() - 2 : tag.end()] == b"/>"
            behind = tag.end() if tag is not None and is_empty else data.index(b">", at) + 1
            found.append((name.rsplit(":", 1)[-1], began, behind))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    run_parser(parser, data, file, part)
    return tuple(found)


def style_index(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("\r", "&#13;").encode()


_FORMULA_ATTRIBUTE: Final = regex(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def formula_tag(attributes: bytes, text: bytes) -> FormulaTag:
    """`<f>` from the bytes of its attributes and of its text."""
    found = {
        name.decode(): attribute_text(double or single)
        for name, double, single in _FORMULA_ATTRIBUTE.findall(attributes)
    }
    plain = attribute_text(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return FormulaTag(plain, found.get("t", ""), found.get("si", ""), found.get("ref", ""), found)


def decoded(raw: RawCell, strings: Sequence[str], *, date1904: bool = False) -> tuple[CellKind, Value]:
    """Kind and value of a cell."""
    if raw.type == "inlineStr" and raw.inline is not None:
        return CellKind.TEXT, raw.inline
    return value_of(raw.type.encode(), raw.value or b"", strings, date1904=date1904)
