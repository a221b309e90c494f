"""What a master remembers of copies that were merged into it: what each brought, and what is still to be decided.

Knows cells by table, row and field, and values as tokens (`changelog`). Does not know how copies are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from crmsheet.excel.values import Value
from crmsheet.structs import dataclass, field

ROW_ITSELF: Final = ""
"""In place of a field: the row as a whole."""
TAKEN_OUT: Final = "-"
"""The token of a row that was taken out; `CHANGED` of one that the other side has changed."""
CHANGED: Final = "+"
CHOICES: Final = "choices."
"""Before the id of a conflict: the input cell where people choose."""
_BETWEEN: Final = "\t"


def cell_key(table: str, row: str, field_id: str = ROW_ITSELF) -> str:
    """A cell, or a row, in one text."""
    return _BETWEEN.join((table, row, field_id))


@dataclass(frozen=True, slots=True)
class Brought:
    """What one copy has brought so far. `cells` are tokens by `cell_key`: what was last seen there, whether it was
    taken or not. `rows` are the rows it added, by `table` and id in the copy, with their ids in the master."""

    cells: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that both sides changed, or two copies, each in its own way; with no `column`, a row that one changed and
    the other took out. The master keeps what it has until somebody chooses."""

    table: str
    row: str
    column: str
    key: str
    """What the row is called."""
    code: str
    """The book code of the copy."""
    source: str
    """The file of the copy."""
    theirs: str
    """The token in the copy."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Of a row that the master took out: the tokens with which it comes back."""
    choice: Value = None
    """What people wrote into the column for it."""

    @property
    def id(self) -> str:
        return "\t".join((self.table, self.row, self.column, self.code))


@dataclass(frozen=True, slots=True)
class Merging:
    """What copies have brought, by their book codes, and what of it is to be decided; None where nothing ever was."""

    brought: Mapping[str, Brought] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] | None = None

    def without(self, rows: Collection[str]) -> Merging:
        """The same with nothing of these rows (by their ids), nor of cells that refer to them."""
        gone = {f"@{row}" for row in rows}
        return Merging(
            {
                code: Brought(
                    {
                        k: t
                        for k, t in one.cells.items()
                        if k.split(_BETWEEN)[1] not in rows and t not in gone
                    },
                    {k: row for k, row in one.rows.items() if row not in rows},
                )
                for code, one in self.brought.items()
            },
            None
            if self.conflicts is None
            else tuple(one for one in self.conflicts if one.row not in rows and one.theirs not in gone),
        )
