"""What of a sheet is taken: by cells, merged cells, tables, pivot tables, drawings.

Knows rectangles. Does not know which of them are ours: the caller leaves those out that will be given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crmsheet.excel.references import RangeRef
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.drawings import Floating, floating_on
from crmsheet.sheetml.pivots import pivot_ranges
from crmsheet.sheetml.tables import tables_of


@dataclass(slots=True)
class Ground:
    """The taken places of one sheet; `take` adds to them."""

    cells: dict[int, list[int]]
    """Columns of filled cells by row."""
    areas: list[RangeRef]
    floating: tuple[Floating, ...]
    objects: bool
    """People have put things there that cells cannot carry along: notes, pictures, controls."""
    taken: list[RangeRef] = field(default_factory=list)

    @staticmethod
    def of(
        contents: Contents, sheet: str, given_up: Sequence[RangeRef], our_charts: frozenset[str] = frozenset()
    ) -> Ground:
        """The ground of a sheet, without what stands in the rectangles that are given up."""
        package = contents.package
        held = contents.sheet(sheet)
        if held is None:
            return Ground({}, [], (), objects=False)
        part = held.sheet.part
        cells: dict[int, list[int]] = {}
        for row, found in held.rows.items():
            over = [a for a in given_up if a.top <= row <= a.bottom]
            columns = [
                c.column
                for c in found
                if (c.formula is not None or c.value not in (None, ""))
                and not any(a.left <= c.column <= a.right for a in over)
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
        return Ground(
            cells, areas, floating, bool(foreign) or any(f.chart not in our_charts for f in floating)
        )

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
