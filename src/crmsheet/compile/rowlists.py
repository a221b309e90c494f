"""Live lists of rows: those of a table for which a condition holds, sorted, the first so many.

Knows the hidden key column that ranks the rows, the positions behind each display row, and the columns shown.
Does not know how conditions are written in a spec.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile import theme as book_theme
from crmsheet.compile.board_theme import GRID, GRID_WIDTH, with_format
from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.columns import path_field, with_rules
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.grids import position
from crmsheet.compile.layout import Widget
from crmsheet.compile.live import BUDGET
from crmsheet.compile.number_formats import field_format
from crmsheet.compile.pieces import Context, ExtraColumn
from crmsheet.compile.selectors import chosen
from crmsheet.compile.shorthand import call, if_, is_number, joined, op
from crmsheet.diagnostics import Diagnostic, Severity
from crmsheet.formulas.tree import Cell, Column, Node, Number, Spot, Unary, link_to
from crmsheet.messages import say
from crmsheet.model.boards import Board, ListBlock
from crmsheet.model.several import COMMA
from crmsheet.model.spec import Field, FieldType
from crmsheet.model.words import Language
from crmsheet.plan.looks import Align, Style

_MOST: Final = 50
_LOWEST: Final = -9.9e307
"""Below every number: rows without anything to sort by come last."""
_ROUND: Final = 6
_NUMBERS: Final = (
    FieldType.NUMBER,
    FieldType.INTEGER,
    FieldType.CURRENCY,
    FieldType.PERCENT,
    FieldType.RATING,
    FieldType.DATE,
    FieldType.DATETIME,
)
_FIRST: Final = 2
_HEAD_HEIGHT: Final = 22.0
_NARROWEST: Final = 4
_NAME_WIDTH: Final = 30.0
_PERSON_WIDTH: Final = 14.0
_TEXT_WIDTH: Final = 16.0
_LONG: Final = (FieldType.LONG_TEXT, FieldType.MULTI_CHOICE)
_LATIN: Final = 0.8
"""How wide a letter of running text is in digits."""
_SHRUNK: Final = 1.3
"""So many times the room of a cell, a text is still readable when it is shrunk to fit."""
_WIDTHS: Final[dict[FieldType, float]] = {
    FieldType.DATE: 12,
    FieldType.DATETIME: 18,
    FieldType.CURRENCY: 14,
    FieldType.LONG_TEXT: 36,
    FieldType.NUMBER: 9,
    FieldType.INTEGER: 9,
    FieldType.PERCENT: 9,
    FieldType.RATING: 8,
    FieldType.BOOLEAN: 8,
    FieldType.EMAIL: 24,
    FieldType.URL: 26,
    FieldType.ID: 10,
    FieldType.PHONE: 15,
}


def list_widget(context: Context, board: Board, block: ListBlock) -> Widget:
    limit = max(1, min(block.limit, _MOST))
    key, findings = _key_column(context, board, block)
    calc = CalcBlock(calc_anchor(board.id, block.id))
    ranks = Column(block.table, key.id)
    calc.put(0, 0, "rank")
    count = calc.put(0, 1, call("COUNT", ranks))
    for k in range(limit):
        rank = calc.put(1 + k, 0, call("IFERROR", call("LARGE", ranks, k + 1), ""))
        before = calc.spot(k, 0) if k else None
        calc.put(1 + k, 1, position(before, calc.spot(k, 1), rank, ranks))
    face = Face(face_anchor(board.id, block.id), board.id, GRID)
    spans = _spans(context, block)
    column = 0
    fields = [path_field(context.model, block.table, c.path) for c in block.columns]
    for shown, field, span in zip(block.columns, fields, spans, strict=True):
        head = theme.HEAD_RIGHT if _style(context, field).align is Align.RIGHT else theme.HEAD
        face.put(1, column, context.text(shown.label), head, span=span)
        column += span
    empty = context.text(block.empty if block.empty is not None else words.EMPTY_LIST)
    for k in range(limit):
        place = calc.spot(1 + k, 1)
        column = 0
        for index, (shown, field, span) in enumerate(zip(block.columns, fields, spans, strict=True)):
            found = call("INDEX", Column(block.table, shown.path), place)
            nothing = empty if k == 0 and index == 0 else ""
            content: Node | str = if_(op(found, "=", ""), "", _readable(context, field, found, span))
            style = _style(context, field)
            if block.link and index == 0:
                keys = Column(block.table, context.model.table(block.table).key)
                content = link_to(call("INDEX", keys, place), if_(op(found, "=", ""), words.DASH, found))
                style = theme.linked(style)
            cell = if_(op(place, "=", ""), nothing, content)
            face.put(_FIRST + k, column, cell, style, span=span)
            column += span
    face.mark_rows(_FIRST, _FIRST + limit - 1, "", theme.EMPTY_ROW)
    if block.link:
        face.mark_rows(_FIRST, _FIRST, empty, theme.NOTHING)
    note = _ignored(context, board, block)
    title = _title(context, block, count, limit)
    if note:
        face.heading(title, note, _FIRST + limit)
    else:
        face.title(title)
    return Widget(
        GRID,
        face.rows,
        (face.placed(),),
        heights={1: _HEAD_HEIGHT},
        calc=(calc.placed(),),
        extras=(key,),
        findings=findings,
    )


def _key_column(
    context: Context, board: Board, block: ListBlock
) -> tuple[ExtraColumn, tuple[Diagnostic, ...]]:
    """The hidden column that ranks the rows to show, highest first, and is empty on all others."""
    findings: tuple[Diagnostic, ...] = ()
    order: Node = Number(0)
    if block.sort:
        order, findings = _order(context, board, block)
    formula: Node = order
    paths = dict(block.paths)
    for selector in board.selectors:
        if not selector.is_period and selector.id in paths:
            cell = Cell(block.table, paths[selector.id])
            formula = if_(chosen(board, selector).holds(cell), formula, "")
    if block.where is not None:
        formula = if_(with_rules(context.model, block.where), formula, "")
    # A condition that fails to compute does not hold.
    id_ = f"_k_{board.id}.{block.id}"
    return ExtraColumn(block.table, id_, call("IFERROR", formula, "")), findings


def _order(context: Context, board: Board, block: ListBlock) -> tuple[Node, tuple[Diagnostic, ...]]:
    """The number a row is ranked by; of equal ones the upper row comes first."""
    field = path_field(context.model, block.table, block.sort)
    cell = Cell(block.table, block.sort)
    kind = field.result if field.type.computed else field.type
    if kind in _NUMBERS:
        number = call("ROUND", cell, _ROUND)
        signed = number if block.descending else Unary("-", number)
        return if_(is_number(cell), signed, _LOWEST), ()
    state = context.state.tables.get(block.table)
    rows = state.size if state is not None else 0
    if rows * rows > BUDGET:
        finding = Diagnostic(
            "S291",
            say(
                "{context}: {block} is not sorted: {sort} is text in {rows:,} rows",
                context=context.text(board.label),
                block=block.id,
                sort=block.sort,
                rows=rows,
            ),
            severity=Severity.WARNING,
            remedy=say("Sort by a number or a date."),
        )
        return Number(0), (finding,)
    # How many texts come before this one in the order of the sheet.
    smaller = call("COUNTIF", Column(block.table, block.sort), op("<", "&", cell))
    signed = smaller if block.descending else Unary("-", smaller)
    return if_(op(cell, "=", ""), _LOWEST, signed), ()


def _title(context: Context, block: ListBlock, count: Spot, limit: int) -> Node:
    """What is listed, how many there are, and how many of them stand here."""
    label = block.title if block.title is not None else context.model.table(block.table).label
    text = context.text(label) + "  "
    total = joined(
        text, context.text(words.COUNT_BEFORE), call("TEXT", count, "#,##0"), context.text(words.COUNT_AFTER)
    )
    more = joined(total, context.text(words.SHOWING), limit)
    return if_(op(count, ">", limit), more, total)


def _style(context: Context, field: Field) -> Style:
    kind = field.result if field.type.computed else field.type
    align = book_theme.alignment(kind)
    style = theme.ROW_FIGURE if align is Align.RIGHT else theme.ROW_LABEL
    if kind in (FieldType.DATE, FieldType.DATETIME, FieldType.BOOLEAN):
        style = theme.ROW_LABEL
    code = field_format(context, field)
    return with_format(style, "" if code == "@" else code)


def in_words(context: Context, field: Field, found: Node) -> Node:
    """Several choices as they are listed in the book's language; in their cells they stand joined as always."""
    comma = context.text(words.SEPARATOR)
    if field.type is not FieldType.MULTI_CHOICE or comma == COMMA:
        return found
    return call("SUBSTITUTE", found, COMMA, comma)


