"""Settings, selectors and lists: input cells that are no rows of tables.

Knows in which cells they stand (`Baseline.inputs`) and how a list lies in its block (`compile.listshapes`; whose
column of a matrix is which, `matrices`).
Does not judge what people typed there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crmsheet.compile.symbols import list_anchor
from crmsheet.excel.values import Value
from crmsheet.model.baseline import Baseline
from crmsheet.model.layout import AnchorPlace
from crmsheet.model.spec import ListDefinition
from crmsheet.model.state import ListRow
from crmsheet.read.matrices import Parents, with_their_columns
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass

NEW_ITEM = "+"
"""Begins the id of a list row that people added: `+` and its label."""


def input_values(
    record: Baseline, anchors: Mapping[str, AnchorPlace], contents: Contents
) -> dict[str, Value]:
    """What every input cell holds, by what of the State it is."""
    values: dict[str, Value] = {}
    for holds, (anchor, row, column) in record.inputs.items():
        place = anchors.get(anchor)
        if place is not None and row < len(place.rows) and column < len(place.columns):
            values[holds] = value_at(contents, place, row, column)
    return values


def value_at(contents: Contents, place: AnchorPlace, row: int, column: int) -> Value:
    """The value of a block's cell."""
    sheet = contents.sheet(place.sheet)
    cell = sheet.at(place.rows[row], place.columns[column]) if sheet is not None else None
    return cell.value if cell is not None else None


def list_rows(
    record: Baseline, anchors: Mapping[str, AnchorPlace], contents: Contents
) -> dict[str, tuple[ListRow, ...]]:
    """The rows of every list whose block is still there; parents before the lists that depend on them.

    A row whose label people cleared keeps its id and has an empty label: formulas still point at its cell.
    """
    found: dict[str, tuple[ListRow, ...]] = {}
    waiting = list(record.model.lists)
    while waiting:
        ready = [d for d in waiting if not d.depends_on or d.depends_on in found]
        for definition in ready:
            place = anchors.get(list_anchor(definition.id))
            above = found.get(definition.depends_on, ())
            if place is None:
                rows: tuple[ListRow, ...] = ()
            elif definition.depends_on:
                rows = _matrix(definition, above, place, contents, record)
            else:
                rows = _plain(definition, place, contents, record)
            dependents = [d for d in record.model.lists if d.depends_on == definition.id]
            if dependents:
                parents = Parents(definition, rows, {r.id: r.column for r in above})
                rows = with_their_columns(parents, dependents, anchors, contents)
            found[definition.id] = rows
        waiting = [d for d in waiting if d not in ready]
    return found


def _plain(
    definition: ListDefinition, place: AnchorPlace, contents: Contents, record: Baseline
) -> tuple[ListRow, ...]:
    names = definition.attribute_names
    found: list[_Written] = []
    for offset in range(len(place.rows)):
        label = _text(value_at(contents, place, offset, 0))
        written = _text(value_at(contents, place, offset, len(names) + 1))
        if label or written:
            found.append(_Written(label, written, "", offset))
    rows = []
    for row, id_ in zip(found, _ids(definition, found, record), strict=True):
        values = {name: value_at(contents, place, row.offset, i) for i, name in enumerate(names, start=1)}
        attributes = {name: value for name, value in values.items() if value is not None}
        rows.append(ListRow(id_, row.label, "", attributes, row.offset))
    rows += _removed(definition, rows, len(place.rows))
    return tuple(rows)


def _matrix(
    definition: ListDefinition,
    parents: tuple[ListRow, ...],
    place: AnchorPlace,
    contents: Contents,
    record: Baseline,
) -> tuple[ListRow, ...]:
    items = {i.id: i for i in definition.items}
    at = {parent.column: parent for parent in parents}
    count = len(place.columns) // 2
    found: list[_Written] = []
    for column in range(count):
        parent = at.get(column)
        for offset in range(len(place.rows)):
            label = _text(value_at(contents, place, offset, column))
            written = _text(value_at(contents, place, offset, count + column))
            if (label or written) and parent is not None:
                found.append(_Written(label, written, parent.id, offset))
    rows = []
    for row, id_ in zip(found, _ids(definition, found, record), strict=True):
        item = items.get(id_)
        rows.append(ListRow(id_, row.label, row.parent, dict(item.attributes) if item else {}, row.offset))
    rows += _removed(definition, rows, len(place.rows))
    order = {i.id: n for n, i in enumerate(definition.items)}
    return tuple(sorted(rows, key=lambda r: order.get(r.id, len(order))))


@dataclass(frozen=True, slots=True)
class _Written:
    """A row of a list as it stands there; `id` is what its hidden cell holds."""

    label: str
    id: str
    parent: str
    offset: int


def _ids(definition: ListDefinition, rows: Sequence[_Written], record: Baseline) -> Iterator[str]:
    """The ids of rows: those in the hidden cells; where none of ours stands, that of the option that lost its own
    and had this label, else one made of the label, for people added it."""
    known = {item.id: item.label.text(record.language) for item in definition.items}
    known |= record.lists.get(definition.id, {})
    parents = {item.id: item.parent for item in definition.items}
    there = {row.id for row in rows}
    lost = {
        (parents.get(id_, ""), label.casefold()): id_
        for id_, label in known.items()
        if label and id_ not in there
    }
    taken: set[str] = set()
    for row in rows:
        id_ = row.id
        if not id_ or id_ in taken or id_ not in known:
            id_ = lost.pop((row.parent, row.label.casefold()), NEW_ITEM + row.label)
        while id_ in taken:
            id_ += "'"
        taken.add(id_)
        yield id_


def _removed(definition: ListDefinition, rows: Sequence[ListRow], capacity: int) -> Iterator[ListRow]:
    """The spec's options of which people deleted all cells: without a label, as if they had cleared it, and as low
    as there is room, for what is typed below the last option is a new one."""
    there = {row.id for row in rows}
    taken = {(row.parent, row.offset) for row in rows}
    for item in definition.items:
        if item.id not in there:
            free = (at for at in range(capacity - 1, -1, -1) if (item.parent, at) not in taken)
            offset = next(free, -1)
            taken.add((item.parent, offset))
            yield ListRow(item.id, "", item.parent, dict(item.attributes), offset)


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
