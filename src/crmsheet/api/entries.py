"""Rows that a command enters into a filled workbook, as data: what is to become of them, and what became of them.

Does not know how it is done (`entering`).
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.excel.values import Value
from crmsheet.read import Reading
from crmsheet.refresh import Note
from crmsheet.sheetml.edits import CellEdit
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add: values by id of input fields. Without `id` (a row id) it gets one of the workbook's own."""

    values: Mapping[str, Value]
    id: str = ""


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What is to become of one table's rows.

    `updates` are, by row id, values by id of input fields (None empties a cell). `removals` are row ids; all cells
    of such a row are emptied, people's own columns too.
    """

    updates: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    additions: tuple[NewRow, ...] = ()
    removals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.updates or self.additions or self.removals)


Entering = Mapping[str, RowChanges]
"""By table id."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A reading with the rows as they will be, the edits that make them so, and which cells stayed as they were."""

    reading: Reading
    edits: tuple[tuple[str, CellEdit], ...]
    notes: tuple[Note, ...]
    fresh: Mapping[str, range] = field(default_factory=dict)
    """By table id the rows added at its end where no cell was written: there are no edits of them."""
