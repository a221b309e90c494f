"""The whole workbook: sheets in order, blocks, tables, charts, names.

Knows what goes together. Does not know how it is written.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.formulas.tree import Node
from crmsheet.model.words import Language
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import PlanChart
from crmsheet.plan.looks import Style
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import dataclass, field


class SheetKind(StrEnum):
    GUIDE = "guide"
    BOARD = "board"
    GLOSSARY = "glossary"
    ENTRY = "entry"
    SETTINGS = "settings"
    LISTS = "lists"
    HISTORY = "history"
    CALC = "calc"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class ColumnWidth:
    """Width in characters of the columns `first` to `last` (0-based, both included)."""

    first: int
    last: int
    width: float
    hidden: bool = False
    style: Style | None = None
    """Of cells that refreshes will fill."""


@dataclass(frozen=True, slots=True)
class RowHeight:
    first: int
    last: int
    height: float


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """`fit_width` and `fit_height` are pages, 0 for as many as it takes. A4."""

    landscape: bool = True
    fit_width: int = 1
    fit_height: int = 0
    repeat_first: int = -1
    repeat_last: int = -1
    """Rows repeated on each page (0-based), -1 for none."""
    footer: str = ""
    header: str = ""
    parts: tuple[tuple[int, int], ...] = ()
    """First and last row of what stands on a page of its own; none for all of the sheet."""


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A sheet by id; `name` is what it is called at build (people may rename it)."""

    id: str
    name: str
    kind: SheetKind
    hidden: bool = False
    tab_color: str = ""
    freeze_row: int = 0
    freeze_column: int = 0
    widths: tuple[ColumnWidth, ...] = ()
    heights: tuple[RowHeight, ...] = ()
    gridlines: bool = True
    zoom: int = 100
    protected: bool = False
    print_setup: PrintSetup = PrintSetup()


@dataclass(frozen=True, slots=True)
class PlanName:
    """A workbook-level defined name; `id` is what `tree.Name` nodes say, `name` what Excel shows.

    `target` is a Spot, Area, Column or a formula, in which a Cell means that of the row that says the name. Blocks
    need none: each anchored block is named by its anchor (see `place.anchor_name`).
    """

    id: str
    name: str
    target: Node
    hidden: bool = False
    headers: bool = False
    """A Column of the target is its header cell, a Cell the one on top of the sheet in that column."""


@dataclass(frozen=True, slots=True)
class Plan:
    title: str
    language: Language
    font: str
    """The default typeface of cells and charts."""
    font_size: float
    sheets: tuple[PlanSheet, ...]
    tables: tuple[PlanTable, ...] = ()
    blocks: tuple[Block, ...] = ()
    charts: tuple[PlanChart, ...] = ()
    names: tuple[PlanName, ...] = ()
    active_sheet: str = ""
    properties: tuple[tuple[str, str], ...] = field(default=())
    """Document properties: title, subject, comments."""

    def sheet(self, sheet_id: str) -> PlanSheet:
        return next(s for s in self.sheets if s.id == sheet_id)

    def table(self, table_id: str) -> PlanTable:
        return next(t for t in self.tables if t.id == table_id)

    def block(self, anchor: str) -> Block:
        return next(b for b in self.blocks if b.anchor == anchor)
