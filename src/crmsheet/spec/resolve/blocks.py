"""Blocks of report sheets: from their form to the Model, with stable ids.

Knows each kind of block. Paths and selectors are `boards`'.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsheet.messages import listed, say
from crmsheet.model.boards import (
    Block,
    Board,
    Card,
    CardsBlock,
    KpiBlock,
    NoteBlock,
)
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.analyses import analysis_block
from crmsheet.spec.resolve.charts import chart_block
from crmsheet.spec.resolve.ground import KINDS, MOST_PERIODS, BoardGround
from crmsheet.spec.resolve.heat import heat_block
from crmsheet.spec.resolve.metrictables import table_block
from crmsheet.spec.resolve.records import record_block
from crmsheet.spec.resolve.rowlists import list_block
from crmsheet.spec.resolve.segments import segment_block
from crmsheet.spec.shapes.boards import (
    BlockShape,
    BoardShape,
)
from crmsheet.structs import dataclass


def shown_metrics(boards: Iterable[BoardShape]) -> frozenset[str]:
    """The metrics that any board shows."""
    found: set[str] = set()
    for board in boards:
        for block in board.blocks:
            found.update(_metric_ids(block))
    return frozenset(found)


def _metric_ids(block: BlockShape) -> tuple[str, ...]:
    if block.cards:
        return tuple(card.metric for card in block.cards.metrics)
    if block.table:
        return block.table.ids
    if block.chart:
        return block.chart.named
    if block.heat:
        return (block.heat.metric,)
    if block.analysis:
        return (*block.analysis.metrics, *block.analysis.figures.values())
    return block.kpis.metrics if block.kpis else ()


@dataclass(slots=True)
class Boards(BoardGround):
    """Resolves report sheets."""

    def resolved(self, board: str, shape: BoardShape) -> Board:
        self.path = ("sheets", board)
        self.taken = {}
        facts = self._facts_by_selector(shape)
        self.selectors = tuple(
            self.dimensions.selector(board, name, given, facts[name])
            for name, given in shape.selectors.items()
        )
        for index, block in enumerate(shape.blocks):
            if block.id is not None:
                self.claim(block.id, (*self.path, "blocks", index))
        blocks = [self._block(block, (*self.path, "blocks", i)) for i, block in enumerate(shape.blocks)]
        if not shape.blocks and not self.problems.is_broken(*self.path):
            self.problems.error(
                Code.BLOCK,
                self.path,
                say("the sheet '{board}' has no blocks", board=board),
                remedy=say("Add `blocks:`."),
                key=True,
            )
        return Board(
            board,
            self.labels.of(shape.label, board, self.path),
            self.selectors,
            tuple(b for b in blocks if b is not None),
            self.labels.text(shape.help, (*self.path, "help")),
            shape.renamed_from or "",
        )

    def _facts_by_selector(self, shape: BoardShape) -> dict[str, dict[str, str]]:
        result: dict[str, dict[str, str]] = {}
        for name in shape.selectors:
            following: list[str] = []
            for block in shape.blocks:
                following += _following(block, name)
            result[name] = self.facts(following)
        return result

    # -- blocks -----------------------------------------------------------------------------------

    def _block(self, shape: BlockShape, path: Path) -> Block | None:
        kinds = [kind for kind in KINDS if getattr(shape, kind) is not None]
        if len(kinds) != 1:
            if not (self.problems.is_broken(*path) and not kinds) and not any(
                self.problems.is_broken(*path[: len(path)], kind) for kind in KINDS
            ):
                self.problems.error(
                    Code.BLOCK,
                    path,
                    say("a block is one of ")
                    + ", ".join(KINDS)
                    + (say("; here are {kinds}", kinds=listed(kinds, " and ")) if kinds else ""),
                    remedy=say("Begin another block with `- ` for each.")
                    if kinds
                    else say("Add what it shows."),
                )
            return None
        at = (*path, kinds[0])
        if shape.cards:
            metrics = tuple(
                card.metric
                for i, card in enumerate(shape.cards.metrics)
                if self.known(card.metric, (*at, "metrics", i))
            )
            cards = tuple(
                Card(card.metric, self.ignored((*shape.cards.ignores, *card.ignores), at))
                for card in shape.cards.metrics
                if card.metric in metrics
            )
            if shape.cards.trend is not None:
                self.within(shape.cards.trend, MOST_PERIODS, "trend", at)
            return CardsBlock(
                self.id(shape, "cards", ()),
                cards,
                self.title(shape, shape.cards.title, path),
                shape.cards.trend or 0,
            )
        if shape.kpis:
            if shape.kpis.trend is not None:
                self.within(shape.kpis.trend, MOST_PERIODS, "trend", at)
            return KpiBlock(
                self.id(shape, "kpis", ()),
                self.metrics_of(shape.kpis, at),
                self.title(shape, shape.kpis.title, path),
                self.ignored(shape.kpis.ignores, at),
                shape.kpis.trend or 0,
            )
        if shape.analysis:
            return analysis_block(self, shape, shape.analysis, at)
        if shape.chart:
            return chart_block(self, shape, shape.chart, at)
        if shape.heat:
            return heat_block(self, shape, shape.heat, at)
        if shape.table:
            return table_block(self, shape, shape.table, at)
        if shape.list:
            return list_block(self, shape, shape.list, at)
        if shape.segment:
            return segment_block(self, shape, shape.segment, at)
        if shape.record:
            return record_block(self, shape, shape.record, at)
        text = self.labels.text(shape.note, at)
        return NoteBlock(self.id(shape, "note", ()), text or Label.same(""), self.title(shape, None, path))


def _following(block: BlockShape, selector: str) -> list[str]:
    """The metrics of a block that follow a selector."""
    if block.cards:
        if selector in block.cards.ignores:
            return []
        return [card.metric for card in block.cards.metrics if selector not in card.ignores]
    for shape in (block.chart, block.heat, block.table, block.kpis):
        if shape:
            return [] if selector in shape.ignores else list(_metric_ids(block))
    return []
