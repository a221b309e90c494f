"""Room for a block on a sheet: its old place made larger, or another one.

Knows rectangles and what of the ground is free. Does not know which blocks need room, nor what becomes of the
places they leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import AnchorPlace
from crmsheet.plan.book import SheetKind
from crmsheet.plan.cells import Block, Role
from crmsheet.plan.place import contiguous
from crmsheet.refresh.structure.ground import Ground
from crmsheet.structs import replace


def grown(block: Block, old: AnchorPlace, ground: Ground, *, filled_only: bool = False) -> AnchorPlace | None:
    """The old place, cut or lengthened into free cells; None when they are not free. With `filled_only` only the
    cells count that the block fills, and columns are passed over in which they are not free."""
    if sorted(set(old.columns)) != list(old.columns):
        # Columns that people moved about stand in their order again.
        left = old.extent.left
        old = replace(old, columns=tuple(range(left, left + len(old.columns))))
    rows = (*old.rows, *range(old.rows[-1] + 1, old.rows[-1] + 1 + block.rows - len(old.rows)))
    columns = (
        *old.columns,
        *range(old.columns[-1] + 1, old.columns[-1] + 1 + block.columns - len(old.columns)),
    )
    rows, columns = rows[: block.rows], columns[: block.columns]
    if filled_only:
        return AnchorPlace(old.sheet, rows, _columns_beside(block, old, rows, columns, ground))
    if any((rows[c.row], columns[c.column]) in ground.kept for c in block.cells):
        return None
    beside = RangeRef(rows[0], old.columns[-1] + 1, rows[-1], max(old.columns[-1] + 1, columns[-1]))
    below = RangeRef(old.rows[-1] + 1, columns[0], max(old.rows[-1] + 1, rows[-1]), columns[-1])
    if len(columns) > len(old.columns) and not ground.free(beside):
        return None
    if len(rows) > len(old.rows) and not ground.free(below):
        return None
    return AnchorPlace(old.sheet, rows, columns)


def _columns_beside(
    block: Block, old: AnchorPlace, rows: Sequence[int], columns: Sequence[int], ground: Ground
) -> tuple[int, ...]:
    """The columns, further to the right from where people's cells are in the way."""
    held = old.extent

    def free(row: int, column: int) -> bool:
        if (row, column) in ground.kept:
            return False
        return held.contains(row, column) or ground.free(RangeRef(row, column, row, column))

    found: list[int] = []
    for number, column in enumerate(columns):
        filled = [rows[c.row] for c in block.cells if c.column == number]
        at = max(column, found[-1] + 1) if found else column
        while not all(free(row, at) for row in filled):
            at += 1
        found.append(at)
    return tuple(found)


def placed_blocks(
    kind: SheetKind, waiting: Sequence[Block], ground: Ground
) -> Iterator[tuple[Block, RangeRef]]:
    """A place for each waiting block: where a new workbook has it if that is free, else below everything,
    side by side and one close to the other as they are built; on a table's sheet nowhere else."""
    ordered = sorted(waiting, key=lambda b: (b.row, b.column))
    rest: list[Block] = []
    for block in ordered:
        if kind is not SheetKind.LISTS and ground.free(_padded(as_built(block))):
            ground.take([as_built(block)])
            yield block, as_built(block)
        else:
            rest.append(block)
    if not rest or kind is SheetKind.ENTRY:
        return
    if kind is SheetKind.LISTS:
        shift = ground.right() + 2 - min(b.column for b in rest)
        done = [(b, _at(b, b.row, b.column + shift)) for b in rest]
    else:
        top = ground.bottom() + 2
        done, start, end = [], rest[0].row, rest[0].row
        at = top
        for block in rest:
            if block.row > end + 2:
                # What stood between them stays where it is.
                at += end - start + 2
                start = block.row
            done.append((block, _at(block, at + block.row - start, block.column)))
            end = max(end, block.row + block.rows - 1)
    ground.take([area for _, area in done])
    yield from done


def has_inputs(block: Block) -> bool:
    return any(c.role is Role.INPUT for c in block.cells)


def is_whole(place: AnchorPlace) -> bool:
    return contiguous(place.rows) and contiguous(place.columns)


def as_built(block: Block) -> RangeRef:
    return _at(block, block.row, block.column)


def _at(block: Block, row: int, column: int) -> RangeRef:
    return RangeRef(row, column, row + block.rows - 1, column + block.columns - 1)


def _padded(area: RangeRef) -> RangeRef:
    return replace(area, bottom=area.bottom + 1)
