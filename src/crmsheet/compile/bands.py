"""The top of a board: title, links, how fresh the data are, selectors, the window in words, rows without partner.

Knows these rows and the input cells of selectors. Does not know the blocks below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile.board_theme import GRID, MARGIN
from crmsheet.compile.cadence import late_note
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.faces import Face
from crmsheet.compile.forms import escaped
from crmsheet.compile.frame import sheet_name, top_anchor
from crmsheet.compile.metricparts import COMPOSED, parts, tables
from crmsheet.compile.number_formats import currency_sign
from crmsheet.compile.pieces import Context
from crmsheet.compile.records import record_notice
from crmsheet.compile.rowchecks import STATUS
from crmsheet.compile.selectors import chosen, initial_value, options_name
from crmsheet.compile.shorthand import both, call, if_, iso_date, joined, op
from crmsheet.compile.symbols import AS_OF, selector_anchor, selector_column, selector_span
from crmsheet.compile.unmatched import Unmatched
from crmsheet.compile.windows import ROWS, board_windows
from crmsheet.formulas.tree import Area, Column, Name, Node, Spot
from crmsheet.model.boards import (
    AnalysisBlock,
    Board,
    CardsBlock,
    ChartBlock,
    ChartType,
    Dimension,
    Grain,
    HeatBlock,
    KpiBlock,
    ListBlock,
    NoteBlock,
    RecordBlock,
    TableBlock,
)
from crmsheet.model.boards import Block as SpecBlock
from crmsheet.plan.cells import (
    Block,
    CellHighlight,
    CellValidation,
    ErrorStyle,
    PlanCell,
    Role,
    Validation,
    ValidationKind,
)
from crmsheet.structs import dataclass, replace

_TITLE_HEIGHT: Final = 30.0
_LABEL_HEIGHT: Final = 14.0
_INPUT_HEIGHT: Final = 21.0
_WARNING_HEIGHT: Final = 13.0
_GAP: Final = 8.0
_BESIDE: Final = 4
"""Warnings in a row, at most."""
_LINK: Final = 7
_STAMP: Final = 8
_FACTS: Final = 24
"""Grid columns of what stands at the right of the title."""


@dataclass(frozen=True, slots=True)
class Band:
    """The blocks on top of a board, the first row below them, and their rows' heights."""

    blocks: tuple[Block, ...]
    rows: int
    heights: dict[int, float]


def metric_ids(block: SpecBlock) -> tuple[str, ...]:
    """The metrics a block shows."""
    match block:
        case CardsBlock(cards=cards):
            return tuple(card.metric for card in cards)
        case (
            ChartBlock(metrics=metrics)
            | HeatBlock(metrics=metrics)
            | TableBlock(metrics=metrics)
            | KpiBlock(metrics=metrics)
            | AnalysisBlock(metrics=metrics)
        ):
            return metrics
        case ListBlock() | RecordBlock() | NoteBlock():
            return ()


