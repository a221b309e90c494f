"""The small lines in cards: the months behind each number.

Knows which cards have a course in time and where its numbers stand. Does not know how a card looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.grids import GridRequest, grid
from crmsheet.compile.live import within_budget
from crmsheet.compile.metrics import is_stock
from crmsheet.compile.pieces import Context
from crmsheet.diagnostics import Diagnostic
from crmsheet.formulas.tree import Area
from crmsheet.model.boards import Board, CardsBlock, Dimension, Grain
from crmsheet.plan.cells import Block

_MONTHS: Final = Dimension("month", words.PERIOD, grain=Grain.MONTH)


@dataclass(frozen=True, slots=True)
class Trends:
    """`areas` by the card's position; cards of stocks have none."""

    areas: Mapping[int, Area]
    blocks: tuple[Block, ...]
    findings: tuple[Diagnostic, ...]


def card_trends(context: Context, board: Board, block: CardsBlock) -> Trends:
    """A hidden table of months for all cards that follow the same selectors."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, card in enumerate(block.cards if block.trend else ()):
        if not is_stock(context.model, card.metric):
            groups.setdefault(card.ignores, []).append(index)
    areas: dict[int, Area] = {}
    blocks: list[Block] = []
    findings: tuple[Diagnostic, ...] = ()
    for number, (ignores, indexes) in enumerate(groups.items()):
        metrics = tuple(dict.fromkeys(block.cards[i].metric for i in indexes))
        anchor = calc_anchor(board.id, f"{block.id}.trend{number or ''}")
        numbers = grid(context, board, GridRequest(anchor, metrics, _MONTHS, ignores, last=block.trend))
        areas |= {i: numbers.values(block.cards[i].metric) for i in indexes}
        kept, found = within_budget(context, board, block.id, numbers.block, numbers.pairs)
        blocks.append(kept)
        findings += found
    return Trends(areas, tuple(blocks), findings)
