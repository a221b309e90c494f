"""What differs between two states of a book, as data.

Knows what there is to say of each difference: what it is called, where it stands, what it was and is. Does not
know how differences are found or shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

from crmsheet.excel.values import ExcelError
from crmsheet.structs import dataclass

Data: TypeAlias = bool | int | float | str | ExcelError | None
"""A value as programs take it: dates are ISO texts, whatever year the workbook counts from."""


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


class What(StrEnum):
    """What a difference is of."""

    AS_OF = "as_of"
    SETTING = "setting"
    SELECTOR = "selector"
    LIST_ROW = "list_row"
    HEADER = "header"
    SHEET = "sheet"
    """A sheet of ours."""
    OWN_SHEET = "own_sheet"
    """A sheet of people's; only its name is looked at."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the new book; of what is gone, in the old one."""

    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a cell: as data, as its format shows it, and the formula when people typed one."""

    data: Data = None
    shown: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A field of a row whose content differs. `label` is the column's header."""

    field: str
    label: str
    type: str
    where: Where
    old: Content
    new: Content
    computed: bool = False
    old_typed_over: bool = False
    """A computed cell that held a constant instead of its formula."""
    new_typed_over: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of both books with other content; `old_key` differs from `key` when the row was renamed."""

    id: str
    key: str
    old_key: str
    where: Where
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class OneSidedRow:
    """A row that only one of the books has, with what people filled in: field, header, content."""

    id: str
    key: str
    where: Where
    values: tuple[tuple[str, str, Content], ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """The rows of a table in both books. Computed cells of rows that both have are counted by field, or are
    among the changes when they were asked for or typed over; without a stored value nothing is said of them."""

    id: str
    old_id: str
    label: str
    sheet: str
    old_rows: int
    new_rows: int
    added: tuple[OneSidedRow, ...] = ()
    removed: tuple[OneSidedRow, ...] = ()
    changed: tuple[RowChange, ...] = ()
    computed: tuple[tuple[str, str, int], ...] = ()
    """Field, header, number of changed values; fields without any are left out."""
    without_value: int = 0

    @property
    def computed_changed(self) -> int:
        return sum(number for _, _, number in self.computed)

    @property
    def cells_changed(self) -> int:
        return sum(len(row.cells) for row in self.changed)

    @property
    def same(self) -> bool:
        return not (self.added or self.removed or self.changed or self.computed)


@dataclass(frozen=True, slots=True)
class Change:
    """Anything else that people may change. `within` is the label of the board, list or table it belongs to,
    `within_id` its id; `attribute` is what of a list row changed, when it is not the label."""

    what: What
    kind: Kind
    id: str
    label: str
    where: Where
    old: Content = Content()
    new: Content = Content()
    within_id: str = ""
    within: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a board that changed; `part` says which of the metric's: value, previous, change, target,
    attainment, status or n."""

    board: str
    block: str
    metric: str
    part: str
    board_label: str
    label: str
    where: Where
    old: Content
    new: Content


@dataclass(frozen=True, slots=True)
class SpecChange:
    """A thing of the stored spec. `what` is table, field, list, metric, board, block, rule, setting or book;
    `attributes` are the words of the spec that differ, `filled` the cells people filled in a column that is
    gone."""

    what: str
    kind: Kind
    id: str
    old_id: str
    label: str
    old_label: str
    within_id: str = ""
    within: str = ""
    attributes: tuple[str, ...] = ()
    filled: int = 0


@dataclass(frozen=True, slots=True)
class BookState:
    """One of the two books. `as_of` is the date its figures were computed for, as ISO text; empty: unknown."""

    name: str
    as_of: str
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states of a book. `by_key`: they are not one book, so rows were paired by their keys."""

    old: BookState
    new: BookState
    by_key: bool
    tables: tuple[TableDifference, ...] = ()
    changes: tuple[Change, ...] = ()
    figures: tuple[Figure, ...] = ()
    figures_without_value: int = 0
    spec: tuple[SpecChange, ...] = ()

    @property
    def same(self) -> bool:
        return all(t.same for t in self.tables) and not (self.changes or self.figures or self.spec)

    def of(self, *what: What) -> Iterator[Change]:
        """The changes of some sorts."""
        return (c for c in self.changes if c.what in what)
