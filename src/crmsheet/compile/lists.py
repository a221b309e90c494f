"""The Lists sheet: every list as a block that people may extend, and the names that drop-downs use.

Knows how a list lies on the sheet; `read` reverses it with the same functions:

- a plain list is the block `lists.<id>`: a row per item; column 0 its label, then one column per attribute
  (in `attribute_names` order), last the hidden item id. `ListRow.offset` is the row in the block.
- a list that depends on another is a matrix, also the block `lists.<id>`, of 2 × P columns: column j holds
  the labels that belong to the parent at position j, column P + j their hidden ids. `ListRow.offset` is the
  row, `ListRow.parent` tells the column. Its attributes stay as the spec has them.
- the parent at position j is, of a plain list, the row with offset j; of a dependent list, its j-th row.
  The block `lists.<id>.parents` (one row) repeats the parents' labels above the matrix.
- the block `lists.<id>.all` (one column) repeats the labels of a dependent list one below the other:
  drop-downs that offer all of them need a single column. Behind it stand the attributes, hidden.

Does not know fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.forms import NOTHING, empty
from crmsheet.compile.frame import Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.shorthand import call, if_, op
from crmsheet.compile.symbols import list_anchor, list_labels, list_matrix, list_parents
from crmsheet.compile.words import attribute_label, say
from crmsheet.excel.names import legal_name
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Area, Binary, Node, Number, Spot, Text
from crmsheet.model.spec import ListDefinition
from crmsheet.model.state import ListRow
from crmsheet.model.words import Language
from crmsheet.plan.book import ColumnWidth, PlanName, PlanSheet, PrintSetup, SheetKind
from crmsheet.plan.cells import Block, CellValidation, PlanCell, Role, Validation, ValidationKind
from crmsheet.plan.looks import Align, Style
from crmsheet.plan.place import item_name
from crmsheet.structs import dataclass, replace

SHEET: Final = "lists"
_SPARE_ROWS: Final = 20
_SPARE_PARENTS: Final = 4
_FIRST_ROW: Final = 5
_LEAST_WIDTH: Final = 10.0
KIND: Final = "kind"
KINDS: Final = frozenset({"open", "won", "lost"})
"""What a stage is, in words that analyses and formulas compare with."""
ATTRIBUTE_FORMATS: Final = {"probability": "0%", "weight": "0%"}


def parents_anchor(list_id: str) -> str:
    return f"{list_anchor(list_id)}.parents"


def head_anchor(list_id: str) -> str:
    """The block with a list's name and the headings of its columns."""
    return f"listhead.{list_id}"


def all_anchor(list_id: str) -> str:
    return f"{list_anchor(list_id)}.all"


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list as it lies on the sheet: `rows` have their offsets, `capacity` is the rows of the column of all labels.

    `parents` is the number of columns of a matrix, 0 for a plain list, and `depth` its rows; `position` gives of each
    item of a dependent list the column in the matrix.
    """

    definition: ListDefinition
    rows: tuple[ListRow, ...]
    capacity: int
    parents: int
    position: Mapping[str, int]
    depth: int = 0

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def columns(self) -> int:
        if self.parents:
            return 2 * self.parents
        return 2 + len(self.definition.attribute_names)

    @property
    def labels(self) -> Area:
        """The one column in which all labels stand."""
        anchor = all_anchor(self.id) if self.parents else list_anchor(self.id)
        return Area(anchor, 0, 0, self.capacity - 1, 0)

    @property
    def ids(self) -> Area:
        """The item ids beside `labels`; of a plain list only."""
        return Area(list_anchor(self.id), 0, self.columns - 1, self.capacity - 1, self.columns - 1)

    @property
    def matrix(self) -> Area:
        return Area(list_anchor(self.id), 0, 0, self.depth - 1, self.parents - 1)

    @property
    def parent_labels(self) -> Area:
        return Area(parents_anchor(self.id), 0, 0, 0, self.parents - 1)

    def attribute(self, name: str) -> Area:
        """The column of an attribute, beside `labels`."""
        column = 1 + self.definition.attribute_names.index(name)
        return Area(self.labels.anchor, 0, column, self.capacity - 1, column)

    def label_spot(self, row: ListRow) -> Spot:
        return Spot(list_anchor(self.id), row.offset, self.position.get(row.id, 0))

    @property
    def options(self) -> tuple[str, ...]:
        """The labels there are to choose from, each once."""
        return tuple(dict.fromkeys(row.label for row in self.rows if row.label))

    @property
    def gaps(self) -> int:
        """The most places above the last option of a column in which none stands, for people cleared it."""
        filled: dict[int, list[int]] = {}
        for row in self.rows:
            if row.label:
                filled.setdefault(self.position.get(row.id, 0), []).append(row.offset)
        return max((max(offsets) + 1 - len(offsets) for offsets in filled.values()), default=0)

    def label(self, context: Context, item_id: str) -> str:
        """The label an item has in this workbook; the spec's when people cleared it."""
        label = next(row.label for row in self.rows if row.id == item_id)
        named = (item.label for item in self.definition.items if item.id == item_id)
        return label or next(map(context.text, named), "")


