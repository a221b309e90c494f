"""Sets of cells as rectangles: what of one set another leaves over.

Knows rows and columns only; the sheets of the ranges are not looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from crmsheet.excel.references import RangeRef

Cells: TypeAlias = tuple[RangeRef, ...]

_MANY: Final = 400
"""From so many pairs of rectangles on it is quicker to go strip by strip."""


def minus(cells: Iterable[RangeRef], gone: Iterable[RangeRef]) -> Cells:
    """The cells that are not in `gone`; few rectangles that `gone` does not touch stay as they are."""
    left, holes = list(cells), list(gone)
    if len(left) * len(holes) > _MANY:
        return _by_strips(left, holes)
    for hole in holes:
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
    return _by_strips(list(cells), ())


def _by_strips(cells: Sequence[RangeRef], gone: Sequence[RangeRef]) -> Cells:
    """The cells without `gone`, strip of columns by strip of columns; strips that agree become one."""
    edges = sorted({x for a in (*cells, *gone) for x in (a.left, a.right + 1)})
    open_: dict[tuple[int, int], int] = {}
    found: list[RangeRef] = []
    for left, behind in itertools.pairwise(edges):
        rows = _rows(
            ((a.top, a.bottom) for a in cells if a.left <= left <= a.right),
            ((a.top, a.bottom) for a in gone if a.left <= left <= a.right),
        )
        going_on = {span: open_.get(span, left) for span in rows}
        found += [RangeRef(s[0], start, s[1], left - 1) for s, start in open_.items() if s not in going_on]
        open_ = going_on
        last = behind
    found += [RangeRef(top, start, bottom, last - 1) for (top, bottom), start in open_.items()]
    return tuple(sorted(found))


def _rows(spans: Iterable[tuple[int, int]], gone: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Rows from and to that are in the spans and not in `gone`, without gaps between neighbours."""
    turns = sorted(
        [(row, kind) for top, bottom in spans for row, kind in ((top, 1), (bottom + 1, -1))]
        + [(row, kind) for top, bottom in gone for row, kind in ((top, 2), (bottom + 1, -2))]
    )
    found: list[tuple[int, int]] = []
    inside = outside = 0
    start = -1
    for row, same in itertools.groupby(turns, key=lambda turn: turn[0]):
        for _, kind in same:
            inside += kind if abs(kind) == 1 else 0
            outside += kind // 2 if abs(kind) == 2 else 0
        held = inside > 0 and outside == 0
        if held and start < 0:
            start = row
        elif not held and start >= 0:
            found.append((start, row - 1))
            start = -1
    return found


def count(cells: Iterable[RangeRef]) -> int:
    """How many cells there are, each once."""
    return sum(area.rows * area.columns for area in joined(cells))


def text(cells: Iterable[RangeRef]) -> str:
    """As a `sqref`."""
    return " ".join(str(RangeRef(a.top, a.left, a.bottom, a.right)) for a in cells)
