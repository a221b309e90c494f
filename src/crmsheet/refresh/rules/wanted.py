"""The rules that a plan asks for on each sheet, in the workbook's places.

Knows how far the rules of a table reach: as far as those that are there, unless the table has outgrown them.
Does not know what is there beyond that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import AnchorPlace, Layout, TablePlace
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.plan.place import addresses
from crmsheet.plan.rules import (
    PlacedHighlight,
    PlacedValidation,
    RuledTable,
    block_highlights,
    block_validations,
    reach,
    runs,
    table_highlights,
    table_validations,
)
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import dataclass, field


@dataclass(slots=True)
class SheetRules:
    """What is asked for on one sheet."""

    validations: list[PlacedValidation] = field(default_factory=list)
    highlights: list[PlacedHighlight] = field(default_factory=list)
    tables: list[RangeRef] = field(default_factory=list)
    """The cells of tables' columns, as far as their rules reach: where pasted rules of ours are out of place."""
    data: list[RangeRef] = field(default_factory=list)
    """Of each of these the rows that hold data, in the same order."""

    def data_of(self, area: RangeRef) -> RangeRef:
        """The part of a rule's cells that holds data: all of them outside tables."""
        for whole, data in zip(self.tables, self.data, strict=True):
            if whole.overlaps(area):
                return RangeRef(area.top, area.left, min(area.bottom, data.bottom), area.right)
        return area


def last_data_row(place: TablePlace) -> int:
    return max(place.rows, default=place.header_row + 1)


def reach_there(table: PlanTable, place: TablePlace, present: Iterable[RangeRef]) -> int:
    """The last row that most rules on the table reach, of `present` cells of rules; -1 without any."""
    columns = {place.columns[c.id] for c in table.columns if c.id in place.columns}
    last = last_data_row(place)
    ends = Counter(
        area.bottom
        for area in present
        if area.bottom >= last
        and area.top <= place.header_row + 1
        and any(area.left <= column <= area.right for column in columns)
        and area.bottom <= last + 4 * table.room
    )
    return max(ends, key=lambda row: (ends[row], row)) if ends else -1


def reach_wanted(table: PlanTable, place: TablePlace, there: int) -> int:
    """The last row the rules should reach: as it is while half of the room is left."""
    last = last_data_row(place)
    return there if there >= last + table.room // 2 else reach(last, table.room)


def wanted_rules(plan: Plan, layout: Layout, reaches: Mapping[str, int]) -> Mapping[str, SheetRules]:
    """By sheet name. `reaches` gives the last row of each table's rules."""
    found: dict[str, SheetRules] = {}
    places = addresses(plan, layout)
    for table in plan.tables:
        place = layout.tables.get(table.id)
        if place is None:
            continue
        rules = found.setdefault(place.sheet, SheetRules())
        columns = {c.id: place.columns[c.id] for c in table.columns if c.id in place.columns}
        last, end = last_data_row(place), reaches[table.id]
        ruled = RuledTable(place.header_row, columns, end)
        rules.validations += table_validations(table, ruled, places)
        rules.highlights += table_highlights(table, ruled, places)
        for left, right in runs(columns.values()):
            rules.tables.append(RangeRef(ruled.first_row, left, end, right))
            rules.data.append(RangeRef(ruled.first_row, left, last, right))
    for block in plan.blocks:
        held = layout.anchors.get(block.anchor)
        if held is None or not _fits(block, held):
            continue
        rules = found.setdefault(held.sheet, SheetRules())
        rules.validations += block_validations(block, held, places)
        rules.highlights += block_highlights(block, held, places)
    return found


def _fits(block: Block, place: AnchorPlace) -> bool:
    return block.rows <= len(place.rows) and block.columns <= len(place.columns)
