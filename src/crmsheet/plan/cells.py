"""Cells in anchored blocks, and the rules Excel enforces or shows on cells.

Knows offsets inside a block. Does not know where a block stands (`place`).
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Area, Node
from crmsheet.plan.looks import Highlight, Style
from crmsheet.structs import dataclass


class Role(StrEnum):
    """Whose a cell is: `owned` is recomputed and restored, `input` is the user's, written at build only,
    `stamp` gets the day of a refresh that changed anything, `kept` is owned and what refreshes wrote over time."""

    OWNED = "owned"
    INPUT = "input"
    STAMP = "stamp"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A cell of a block; `row` and `column` are 0-based offsets.

    With a `formula`, `value` is its computed result. `link` names an anchor that a click leads to.
    A `snapshot` formula is computed at build and refresh, and only its value is written.
    `holds` says what of the State an input cell holds: `as_of_input`, `settings.ID`, `selectors.BOARD.ID`.
    """

    row: int
    column: int
    value: Value = None
    formula: Node | None = None
    style: Style = Style()
    role: Role = Role.OWNED
    link: str = ""
    holds: str = ""
    snapshot: bool = False


class ValidationKind(StrEnum):
    LIST = "list"
    CUSTOM = "custom"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT_LENGTH = "textLength"
    ANY = "none"
    """Only a prompt."""


class ErrorStyle(StrEnum):
    STOP = "stop"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Validation:
    """A data validation. For `list` and `custom` the rule is `formula`.

    For the others the cell lies between `formula` and `maximum`; one missing makes it one-sided
    (`>=` or `<=`). `Cell` nodes in formulas mean the cell's own row.
    """

    kind: ValidationKind
    formula: Node | None = None
    maximum: Node | None = None
    ignore_blank: bool = True
    prompt_title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""
    error_style: ErrorStyle = ErrorStyle.STOP


@dataclass(frozen=True, slots=True)
class CellValidation:
    """A validation on cells of a block: from (`row`, `column`) down to (`bottom`, `right`), inclusive offsets."""

    row: int
    column: int
    bottom: int
    right: int
    validation: Validation


@dataclass(frozen=True, slots=True)
class CellHighlight:
    """A conditional format on a block's cells. In `formula`, `Spot`s of the same block are relative to the
    top-left cell of the range when `relative`, with `by_row` only in their rows; all else is absolute.
    `data_bar` draws a bar instead, `scale` colours each cell by its value."""

    row: int
    column: int
    bottom: int
    right: int
    formula: Node | None
    look: Highlight = Highlight()
    stop: bool = False
    relative: bool = True
    by_row: bool = False
    data_bar: str = ""
    """A colour; then `formula` and `look` are not used."""
    scale: tuple[str, ...] = ()
    """The colours of the smallest, the middle and the largest value; then `formula` and `look` are not used."""


@dataclass(frozen=True, slots=True)
class CellLine:
    """A sparkline in a cell of a block: a small line over the numbers of an area of another."""

    row: int
    column: int
    values: Area
    color: str


@dataclass(frozen=True, slots=True)
class Merge:
    row: int
    column: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells that keeps together; a hidden workbook name marks it, so that it can be found
    again after people inserted rows or renamed the sheet.

    `row` and `column` are where it is built (0-based, on `sheet`). A block with `anchored=False` is
    written at build and never looked for again (decoration).
    """

    anchor: str
    sheet: str
    row: int
    column: int
    rows: int
    columns: int
    cells: tuple[PlanCell, ...] = ()
    merges: tuple[Merge, ...] = ()
    validations: tuple[CellValidation, ...] = ()
    highlights: tuple[CellHighlight, ...] = ()
    sparklines: tuple[CellLine, ...] = ()
    anchored: bool = True
