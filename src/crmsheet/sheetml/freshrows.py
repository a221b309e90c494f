"""Rows that come into a sheet that exists: which of them can be put in whole.

Knows what may be in their way. Those that cannot be put in whole become edits of their cells, of which each is looked
at. Does not know how either is done.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.references import RangeRef
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.rowwriting import AS_THE_COLUMN, FreshRows
from crmsheet.sheetml.scan import SheetScan

_BATCH: Final = 2**18


def apart(
    scan: SheetScan,
    edits: Sequence[CellEdit],
    blocked: Sequence[tuple[RangeRef, str]],
    fresh: Sequence[FreshRows],
) -> tuple[list[FreshRows], list[CellEdit]]:
    """The rows that can be put in whole, and those of which every cell has to be looked at: some of these rows are
    written already, or something is in the way."""
    numbers = scan.rows.numbers
    edited = {edit.row for edit in edits} if fresh else set()
    taken = [
        *scan.merges,
        *(area for area, _ in scan.special_formulas.array_areas),
        *(area for area, _ in blocked),
    ]
    whole: list[FreshRows] = []
    others: list[CellEdit] = []
    for rows in fresh:
        area = rows.area
        free = (
            rows.length > 0
            and area.bottom < limits.ROWS
            and scan.rows.open_end < scan.rows.end
            and bisect_left(numbers, area.top) == bisect_right(numbers, area.bottom)
            and edited.isdisjoint(range(area.top, area.bottom + 1))
            and not any(t.top <= area.bottom and area.top <= t.bottom for t in taken)
            and not any(t.area.top <= area.bottom and area.top <= t.area.bottom for t in whole)
        )
        if free:
            whole.append(rows)
        else:
            others += _cell_by_cell(rows)
    return whole, others


def _cell_by_cell(rows: FreshRows) -> Iterator[CellEdit]:
    for column, values in zip(rows.formats, rows.columns, strict=True):
        kind = EditKind.FORMULA if column.formula else EditKind.VALUE
        style = None if column.style == AS_THE_COLUMN else column.style
        for row, value in enumerate(values, rows.first_row):
            yield CellEdit(row, column.column, kind, value, column.formula, style)


def batches(pieces: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Pieces that follow each other, together up to some size."""
    some: list[bytes] = []
    size = 0
    for piece in pieces:
        if some and size + len(piece) > _BATCH:
            yield some
            some, size = [], 0
        some.append(piece)
        size += len(piece)
    if some:
        yield some
