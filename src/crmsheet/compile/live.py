"""Live or snapshot: what a block's formulas cost, and what happens when they cost too much.

Knows the budget. Does not know what the formulas compute.
"""

from __future__ import annotations

from dataclasses import replace

from crmsheet.compile.grids import BUDGET, Grid
from crmsheet.compile.pieces import Context
from crmsheet.diagnostics import Diagnostic, Severity
from crmsheet.model.spec import Board
from crmsheet.plan.cells import Block


def within_budget(
    context: Context, board: Board, block_id: str, numbers: Grid
) -> tuple[Block, tuple[Diagnostic, ...]]:
    """The hidden block as it is, or as values of this refresh, with a note that says so."""
    if numbers.pairs <= BUDGET:
        return numbers.block, ()
    return snapshot(numbers.block), (_finding(context, board, block_id, numbers.pairs),)


def snapshot(block: Block) -> Block:
    """A block whose formulas are computed at refresh and written as values."""
    return replace(block, cells=tuple(replace(c, snapshot=c.formula is not None) for c in block.cells))


def _finding(context: Context, board: Board, block_id: str, pairs: int) -> Diagnostic:
    return Diagnostic(
        "S290",
        f"{context.text(board.label)}: {block_id} is written as values: it compares {pairs:,} pairs of rows",
        severity=Severity.NOTE,
        remedy="Its numbers change at refresh. Fewer values (top:) or metrics make it live again.",
    )
