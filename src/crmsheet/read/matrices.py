"""Whose options a column of a dependent list's matrix holds, after people inserted, deleted or sorted rows of the parent.

Knows three witnesses: the hidden ids in the column, the formula above it, and the order of the parents where both are
silent. Does not know labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from crmsheet.compile.listshapes import parents_anchor, with_columns
from crmsheet.compile.symbols import list_anchor
from crmsheet.excel.references import CellRef, parse_cell
from crmsheet.model.layout import AnchorPlace
from crmsheet.model.spec import ListDefinition
from crmsheet.model.state import ListRow
from crmsheet.patterns import regex
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass, replace

_LAST_CELL = regex(r"(\$[A-Z]{1,3}\$[0-9]{1,7})\)$")
"""Of a heading, `IF(Lists!$D$6="","",Lists!$D$6)`."""


@dataclass(frozen=True, slots=True)
class Parents:
    """The rows of a list that has dependents, and the columns their labels stand in."""

    definition: ListDefinition
    rows: tuple[ListRow, ...]
    columns: Mapping[str, int]
    """By the id of the row's own parent; empty for a plain list."""


def with_their_columns(
    parents: Parents,
    dependents: Sequence[ListDefinition],
    anchors: Mapping[str, AnchorPlace],
    contents: Contents,
) -> tuple[ListRow, ...]:
    """The rows of a list with the columns they have in the matrices of `dependents`."""
    known = {row.id for row in parents.rows}
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for column, id_ in _witnessed(parents, dependents, anchors, contents):
        if id_ in known and id_ not in columns and column not in taken:
            columns[id_] = column
            taken.add(column)
    return with_columns(replace(row, column=columns.get(row.id, -1)) for row in parents.rows)


def _witnessed(
    parents: Parents,
    dependents: Iterable[ListDefinition],
    anchors: Mapping[str, AnchorPlace],
    contents: Contents,
) -> Iterator[tuple[int, str]]:
    own = anchors.get(list_anchor(parents.definition.id))
    for definition in dependents:
        place = anchors.get(list_anchor(definition.id))
        if place is not None:
            yield from _by_ids(definition, place, contents)
    for definition in dependents:
        heads = anchors.get(parents_anchor(definition.id))
        if own is not None and heads is not None:
            yield from _by_headings(parents, own, heads, contents)


def _by_ids(definition: ListDefinition, place: AnchorPlace, contents: Contents) -> Iterator[tuple[int, str]]:
    """Columns and the parents of the spec's options in them, those of most options first."""
    parents = {item.id: item.parent for item in definition.items}
    sheet = contents.sheet(place.sheet)
    count = len(place.columns) // 2
    found: Counter[tuple[int, str]] = Counter()
    for column in range(count):
        for row in place.rows:
            cell = sheet.at(row, place.columns[count + column]) if sheet is not None else None
            parent = parents.get(str(cell.value)) if cell is not None else None
            if parent is not None:
                found[column, parent] += 1
    return (claim for claim, _ in found.most_common())


def _by_headings(
    parents: Parents, own: AnchorPlace, heads: AnchorPlace, contents: Contents
) -> Iterator[tuple[int, str]]:
    """Columns and the parents whose labels the formulas above them show."""
    labels: dict[CellRef, str] = {}
    for row in parents.rows:
        column = parents.columns.get(row.parent, 0)
        if 0 <= row.offset < len(own.rows) and column < len(own.columns):
            labels[CellRef(own.rows[row.offset], own.columns[column])] = row.id
    sheet = contents.sheet(heads.sheet)
    for at, sheet_column in enumerate(heads.columns):
        cell = sheet.at(heads.rows[0], sheet_column) if sheet is not None else None
        shown = _LAST_CELL.search(cell.formula) if cell is not None and cell.formula else None
        id_ = labels.get(parse_cell(shown[1])) if shown is not None else None
        if id_ is not None:
            yield at, id_
