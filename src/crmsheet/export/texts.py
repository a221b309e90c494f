"""Values as texts of files: ISO dates, plain numbers.

Knows how each type is written. Does not know which file.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from crmsheet.excel.numbers import file_text
from crmsheet.export.relations import Datum


def text_of(value: Datum) -> str:
    """A value as plain text; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain_decimal(value)
        case int():
            return str(value)
        case float():
            return file_text(value)
        case datetime():
            return value.isoformat(sep="T", timespec="seconds")
        case date():
            return value.isoformat()
        case str():
            return value


def plain_decimal(value: Decimal) -> str:
    """`1234.5`, without zeros at the end and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