def list_shapes(context: Context) -> Mapping[str, ListShape]:
    """All lists of a context, each behind the one it depends on."""
    shapes: dict[str, ListShape] = {}
    waiting = list(context.model.lists)
    while waiting:
        ready = [d for d in waiting if not d.depends_on or d.depends_on in shapes]
        if not ready:
            raise ValueError(f"lists depend on each other: {', '.join(d.id for d in waiting)}")
        for definition in ready:
            shapes[definition.id] = _shape(context, definition, shapes.get(definition.depends_on))
        waiting = [d for d in waiting if d not in ready]
    return {d.id: shapes[d.id] for d in context.model.lists}


def list_rows(context: Context, definition: ListDefinition) -> tuple[ListRow, ...]:
    """The rows of a list as people have them, then the spec's items that the workbook lacks."""
    kept = context.state.lists.get(definition.id, ())
    known = {row.id for row in kept}
    added = tuple(
        ListRow(item.id, context.text(item.label), item.parent, dict(item.attributes))
        for item in definition.items
        if item.id not in known
    )
    return kept + added


def _shape(context: Context, definition: ListDefinition, parent: ListShape | None) -> ListShape:
    rows = list_rows(context, definition)
    size = context.sizes.get(list_anchor(definition.id), (0, 0))
    if parent is None:
        placed = tuple(_placed(rows))
        return ListShape(definition, placed, _capacity(placed, len(placed), size[0]), 0, {})
    slots = parent_positions(parent)
    per_parent: dict[str, list[ListRow]] = {}
    for row in rows:
        if row.parent in slots:
            per_parent.setdefault(row.parent, []).append(row)
    settled = {row.id: row for group in per_parent.values() for row in _placed(tuple(group))}
    placed = tuple(settled[row.id] for row in rows if row.id in settled)
    count = max(max(slots.values(), default=-1) + 1 + _SPARE_PARENTS, size[1] // 2)
    position = {row.id: slots[row.parent] for row in placed}
    longest = max(map(len, per_parent.values()), default=0)
    depth = _capacity(placed, longest, size[0])
    known = context.sizes.get(all_anchor(definition.id), (0, 0))[0]
    capacity = known if known >= max(len(placed), 1) else len(placed) + _SPARE_ROWS
    return ListShape(definition, placed, capacity, count, position, depth)


def parent_positions(shape: ListShape) -> Mapping[str, int]:
    """Item id to the matrix column it has in lists that depend on this one."""
    if shape.parents:
        return {row.id: index for index, row in enumerate(shape.rows)}
    return {row.id: row.offset for row in shape.rows}


def _placed(rows: tuple[ListRow, ...]) -> Iterator[ListRow]:
    """Rows with their offsets: kept where known, else the next free one."""
    taken = {row.offset for row in rows if row.offset >= 0}
    last = -1
    for row in rows:
        offset = row.offset
        if offset < 0:
            offset = last + 1
            while offset in taken:
                offset += 1
            taken.add(offset)
        last = offset
        yield replace(row, offset=offset)


def _capacity(rows: tuple[ListRow, ...], count: int, existing: int) -> int:
    last = max((row.offset for row in rows), default=-1) + 1
    if existing >= max(last, count, 1):
        return existing
    return max(last + 5, count + _SPARE_ROWS, count * 3 // 2)


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
            blocks += _matrix_blocks(shape, parent, column)
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
        names += _names(context, shape)
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


def _matrix_blocks(shape: ListShape, parent: ListShape, column: int) -> list[Block]:
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
    by_position = {parent_positions(parent)[row.id]: row for row in parent.rows}
    for j in range(shape.parents):
        spot: Node | None = None
        if j in by_position:
            spot = parent.label_spot(by_position[j])
        elif not parent.parents and j < parent.capacity:
            spot = Spot(anchor, j, 0)
        formula = if_(empty(spot), NOTHING, spot) if spot is not None else None
        heads.append(PlanCell(0, j, formula=formula, style=theme.HEADER_INPUT))
    column_all = column + shape.columns
    names = shape.definition.attribute_names
    everything = [
        PlanCell(
            i, 0, formula=if_(empty(shape.label_spot(row)), NOTHING, shape.label_spot(row)), style=_HIDDEN_ID
        )
        for i, row in enumerate(shape.rows)
    ]
    everything += [
        PlanCell(i, 1 + j, row.attributes.get(name), style=_HIDDEN_ID)
        for i, row in enumerate(shape.rows)
        for j, name in enumerate(names)
    ]
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


def used(labels: Node, gaps: int) -> Node:
    """How many rows of a column of labels there are down to the last option, when so many above it are empty."""
    count: Node = call("COUNTA", labels)
    return call("MAX", 1, op(count, "+", gaps) if gaps else count)


def _names(context: Context, shape: ListShape) -> list[PlanName]:
    labels = shape.labels
    # The column of all labels of a matrix has a formula in each row; there all of them count.
    upto = used(labels, 0 if shape.parents else shape.gaps)
    source = Binary(":", call("INDEX", labels, 1), call("INDEX", labels, upto))
    names = [PlanName(list_labels(shape.id), legal_name(f"list_{shape.id}"), source)]
    if shape.parents:
        names.append(PlanName(list_parents(shape.id), legal_name(f"parents_{shape.id}"), shape.parent_labels))
        names.append(PlanName(list_matrix(shape.id), legal_name(f"matrix_{shape.id}"), shape.matrix))
    for row in shape.rows:
        id_ = item_name(shape.id, row.id)
        # An empty text would be that of every blank cell; what means this option means what it was called.
        called = "" if row.label else shape.label(context, row.id)
        names.append(
            PlanName(id_, legal_name(id_), Text(called) if called else shape.label_spot(row), hidden=True)
        )
    return names
