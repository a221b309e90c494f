"""Cells in anchored blocks, and the rules Excel enforces or shows on cells.

Knows offsets inside a block. Does not know where a block stands (`place`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, overload

from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.plan.looks import Highlight, Style
from crmsheet.structs import dataclass

if TYPE_CHECKING:
    # What has no families does not need it.
    from crmsheet.formulas.patterns import Pattern


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


@dataclass(frozen=True, slots=True)
class Hole:
    """The cells that stand in a hole of a family's formula. For the cell in row `k` and column `j` of the family it is
    the one at `k` * `down` + `j` * `across`."""

    spots: tuple[Spot, ...]
    down: int = 0
    across: int = 0

    def at(self, k: int, j: int) -> Spot:
        return self.spots[k * self.down + j * self.across]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in a hole are the cells of another rectangle as large, from `first` on, one every `step` columns."""

    first: Spot
    step: int = 1

    def at(self, k: int, j: int) -> Spot:
        return Spot(self.first.anchor, self.first.row + k, self.first.column + j * self.step)


@dataclass(frozen=True, slots=True)
class Family:
    """Cells that have one formula, but for the cells in its holes: `rows` × `columns` of them from (`row`, `column`)
    on, with a cell every `step` columns. Once computed, `values` holds the results row by row."""

    pattern: Pattern
    holes: tuple[Hole | Beside, ...]
    row: int
    column: int
    rows: int
    columns: int
    step: int = 1
    style: Style = Style()
    snapshot: bool = False
    values: tuple[Value, ...] = ()

    @property
    def bottom(self) -> int:
        return self.row + self.rows - 1

    @property
    def right(self) -> int:
        return self.column + (self.columns - 1) * self.step

    def places(self) -> list[tuple[int, int]]:
        """The offsets of the cells, row by row."""
        columns = range(self.column, self.right + 1, self.step)
        return [(row, column) for row in range(self.row, self.bottom + 1) for column in columns]

    def fillings(self) -> Iterator[tuple[Spot, ...]]:
        """What stands in the holes, cell by cell."""
        for k in range(self.rows):
            for j in range(self.columns):
                yield tuple([hole.at(k, j) for hole in self.holes])

    def cells(self) -> Iterator[PlanCell]:
        """Every cell by itself."""
        values = self.values or [None] * (self.rows * self.columns)
        for (row, column), value, parts in zip(self.places(), values, self.fillings(), strict=True):
            formula = None if self.values and self.snapshot else self.pattern.filled(parts)
            yield PlanCell(row, column, value, formula, self.style, snapshot=self.snapshot)


class Cells(Sequence[PlanCell]):
    """The cells of a block with families in it, whose cells are made when somebody asks for cells."""

    __slots__ = ("_every", "families", "single")

    def __init__(self, single: Sequence[PlanCell], families: Sequence[Family]) -> None:
        self.single = tuple(single)
        self.families = tuple(families)
        self._every: tuple[PlanCell, ...] | None = None

    @property
    def every(self) -> tuple[PlanCell, ...]:
        if self._every is None:
            self._every = (*self.single, *(cell for family in self.families for cell in family.cells()))
        return self._every

    def __len__(self) -> int:
        return len(self.every)

    def __iter__(self) -> Iterator[PlanCell]:
        return iter(self.every)

    @overload
    def __getitem__(self, at: int) -> PlanCell: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[PlanCell]: ...

    def __getitem__(self, at: int | slice) -> PlanCell | Sequence[PlanCell]:
        return self.every[at]


def parted(cells: Sequence[PlanCell]) -> tuple[Sequence[PlanCell], Sequence[Family]]:
    """The cells of a block that stand by themselves, and its families."""
    return (cells.single, cells.families) if isinstance(cells, Cells) else (cells, ())


def joined(single: Sequence[PlanCell], families: Sequence[Family]) -> Sequence[PlanCell]:
    """The cells of a block, of its parts."""
    return Cells(single, families) if families else tuple(single)


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
    """The colours of the smallest, the middle and the largest value, or of two those of 0 and the largest; then
    `formula` and `look` are not used."""


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
    cells: Sequence[PlanCell] = ()
    merges: tuple[Merge, ...] = ()
    validations: tuple[CellValidation, ...] = ()
    highlights: tuple[CellHighlight, ...] = ()
    sparklines: tuple[CellLine, ...] = ()
    anchored: bool = True
