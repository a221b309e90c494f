"""The small lines in cards and indicator rows: the months behind each number.

Knows which of them have a course in time and where its numbers stand. Does not know how they look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.grids import GridRequest, grid
from crmsheet.compile.live import within_budget
from crmsheet.compile.measures import Wanted
from crmsheet.compile.metricparts import is_stock
from crmsheet.compile.pieces import Context
from crmsheet.diagnostics import Diagnostic
from crmsheet.formulas.tree import Area
from crmsheet.model.boards import Board, CardsBlock, Dimension, Grain, KpiBlock
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass

_MONTHS: Final = Dimension("month", words.PERIOD, grain=Grain.MONTH)


@dataclass(frozen=True, slots=True)
class Trends:
    """`areas` by the metric's position; those of stocks have none."""

    areas: Mapping[int, Area]
    blocks: tuple[Block, ...]
    findings: tuple[Diagnostic, ...]


def trends(context: Context, board: Board, block: CardsBlock | KpiBlock, wanted: Sequence[Wanted]) -> Trends:
    """A hidden table of months for all metrics of a block that follow the same selectors."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, one in enumerate(wanted if block.trend else ()):
        if not is_stock(context.model, one.metric):
            groups.setdefault(one.ignores, []).append(index)
    areas: dict[int, Area] = {}
    blocks: list[Block] = []
    findings: tuple[Diagnostic, ...] = ()
    for number, (ignores, indexes) in enumerate(groups.items()):
        metrics = tuple(dict.fromkeys(wanted[i].metric for i in indexes))
        anchor = calc_anchor(board.id, f"{block.id}.trend{number or ''}")
        numbers = grid(context, board, GridRequest(anchor, metrics, _MONTHS, ignores, last=block.trend))
        areas |= {i: numbers.values(wanted[i].metric) for i in indexes}
        kept, found = within_budget(context, board, block.id, numbers.block, numbers.pairs)
        blocks.append(kept)
        findings += found
    return Trends(areas, tuple(blocks), findings)
