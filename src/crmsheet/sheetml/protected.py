"""Cells that must not be written: under a merge, inside an array or a range that the caller names.

Knows where they are. Does not know how cells are written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from crmsheet.excel.references import RangeRef, a1
from crmsheet.messages import say
from crmsheet.opc.refusals import Refusal
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import SheetScan


def refuse_protected(
    scan: SheetScan, by_row: Mapping[int, Mapping[int, CellEdit]], blocked: Sequence[tuple[RangeRef, str]]
) -> None:
    """Raises WorkbookRefused for the first of these edits (by row and column) that must not be made."""
    rows = sorted(by_row)
    for area in scan.merges:
        for edit in _inside(area, rows, by_row):
            if (edit.row, edit.column) != (area.top, area.left) and edit.kind is not EditKind.STYLE:
                raise _protected(scan, edit, say("It is hidden under the merged cells {area}.", area=area))
    for area, formula in scan.special_formulas.array_areas:
        for edit in _inside(area, rows, by_row):
            at_formula = (edit.row, edit.column) == (formula.row, formula.column)
            alone = area.rows == area.columns == 1
            if edit.kind is EditKind.STYLE or (at_formula and (alone or edit.kind is EditKind.CACHE)):
                continue
            raise _protected(scan, edit, say("One array formula or data table fills {area}.", area=area))
    for area, reason in blocked:
        for edit in _inside(area, rows, by_row):
            raise _protected(scan, edit, reason)


def _inside(
    area: RangeRef, rows: Sequence[int], by_row: Mapping[int, Mapping[int, CellEdit]]
) -> list[CellEdit]:
    return [
        edit
        for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]
        for edit in by_row[row].values()
        if area.left <= edit.column <= area.right
    ]


def _protected(scan: SheetScan, edit: CellEdit, reason: str) -> Exception:
    return Refusal.PROTECTED_CELL.error(
        scan.file, scan.part, say("Cell {cell}: {reason}", cell=a1(edit.row, edit.column), reason=reason)
    )
