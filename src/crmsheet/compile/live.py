"""Live or snapshot: what happens when formulas cost too much, and what no formula gives.

Knows the budget. Does not know how anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile import weights
from crmsheet.compile.metricparts import COMPOSED, is_timed, parts
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.shorthand import Operand, iso_date, op
from crmsheet.compile.symbols import DAY
from crmsheet.diagnostics import Diagnostic, Severity
from crmsheet.excel.dates import date_of
from crmsheet.formulas.tree import Node, Spot
from crmsheet.messages import say
from crmsheet.model.boards import Board, Dimension
from crmsheet.plan.cells import Block, joined, parted
from crmsheet.structs import replace

BUDGET: Final = 20_000_000
"""Pairs of rows a block's *IFS cells may compare and still be live."""
CELL: Final = 800_000
"""Pairs of rows a single cell may: only arrays of criteria compare so many, at four times the cost of a pair, and an
indicator needs several of them, in two windows."""

WHOLE: Final = 100_000_000
"""Pairs of rows all live formulas may compare and the effective date still follow the calendar: nearly everything
depends on it, and what depends on TODAY() is computed anew after every single edit."""


def day_stands(pieces: Pieces) -> bool:
    """Whether the effective date is that of the last refresh, for the workbook is too large to follow TODAY()."""
    return weights.more_than(pieces, WHOLE)


def standing_day(context: Context) -> Diagnostic:
    """What is told of a workbook whose effective date stands."""
    return Diagnostic(
        "W411",
        say(
            "the effective date stays {date_of} until the next refresh",
            date_of=date_of(context.as_of).isoformat(),
        ),
        severity=Severity.NOTE,
        reason=say("The workbook is so large that it would be computed anew for seconds after every edit."),
        remedy=say("Refresh it every day; or type a date on Settings."),
    )


def within_budget(
    context: Context, board: Board, block_id: str, block: Block, pairs: int
) -> tuple[Block, tuple[Diagnostic, ...]]:
    """The hidden block as it is, or as values of this refresh, with a finding that says so."""
    if pairs <= BUDGET:
        return block, ()
    return snapshot(block), (_finding(context, board, block_id, pairs),)


def too_dear(context: Context, board: Board, pairs: Mapping[str, int]) -> tuple[Diagnostic, ...]:
    """A finding that names the metrics whose cells compare so many pairs of rows that they hold values of this
    refresh."""
    dear = {metric: most for metric, most in pairs.items() if most > CELL}
    if not dear:
        return ()
    labels = (context.text(context.model.metric(metric).label) for metric in dear)
    return (_finding(context, board, context.text(words.SEPARATOR).join(labels), max(dear.values())),)


def snapshot_note(context: Context, pairs: int) -> Operand:
    """What a block that is too costly to be live says of itself; empty for others."""
    return _standing(context) if pairs > BUDGET else ""


def cell_note(context: Context, pairs: int) -> Operand:
    """The same of a single cell."""
    return _standing(context) if pairs > CELL else ""


def _standing(context: Context) -> Node:
    # The day is read from its cell: a formula that spelled it would be another one at each refresh.
    before, behind = context.text(words.SNAPSHOT).split("{date}")
    return op(op(before, "&", iso_date(Spot(DAY, 0, 0))), "&", behind)


def snapshot(block: Block) -> Block:
    """A block whose formulas are computed at refresh and written as values."""
    single, families = parted(block.cells)
    cells = [replace(cell, snapshot=cell.formula is not None) for cell in single]
    return replace(block, cells=joined(cells, [replace(family, snapshot=True) for family in families]))


def missing_numbers(
    context: Context, board: Board, block_id: str, metrics: Iterable[str], by: Dimension
) -> tuple[Diagnostic, ...]:
    """What a block was asked for and no formula gives: past values of a stock."""
    found = []
    where = f"{context.text(board.label)}: {block_id}"
    for part in parts(context.model, metrics):
        label = context.text(part.metric.label)
        if by.grain is not None and part.kind not in COMPOSED and not is_timed(context.model, part):
            found.append(
                Diagnostic(
                    "S293",
                    say(
                        "{where} shows no {label}: it has no time, so its past values are not known",
                        where=where,
                        label=label,
                    ),
                    severity=Severity.WARNING,
                    remedy=say("Give the metric a time field, or leave it out here."),
                )
            )
    return tuple(found)


def _finding(context: Context, board: Board, block_id: str, pairs: int) -> Diagnostic:
    return Diagnostic(
        "S290",
        say(
            "{context}: {block_id}: written as values, for {pairs:,} pairs of rows would be compared",
            context=context.text(board.label),
            block_id=block_id,
            pairs=pairs,
        ),
        severity=Severity.NOTE,
        remedy=say("Its numbers change at refresh. Fewer values (top:) or metrics make it live again."),
    )
