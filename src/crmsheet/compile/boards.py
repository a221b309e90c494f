"""Boards: a sheet each, and the hidden sheet `_calc` behind them.

Knows the kinds of blocks and how contributions add up. Does not know any kind from inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, assert_never

from crmsheet.compile import board_theme as theme
from crmsheet.compile import theme as book_theme
from crmsheet.compile.bands import band, metric_ids
from crmsheet.compile.board_theme import GRID, GRID_WIDTH
from crmsheet.compile.calc import SHEET, CalcBlock, calc_anchor, stacked
from crmsheet.compile.columns import extra_columns
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.frame import footer, sheet_name
from crmsheet.compile.layout import Widget, drawn, grid_widths, laid_out, pages, widths
from crmsheet.compile.pieces import Context, Pieces, Rows
from crmsheet.compile.selectors import fill_criteria, option_blocks
from crmsheet.compile.symbols import DAY
from crmsheet.compile.theme import wrapped_lines
from crmsheet.compile.unmatched import unmatched
from crmsheet.compile.windows import fill_board_windows, windows_block, windows_name
from crmsheet.formulas.tree import Node, columns_named
from crmsheet.model.boards import (
    AnalysisBlock,
    AnalysisType,
    Board,
    CardsBlock,
    ChartBlock,
    HeatBlock,
    KpiBlock,
    ListBlock,
    NoteBlock,
    RecordBlock,
    TableBlock,
)
from crmsheet.model.boards import Block as SpecBlock
from crmsheet.model.history import Series, SeriesKey
from crmsheet.plan.book import ColumnWidth, PlanSheet, PrintSetup, SheetKind
from crmsheet.plan.cells import Block, parted
from crmsheet.structs import replace

_LINE: Final = 18.0
_LANDSCAPE_ROWS: Final = 38
"""Longer boards print upright: more of them stands on a page."""
_PAGE_ROWS: Final = 100
"""Up to so many fit one page in readable type; no chart is cut by the page's end."""
_PAGE_POINTS: Final = 1290.0
"""A page of A4 upright, as wide as the grid, holds rows of so many points."""
_CALC_WIDTH: Final = 14.0
_CALC_COLUMNS: Final = 40


def compiled_boards(context: Context) -> Pieces:
    """The sheets of all boards, what they compute from, and the hidden columns they need."""
    if not context.model.boards:
        return Pieces()
    pieces = Pieces()
    calc: list[Block] = [windows_block(context)]
    named: set[tuple[str, str]] = set()
    for board in context.model.boards:
        own, behind, columns = _board(context, board)
        pieces += own
        calc += behind
        named |= columns
    day = CalcBlock(DAY)
    day.put(0, 0, context.as_of, snapshot=True)
    calc.append(day.placed())
    hidden = Pieces(sheets=(_calc_sheet(),), blocks=stacked(calc), names=(windows_name(),))
    pieces += hidden
    return Pieces(
        pieces.sheets,
        pieces.tables,
        pieces.blocks,
        pieces.charts,
        pieces.names,
        extra_columns(context.model, named, pieces.extras),
        pieces.findings,
        pieces.fillings,
        pieces.column_fillings,
    )


