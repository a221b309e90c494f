"""Blocks that lost the hidden name that marks them, found by what stands in their cells.

Knows that a block's texts and formulas keep their distance from each other. Does not know what they mean, and
finds nothing where it could be two places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsheet.excel.references import RangeRef
from crmsheet.excel.values import same_value
from crmsheet.model.layout import AnchorPlace
from crmsheet.plan.cells import Block, Role
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.structs import replace

_SURE = 0.9
_FEWEST = 2
"""A block with fewer filled cells is only looked for where it was built."""


def found_again(
    blocks: Iterable[Block], sheets: Mapping[str, str], contents: Contents, taken: Iterable[RangeRef]
) -> dict[str, AnchorPlace]:
    """The places of blocks that stand on their sheets whole. `sheets` gives sheet names by id; `taken` are the
    places of the others, and what is left of those that were cut."""
    held = list(taken)
    found: dict[str, AnchorPlace] = {}
    for block in blocks:
        name = sheets.get(block.sheet)
        sheet = contents.sheet(name) if name is not None else None
        if name is None or sheet is None:
            continue
        places = [p for p in _candidates(block, name, sheet) if not any(_overlap(p, o) for o in held)]
        if len(places) > 1 and (at_home := [p for p in places if _at_home(block, p)]):
            places = at_home
        if len(places) == 1:
            found[block.anchor] = places[0]
            held.append(replace(places[0].extent, sheet=name))
    return found


def _candidates(block: Block, name: str, sheet: SheetCells) -> list[AnchorPlace]:
    """Where enough of the block's cells are as planned."""
    texts = [
        c for c in block.cells if c.role is Role.OWNED and c.formula is None and isinstance(c.value, str)
    ]
    starts = {(block.row, block.column)}
    if texts:
        first = texts[0]
        starts |= {
            (row - first.row, cell.column - first.column)
            for row, cells in sheet.rows.items()
            for cell in cells
            if cell.formula is None and cell.value == first.value
        }
    return [
        AnchorPlace(name, tuple(range(row, row + block.rows)), tuple(range(column, column + block.columns)))
        for row, column in sorted(starts)
        if row >= 0 and column >= 0 and _fits(block, sheet, row, column)
    ]


def _fits(block: Block, sheet: SheetCells, top: int, left: int) -> bool:
    right = filled = 0
    for cell in block.cells:
        if cell.role is not Role.OWNED or (cell.formula is None and cell.value in (None, "")):
            continue
        filled += 1
        there = sheet.at(top + cell.row, left + cell.column)
        if there is None:
            continue
        if cell.formula is not None and not cell.snapshot:
            right += there.formula is not None
        else:
            right += cell.snapshot or same_value(there.value, cell.value)
    if filled < _FEWEST:
        return right == filled > 0 and (top, left) == (block.row, block.column)
    return right >= _SURE * filled


def _at_home(block: Block, place: AnchorPlace) -> bool:
    return (place.rows[0], place.columns[0]) == (block.row, block.column)


def _overlap(place: AnchorPlace, other: RangeRef) -> bool:
    return place.sheet.casefold() == other.sheet.casefold() and place.extent.overlaps(other)
