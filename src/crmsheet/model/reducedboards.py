"""Boards without the blocks, selectors and figures that need what is gone.

Knows what every kind of block refers to. Does not know what is gone nor why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from crmsheet.model.boards import (
    AnalysisBlock,
    AnalysisType,
    Block,
    Board,
    CardsBlock,
    ChartBlock,
    Dimension,
    HeatBlock,
    KpiBlock,
    ListBlock,
    NoteBlock,
    RecordBlock,
    Selector,
    TableBlock,
)
from crmsheet.model.gone import Gone
from crmsheet.model.spec import FieldType, Model
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class BoardReduction:
    """Makes boards smaller."""

    model: Model
    gone: Gone

    def _paths(self, paths: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((t, p) for t, p in paths if not self.gone.path(t, p))

    def dimension(self, one: Dimension) -> Dimension | None:
        """A dimension that some table still leads to."""
        if self.gone.table(one.table):
            return None
        paths = self._paths(one.paths)
        return replace(one, paths=paths) if paths or not one.paths else None

    def _whole(self, one: Dimension | None) -> bool:
        """Whether every table still leads to it."""
        found = None if one is None else self.dimension(one)
        return one is None or (found is not None and found.paths == one.paths)

    def board(self, board: Board) -> Board:
        """The board with what is left of its selectors and blocks."""
        selectors = tuple(s for one in board.selectors if (s := self._selector(one)) is not None)
        left = {s.id for s in selectors}
        records = {s.table for s in selectors if s.record}
        blocks = []
        for one in board.blocks:
            block = self._block(one, records)
            if block is not None:
                blocks.append(_following(block, left))
        return replace(board, selectors=selectors, blocks=tuple(blocks))

    def _selector(self, one: Selector) -> Selector | None:
        if one.is_period:
            return one
        if self.gone.table(one.table):
            return None
        # Blocks of the tables that it no longer reached would have to say that they ignore it.
        return one if self._paths(one.paths) == one.paths else None

    def _metrics(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(m for m in ids if m not in self.gone.metrics)

    def _block(self, block: Block, records: set[str]) -> Block | None:
        gone = self.gone
        match block:
            case NoteBlock():
                return block
            case CardsBlock():
                cards = tuple(c for c in block.cards if c.metric not in gone.metrics)
                return replace(block, cards=cards) if cards else None
            case KpiBlock():
                kpis = self._metrics(block.metrics)
                return replace(block, metrics=kpis) if kpis else None
            case ChartBlock():
                if not self._whole(block.by) or not self._whole(block.series):
                    return None
                # A chart of fewer series may be of a kind that it cannot be: it goes as a whole.
                return block if self._metrics(block.metrics) == block.metrics else None
            case HeatBlock():
                whole = self._whole(block.by) and self._whole(block.across)
                return block if whole and block.metric not in gone.metrics else None
            case TableBlock():
                left = self._metrics(block.metrics)
                if not left or not self._whole(block.by) or block.sort in gone.metrics:
                    return None
                if block.ranking.share and left != block.metrics:
                    return None
                figures = tuple((m, f) for m, f in block.figures if m in left)
                return replace(block, metrics=left, figures=figures)
            case ListBlock():
                columns = tuple(c for c in block.columns if not gone.path(block.table, c.path))
                sort = block.sort and gone.path(block.table, block.sort)
                if gone.table(block.table) or gone.node(block.where) or not columns:
                    return None
                paths = tuple((s, p) for s, p in block.paths if not gone.path(block.table, p))
                linked = block.link and columns[0] == block.columns[0]
                return replace(
                    block, columns=columns, sort="" if sort else block.sort, paths=paths, link=linked
                )
            case RecordBlock():
                shown = tuple(c for c in block.fields if not gone.path(block.table, c.path))
                return replace(block, fields=shown) if shown and block.table in records else None
            case AnalysisBlock():
                dimensions = (block.entity, *block.by, block.across)
                if not all(self._whole(d) for d in dimensions):
                    return None
                if self._metrics(block.metrics) != block.metrics:
                    return None
                effects = tuple((item, m) for item, m in block.figures if m not in gone.metrics)
                if block.figures and not effects:
                    return None
                kept = replace(block, figures=effects)
                return kept if block.type is not AnalysisType.SLIP or self._promised(block) else None
            case _:
                assert_never(block)

    def _promised(self, block: AnalysisBlock) -> bool:
        """Whether the days that are put off are still there."""
        table = self.model.table(self.model.metric(block.metrics[0]).table)
        dates = (FieldType.DATE, FieldType.DATETIME)
        return any(f.audit and f.type in dates and not self.gone.field(table.id, f.id) for f in table.fields)


def _following(block: Block, selectors: set[str]) -> Block:
    """A block that ignores, and follows, no selectors but those that are left."""

    def left(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(n for n in names if n in selectors)

    match block:
        case CardsBlock():
            return replace(block, cards=tuple(replace(c, ignores=left(c.ignores)) for c in block.cards))
        case ChartBlock() | HeatBlock() | TableBlock() | KpiBlock():
            return replace(block, ignores=left(block.ignores))
        case ListBlock():
            return replace(block, paths=tuple((s, p) for s, p in block.paths if s in selectors))
        case RecordBlock() | AnalysisBlock() | NoteBlock():
            return block
        case _:
            assert_never(block)
