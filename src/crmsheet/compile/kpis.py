"""Indicator tables: a row a metric with value, comparison, target, status, sample and definition.

Knows the columns. Does not know how the numbers come about (`measures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile import number_formats as formats
from crmsheet.compile.board_theme import GRID, with_format
from crmsheet.compile.calc import CalcBlock, Content, calc_anchor
from crmsheet.compile.faces import Face, face_anchor, number_or_dash
from crmsheet.compile.layout import Widget
from crmsheet.compile.measures import (
    Measured,
    Wanted,
    dear_metrics,
    definition,
    measured,
    scope_note,
    shown_change,
)
from crmsheet.compile.metricparts import is_stock
from crmsheet.compile.number_formats import change_format, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import if_, joined, op
from crmsheet.compile.symbols import glossary_anchor
from crmsheet.compile.trends import trends
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import Board, KpiBlock
from crmsheet.model.words import Label
from crmsheet.plan.cells import CellHighlight, CellLine
from crmsheet.plan.looks import Style

_Column: TypeAlias = tuple[Label, int, Style]
_COLUMNS: Final[tuple[_Column, ...]] = (
    (words.INDICATOR, 8, theme.HEAD),
    (words.VALUE, 5, theme.HEAD_RIGHT),
    (words.PREVIOUS, 5, theme.HEAD_RIGHT),
    (words.CHANGE, 4, theme.HEAD_RIGHT),
    (words.TARGET, 5, theme.HEAD_RIGHT),
    (words.ATTAINMENT, 3, theme.HEAD_RIGHT),
    (words.STATUS, 4, theme.HEAD_CENTER),
    (words.SAMPLE, 3, theme.HEAD_RIGHT),
    (words.DEFINITION, 11, theme.HEAD),
)
_WITH_TREND: Final[tuple[_Column, ...]] = (
    (words.INDICATOR, 7, theme.HEAD),
    *_COLUMNS[1:-1],
    (words.COURSE, 4, theme.HEAD_CENTER),
    (words.DEFINITION, 8, theme.HEAD),
)
_TREND_HEIGHT: Final = 36.0
_HEAD_HEIGHT: Final = 24.0
_ROW_HEIGHT: Final = 27.0


def kpi_widget(context: Context, board: Board, block: KpiBlock) -> Widget:
    calc = CalcBlock(calc_anchor(board.id, block.id))
    wanted = [Wanted(m, block.ignores) for m in block.metrics]
    numbers = measured(context, board, calc, wanted)
    face = Face(face_anchor(board.id, block.id), board.id, GRID)
    title = block.title.text(context.language) if block.title is not None else context.text(words.INDICATOR)
    courses = trends(context, board, block, wanted)
    columns = _WITH_TREND if courses.areas else _COLUMNS
    column = 0
    for label, span, style in columns:
        face.put(1, column, context.text(label), style, span=span)
        column += span
    heights = {1: _HEAD_HEIGHT}
    for index, one in enumerate(numbers):
        _row(context, face, one, 2 + index, columns)
        heights[2 + index] = _TREND_HEIGHT if courses.areas else _ROW_HEIGHT
        if index in courses.areas:
            at = _left(columns, words.COURSE)
            face.sparklines.append(CellLine(2 + index, at, courses.areas[index], theme.ACCENT))
    last = 2 + len(numbers)
    statuses = (
        (words.ON_TRACK, theme.GOOD),
        (words.IMPROVING, theme.GOOD),
        (words.WATCH, theme.WARN),
        (words.BEHIND, theme.BAD),
        (words.WORSENING, theme.BAD),
    )
    status = _left(columns, words.STATUS)
    for label, look in statuses:
        holds = op(Spot(face.anchor, 2, status), "=", context.text(label))
        face.highlights.append(CellHighlight(2, status, last - 1, status, holds, look))
    face.heading(title, scope_note(context, board, block.metrics, block.ignores), last)
    return Widget(
        GRID,
        face.rows,
        (face.placed(),),
        heights=heights,
        calc=(calc.placed(), *courses.blocks),
        findings=dear_metrics(context, board, wanted) + courses.findings,
    )


def _left(columns: Sequence[_Column], wanted: Label) -> int:
    """The grid column where a column begins."""
    at = 0
    for label, span, _ in columns:
        if label is wanted:
            return at
        at += span
    raise ValueError(f"no column {wanted.en}")


def _row(context: Context, face: Face, one: Measured, row: int, columns: Sequence[_Column]) -> None:
    code = metric_format(context, one.metric)
    change = change_format(context, one.metric)
    # What a metric cannot have stays empty; a dash says that it has none now.
    stock, aimed = is_stock(context.model, one.metric.id), one.metric.target is not None
    about = definition(context, one.metric.id)
    before, behind = map(context.text, (words.REASON_BEFORE, words.REASON_BEHIND))
    course: tuple[tuple[Content, Style], ...] = (
        ((None, theme.ROW_CENTER),) if len(columns) > len(_COLUMNS) else ()
    )
    cells: tuple[tuple[Content, Style], ...] = (
        (context.text(one.metric.label), theme.ROW_LABEL_BOLD),
        (number_or_dash(one.value), with_format(theme.ROW_FIGURE_BOLD, code)),
        (None if stock else number_or_dash(one.previous), with_format(theme.ROW_FIGURE, code)),
        (None if stock else shown_change(context, one), with_format(theme.ROW_FIGURE, change)),
        (number_or_dash(one.target) if aimed else None, with_format(theme.ROW_FIGURE, code)),
        (
            number_or_dash(one.attainment) if aimed else None,
            with_format(theme.ROW_FIGURE, formats.ATTAINMENT),
        ),
        (one.status, theme.ROW_CENTER),
        (number_or_dash(one.n) if one.n is not None else None, with_format(theme.ROW_FIGURE, formats.COUNT)),
        *course,
        (if_(op(one.reason, "=", ""), about, joined(before, one.reason, behind, about)), theme.ROW_SMALL),
    )
    column = 0
    for (content, style), (_label, span, _head) in zip(cells, columns, strict=True):
        link = glossary_anchor(one.metric.id) if column == 0 else ""
        face.put(row, column, content, style, span=span, link=link)
        column += span
