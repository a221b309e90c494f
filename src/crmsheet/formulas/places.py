"""Where a formula stands in a workbook, and where the tables are that it may name.

Knows headers as formulas name them. Does not know formulas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.patterns import regex
from crmsheet.structs import dataclass, field

_LINE_BREAK: Final = regex(r"_x000[aA]_|\r\n|\r")


@dataclass(frozen=True, slots=True)
class TableShape:
    """Where a table stands now; rows and columns are 0-based, -1 for a row it does not have."""

    sheet: str
    header_row: int
    first_row: int
    last_row: int
    left: int
    headers: tuple[str, ...]
    totals_row: int = -1

    @property
    def right(self) -> int:
        return self.left + len(self.headers) - 1

    def column(self, header: str) -> int | None:
        """The sheet column of a header, compared without case; `_x000a_` or a line break both mean one."""
        wanted = header_key(header)
        for index, own in enumerate(self.headers):
            if header_key(own) == wanted:
                return self.left + index
        return None


@dataclass(frozen=True, slots=True)
class FormulaPlace:
    """Where a formula stands, and the tables of its workbook by name in lower case.

    What was read once is remembered for the same mapping of tables, which must not change.
    """

    sheet: str
    row: int = 0
    column: int = 0
    tables: Mapping[str, TableShape] = field(default_factory=dict)

    def own_table(self) -> TableShape | None:
        """The table this cell is in."""
        for shape in self.tables.values():
            if (
                shape.sheet.lower() == self.sheet.lower()
                and shape.left <= self.column <= shape.right
                and min(shape.header_row, shape.first_row)
                <= self.row
                <= max(shape.last_row, shape.totals_row)
            ):
                return shape
        return None


def header_key(header: str) -> str:
    """What is equal for the same header: without case; `_x000a_` or a line break both mean one."""
    return _LINE_BREAK.sub("\n", header).strip().lower()
