"""Text functions.

Knows Excel's text functions on values that are texts and numbers already. Does not know coercion.
"""

from __future__ import annotations

import re
from typing import Final

from crmsheet.excel.limits import CELL_TEXT
from crmsheet.excel.number_formats import formatted
from crmsheet.excel.numbers import number_in
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.criteria import wildcard_regex
from crmsheet.formulas.functions.table import Argument, Function, Type, ranges, scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import text as text_of
from crmsheet.patterns import regex

_SPACES: Final = regex(" {2,}")
_WORD: Final = regex(r"[^\W\d_]+")
_CONTROL: Final = regex("[\x00-\x1f]")


def _short(text: str) -> Value:
    return text if len(text) <= CELL_TEXT else ExcelError.VALUE


def _left(text: str, count: float = 1) -> Value:
    return ExcelError.VALUE if count < 0 else text[: int(count)]


def _right(text: str, count: float = 1) -> Value:
    if count < 0:
        return ExcelError.VALUE
    return text[len(text) - min(int(count), len(text)) :]


def _mid(text: str, start: float, count: float) -> Value:
    if start < 1 or count < 0:
        return ExcelError.VALUE
    first = int(start) - 1
    return text[first : first + int(count)]


def _trim(text: str) -> Value:
    return _SPACES.sub(" ", text.strip(" "))


def _clean(text: str) -> Value:
    return _CONTROL.sub("", text)


def _proper(text: str) -> Value:
    return _WORD.sub(lambda match: match[0][0].upper() + match[0][1:].lower(), text)


def _substitute(text: str, old: str, new: str, instance: float | None = None) -> Value:
    if instance is not None and instance < 1:
        return ExcelError.VALUE
    if not old:
        return text
    if instance is None:
        return _short(text.replace(old, new))
    at = -1
    for _ in range(int(instance)):
        at = text.find(old, at + 1 if at < 0 else at + len(old))
        if at < 0:
            return text
    return _short(text[:at] + new + text[at + len(old) :])


def _replace(text: str, start: float, count: float, new: str) -> Value:
    if start < 1 or count < 0:
        return ExcelError.VALUE
    first = int(start) - 1
    return _short(text[:first] + new + text[first + int(count) :])


def _find(wanted: str, text: str, start: float = 1) -> Value:
    first = int(start) - 1
    if first < 0 or first > len(text):
        return ExcelError.VALUE
    at = text.find(wanted, first)
    return ExcelError.VALUE if at < 0 else at + 1


def _search(wanted: str, text: str, start: float = 1) -> Value:
    first = int(start) - 1
    if first < 0 or first > len(text):
        return ExcelError.VALUE
    match = re.compile(wildcard_regex(wanted), re.IGNORECASE | re.DOTALL).search(text, first)
    return ExcelError.VALUE if match is None else match.start() + 1


def _rept(text: str, count: float) -> Value:
    if count < 0 or len(text) * int(count) > CELL_TEXT:
        return ExcelError.VALUE
    return text * int(count)


def _t(value: Value) -> Value:
    return value if isinstance(value, str) else ""


def _n(value: Value) -> Value:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int | float) else 0


def _char(number: float) -> Value:
    code = int(number)
    if not 1 <= code <= 255:
        return ExcelError.VALUE
    return chr(code) if code < 128 else bytes((code,)).decode("cp1252", "replace")


def _code(text: str) -> Value:
    if not text:
        return ExcelError.VALUE
    return text[0].encode("cp1252", "replace")[0]


def _unichar(number: float) -> Value:
    code = int(number)
    if not 1 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return ExcelError.VALUE
    return chr(code)


def _unicode(text: str) -> Value:
    return ord(text[0]) if text else ExcelError.VALUE


def _value(value: Value) -> Value:
    if isinstance(value, bool):
        return ExcelError.VALUE
    if isinstance(value, str):
        found = number_in(value)
        return ExcelError.VALUE if found is None else found
    return 0 if value is None else value


def _text(value: Value, format_code: str) -> Value:
    return formatted(value, format_code)


def _exact(left: str, right: str) -> Value:
    return left == right


def _concatenate(*texts: str) -> Value:
    return _short("".join(texts))


def _hyperlink(address: str, *name: Value) -> Value:
    return name[0] if name else address


def _concat(_indexes: Indexes, *arguments: Argument) -> Value:
    parts: list[str] = []
    for argument in arguments:
        for cell in argument.cells if isinstance(argument, RangeValue) else (argument,):
            part = text_of(cell)
            if isinstance(part, ExcelError):
                return part
            parts.append(part)
    return _short("".join(parts))


def _textjoin(_indexes: Indexes, delimiter: str, ignore_empty: bool, *arguments: Argument) -> Value:
    parts: list[str] = []
    for argument in arguments:
        for cell in argument.cells if isinstance(argument, RangeValue) else (argument,):
            part = text_of(cell)
            if isinstance(part, ExcelError):
                return part
            if part or not ignore_empty:
                parts.append(part)
    return _short(delimiter.join(parts))


FUNCTIONS: Final[tuple[Function, ...]] = (
    scalar("LEFT", "text number?", Type.TEXT, _left),
    scalar("RIGHT", "text number?", Type.TEXT, _right),
    scalar("MID", "text number number", Type.TEXT, _mid),
    scalar("LEN", "text", Type.NUMBER, len),
    scalar("TRIM", "text", Type.TEXT, _trim),
    scalar("CLEAN", "text", Type.TEXT, _clean),
    scalar("UPPER", "text", Type.TEXT, str.upper),
    scalar("LOWER", "text", Type.TEXT, str.lower),
    scalar("PROPER", "text", Type.TEXT, _proper),
    scalar("SUBSTITUTE", "text text text number?", Type.TEXT, _substitute),
    scalar("REPLACE", "text number number text", Type.TEXT, _replace),
    scalar("FIND", "text text number?", Type.NUMBER, _find),
    scalar("SEARCH", "text text number?", Type.NUMBER, _search),
    scalar("REPT", "text number", Type.TEXT, _rept),
    scalar("EXACT", "text text", Type.BOOLEAN, _exact),
    scalar("T", "value", Type.TEXT, _t),
    scalar("N", "value", Type.NUMBER, _n),
    scalar("CHAR", "number", Type.TEXT, _char),
    scalar("CODE", "text", Type.NUMBER, _code),
    scalar("UNICHAR", "number", Type.TEXT, _unichar, 2013, "_xlfn."),
    scalar("UNICODE", "text", Type.NUMBER, _unicode, 2013, "_xlfn."),
    scalar("VALUE", "value", Type.NUMBER, _value),
    scalar("TEXT", "value text", Type.TEXT, _text),
    scalar("CONCATENATE", "text text*", Type.TEXT, _concatenate),
    scalar("HYPERLINK", "text value?", Type.TEXT, _hyperlink),
    ranges("CONCAT", "range range*", Type.TEXT, _concat, 2019, prefix="_xlfn."),
    ranges("TEXTJOIN", "text boolean range range*", Type.TEXT, _textjoin, 2019, prefix="_xlfn."),
)
