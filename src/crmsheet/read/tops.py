"""Titles, links and legends above tables, found after people moved, inserted or deleted columns.

Knows that such cells keep to their column, and a column of them by its texts. Does not know what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsheet.excel.limits import COLUMNS
from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import AnchorPlace
from crmsheet.plan.cells import Block, Role
from crmsheet.read.anchors import marked_ranges, top_anchors
from crmsheet.read.book import Reading
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.names import defined_names
from crmsheet.structs import dataclass, replace


def with_tops(reading: Reading, blocks: Iterable[Block], contents: Contents) -> Reading:
    """The reading with the tops of tables where their texts are by now; `blocks` are those of its plan.

    A top of which little is left in a range that was cut is left out.
    """
    tops = top_anchors(reading.record.model)
    names = marked_ranges(defined_names(contents.package))
    areas = {anchor.casefold(): area for anchor, area in names.items()}
    anchors = dict(reading.layout.anchors)
    for block in blocks:
        place, area = anchors.get(block.anchor), areas.get(block.anchor.casefold())
        sheet = contents.sheet(place.sheet) if place is not None else None
        if block.anchor not in tops or place is None or area is None or sheet is None:
            continue
        columns = _Top.of(block, place, area, sheet).columns()
        if columns is None:
            del anchors[block.anchor]
        else:
            anchors[block.anchor] = replace(place, columns=columns)
    return replace(reading, layout=replace(reading.layout, anchors=anchors))


@dataclass(frozen=True, slots=True)
class _Top:
    """A top whose columns are looked for in an area."""

    place: AnchorPlace
    area: RangeRef
    sheet: SheetCells
    texts: Mapping[int, list[tuple[int, str]]]
    """By column of the block: its texts with their rows on the sheet."""

    @staticmethod
    def of(block: Block, place: AnchorPlace, area: RangeRef, sheet: SheetCells) -> _Top:
        texts: dict[int, list[tuple[int, str]]] = {}
        for cell in block.cells:
            # A newer version may have more to say than the workbook has room for: that is put in later.
            known = cell.row < len(place.rows) and cell.column < len(place.columns)
            if cell.role is Role.OWNED and isinstance(cell.value, str) and cell.value and known:
                texts.setdefault(cell.column, []).append((place.rows[cell.row], cell.value))
        return _Top(place, area, sheet, dict(sorted(texts.items())))

    def columns(self) -> tuple[int, ...] | None:
        """The sheet's column of each of the block's; None when there is none."""
        # What stands where it is expected stays, however often its text is to be read elsewhere.
        held = {c: at for c in self.texts if self._alike(c, at := self.place.columns[c])}
        as_expected = len(held)
        for column in self.texts:
            if column not in held and (moved := self._moved(column, held.values())) is not None:
                held[column] = moved
        if len(held) == as_expected and self.area.columns >= len(self.place.columns):
            return self.place.columns
        if 2 * len(held) < len(self.texts):
            return None
        for column in self.texts:
            if column not in held:
                held[column] = self._replaced(column, held)
        return self._filled_up(held) if max(held.values()) < COLUMNS else None

    def _alike(self, column: int, at: int) -> int:
        """How many of a column's texts stand there."""
        return sum(self._shows(row, at) == text for row, text in self.texts[column])

    def _moved(self, column: int, taken: Iterable[int]) -> int | None:
        """Where a column's texts are to be read, the nearest place if there are several."""
        home, held = self.place.columns[column], set(taken)
        free = [at for at in range(self.area.left, self.area.right + 1) if at not in held]
        found = max(free, key=lambda at: (self._alike(column, at), -abs(at - home)), default=None)
        return found if found is not None and self._alike(column, found) else None

    def _replaced(self, column: int, held: Mapping[int, int]) -> int:
        """Another place for a column that was deleted or typed over: that is not ours any more."""
        left = max((c for c in held if c < column), default=None)
        at = held[left] + column - left if left is not None else self.area.left + column
        while at in held.values() or any(self._shows(row, at) for row, _ in self.texts[column]):
            at += 1
        return at

    def _shows(self, row: int, column: int) -> object:
        cell = self.sheet.at(row, column)
        return None if cell is None else cell.value if cell.formula is None else "="

    def _filled_up(self, held: Mapping[int, int]) -> tuple[int, ...]:
        """Columns for all, also for those that hold nothing: one of their own while there are enough."""
        columns: list[int] = []
        before = self.area.left - 1
        for column in range(len(self.place.columns)):
            at = held.get(column)
            if at is None:
                at = before + 1
                if at in held.values() or at > self.area.right:
                    at = max(before, self.area.left)
            columns.append(at)
            before = at
        return tuple(columns)
