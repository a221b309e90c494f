"""The Lists sheet: every list as a block that people may extend, and the names that drop-downs use.

Knows what is shown around a list. Does not know how it lies there (`listshapes`), nor fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.forms import NOTHING, empty
from crmsheet.compile.frame import Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.listshapes import (
    ListShape,
    all_anchor,
    parent_positions,
    parents_anchor,
    shape_names,
    spare_offsets,
)
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.shorthand import call, if_
from crmsheet.compile.symbols import list_anchor
from crmsheet.compile.words import attribute_label, say
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Binary, Node, Number, Spot
from crmsheet.model.words import Language
from crmsheet.plan.book import ColumnWidth, PlanName, PlanSheet, PrintSetup, SheetKind
from crmsheet.plan.cells import Block, CellValidation, PlanCell, Role, Validation, ValidationKind
from crmsheet.plan.looks import Align, Style
from crmsheet.structs import replace

SHEET: Final = "lists"
_FIRST_ROW: Final = 5
_LEAST_WIDTH: Final = 10.0
KIND: Final = "kind"
KINDS: Final = frozenset({"open", "won", "lost"})
"""What a stage is, in words that analyses and formulas compare with."""
ATTRIBUTE_FORMATS: Final = {"probability": "0%", "weight": "0%"}


def head_anchor(list_id: str) -> str:
    """The block with a list's name and the headings of its columns."""
    return f"listhead.{list_id}"


def compiled_lists(context: Context, shapes: Mapping[str, ListShape], links: tuple[Link, ...] = ()) -> Pieces:
    """The sheet with all lists side by side."""
    if not shapes:
        return Pieces()
    say_ = context.language
    blocks: list[Block] = []
    names: list[PlanName] = []
    widths: list[ColumnWidth] = []
    column = 0
    for shape in shapes.values():
        parent = shapes.get(shape.definition.depends_on)
        label_widths = _label_widths(shape, parent)
        title = context.text(shape.definition.label)
        if parent is not None:
            title += f" ({say(say_, 'list_of', parent=context.text(parent.definition.label))})"
            blocks += _matrix_blocks(shape, parent, column, context.sizes)
        else:
            blocks.append(_plain_block(context, shape, column))
        shown = shape.parents or shape.columns - 1
        decoration = [PlanCell(0, i, title if i == 0 else None, style=theme.BAND) for i in range(shown)]
        if parent is None:
            heads = [say(say_, "list_label")]
            heads += [attribute_label(say_, name) for name in shape.definition.attribute_names]
            decoration += [PlanCell(1, i, head, style=theme.HEADER_INPUT) for i, head in enumerate(heads)]
            label_widths = [max(w, theme.text_width(h) + 3) for w, h in zip(label_widths, heads, strict=True)]
        rows = 1 if parent is not None else 2
        band = head_anchor(shape.id)
        blocks.append(Block(band, SHEET, _FIRST_ROW - 2, column, rows, shown, tuple(decoration)))
        label_widths[0] = max(label_widths[0], 0 if shown > 1 else theme.text_width(title) + 2)
        unread = _unread(context, shape)
        widths += [ColumnWidth(column + i, column + i, w, i in unread) for i, w in enumerate(label_widths)]
        hidden_first = column + shown
        widths.append(ColumnWidth(hidden_first, column + shape.columns - 1, 8, hidden=True))
        column += shape.columns
        if parent is not None:
            last = column + len(shape.definition.attribute_names)
            widths.append(ColumnWidth(column, last, 8, hidden=True))
            column = last + 1
        widths.append(ColumnWidth(column, column, 3))
        column += 1
        names += shape_names(context, shape)
    # Labels make columns wider; nothing on top is to stand elsewhere for it.
    least = [replace(w, width=min(w.width, _LEAST_WIDTH)) for w in widths]
    title_block = top_block(SHEET, sheet_name(context, SHEET), say(say_, "lists_hint"), least, links)
    sheet = PlanSheet(
        SHEET,
        sheet_name(context, SHEET),
        SheetKind.LISTS,
        tab_color=theme.TAB_COLORS[SheetKind.LISTS],
        freeze_row=_FIRST_ROW,
        widths=tuple(widths),
        heights=title_rows(),
        gridlines=False,
        print_setup=PrintSetup(
            fit_width=3, repeat_first=_FIRST_ROW - 2, repeat_last=_FIRST_ROW - 1, footer=footer(context)
        ),
    )
    return Pieces(sheets=(sheet,), blocks=(title_block, *blocks), names=tuple(names))


def _unread(context: Context, shape: ListShape) -> frozenset[int]:
    """Columns of a plain list that say nothing to people: English words of the program in a Chinese workbook."""
    names = shape.definition.attribute_names
    if context.language is not Language.ZH or shape.parents or KIND not in names:
        return frozenset()
    words = {row.attributes.get(KIND) for row in shape.rows} - {None, ""}
    return frozenset({1 + names.index(KIND)}) if words <= KINDS else frozenset()


