"""Hidden columns of ours that a changed spec no longer needs.

Knows who still reads them: columns that the spec leaves to people keep their formulas, and what these read stays.
Does not know how a column is emptied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.api.restructuring.change import Change
from crmsheet.model.layout import TablePlace
from crmsheet.plan.book import Plan
from crmsheet.plan.tables import ColumnRole
from crmsheet.sheetml.grid import Covered


def unneeded_helpers(change: Change, plan: Plan) -> Iterator[tuple[TablePlace, tuple[str, ...]]]:
    """Of each table that goes on: its place, and the hidden columns that neither we nor people need any more."""
    candidates = dict(_candidates(change, plan))
    read = _read_by_people(change, plan, candidates) if any(candidates.values()) else set()
    for former, columns in candidates.items():
        place = change.reading.layout.tables[former]
        yield place, tuple(c for c in columns if (former, c) not in read)


def _candidates(change: Change, plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By old table: the hidden columns that the new plan does not have."""
    for table, former in change.pairs.tables.items():
        place = change.reading.layout.tables.get(former)
        if place is None:
            continue
        needed = {change.pairs.column(table, c.id) for c in plan.table(table).columns}
        fields = {f.id for f in change.old.table(former).fields}
        yield (
            former,
            tuple(
                c.id
                for c in change.old_plan.table(former).columns
                if c.hidden
                and c.role is ColumnRole.COMPUTED
                and c.id not in needed | fields
                and c.id in place.columns
            ),
        )


def _read_by_people(
    change: Change, plan: Plan, candidates: Mapping[str, tuple[str, ...]]
) -> set[tuple[str, str]]:
    """The candidates that formulas mention which will not be ours, and those that these mention in turn."""
    texts = _formulas_left(change, plan, candidates)
    places = change.reading.layout.tables
    left = {(t, c): f"[{places[t].headers[c]}]" for t, columns in candidates.items() for c in columns}
    read: set[tuple[str, str]] = set()
    while texts:
        found = {at for at, word in left.items() if at not in read and any(word in text for text in texts)}
        read |= found
        texts = {_formula(change, *at) for at in found}
    return read


def _formula(change: Change, table: str, column: str) -> str:
    held = change.reading.tables[table]
    cells = (held.cells.at(row, held.columns[column]) for row in range(held.first_row, held.last_row + 1))
    return next((c.formula for c in cells if c is not None and c.formula), "")


def _formulas_left(change: Change, plan: Plan, candidates: Mapping[str, tuple[str, ...]]) -> set[str]:
    """What the formulas of the workbook say, but for columns that are ours or are to be emptied, and for blocks."""
    ours: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for table, former in change.pairs.tables.items():
        held = change.reading.tables.get(former)
        if held is None:
            continue
        columns = {change.pairs.column(table, c.id) for c in plan.table(table).columns}
        for column in {*columns, *candidates.get(former, ())} & held.columns.keys():
            rows = ours.setdefault(held.sheet.name, {}).setdefault(held.columns[column], [])
            rows.append((held.first_row, held.last_row))
    for place in change.reading.layout.anchors.values():
        for at in place.columns:
            rows = ours.setdefault(place.sheet, {}).setdefault(at, [])
            rows.append((place.rows[0], place.rows[-1]))
    found: set[str] = set()
    for sheet in change.contents.package.workbook.sheets:
        cells = change.contents.sheet(sheet.name)
        if cells is not None:
            covered: Covered = ours.get(sheet.name, {})
            found |= {c.formula for c in cells.rows.formula_cells(covered) if c.formula}
    return found
