"""Board tables: metrics by a dimension or by periods.

Knows the columns of such a table on the grid. Does not know how its numbers come about (`grids`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.charting import words as charting_words
from crmsheet.compile.dimensions import values
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.grids import FIXED, Grid, GridRequest, grid
from crmsheet.compile.layout import Widget
from crmsheet.compile.live import BUDGET, missing_numbers, snapshot, snapshot_note, within_budget
from crmsheet.compile.measures import ignored_note, scope_note
from crmsheet.compile.number_formats import metric_format
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import call, if_, is_number, joined, op
from crmsheet.compile.tablecolumns import TableColumn, TableColumns, colours, table_columns
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.model.boards import Board, Ranking, TableBlock
from crmsheet.plan.cells import Block, CellHighlight
from crmsheet.plan.looks import Align

_HEAD_HEIGHT: Final = 30.0
_MOST_ROWS: Final = 40
_CUT: Final = 20
_ROOM: Final = 8
"""A dimension with more values than `_MOST_ROWS` is shown as a ranking of so many."""
_FIRST: Final = 2
_NAME: Final = 13
"""Grid columns that hold most names of companies."""
_MORE: Final = 2
_NARROW: Final = 4
_WIDE: Final = 7
"""Grid columns a metric takes at least and at most."""


def table_widget(context: Context, board: Board, block: TableBlock, width: int) -> Widget:
    request = _request(context, board, block)
    numbers = grid(context, board, request)
    face = Face(face_anchor(board.id, block.id), board.id, width)
    pairs = numbers.pairs
    hidden: tuple[Block, ...] = ()
    if numbers.order is None:
        last = _time_rows(context, block, face, numbers)
    else:
        columns = table_columns(context, board, block, numbers)
        pairs += columns.pairs
        hidden = tuple(columns.blocks)
        last = _value_rows(context, block, face, numbers, columns)
    note = joined(_note(context, board, block, numbers), snapshot_note(context, pairs))
    face.heading(_title(context, block), note, last)
    calc, findings = within_budget(context, board, block.id, numbers.block, pairs)
    if pairs > BUDGET:
        hidden = tuple(map(snapshot, hidden))
    findings += missing_numbers(context, board, block.id, block.metrics, block.by)
    return Widget(
        width,
        face.rows,
        (face.placed(),),
        heights={1: _HEAD_HEIGHT},
        calc=(calc, *hidden),
        findings=findings,
    )


def _request(context: Context, board: Board, block: TableBlock) -> GridRequest:
    anchor = calc_anchor(board.id, block.id)
    top, spare = block.top, 0
    if block.by.grain is None and top is None:
        known = values(context, block.by).known
        built = context.sizes.get(anchor, (0, 0))[0]
        face = context.sizes.get(face_anchor(board.id, block.id), (0, 0))[0]
        if built and face:
            # As it was built, whatever the number of values is by now.
            shown = face - _FIRST - (3 if block.totals else 2)
            top = None if built == 2 * shown + FIXED else shown
        elif known > _MOST_ROWS:
            top = _CUT
        else:
            # Rows of a table come: an empty workbook is to show the first of them all the same.
            spare = max(2, known // 4, _ROOM - known if block.by.table else 0)
    return GridRequest(
        anchor,
        block.metrics,
        block.by,
        block.ignores,
        top,
        spare,
        block.last,
        totals=block.totals,
        sort=block.sort or (block.metrics[0] if block.ranking != Ranking() else ""),
        descending=block.descending or not block.sort,
        omit=block.omit,
    )


def _title(context: Context, block: TableBlock) -> str:
    if block.title is not None:
        return context.text(block.title)
    names = [context.text(context.model.metric(m).label) for m in block.metrics]
    return f"{context.text(block.by.label)} · {context.text(words.SEPARATOR).join(names)}"


def _spans(least: Sequence[int], width: int) -> tuple[int, ...]:
    """Grid columns of the label and of each other column."""
    span = min(_WIDE, (width - _WIDE) // len(least))
    if span >= _NARROW:
        return (width - span * len(least), *([span] * len(least)))
    # Many columns: each gets what its numbers need, the label the rest.
    return (width - sum(least), *least)


def _ranked_spans(columns: Sequence[TableColumn], width: int) -> tuple[int, ...]:
    """The same where columns differ: places and classes stay narrow, names get room before numbers do."""
    spans = [c.least for c in columns]
    spare = width - sum(spans) - _NAME
    while spare > 0:
        grown = [i for i, c in enumerate(columns) if c.numeric and spans[i] < c.least + _MORE]
        for i in grown[:spare]:
            spans[i] += 1
        if not grown:
            break
        spare -= len(grown)
    return (width - sum(spans), *spans)


def _value_rows(context: Context, block: TableBlock, face: Face, numbers: Grid, columns: TableColumns) -> int:
    """The rows in use, "other" and the total close together; unused rows at the end stay empty."""
    order = numbers.order
    assert order is not None
    anchor = numbers.block.anchor
    shown = numbers.rows + (2 if block.totals else 1)
    last = _FIRST + shown - 1
    every = (*columns.before, *columns.behind)
    plain = block.width == len(block.metrics)
    label_span, *spans = (
        _spans([_NARROW] * len(every), face.columns) if plain else _ranked_spans(every, face.columns)
    )
    left = 0
    for text, look in (
        (context.text(words.TOTAL), theme.TOTAL),
        (context.text(words.OTHER), theme.OTHER_ROW),
        ("", theme.EMPTY_ROW),
    ):
        face.mark_rows(_FIRST, last, text, look, label=sum(spans[: len(columns.before)]))
    for column, span in zip(columns.before, spans, strict=False):
        _column(face, column, order, left, span, shown)
        left += span
    label_at = left
    face.put(1, label_at, context.text(block.by.label), theme.HEAD, span=label_span)
    labels = Area(anchor, numbers.top, 0, numbers.total, 0)
    for k in range(shown):
        place = Spot(anchor, order.top + k, order.left)
        nothing = "" if k else context.text(charting_words.NOTHING)
        label = if_(op(place, "=", ""), nothing, call("INDEX", labels, place))
        face.put(_FIRST + k, label_at, label, theme.ROW_LABEL, span=label_span)
    left += label_span
    for column, span in zip(columns.behind, spans[len(columns.before) :], strict=True):
        _column(face, column, order, left, span, shown)
        left += span
    return _FIRST + shown


def _column(face: Face, column: TableColumn, order: Area, left: int, span: int, shown: int) -> None:
    """The head and the cells of one column."""
    heads = {Align.RIGHT: theme.HEAD_RIGHT, Align.CENTER: theme.HEAD_CENTER}
    face.put(1, left, column.head, heads.get(column.style.align, theme.HEAD), span=span)
    for k in range(shown):
        place = Spot(order.anchor, order.top + k, order.left)
        found = call("INDEX", column.values, place)
        # An empty cell found must stay empty: INDEX would make it 0.
        text = if_(op(found, "=", ""), "", found)
        content = if_(is_number(found), found, words.DASH) if column.numeric else text
        face.put(_FIRST + k, left, if_(op(place, "=", ""), "", content), column.style, span=span)
    for holds, good in colours(column, Spot(face.anchor, _FIRST, left)):
        look = theme.GOOD_TEXT if good else theme.BAD_TEXT
        face.highlights.append(CellHighlight(_FIRST, left, _FIRST + shown - 1, left, holds, look))


def _time_rows(context: Context, block: TableBlock, face: Face, numbers: Grid) -> int:
    """One row a period, the latest last, then the total."""
    anchor = numbers.block.anchor
    spans = _spans([_NARROW] * len(block.metrics), face.columns)
    face.put(1, 0, context.text(block.by.label), theme.HEAD, span=spans[0])
    column = spans[0]
    for metric_id, span in zip(block.metrics, spans[1:], strict=True):
        head = context.text(context.model.metric(metric_id).label)
        face.put(1, column, head, theme.HEAD_RIGHT, span=span)
        column += span
    rows = [*range(numbers.top, numbers.bottom + 1), *([numbers.total] if block.totals else [])]
    for k, source in enumerate(rows):
        row = _FIRST + k
        face.put(row, 0, Spot(anchor, source, 0), theme.ROW_LABEL, span=spans[0])
        column = spans[0]
        for metric_id, span in zip(block.metrics, spans[1:], strict=True):
            found = Spot(anchor, source, numbers.column(metric_id))
            code = metric_format(context, context.model.metric(metric_id))
            content = if_(is_number(found), found, words.DASH)
            face.put(row, column, content, with_format(theme.ROW_FIGURE, code), span=span)
            column += span
    if block.totals:
        face.mark_rows(_FIRST, _FIRST + len(rows) - 1, context.text(words.TOTAL), theme.TOTAL)
    return _FIRST + len(rows)


def _note(context: Context, board: Board, block: TableBlock, numbers: Grid) -> Node:
    if numbers.order is not None:
        return scope_note(context, board, block.metrics, block.ignores)
    first = Spot(numbers.block.anchor, numbers.top, 0)
    last = Spot(numbers.block.anchor, numbers.bottom, 0)
    return joined(first, " – ", last, ignored_note(context, board, block.metrics, block.ignores))