def band(
    context: Context, board: Board, calc: CalcBlock, options: Iterable[Block], lost: Sequence[Unmatched]
) -> Band:
    """`calc` is the board's own hidden block; the rows behind its selectors get the freshness of the data.
    `lost` are the rows without a partner, by table."""
    row = ROWS + len(board.selectors)
    calc.put(row, 0, "newest")
    dated = _dated(context, board)
    newest = calc.put(row, 1, _newest(dated), "yyyy-mm-dd")
    calc.put(row + 1, 0, "problems")
    problems = calc.put(row + 1, 1, _problems(context))

    face = Face(top_anchor(board.id), board.id, GRID)
    left = GRID - _FACTS
    face.put(0, 0, context.text(board.label), theme.TITLE, span=left)
    home = context.model.boards[0]
    if board.id != home.id:
        back = f"→ {sheet_name(context, home.id)}"
        face.put(0, left, back, theme.LINK, span=_LINK, link=top_anchor(home.id))
    guide = sheet_name(context, "guide")
    face.put(0, left + _LINK, f"→ {guide}", theme.LINK, span=_LINK, link=top_anchor("guide"))
    as_of = joined(context.text(words.AS_OF), iso_date(Name(AS_OF)))
    face.put(0, left + 2 * _LINK, as_of, theme.AS_OF, span=_FACTS - 2 * _LINK)
    face.put(1, 0, context.text(board.help) if board.help else None, theme.SUBTITLE, span=left)
    told = joined(context.text(words.FRESH), iso_date(newest))
    fresh: Node | str = if_(op(newest, "=", 0), context.text(words.NO_ROWS), told)
    dot = "  ·  "
    if not dated:
        # Nothing here grows old.
        fresh = dot = ""
    found = if_(op(problems, "=", 0), "", joined(dot, context.text(words.PROBLEMS), problems))
    late = late_note(context, _counted(context, board))
    face.put(1, left, None, theme.STAMP, span=_STAMP, role=Role.STAMP)
    facts = joined(fresh, found, late)
    face.put(1, left + _STAMP, facts, theme.SUBTITLE_RIGHT, span=_FACTS - _STAMP)
    heights = {0: _TITLE_HEIGHT}
    blocks = [replace(face.placed(), column=MARGIN)]
    rows = 2
    if board.selectors:
        blocks.append(replace(_selectors(context, board), row=rows, column=MARGIN))
        heights |= {rows: _LABEL_HEIGHT, rows + 1: _INPUT_HEIGHT}
        rows += 2
    line = _line(context, board, options)
    if line is not None:
        window = Face(f"{board.id}.window", board.id, GRID)
        window.put(0, 0, line, theme.NOTE, span=GRID)
        warns = op(call("LEFT", Spot(window.anchor, 0, 0), 1), "=", words.WARNING)
        window.highlights.append(CellHighlight(0, 0, 0, 0, warns, theme.WARNING_TEXT))
        blocks.append(replace(window.placed(), row=rows, column=MARGIN))
        rows += 1
    if lost:
        warnings = _unmatched(context, board, lost)
        blocks.append(replace(warnings, row=rows, column=MARGIN))
        heights |= dict.fromkeys(range(rows, rows + warnings.rows), _WARNING_HEIGHT)
        rows += warnings.rows
    heights[rows] = _GAP
    return Band(tuple(blocks), rows + 1, heights)


def _selectors(context: Context, board: Board) -> Block:
    """Labels above the cells in which people choose."""
    face = Face(selector_anchor(board.id), board.id, selector_column(board, len(board.selectors)))
    for index, selector in enumerate(board.selectors):
        column = selector_column(board, index)
        width = selector_span(selector) - 1
        face.put(0, column, context.text(selector.label), theme.SELECTOR_LABEL, span=width)
        face.put(1, column, None, theme.SELECTOR_INPUT, span=width, role=Role.INPUT)
        face.cells[-1] = PlanCell(
            1,
            column,
            initial_value(context, board, selector),
            style=theme.SELECTOR_INPUT,
            role=Role.INPUT,
            holds=f"selectors.{board.id}.{selector.id}",
        )
        rule = Validation(
            ValidationKind.LIST,
            Name(options_name(board, selector)),
            prompt_title=context.text(selector.label)[:32],
            prompt=context.text(words.CHOOSE_RECORD if selector.record else words.CHOOSE),
            error_title=context.text(words.CHOOSE_TITLE),
            error=context.text(words.CHOOSE_PART if selector.record else words.CHOOSE_ERROR),
            error_style=ErrorStyle.INFORMATION if selector.record else ErrorStyle.STOP,
        )
        face.validations.append(CellValidation(1, column, 1, column, rule))
    return face.placed()


