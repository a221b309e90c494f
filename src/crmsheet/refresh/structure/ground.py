"""What of a sheet is taken: by cells, merged cells, tables, pivot tables, drawings.

Knows rectangles. Does not know which of them are ours: the caller leaves those out that will be given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan, SheetKind
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.drawings import Floating, floating_on
from crmsheet.sheetml.pivots import pivot_ranges
from crmsheet.sheetml.tables import tables_of
from crmsheet.structs import dataclass, field

Cells: TypeAlias = frozenset[tuple[int, int]]
"""Cells by row and column."""


def cells_between(plan: Plan, layout: Layout, contents: Contents) -> Mapping[str, Cells]:
    """By sheet name: what people typed between the cells of our blocks, where these are blank. On the hidden
    sheets is nothing of people's."""
    hidden = {s.id for s in plan.sheets if s.kind in (SheetKind.CALC, SheetKind.BASELINE)}
    places = [
        (block, place)
        for block in plan.blocks
        if block.sheet not in hidden and (place := layout.anchors.get(block.anchor)) is not None
    ]
    ours = {
        (place.sheet, place.rows[c.row], place.columns[c.column])
        for block, place in places
        for c in block.cells
        if c.row < len(place.rows) and c.column < len(place.columns)
    }
    found: dict[str, set[tuple[int, int]]] = {}
    for _, place in places:
        sheet, extent = contents.sheet(place.sheet), place.extent
        for row in range(extent.top, extent.bottom + 1):
            for column, cell in sheet.row(row).items() if sheet is not None else ():
                filled = cell.formula is not None or cell.value not in (None, "")
                if filled and extent.contains(row, column) and (place.sheet, row, column) not in ours:
                    found.setdefault(place.sheet, set()).add((row, column))
    return {name: frozenset(cells) for name, cells in found.items()}


@dataclass(slots=True)
class Ground:
    """The taken places of one sheet; `take` adds to them."""

    cells: dict[int, list[int]]
    """Columns of filled cells by row."""
    areas: list[RangeRef]
    floating: tuple[Floating, ...]
    objects: bool
    """People have put things there that cells cannot carry along: notes, pictures, controls."""
    kept: Cells = frozenset()
    """Filled cells of people's between our own: they stay, whatever becomes of the block around them."""
    taken: list[RangeRef] = field(default_factory=list)

    @staticmethod
    def of(
        contents: Contents,
        sheet: str,
        given_up: Sequence[RangeRef],
        kept: Cells = frozenset(),
        our_charts: frozenset[str] = frozenset(),
        first_row: int = 0,
    ) -> Ground:
        """The ground of a sheet, without what stands in the rectangles that are given up and is not to be kept. Cells
        above `first_row` are not looked at."""
        package = contents.package
        held = contents.sheet(sheet)
        if held is None:
            return Ground({}, [], (), objects=False)
        part = held.sheet.part
        cells: dict[int, list[int]] = {}
        for row in held.rows:
            if row < first_row:
                continue
            found = held.rows[row]
            over = [a for a in given_up if a.top <= row <= a.bottom]
            columns = [
                c.column
                for c in found
                if (c.formula is not None or c.value not in (None, ""))
                and ((row, c.column) in kept or not any(a.left <= c.column <= a.right for a in over))
            ]
            if columns:
                cells[row] = columns
        merges = [m for m in held.scan.merges if not any(a.covers(m) for a in given_up)]
        areas = [
            *merges,
            *(t.ref for t in tables_of(package, part)),
            *(a for a, _ in pivot_ranges(package, part)),
        ]
        floating = floating_on(package, part)
        foreign = {r.kind for r in package.relationships(part)} - {"drawing", "table", "printerSettings"}
        objects = bool(foreign) or any(f.chart not in our_charts for f in floating)
        return Ground(cells, areas, floating, objects, kept)

    def free(self, area: RangeRef) -> bool:
        """Whether nothing stands there."""
        if any(area.overlaps(a) for a in (*self.areas, *self.taken)):
            return False
        return not any(
            area.top <= row <= area.bottom and any(area.left <= c <= area.right for c in columns)
            for row, columns in self.cells.items()
        )

    def first_taken(self, area: RangeRef) -> tuple[int, int] | None:
        """A filled cell in an area."""
        for row in sorted(self.cells):
            if area.top <= row <= area.bottom:
                for column in sorted(self.cells[row]):
                    if area.left <= column <= area.right:
                        return row, column
        over = next((a for a in (*self.areas, *self.taken) if a.overlaps(area)), None)
        return (over.top, over.left) if over is not None else None

    def take(self, areas: Iterable[RangeRef]) -> None:
        self.taken += areas

    def bottom(self) -> int:
        """The last row with anything on it; -1 for an empty sheet."""
        return max(
            [
                -1,
                *self.cells,
                *(a.bottom for a in (*self.areas, *self.taken)),
                *(f.bottom for f in self.floating),
            ]
        )

    def right(self) -> int:
        """The last column with anything on it."""
        return max(
            [
                -1,
                *(c for columns in self.cells.values() for c in columns),
                *(a.right for a in (*self.areas, *self.taken)),
                *(f.right for f in self.floating),
            ]
        )
