"""The Layout: where a workbook has the things of a Model.

Knows sheet names, rows and columns, all 0-based. Does not know the file's parts or bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.excel.references import RangeRef
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where an entry table stands.

    `columns` and `headers` go by column id (a field's id, or a generated one such as `_id`);
    `rows` are the sheet rows of the State's rows, in the State's order.
    """

    sheet: str
    header_row: int
    first_column: int
    last_column: int
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    rows: tuple[int, ...]
    name: str
    """The Excel table name."""


@dataclass(frozen=True, slots=True)
class AnchorPlace:
    """Where a block stands: the sheet row of each of its rows, the sheet column of each of its columns.

    Both run without gaps unless people inserted rows or columns inside the block. What stands above a table
    follows its columns: some may have changed places, and those that hold nothing share one.
    """

    sheet: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def extent(self) -> RangeRef:
        """The smallest range that covers the block, without the sheet."""
        return RangeRef(min(self.rows), min(self.columns), max(self.rows), max(self.columns))


@dataclass(frozen=True, slots=True)
class Layout:
    sheets: Mapping[str, str] = field(default_factory=dict)
    """Sheet id to the sheet's real name."""
    tables: Mapping[str, TablePlace] = field(default_factory=dict)
    anchors: Mapping[str, AnchorPlace] = field(default_factory=dict)
