"""What becomes of one cell, as data.

Does not know how a cell is written.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.excel.values import Value
from crmsheet.structs import dataclass


class EditKind(StrEnum):
    VALUE = "value"
    """A constant takes the cell; `None` empties it. A formula there goes."""
    FORMULA = "formula"
    """A formula takes the cell, with its result."""
    CACHE = "cache"
    """Only the result of the formula that stands there; its `<f>` is not touched."""
    STYLE = "style"
    """Only the cell's format."""


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What becomes of one cell; 0-based. Without `style` it keeps the one it has, or takes its row's or
    column's when it is new. `formula` is without `=`."""

    row: int
    column: int
    kind: EditKind
    value: Value = None
    formula: str = ""
    style: int | None = None