def _readable(context: Context, field: Field, found: Node, span: int) -> Node:
    """A long text cut where it would be shrunk until nobody can read it."""
    if (field.result if field.type.computed else field.type) not in _LONG:
        return found
    found = in_words(context, field, found)
    letter = 2 if context.language is Language.ZH else _LATIN
    most = int(span * GRID_WIDTH * _SHRUNK / letter)
    return if_(op(call("LEN", found), ">", most), joined(call("LEFT", found, most - 1), "…"), found)


def _spans(context: Context, block: ListBlock) -> tuple[int, ...]:
    """Grid columns of each list column, by the width its values need; together they fill the grid."""
    needed = [
        max(_NARROWEST, -(-_needed(context, block, i) // GRID_WIDTH)) for i in range(len(block.columns))
    ]
    total = sum(needed)
    scaled = [max(_NARROWEST, int(n * GRID / total)) for n in needed]
    while sum(scaled) > GRID and max(scaled) > 1:
        scaled[scaled.index(max(scaled))] -= 1
    order = sorted(range(len(scaled)), key=lambda i: scaled[i] - needed[i])
    for at in range(GRID - sum(scaled)):
        scaled[order[at % len(order)]] += 1
    return tuple(scaled)


def _needed(context: Context, block: ListBlock, index: int) -> float:
    """About how many characters wide the values of a column are.

    Known from the model alone: a refresh must find the columns where the build put them.
    """
    column = block.columns[index]
    field = path_field(context.model, block.table, column.path)
    head = book_theme.text_width(context.text(column.label)) + 1
    kind = field.result if field.type.computed else field.type
    wide = _WIDTHS.get(kind, _TEXT_WIDTH)
    if kind is FieldType.CHOICE and field.list:
        labels = [context.text(item.label) for item in context.model.list(field.list).items]
        wide = max((book_theme.text_width(label) for label in labels), default=0) + 2
    elif kind is FieldType.REFERENCE:
        wide = _key_width(context, field.table)
    elif kind is FieldType.TEXT and (index == 0 or field.id == _key_of(context, block.table, column.path)):
        wide = _NAME_WIDTH
    return max(head, wide)


def _key_of(context: Context, table: str, path: str) -> str:
    """The key of the table in which a path ends."""
    head, _, rest = path.partition(".")
    if rest:
        return _key_of(context, context.model.table(table).field(head).table, rest)
    return context.model.table(table).key


def _key_width(context: Context, table: str) -> float:
    """Names of companies are long; those of a table that does not count anything else are of people."""
    target = context.model.table(table)
    referring = any(f.type is FieldType.REFERENCE for f in target.fields)
    return _NAME_WIDTH if referring else _PERSON_WIDTH


def _ignored(context: Context, board: Board, block: ListBlock) -> str:
    paths = dict(block.paths)
    labels = [context.text(s.label) for s in board.selectors if not s.is_period and s.id not in paths]
    labels += [context.text(s.label) for s in board.selectors if s.is_period]
    if not labels:
        return ""
    text = context.text(words.IGNORES).lstrip("；; ")
    text += context.text(words.SEPARATOR).join(labels)
    return text[:1].upper() + text[1:]
