"""Settings, selectors and lists: input cells that are no rows of tables.

Knows in which cells they stand (`Baseline.inputs`) and how a list lies in its block (`compile.lists`).
Does not judge what people typed there.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.compile.symbols import list_anchor
from crmsheet.excel.values import Value
from crmsheet.model.baseline import Baseline
from crmsheet.model.layout import AnchorPlace
from crmsheet.model.spec import ListDefinition
from crmsheet.model.state import ListRow
from crmsheet.sheetml.contents import Contents

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
            if place is None:
                found[definition.id] = ()
            elif definition.depends_on:
                found[definition.id] = _matrix(
                    definition, found.get(definition.depends_on, ()), place, contents, record
                )
            else:
                found[definition.id] = _plain(definition, place, contents)
        waiting = [d for d in waiting if d not in ready]
    return found


def _plain(definition: ListDefinition, place: AnchorPlace, contents: Contents) -> tuple[ListRow, ...]:
    names = definition.attribute_names
    rows: list[ListRow] = []
    taken: set[str] = set()
    for offset in range(len(place.rows)):
        label = _text(value_at(contents, place, offset, 0))
        written = _text(value_at(contents, place, offset, len(names) + 1))
        if not label and not written:
            continue
        id_ = _row_id(written, label, taken)
        attributes: dict[str, Value] = {}
        for i, name in enumerate(names, start=1):
            value = value_at(contents, place, offset, i)
            if value is not None:
                attributes[name] = value
        rows.append(ListRow(id_, label, "", attributes, offset))
    return tuple(rows)


def _matrix(
    definition: ListDefinition,
    parents: tuple[ListRow, ...],
    place: AnchorPlace,
    contents: Contents,
    record: Baseline,
) -> tuple[ListRow, ...]:
    items = {i.id: i for i in definition.items}
    parent_is_plain = not record.model.list(definition.depends_on).depends_on
    at = {(r.offset if parent_is_plain else i): r for i, r in enumerate(parents)}
    count = len(place.columns) // 2
    rows: list[ListRow] = []
    taken: set[str] = set()
    for column in range(count):
        parent = at.get(column)
        for offset in range(len(place.rows)):
            label = _text(value_at(contents, place, offset, column))
            written = _text(value_at(contents, place, offset, count + column))
            if (label or written) and parent is not None:
                id_ = _row_id(written, label, taken)
                item = items.get(id_)
                rows.append(ListRow(id_, label, parent.id, dict(item.attributes) if item else {}, offset))
    order = {i.id: n for n, i in enumerate(definition.items)}
    return tuple(sorted(rows, key=lambda r: order.get(r.id, len(order))))


def _row_id(written: str, label: str, taken: set[str]) -> str:
    """The id in the hidden cell; for a row that people added, one made of its label."""
    id_ = written if written and written not in taken else NEW_ITEM + label
    while id_ in taken:
        id_ += "'"
    taken.add(id_)
    return id_


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
