"""The chosen row of a table on a board: its fields as labels and values, side by side.

Knows how labels and values are laid out. Does not know how the row is chosen (`records`).
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile import theme as book_theme
from crmsheet.compile.board_theme import GRID, GRID_WIDTH, with_format
from crmsheet.compile.columns import path_field
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.layout import Widget
from crmsheet.compile.number_formats import field_format
from crmsheet.compile.pieces import Context
from crmsheet.compile.records import chosen_key, chosen_place, record_selector
from crmsheet.compile.rowlists import in_words
from crmsheet.compile.shorthand import call, if_, joined, op
from crmsheet.formulas.tree import Column
from crmsheet.model.boards import Board, ListColumn, RecordBlock
from crmsheet.model.spec import Field, FieldType
from crmsheet.plan.looks import Style

_FEW: Final = 6
"""So many short fields stand in two columns, more in three."""
_LABEL: Final = (5, 7)
"""Grid columns of labels at least and at most."""
_LONG_HEIGHT: Final = 36.0
_GAP: Final = 1


def record_widget(context: Context, board: Board, block: RecordBlock) -> Widget:
    """Short fields in two or three columns, long texts below them across the whole width."""
    selector = record_selector(board, block.table)
    assert selector is not None
    face = Face(face_anchor(board.id, block.id), board.id, GRID)
    label = block.title if block.title is not None else context.model.table(block.table).label
    face.title(joined(context.text(label), "  ", chosen_key(board, selector)))
    fields = [(shown, path_field(context.model, block.table, shown.path)) for shown in block.fields]
    short = [pair for pair in fields if not _is_long(pair[1])]
    long = [pair for pair in fields if _is_long(pair[1])]
    columns = 2 if len(short) <= _FEW else 3
    rows = -(-len(short) // columns)
    width = GRID // columns
    span = _label_span(context, block)
    for index, (shown, field) in enumerate(short):
        # Read downwards, as on a form.
        column, row = divmod(index, rows)
        gap = _GAP if column < columns - 1 else 0
        _pair(context, board, block, face, (1 + row, column * width, width - gap), span, shown, field)
    heights: dict[int, float] = {}
    for index, (shown, field) in enumerate(long):
        row = 1 + rows + index
        _pair(context, board, block, face, (row, 0, GRID), span, shown, field)
        heights[row] = _LONG_HEIGHT
    return Widget(GRID, face.rows, (face.placed(),), heights=heights)


def _label_span(context: Context, block: RecordBlock) -> int:
    """Grid columns of the labels, alike for all."""
    widest = max((book_theme.text_width(context.text(f.label)) for f in block.fields), default=0)
    least, most = _LABEL
    return max(least, min(most, int(widest / GRID_WIDTH) + 1))


def _is_long(field: Field) -> bool:
    kind = field.result if field.type.computed else field.type
    return kind is FieldType.LONG_TEXT


def _pair(
    context: Context,
    board: Board,
    block: RecordBlock,
    face: Face,
    place: tuple[int, int, int],
    span: int,
    shown: ListColumn,
    field: Field,
) -> None:
    """A label and its value; `place` is row, left column and width."""
    row, left, width = place
    selector = record_selector(board, block.table)
    assert selector is not None
    at = chosen_place(board, selector)
    found = call("INDEX", Column(block.table, shown.path), at)
    value = if_(
        op(at, "=", ""), words.DASH, if_(op(found, "=", ""), words.DASH, in_words(context, field, found))
    )
    face.put(row, left, context.text(shown.label), theme.FACT_LABEL, span=span)
    face.put(row, left + span, value, _style(context, field), span=width - span)


def _style(context: Context, field: Field) -> Style:
    """Values stand at the left, whatever they are: they belong to their labels, not to a column."""
    code = field_format(context, field)
    return with_format(theme.FACT_TEXT if _is_long(field) else theme.ROW_LABEL, "" if code == "@" else code)
