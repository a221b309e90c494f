"""The State: what people entered in one workbook, independent of where it stands.

Knows rows, settings, selector values and list rows. Does not know addresses (`layout`) or formulas.
Columns are stored whole, because evaluation goes by column.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.excel.values import Value
from crmsheet.model.merged import Merging
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class TableState:
    """The rows of a table. `ids` and every column have the same length; only input fields have columns."""

    ids: tuple[str, ...] = ()
    columns: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def filled(self) -> int:
        """Rows that are not blank."""
        return len(self.ids) - self.ids.count("")


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list as the workbook has it: the label is the user's to change."""

    id: str
    label: str
    parent: str = ""
    """The item id of the parent list's row."""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    offset: int = -1
    """Its row in the list's block, 0-based; -1: right behind the row before it."""
    column: int = -1
    """Its column in the matrices of lists that depend on this one, 0-based; -1: the next free one."""


@dataclass(frozen=True, slots=True)
class State:
    tables: Mapping[str, TableState] = field(default_factory=dict)
    lists: Mapping[str, tuple[ListRow, ...]] = field(default_factory=dict)
    settings: Mapping[str, Value] = field(default_factory=dict)
    selectors: Mapping[str, Value] = field(default_factory=dict)
    """By `board.selector`: the text in the selector's cell."""
    as_of_input: Value = None
    """The date typed on Settings, as a serial; None means today."""
    merging: Merging | None = None
    """What copies have brought that were merged into the workbook; None where none ever was."""
