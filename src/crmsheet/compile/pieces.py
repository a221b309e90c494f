"""What the compilers of single families get and give.

Knows the context of a compilation and how contributions add up. Does not know what they contain.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.model.changelog import Change
from crmsheet.model.history import NO_HISTORY, History
from crmsheet.model.spec import Model
from crmsheet.model.state import State
from crmsheet.model.words import Label, Language
from crmsheet.plan.book import PlanName, PlanSheet
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import PlanChart
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Context:
    """One compilation: `as_of` is a date serial; `sizes` are the blocks' sizes in the workbook being
    refreshed (anchor to rows and columns), to which grouped blocks keep while they have room for all; empty at build.
    `as_it_is`: whether they have or not."""

    model: Model
    language: Language
    state: State
    as_of: int
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    version: str = ""
    history: History = NO_HISTORY
    """Figures of earlier dates, as the workbook remembers them."""
    changes: tuple[Change, ...] = ()
    """What became of audited fields, the oldest first."""
    run: int = 0
    """The day that this is computed on, a serial."""
    names: frozenset[str] = frozenset()
    """Casefolded, what is called so in the workbook being refreshed; empty at build."""
    as_it_is: bool = False

    def text(self, label: Label) -> str:
        return label.text(self.language)


@dataclass(frozen=True, slots=True)
class ExtraColumn:
    """A hidden computed column that a board needs on an entry table.

    `id` is not a field's: a path `customer.region`, or begins with `_`. Asked for twice with the same
    formula it is made once.
    """

    table: str
    id: str
    formula: Node
    number_format: str = ""


T = TypeVar("T")


class Rows(Protocol):
    """The rows of the book as they are computed."""

    def column(self, table: str, field: str) -> Sequence[Value]:
        """All cells of a table column, computed ones included."""

    def results(self, table: str, node: Node) -> Sequence[Value]:
        """An expression over the rows of a table, on each of them."""

    def value(self, node: Node) -> Value:
        """The value of an expression that no row is needed for."""

    def remembered(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What was computed once for these rows."""

    @property
    def history(self) -> History:
        """What the workbook remembers, with the figures of the as-of date."""


Filling: TypeAlias = Callable[[Rows], Mapping[tuple[int, int], Value]]
"""What an analysis finds in the rows: the values of cells of its block, by row and column."""


ColumnFilling: TypeAlias = Callable[[Rows], Sequence[Value]]
"""What a column holds that no formula gives: a value for each row of its table."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Contributions to a Plan, formula cells without values."""

    sheets: tuple[PlanSheet, ...] = ()
    tables: tuple[PlanTable, ...] = ()
    blocks: tuple[Block, ...] = ()
    charts: tuple[PlanChart, ...] = ()
    names: tuple[PlanName, ...] = ()
    extras: tuple[ExtraColumn, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    fillings: tuple[tuple[str, Filling], ...] = ()
    """By anchor, what fills the cells of a block that no formula gives."""
    column_fillings: tuple[tuple[tuple[str, str], ColumnFilling], ...] = ()
    """By table and column."""

    def __add__(self, other: Pieces) -> Pieces:
        return Pieces(
            self.sheets + other.sheets,
            self.tables + other.tables,
            self.blocks + other.blocks,
            self.charts + other.charts,
            self.names + other.names,
            self.extras + other.extras,
            self.findings + other.findings,
            self.fillings + other.fillings,
            self.column_fillings + other.column_fillings,
        )
