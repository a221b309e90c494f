"""Blocks on the hidden sheet `_calc`, where all of a board's numbers are computed.

Knows how such a block grows cell by cell and how blocks are stacked. Does not know what they compute.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final, TypeAlias

from crmsheet.formulas.tree import Area, Node, Number, Spot, Text
from crmsheet.plan.cells import Block, Family, PlanCell, joined
from crmsheet.plan.looks import Style
from crmsheet.structs import dataclass, field, replace

SHEET: Final = "_calc"
Content: TypeAlias = Node | str | float | bool | None
"""What a cell gets: a formula, or a constant."""


def calc_anchor(board: str, block: str = "") -> str:
    """The block behind a board, or behind one of its blocks."""
    return f"calc.{board}.{block}" if block else f"calc.{board}"


_CONSTANTS: Final = (Text, Number)
_PLAIN: Final = (str, int, float)
"""Tuples, which are tested several times faster than unions."""


@cache
def _style(number_format: str) -> Style:
    return Style(number_format=number_format)


@dataclass(slots=True)
class CalcBlock:
    """A block being filled; `placed` gives the finished one."""

    anchor: str
    rows: int = 0
    columns: int = 0
    cells: list[PlanCell] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)

    def put(
        self, row: int, column: int, content: Content, number_format: str = "", *, snapshot: bool = False
    ) -> Spot:
        """Write a cell; constant trees become plain values, of a `snapshot` only the value is kept."""
        style = _style(number_format)
        if isinstance(content, _CONSTANTS):
            content = content.value
        if content is None or isinstance(content, _PLAIN):
            cell = PlanCell(row, column, content, style=style, snapshot=snapshot)
        else:
            cell = PlanCell(row, column, formula=content, style=style, snapshot=snapshot)
        self.cells.append(cell)
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1
        return Spot(self.anchor, row, column)

    def put_all(self, family: Family) -> None:
        """Write a family of cells."""
        self.families.append(family)
        self.rows = max(self.rows, family.bottom + 1)
        self.columns = max(self.columns, family.right + 1)

    def spot(self, row: int, column: int) -> Spot:
        return Spot(self.anchor, row, column)

    def column(self, column: int, top: int, bottom: int) -> Area:
        return Area(self.anchor, top, column, bottom, column)

    def placed(self) -> Block:
        """The block at the top of the sheet; `stacked` moves it to its place."""
        return Block(self.anchor, SHEET, 0, 0, self.rows, self.columns, joined(self.cells, self.families))


def below(blocks: Iterable[Block], more: Iterable[Block]) -> tuple[Block, ...]:
    """More blocks, below those that stand on the sheet."""
    return stacked(more, max((b.row + b.rows + 1 for b in blocks if b.sheet == SHEET), default=0))


def stacked(blocks: Iterable[Block], row: int = 0) -> tuple[Block, ...]:
    """Blocks one below the other with a free row between them."""
    result = []
    for block in blocks:
        result.append(replace(block, row=row))
        row += block.rows + 1
    return tuple(result)
