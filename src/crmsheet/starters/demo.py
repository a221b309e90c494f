"""The form of demo data, shared by all starters.

Knows what a demo row is. Does not know any table.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Protocol, TypeAlias

from crmsheet.excel.values import Value
from crmsheet.model.several import COMMA
from crmsheet.model.words import Language

SEPARATOR: Final = COMMA
"""Between the item ids of a multi_choice field."""

DemoValue: TypeAlias = Value | date
Row: TypeAlias = dict[str, DemoValue]
Rows: TypeAlias = dict[str, list[Row]]


class Demo(Protocol):
    """Makes a starter's demo data: table id to rows of input fields, ending on `as_of`."""

    def __call__(self, language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows: ...
