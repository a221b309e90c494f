"""Columns that lost header and number, found by what they hold.

Knows the hashes of rows as they were last: with the right columns most of them come out again, also after months of
work, when many rows are no longer what they were. Does not claim what could as well be another column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations
from math import perm

from crmsheet.excel.values import Value
from crmsheet.model.baseline import ColumnMark, TableMark
from crmsheet.model.identity import row_hash
from crmsheet.model.spec import Table
from crmsheet.sheetml.contents import SheetCells
from crmsheet.sheetml.tables import Table as TablePart

ROW_ID = "_id"
_MOST_TRIALS = 100
_MOST_ROWS = 400
"""So many rows tell enough."""
_SURE = 0.9
_LIKELY = 0.3
"""This share of the rows must be as it was, when no other columns come near it."""


def columns_by_content(
    table: Table,
    mark: TableMark,
    part: TablePart,
    cells: SheetCells,
    claimed: Mapping[str, int],
    missing: Sequence[ColumnMark],
    book_code: str,
) -> dict[str, int]:
    """Column id to index of the missing input columns, as those columns that make the remembered rows come out right;
    nothing unless all are found."""
    wanted = [m for m in missing if table.has_field(m.id) and not table.field(m.id).type.computed]
    free = [i for i in range(len(part.columns)) if i not in claimed.values()]
    order = [f.id for f in table.fields if not f.type.computed and any(m.id == f.id for m in mark.columns)]
    found = {m.id for m in wanted}
    if (
        ROW_ID not in claimed
        or not 0 < len(wanted) <= len(free)
        or perm(len(free), len(wanted)) > _MOST_TRIALS
        or any(id_ not in claimed and id_ not in found for id_ in order)
    ):
        return {}
    rows = list(islice(_remembered(mark, part, cells, claimed[ROW_ID]), _MOST_ROWS))
    tried: list[tuple[int, bool, dict[str, int]]] = []
    for candidate in permutations(free, len(wanted)):
        trial = {m.id: index for m, index in zip(wanted, candidate, strict=True)}
        places = [{**claimed, **trial}[id_] for id_ in order]
        right = sum(row_hash(book_code, [row.get(i) for i in places]) == was for row, was in rows)
        alike = all(m.header.casefold() in part.columns[trial[m.id]].name.casefold() for m in wanted)
        tried.append((right, alike, trial))
    return _best(tried, len(rows))


def _remembered(
    mark: TableMark, part: TablePart, cells: SheetCells, id_index: int
) -> Iterator[tuple[Mapping[int, Value], str]]:
    """The values, by index of their column, and the hash of each row that is known by its hidden id."""
    left = part.ref.left
    for row in range(part.ref.top + 1, part.ref.bottom + 1):
        found = cells.row(row)
        id_cell = found.get(left + id_index)
        remembered = mark.rows.get(str(id_cell.value)) if id_cell is not None else None
        if remembered is not None:
            yield {column - left: cell.value for column, cell in found.items()}, remembered[0]


def _best(tried: Sequence[tuple[int, bool, dict[str, int]]], known: int) -> dict[str, int]:
    """The one trial that is better than all others: of those whose columns fit alike, the one whose headers still
    contain the old ones."""
    most = max(right for right, _, _ in tried)
    best = [trial for right, _, trial in tried if right == most]
    if len(best) == 1:
        second = max((right for right, _, trial in tried if trial is not best[0]), default=0)
        if most and (most >= _SURE * known or (most >= _LIKELY * known and 2 * second <= most)):
            return best[0]
    alike = [trial for right, named, trial in tried if named and 2 * right >= most]
    return alike[0] if len(alike) == 1 and most >= _LIKELY * known else {}