def _label_widths(shape: ListShape, parent: ListShape | None) -> list[float]:
    if parent is not None:
        widths = [10.0] * shape.parents
        for row in parent.rows:
            at = parent_positions(parent)[row.id]
            widths[at] = theme.text_width(row.label) + 4.0
        for row in shape.rows:
            at = shape.position[row.id]
            widths[at] = max(widths[at], theme.text_width(row.label) + 3)
        return widths
    longest = max((theme.text_width(row.label) for row in shape.rows), default=0)
    return [min(max(12.0, longest + 3), 40)] + [10.0] * len(shape.definition.attribute_names)


_HIDDEN_ID: Final = Style(size=8, color=theme.MUTED)


def _plain_block(context: Context, shape: ListShape, column: int) -> Block:
    by_offset = {row.offset: row for row in shape.rows}
    names = shape.definition.attribute_names
    cells = []
    for offset in range(shape.capacity):
        row = by_offset.get(offset)
        values: list[Value] = [(row.label or None) if row else None]
        values += [row.attributes.get(name) if row else None for name in names]
        for i, value in enumerate(values):
            style = theme.FORM_INPUT
            if i:
                style = replace(
                    style, number_format=ATTRIBUTE_FORMATS.get(names[i - 1], ""), align=Align.CENTER
                )
            cells.append(PlanCell(offset, i, value, style=style, role=Role.INPUT))
        cells.append(PlanCell(offset, shape.columns - 1, row.id if row else None, style=_HIDDEN_ID))
    unique = CellValidation(
        0,
        0,
        shape.capacity - 1,
        0,
        Validation(
            ValidationKind.CUSTOM,
            Binary("=", call("COUNTIF", shape.labels, Spot(list_anchor(shape.id), 0, 0)), Number(1)),
            error_title=say(context.language, "lists"),
            error=say(context.language, "list_repeated"),
        ),
    )
    return Block(
        list_anchor(shape.id),
        SHEET,
        _FIRST_ROW,
        column,
        shape.capacity,
        shape.columns,
        tuple(cells),
        validations=(unique,),
    )


def _matrix_blocks(
    shape: ListShape, parent: ListShape, column: int, sizes: Mapping[str, tuple[int, int]]
) -> list[Block]:
    at = {(row.offset, shape.position[row.id]): row for row in shape.rows}
    cells = []
    for offset in range(shape.depth):
        for j in range(shape.parents):
            row = at.get((offset, j))
            cells.append(
                PlanCell(
                    offset, j, (row.label or None) if row else None, style=theme.FORM_INPUT, role=Role.INPUT
                )
            )
            cells.append(PlanCell(offset, shape.parents + j, row.id if row else None, style=_HIDDEN_ID))
    heads = []
    anchor = list_anchor(parent.id)
    positions = parent_positions(parent)
    by_position = {positions[row.id]: row for row in parent.rows}
    spare = {} if parent.parents else spare_offsets(parent, shape.parents)
    for j in range(shape.parents):
        spot: Node | None = None
        if j in by_position:
            spot = parent.label_spot(by_position[j])
        elif j in spare:
            spot = Spot(anchor, spare[j], 0)
        formula = if_(empty(spot), NOTHING, spot) if spot is not None else None
        heads.append(PlanCell(0, j, formula=formula, style=theme.HEADER_INPUT))
    column_all = column + shape.columns
    names = shape.definition.attribute_names
    everything = _all_labels(shape, shape.capacity if all_anchor(shape.id) in sizes else 0)
    return [
        Block(parents_anchor(shape.id), SHEET, _FIRST_ROW - 1, column, 1, shape.parents, tuple(heads)),
        Block(list_anchor(shape.id), SHEET, _FIRST_ROW, column, shape.depth, shape.columns, tuple(cells)),
        Block(
            all_anchor(shape.id),
            SHEET,
            _FIRST_ROW,
            column_all,
            shape.capacity,
            1 + len(names),
            tuple(everything),
        ),
    ]


def _all_labels(shape: ListShape, rows: int) -> list[PlanCell]:
    """The labels of a dependent list one below the other, their attributes beside them. In a workbook there already,
    nothing else is left in its `rows`: a row that people inserted pushed ours down."""
    names = shape.definition.attribute_names
    cells = []
    for i, row in enumerate(shape.rows):
        spot = shape.label_spot(row)
        cells.append(PlanCell(i, 0, formula=if_(empty(spot), NOTHING, spot), style=_HIDDEN_ID))
        for j, name in enumerate(names, start=1):
            value = row.attributes.get(name)
            role = Role.KEPT if rows and value is None else Role.OWNED
            cells.append(PlanCell(i, j, value, style=_HIDDEN_ID, role=role))
    for i in range(len(shape.rows), rows):
        cells += [PlanCell(i, j, style=_HIDDEN_ID, role=Role.KEPT) for j in range(len(names) + 1)]
    return cells
