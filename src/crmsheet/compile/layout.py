"""Where a board's blocks stand: a grid of narrow columns, filled shelf by shelf.

Knows how wide each kind of block is, how charts are grouped, and how blocks are moved to their place.
Does not know what blocks show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.compile.board_theme import GRID, MARGIN, ROW_HEIGHT
from crmsheet.compile.pieces import ExtraColumn, Filling
from crmsheet.diagnostics import Diagnostic
from crmsheet.model.boards import Block as SpecBlock
from crmsheet.model.boards import Board, ChartBlock, TableBlock
from crmsheet.plan.book import ColumnWidth, RowHeight
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import PlanChart
from crmsheet.structs import dataclass, field, replace

HALF: Final = GRID // 2
THIRD: Final = GRID // 3
_HALF_METRICS: Final = 4
"""A table of so many metrics fits half the grid."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One block of a board at the top left of the sheet, with all that belongs to it.

    `heights` are of rows that are not of the usual height; `calc` are blocks of the hidden sheet.
    """

    width: int
    rows: int
    blocks: tuple[Block, ...]
    charts: tuple[PlanChart, ...] = ()
    heights: Mapping[int, float] = field(default_factory=dict)
    calc: tuple[Block, ...] = ()
    extras: tuple[ExtraColumn, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    fillings: tuple[tuple[str, Filling], ...] = ()


def widths(board: Board) -> tuple[int, ...]:
    """The width of each block of a board in grid columns."""
    result: list[int] = []
    blocks = board.blocks
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if isinstance(block, ChartBlock):
            run = _run(blocks, index)
            result += _chart_widths(run, _is_half(blocks, index + run) or _is_half(blocks, index - 1))
            index += run
            continue
        result.append(HALF if _is_half(blocks, index) else GRID)
        index += 1
    return _lone_halves_widened(tuple(result), blocks)


def drawn(board: Board) -> tuple[int, ...]:
    """The grid columns that each block fills: a table with a neighbour at its right leaves one between them."""
    laid = widths(board)
    result: list[int] = []
    used = 0
    for index, width in enumerate(laid):
        used = width if used + width > GRID else used + width
        beside = index + 1 < len(laid) and used + laid[index + 1] <= GRID
        result.append(width - 1 if beside and isinstance(board.blocks[index], TableBlock) else width)
    return tuple(result)


def _run(blocks: Sequence[SpecBlock], start: int) -> int:
    """How many charts stand one behind the other."""
    end = start
    while end < len(blocks) and isinstance(blocks[end], ChartBlock):
        end += 1
    return end - start


def _is_half(blocks: Sequence[SpecBlock], index: int) -> bool:
    block = blocks[index] if 0 <= index < len(blocks) else None
    return isinstance(block, TableBlock) and block.width <= _HALF_METRICS


def _chart_widths(count: int, beside_table: bool) -> list[int]:
    """Two a row; three where they would leave one alone."""
    if count == 1:
        return [HALF if beside_table else GRID]
    if count % 2 and not beside_table:
        return [THIRD] * 3 + [HALF] * (count - 3)
    return [HALF] * count


def _lone_halves_widened(found: tuple[int, ...], blocks: Sequence[SpecBlock]) -> tuple[int, ...]:
    """A table that stands alone on its shelf takes all of it."""
    result = list(found)
    used = 0
    for index, width in enumerate(found):
        used = width if used + width > GRID else used + width
        alone = used == width and (index + 1 == len(found) or width + found[index + 1] > GRID)
        if alone and width == HALF and isinstance(blocks[index], TableBlock):
            result[index] = GRID
            used = GRID
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Laid:
    """Blocks and charts in their places, and the heights of all rows."""

    blocks: tuple[Block, ...]
    charts: tuple[PlanChart, ...]
    heights: tuple[RowHeight, ...]
    rows: int
    shelves: tuple[int, ...]
    """The first row of each shelf."""


def laid_out(widgets: Sequence[Widget], top: int, above: Mapping[int, float]) -> Laid:
    """Widgets on shelves from row `top` on; `above` are the heights of the rows before."""
    blocks: list[Block] = []
    charts: list[PlanChart] = []
    heights = dict(above)
    row, column, tallest = top, 0, 0
    shelves = [top]
    for widget in widgets:
        if column and column + widget.width > GRID:
            row, column, tallest = row + tallest + 1, 0, 0
            shelves.append(row)
        right = MARGIN + column
        blocks += [replace(b, row=b.row + row, column=b.column + right) for b in widget.blocks]
        charts += [replace(c, row=c.row + row, column=c.column + right) for c in widget.charts]
        for offset, height in widget.heights.items():
            # Of neighbours the one that needs most.
            heights[row + offset] = max(height, heights.get(row + offset, 0.0))
        column += widget.width
        tallest = max(tallest, widget.rows)
    last = row + tallest
    return Laid(tuple(blocks), tuple(charts), _ranges(heights, last), last, tuple(shelves))


def pages(laid: Laid, height: float) -> tuple[tuple[int, int], ...]:
    """First and last row of each page of so many points: whole shelves, as many as it holds."""
    tall = [0.0] * (laid.rows + 1)
    for rows in laid.heights:
        tall[rows.first : rows.last + 1] = [rows.height] * (rows.last + 1 - rows.first)
    found: list[tuple[int, int]] = []
    first, end = 0, laid.rows + 1
    for shelf, after in zip(laid.shelves, (*laid.shelves[1:], end), strict=True):
        # Each page but the first repeats the title.
        used = sum(tall[first:after]) + (tall[0] if first else 0.0)
        if used > height and shelf != laid.shelves[0] and shelf > first:
            found.append((first, shelf - 1))
            first = shelf
    return (*found, (first, end - 1))


def _ranges(heights: Mapping[int, float], last: int) -> tuple[RowHeight, ...]:
    result: list[RowHeight] = []
    for row in range(last + 1):
        height = heights.get(row, ROW_HEIGHT)
        if result and result[-1].height == height:
            result[-1] = replace(result[-1], last=row)
        else:
            result.append(RowHeight(row, row, height))
    return tuple(result)


def grid_widths(width: float) -> tuple[ColumnWidth, ...]:
    return (ColumnWidth(0, MARGIN - 1, 1.5), ColumnWidth(MARGIN, MARGIN + GRID - 1, width))