def _board(context: Context, board: Board) -> tuple[Pieces, tuple[Block, ...], set[tuple[str, str]]]:
    """A board's sheet with its blocks in place, its hidden blocks, and the columns that their formulas name."""
    own = CalcBlock(calc_anchor(board.id))
    fill_board_windows(context, board, own)
    criteria = fill_criteria(context, board, own)
    options, option_names = option_blocks(context, board)
    widgets = [
        replace(_widget(context, board, block, width), width=laid)
        for block, width, laid in zip(board.blocks, drawn(board), widths(board), strict=True)
    ]
    extras = tuple(chain.from_iterable(w.extras for w in widgets))
    shown = tuple(chain.from_iterable(metric_ids(block) for block in board.blocks))
    named = columns_named(_trees(chain.from_iterable((*w.blocks, *w.calc) for w in widgets)))
    lost, lost_calc = unmatched(context, board, named, extras, shown)
    top = band(context, board, own, options, lost)
    laid = laid_out(widgets, top.rows, top.heights)
    sheet = PlanSheet(
        board.id,
        sheet_name(context, board.id),
        SheetKind.BOARD,
        tab_color=book_theme.TAB_COLORS[SheetKind.BOARD],
        freeze_row=top.rows,
        widths=grid_widths(GRID_WIDTH),
        heights=laid.heights,
        gridlines=False,
        protected=True,
        print_setup=PrintSetup(
            landscape=laid.rows <= _LANDSCAPE_ROWS,
            fit_width=1,
            fit_height=1 if laid.rows <= _PAGE_ROWS else 0,
            # Each page says what it is and as of when.
            repeat_first=0,
            repeat_last=0,
            footer=footer(context),
            parts=pages(laid, _PAGE_POINTS) if laid.rows > _PAGE_ROWS else (),
        ),
    )
    pieces = Pieces(
        sheets=(sheet,),
        blocks=top.blocks + laid.blocks,
        charts=laid.charts,
        names=criteria + option_names,
        extras=extras,
        findings=tuple(chain.from_iterable(w.findings for w in widgets)),
        fillings=tuple(chain.from_iterable(w.fillings for w in widgets)),
    )
    named |= columns_named(_trees((*top.blocks, own.placed(), *options, *lost_calc)))
    behind = chain.from_iterable(w.calc for w in widgets)
    return pieces, (own.placed(), *options, *behind, *lost_calc), named


def _widget(context: Context, board: Board, block: SpecBlock, width: int) -> Widget:
    match block:
        case CardsBlock():
            from crmsheet.compile.cards import cards_widget

            return cards_widget(context, board, block)
        case ChartBlock():
            from crmsheet.compile.charts import chart_widget

            return chart_widget(context, board, block, width)
        case HeatBlock():
            from crmsheet.compile.heat import heat_widget

            return heat_widget(context, board, block)
        case TableBlock():
            from crmsheet.compile.tables_by import table_widget

            return table_widget(context, board, block, width)
        case ListBlock():
            from crmsheet.compile.rowlists import list_widget

            return list_widget(context, board, block)
        case RecordBlock():
            from crmsheet.compile.recordblocks import record_widget

            return record_widget(context, board, block)
        case KpiBlock():
            from crmsheet.compile.kpis import kpi_widget

            return kpi_widget(context, board, block)
        case AnalysisBlock():
            from crmsheet.compile.analyses import analysis_widget

            return analysis_widget(context, board, block)
        case NoteBlock():
            return _note(context, board, block)
        case _:
            assert_never(block)


def _note(context: Context, board: Board, block: NoteBlock) -> Widget:
    """A text across the whole grid, below its title if it has one."""
    text = context.text(block.text)
    face = Face(face_anchor(board.id, block.id), board.id, GRID)
    if block.title is not None:
        face.title(context.text(block.title))
    row = face.rows
    face.put(row, 0, text, theme.NOTE_WRAPPED, span=GRID)
    height = _LINE * wrapped_lines(text, GRID * GRID_WIDTH)
    return Widget(GRID, face.rows, (face.placed(),), heights={row: height})


def _calc_sheet() -> PlanSheet:
    return PlanSheet(
        SHEET,
        SHEET,
        SheetKind.CALC,
        hidden=True,
        tab_color=book_theme.TAB_COLORS[SheetKind.CALC],
        widths=(ColumnWidth(0, _CALC_COLUMNS, _CALC_WIDTH),),
    )


def _trees(blocks: Iterable[Block]) -> Iterator[Node]:
    for block in blocks:
        single, families = parted(block.cells)
        yield from (cell.formula for cell in single if cell.formula is not None)
        # The cells in their holes name no columns.
        yield from (family.pattern.tree for family in families)


def foretold(context: Context, rows: Rows) -> Mapping[SeriesKey, Series]:
    """What is expected today of months to come, where a board says so."""
    kinds = (AnalysisType.FORECAST, AnalysisType.FORECAST_ACCURACY)
    blocks = (block for board in context.model.boards for block in board.blocks)
    if context.model.history is None or not any(
        isinstance(b, AnalysisBlock) and b.type in kinds for b in blocks
    ):
        return {}
    from crmsheet.compile.analyses.foretelling import forecasts

    return forecasts(context, rows)
