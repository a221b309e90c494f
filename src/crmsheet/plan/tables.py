"""Entry tables: an Excel Table with its columns, rows, checks and colours.

Knows columns by id. Does not know fields of the spec: what a column is for was decided before.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.plan.cells import Validation
from crmsheet.plan.looks import Highlight, Style
from crmsheet.structs import dataclass


class ColumnRole(StrEnum):
    """Whose a column's cells are.

    `input`: people's. `computed`: ours, a formula or a value. `assigned`: ours where blank (visible
    ids). `row_id`: the hidden last column that tells rows apart.
    """

    INPUT = "input"
    COMPUTED = "computed"
    ASSIGNED = "assigned"
    ROW_ID = "row_id"


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """A table column. `values` has one value for each of the table's `length` rows (an empty table has one
    blank row, on which computed columns have values too); for computed columns the results of `formula`.

    A computed column without a formula holds values as of the last refresh.
    """

    id: str
    header: str
    role: ColumnRole
    style: Style
    header_style: Style
    values: tuple[Value, ...] = ()
    formula: Node | None = None
    validation: Validation | None = None
    width: float = 10
    hidden: bool = False
    level: int = 0
    """Outline level: 1 for columns in the collapsed detail group."""
    note: str = ""
    """The header cell's explanation, shown as its prompt."""


@dataclass(frozen=True, slots=True)
class RowHighlight:
    """A conditional format over the table: of `columns`, or of the whole row when empty.

    `Cell` nodes in `formula` mean the coloured row. Listed first wins; `stop` ends the list there.
    """

    formula: Node
    look: Highlight
    columns: tuple[str, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True)
class PlanTable:
    """An Excel Table named `name` on `sheet`, headers at (`row`, `column`), as long as its data:
    one empty row when there is none. Validations and formats reach `room` rows below it.
    A row that people left blank has the row id `""`.
    """

    id: str
    name: str
    sheet: str
    row: int
    column: int
    columns: tuple[PlanColumn, ...]
    row_ids: tuple[str, ...]
    highlights: tuple[RowHighlight, ...] = ()
    table_style: str = "TableStyleLight1"
    header_height: float = 0
    room: int = 1000

    @property
    def size(self) -> int:
        return len(self.row_ids)

    @property
    def length(self) -> int:
        """Data rows in the sheet: at least one."""
        return max(1, len(self.row_ids))

    def index(self, column_id: str) -> int:
        return next(i for i, c in enumerate(self.columns) if c.id == column_id)
