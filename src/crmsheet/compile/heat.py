"""Heat maps: a metric by two dimensions, in cells coloured by their value.

Knows the cells on the grid and the scale of colours. Does not know how the numbers come about (`matrix`).
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words
from crmsheet.compile.board_theme import GRID, with_format
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.charting import words
from crmsheet.compile.charting.plots import axis_unit, never_negative, room, shown_values
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.layout import Widget
from crmsheet.compile.live import missing_numbers, snapshot_note, within_budget
from crmsheet.compile.matrix import Matrix, MatrixRequest, Side, matrix
from crmsheet.compile.measures import definition, ignored_note
from crmsheet.compile.number_formats import Shown, metric_format, plain_zero
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import if_, is_number, iso_date, joined, op
from crmsheet.compile.symbols import AS_OF
from crmsheet.compile.theme import WHITE
from crmsheet.formulas.patterns import Pattern, holes
from crmsheet.formulas.tree import Name, Node, Spot
from crmsheet.model.boards import Board, HeatBlock
from crmsheet.model.words import Language
from crmsheet.plan.cells import Beside, CellHighlight, Family, Hole
from crmsheet.plan.looks import Border, Highlight
from crmsheet.structs import replace

_MOST_ROWS: Final = 20
_MOST_COLUMNS: Final = 12
_FIRST: Final = 2
_HEAD_HEIGHT: Final = 30.0
_LABEL: Final = 9
_NARROW: Final = 3
_WIDE: Final = 5
SCALE: Final = ("F7FBFF", "C6DBEF", "6BAED6")
"""One hue from pale to strong, dark text readable on all of it, and on grey paper as well."""
_FROM_ZERO: Final = (SCALE[0], SCALE[-1])
"""Of what may be below 0: nothing is as pale as can be, whatever else there is."""
_CELL: Final = replace(theme.ROW_CENTER, size=9)


def heat_widget(context: Context, board: Board, block: HeatBlock) -> Widget:
    numbers = _numbers(context, board, block)
    span = max(_NARROW, min(_WIDE, (GRID - _LABEL) // numbers.columns))
    label = min(_LABEL + 3, GRID - span * numbers.columns)
    face = Face(face_anchor(board.id, block.id), board.id, label + span * numbers.columns)
    metric = context.model.metric(block.metric)
    # Without its line, which would stand above columns that have no heads.
    face.put(0, 0, _title(context, block), replace(theme.BLOCK_TITLE, border=Border.NONE), span=GRID)
    face.put(1, 0, context.text(block.by.label), theme.HEAD, span=label)
    for j in range(numbers.columns):
        face.put(1, label + j * span, numbers.shown_head(j), theme.HEAD_CENTER, span=span)
    style = with_format(_CELL, plain_zero(metric_format(context, metric, Shown.AXIS)))
    for k in range(numbers.rows):
        face.put(_FIRST + k, 0, numbers.label(k), theme.ROW_LABEL, span=label)
    face.put_all(replace(_shown(numbers), row=_FIRST, column=label, step=span, style=style))
    last = _FIRST + numbers.rows - 1
    scale = SCALE if never_negative(context.model, metric) else _FROM_ZERO
    face.highlights.append(CellHighlight(_FIRST, label, last, face.columns - 1, None, scale=scale))
    if scale == _FROM_ZERO:
        below = op(Spot(face.anchor, _FIRST, label), "<", 0)
        face.highlights.append(CellHighlight(_FIRST, label, last, face.columns - 1, below, theme.BAD_TEXT))
    empty_head = op(Spot(face.anchor, 1, label), "=", "")
    face.highlights.append(CellHighlight(1, label, 1, face.columns - 1, empty_head, Highlight(fill=WHITE)))
    nothing = op(Spot(face.anchor, _FIRST, label), "=", "")
    face.highlights.append(CellHighlight(_FIRST, label, last, face.columns - 1, nothing, theme.EMPTY_ROW))
    face.mark_rows(_FIRST, last, "", theme.EMPTY_ROW)
    face.mark_rows(_FIRST, last, context.text(board_words.OTHER), theme.OTHER_ROW)
    # The title and the note reach further than the numbers.
    face.columns = GRID
    face.note(last + 1, _note(context, board, block, numbers), long=True)
    calc, findings = within_budget(context, board, block.id, numbers.block, numbers.pairs)
    findings += missing_numbers(context, board, block.id, block.metrics, block.by)
    return Widget(
        GRID,
        face.rows,
        (face.placed(),),
        heights={1: _HEAD_HEIGHT, last + 1: theme.LONG_NOTE},
        calc=(calc, *numbers.behind),
        findings=findings,
    )


def _shown(numbers: Matrix) -> Family:
    """The numbers as the map shows them: none where no value has a row or column, a dash where there is no number."""
    rows, columns = range(numbers.rows), range(numbers.columns)
    shown = (
        Hole(tuple([numbers.label(k) for k in rows]), down=1),
        Hole(tuple([numbers.shown_head(j) for j in columns]), across=1),
        Beside(numbers.spot(0, 0), numbers.step),
    )
    return Family(_NUMBER, shown, 0, 0, numbers.rows, numbers.columns)


def _number() -> Pattern:
    label, head, value = holes(3)
    number = if_(is_number(value), value, board_words.DASH)
    return Pattern(if_(op(label, "=", ""), "", if_(op(head, "=", ""), "", number)))


_NUMBER: Final = _number()


def _numbers(context: Context, board: Board, block: HeatBlock) -> Matrix:
    anchor = calc_anchor(board.id, block.id)
    limit = Name(block.top) if isinstance(block.top, str) else None
    top = room(context.model, block.top) if isinstance(block.top, str) else block.top
    rows = shown_values(context, f"{anchor}.rows", block.by, top, _MOST_ROWS)
    columns = shown_values(context, f"{anchor}.columns", block.across, None, _MOST_COLUMNS)
    request = MatrixRequest(
        anchor,
        block.metric,
        Side(block.by, rows, limit),
        Side(block.across, columns),
        block.last,
        block.ignores,
    )
    return matrix(context, board, request)


def _title(context: Context, block: HeatBlock) -> str:
    metric = context.model.metric(block.metric)
    if block.title is not None:
        text = context.text(block.title)
    else:
        text = f"{context.text(metric.label)} · {context.text(block.by.label)} × {context.text(block.across.label)}"
    unit = axis_unit(context, metric)
    if not unit:
        return text
    return f"{text} ({unit})" if context.language is Language.EN else f"{text}（{unit}）"


def _note(context: Context, board: Board, block: HeatBlock, numbers: Matrix) -> Node:
    as_of = joined(context.text(words.AS_OF), iso_date(Name(AS_OF)))
    return joined(
        definition(context, block.metric),
        words.DOT,
        numbers.span,
        words.DOT,
        as_of,
        ignored_note(context, board, block.metrics, block.ignores),
        snapshot_note(context, numbers.pairs),
    )
