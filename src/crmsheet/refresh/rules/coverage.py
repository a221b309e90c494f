"""Sets of cells as rectangles: what of one set another leaves over.

Knows rows and columns only; the sheets of the ranges are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from crmsheet.excel.references import RangeRef

Cells: TypeAlias = tuple[RangeRef, ...]


def minus(cells: Iterable[RangeRef], gone: Iterable[RangeRef]) -> Cells:
    """The cells that are not in `gone`; rectangles that `gone` does not touch stay as they are."""
    left = list(cells)
    for hole in gone:
        if any(area.overlaps(hole) for area in left):
            left = [piece for area in left for piece in _around(area, hole)]
    return tuple(left)


def _around(area: RangeRef, hole: RangeRef) -> Iterable[RangeRef]:
    """What is left of a rectangle: above the hole, left and right of it, below."""
    if not area.overlaps(hole):
        yield area
        return
    top, bottom = max(area.top, hole.top), min(area.bottom, hole.bottom)
    if area.top < top:
        yield RangeRef(area.top, area.left, top - 1, area.right)
    if area.left < hole.left:
        yield RangeRef(top, area.left, bottom, hole.left - 1)
    if hole.right < area.right:
        yield RangeRef(top, hole.right + 1, bottom, area.right)
    if bottom < area.bottom:
        yield RangeRef(bottom + 1, area.left, area.bottom, area.right)


def common(left: Iterable[RangeRef], right: Sequence[RangeRef]) -> Cells:
    """The cells in both."""
    return tuple(
        RangeRef(max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right))
        for a in left
        for b in right
        if a.overlaps(b)
    )


def overlap(left: Iterable[RangeRef], right: Sequence[RangeRef]) -> bool:
    return any(a.overlaps(b) for a in left for b in right)


def within(cells: Iterable[RangeRef], area: Iterable[RangeRef]) -> bool:
    """Whether every cell is also in `area`."""
    return not minus(cells, area)


def same_cells(left: Sequence[RangeRef], right: Sequence[RangeRef]) -> bool:
    return tuple(left) == tuple(right) or (within(left, right) and within(right, left))


def joined(cells: Iterable[RangeRef]) -> Cells:
    """The same cells in few rectangles that do not overlap, the topmost, leftmost first."""
    distinct: list[RangeRef] = []
    for area in sorted(cells):
        distinct += minus((area,), distinct)
    merged = True
    while merged:
        merged = False
        for down in (True, False):
            distinct.sort(
                key=(lambda r: (r.left, r.right, r.top)) if down else (lambda r: (r.top, r.bottom, r.left))
            )
            kept: list[RangeRef] = []
            for area in distinct:
                last = kept[-1] if kept else None
                if last is not None and _adjoin(last, area, down=down):
                    kept[-1] = RangeRef(last.top, last.left, area.bottom, area.right)
                    merged = True
                else:
                    kept.append(area)
            distinct = kept
    return tuple(sorted(distinct))


def _adjoin(first: RangeRef, second: RangeRef, *, down: bool) -> bool:
    if down:
        return (first.left, first.right) == (second.left, second.right) and first.bottom + 1 == second.top
    return (first.top, first.bottom) == (second.top, second.bottom) and first.right + 1 == second.left


def count(cells: Iterable[RangeRef]) -> int:
    """How many cells there are, each once."""
    return sum(area.rows * area.columns for area in joined(cells))


def text(cells: Iterable[RangeRef]) -> str:
    """As a `sqref`."""
    return " ".join(str(RangeRef(a.top, a.left, a.bottom, a.right)) for a in cells)