def _line(context: Context, board: Board, options: Iterable[Block]) -> Node | None:
    """The window in words; before it, the choice that there is not."""
    sizes = {block.anchor: block.rows for block in options}
    timed = any(
        part.metric.time
        for block in board.blocks
        if _windowed(board, block)
        for part in parts(context.model, metric_ids(block))
        if part.kind not in COMPOSED
    )
    text: Node | None = None
    if timed:
        windows = board_windows(board)
        versus = if_(
            op(windows.previous_span, "=", ""),
            "",
            joined(context.text(words.VERSUS), windows.previous_span),
        )
        opening, closing = ("（", "）") if context.language.value == "zh" else (" (", ")")
        text = joined(context.text(words.WINDOW), windows.name, opening, windows.span, closing, versus)
    for selector in board.selectors:
        anchor = f"options.{board.id}.{selector.id}"
        if anchor not in sizes:
            continue
        if selector.record:
            notice = record_notice(board, selector)
            text = if_(op(notice, "=", ""), text if text is not None else "", notice)
            continue
        one = chosen(board, selector)
        among = Area(anchor, 0, 0, sizes[anchor] - 1, 0)
        unknown = both(op(one.mode, "=", 2), call("ISNA", call("MATCH", escaped(one.value), among, 0)))
        warning = joined(words.WARNING + " ", context.text(words.UNKNOWN_CHOICE), one.value)
        text = if_(unknown, warning, text if text is not None else "")
    return text


def _windowed(board: Board, block: SpecBlock) -> bool:
    """Whether the board's window says what a block shows. Analyses and what refreshes wrote down have times of
    their own; so have months side by side, unless a period is chosen: they end with it."""
    chosen_period = any(selector.is_period for selector in board.selectors)
    match block:
        case AnalysisBlock() | ChartBlock(type=ChartType.HISTORY):
            return False
        case ChartBlock(by=Dimension(grain=Grain())) | TableBlock(by=Dimension(grain=Grain())):
            return chosen_period
        case HeatBlock(by=by, across=across) if by.grain or across.grain:
            return chosen_period
        case _:
            return True


def _unmatched(context: Context, board: Board, lost: Sequence[Unmatched]) -> Block:
    """A cell for each table, blank while all of its rows find their partners; it leads to the entry sheet."""
    beside = max(2, min(_BESIDE, len(lost)))
    face = Face(f"{board.id}.band.unmatched", board.id, GRID)
    sign = currency_sign(context)
    for index, one in enumerate(lost):
        name = sheet_name(context, one.table)
        text = joined(
            f"→ {name}", context.text(words.UNMATCHED), one.count, context.text(words.UNMATCHED_UNIT)
        )
        if one.amount is not None:
            text = joined(text, f" · {sign}", call("TEXT", one.amount, "#,##0"))
        row, column = divmod(index, beside)
        face.put(
            row,
            column * (GRID // beside),
            if_(op(one.count, "=", 0), "", text),
            theme.WARNING_LINK,
            span=GRID // beside,
            link=top_anchor(one.table),
        )
    return face.placed()


def _counted(context: Context, board: Board) -> frozenset[str]:
    """The tables whose rows a board counts or lists."""
    shown = [m for block in board.blocks for m in metric_ids(block)]
    listed = {b.table for b in board.blocks if isinstance(b, ListBlock)}
    return frozenset(listed | {table for metric in shown for table in tables(context.model, metric)})


def _dated(context: Context, board: Board) -> tuple[Column, ...]:
    """The dates by which the numbers and rows on a board are counted."""
    columns = {
        (part.metric.table, part.metric.time)
        for block in board.blocks
        for part in parts(context.model, metric_ids(block))
        if part.kind not in COMPOSED and part.metric.time
    }
    listed = {b.table for b in board.blocks if isinstance(b, ListBlock)}
    columns |= {(m.table, m.time) for m in context.model.metrics if m.table in listed and m.time}
    return tuple(Column(*c) for c in sorted(columns))


def _newest(dated: Sequence[Column]) -> Node | float:
    """The newest date, up to the as-of date."""
    upto = op("<=", "&", Name(AS_OF))
    dates = [call("MAXIFS", column, column, upto) for column in dated]
    return call("MAX", *dates) if dates else 0


def _problems(context: Context) -> Node | float:
    """How many rows of all tables have something to say in their status column."""
    counts = [call("COUNTIF", Column(t.id, STATUS), "?*") for t in context.model.tables]
    total: Node | float = 0
    for count in counts:
        total = count if total == 0 else op(total, "+", count)
    return total
