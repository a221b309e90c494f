"""How a list lies on the Lists sheet, and the names by which formulas know it.

Knows how a list lies on the sheet; `read` reverses it with the same functions:

- a plain list is the block `lists.<id>`: a row per item; column 0 its label, then one column per attribute
  (in `attribute_names` order), last the hidden item id. `ListRow.offset` is the row in the block.
- a list that depends on another is a matrix, also the block `lists.<id>`, of 2 × P columns: column j holds
  the labels that belong to the parent at position j, column P + j their hidden ids. `ListRow.offset` is the
  row, `ListRow.parent` tells the column. Its attributes stay as the spec has them.
- the parent at position j is the row whose `ListRow.column` is j: in a new workbook the j-th one; later it keeps its
  column wherever its row goes. The block `lists.<id>.parents` (one row) repeats the parents' labels above the matrix.
- the block `lists.<id>.all` (one column) repeats the labels of a dependent list one below the other:
  drop-downs that offer all of them need a single column. Behind it stand the attributes, hidden.

Does not know what else stands on the sheet, nor fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Final

from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import call, op
from crmsheet.compile.symbols import list_anchor, list_labels, list_matrix, list_parents
from crmsheet.excel.names import legal_name
from crmsheet.formulas.tree import Area, Binary, Node, Spot, Text
from crmsheet.model.spec import ListDefinition
from crmsheet.model.state import ListRow
from crmsheet.plan.book import PlanName
from crmsheet.plan.place import item_name
from crmsheet.structs import dataclass, replace

_SPARE_ROWS: Final = 20
_SPARE_PARENTS: Final = 4


def parents_anchor(list_id: str) -> str:
    return f"{list_anchor(list_id)}.parents"


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
    headed = max(slots.values(), default=-1) + 1
    columns = size[1] // 2 if size[1] // 2 >= max(headed, 1) else headed + _SPARE_PARENTS
    position = {row.id: slots[row.parent] for row in placed}
    longest = max(map(len, per_parent.values()), default=0)
    depth = _capacity(placed, longest, size[0])
    known = context.sizes.get(all_anchor(definition.id), (0, 0))[0]
    capacity = known if known >= max(len(placed), 1) else len(placed) + _SPARE_ROWS
    return ListShape(definition, placed, capacity, columns, position, depth)


def parent_positions(shape: ListShape) -> Mapping[str, int]:
    """Item id to the matrix column it has in lists that depend on this one."""
    return {row.id: row.column for row in with_columns(shape.rows)}


def with_columns(rows: Iterable[ListRow]) -> tuple[ListRow, ...]:
    """Rows with their columns in the matrices of dependents: kept where known, else the next free one."""
    known = tuple(rows)
    taken = {row.column for row in known}
    free = (column for column in count() if column not in taken)
    return tuple(row if row.column >= 0 else replace(row, column=next(free)) for row in known)


def spare_offsets(parent: ListShape, columns: int) -> Mapping[int, int]:
    """Of columns of a matrix that no parent has yet, the row of the plain list whose label is to head it: the free one
    behind that of the column before, so that an option typed below the last one has its column at once."""
    rows = {row.column: row.offset for row in with_columns(parent.rows) if row.label}
    headed = set(parent_positions(parent).values())
    taken = {row.offset for row in parent.rows}
    found: dict[int, int] = {}
    offset = -1
    for column in range(columns):
        if column in headed:
            offset = rows.get(column, offset)
            continue
        offset = next(at for at in count(offset + 1) if at not in taken)
        if offset < parent.capacity:
            found[column] = offset
            taken.add(offset)
    return found


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


def _capacity(rows: tuple[ListRow, ...], least: int, existing: int) -> int:
    last = max((row.offset for row in rows), default=-1) + 1
    if existing >= max(last, least, 1):
        return existing
    return max(last + 5, least + _SPARE_ROWS, least * 3 // 2)


def used(labels: Node, gaps: int) -> Node:
    """How many rows of a column of labels there are down to the last option, when so many above it are empty."""
    filled: Node = call("COUNTA", labels)
    return call("MAX", 1, op(filled, "+", gaps) if gaps else filled)


def shape_names(context: Context, shape: ListShape) -> list[PlanName]:
    """The names by which drop-downs and formulas know a list and its options."""
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
