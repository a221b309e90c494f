"""Parts other than sheets that a refresh changes: table definitions, chart caches, names' workbook part.

Knows what of them is ours. Does not know how they are spliced (`sheetml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import PLACES, walk
from crmsheet.messages import say
from crmsheet.model.layout import AnchorPlace, Layout
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.plan.tables import ColumnRole, PlanTable
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.sheetml.charts import cache_edits, charts_of
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.tables import TableLook, parse_table, table_edits
from crmsheet.structs import dataclass


def table_part_edits(
    contents: Contents,
    part: str,
    planned: PlanTable,
    layout: Layout,
    texts: Mapping[str, str],
    meanings: Meanings,
    age: Aged = UNAGED,
) -> tuple[tuple[Replacement, ...], tuple[Note, ...]]:
    """The range over all rows, and what programs dropped or people changed: column formulas, the look, filter
    buttons.

    `texts` are the computed columns' formulas by column id. Formulas that an earlier crmsheet wrote, by
    `age`, are told with their cells.
    """
    table = parse_table(contents.package, part)
    place = layout.tables[planned.id]
    last = max(place.rows, default=place.header_row + 1)
    ref = RangeRef(
        table.ref.top, table.ref.left, max(table.body.bottom, last) + table.totals_rows, table.ref.right
    )
    formulas: dict[int, str] = {}
    told = 0
    by_index = {c.name: c for c in table.columns}
    for column in planned.columns:
        held = by_index[place.headers[column.id]]
        text = texts.get(column.id, "")
        if column.role is not ColumnRole.COMPUTED or text == held.formula:
            continue
        at = place.sheet, place.header_row + 1, place.columns[column.id]
        if not (text and held.formula and meanings.same(text, held.formula, *at)):
            formulas[held.id] = text
            told += not age.column(planned.id, column.id)
    look = TableLook(planned.table_style, True, False, False, False) if table.look is None else None
    edits = table_edits(table, ref=ref, formulas=formulas, look=look, with_filter=table.filter_ref is None)
    notes: list[Note] = []
    for dropped, what in (
        (told > 0, say("{count} column formulas", count=told)),
        (look is not None, say("table style")),
        (table.filter_ref is None, say("filter buttons")),
    ):
        if dropped:
            notes.append(
                Note(
                    NoteKind.TABLE_REPAIRED,
                    place.sheet,
                    new=say("{table}: {what}", table=table.name, what=what),
                )
            )
    return edits, tuple(notes)


@dataclass(frozen=True, slots=True)
class ChartValues:
    """The values of our blocks by the range a chart names: casefolded sheet and corners."""

    blocks: Mapping[str, tuple[tuple[str, AnchorPlace], ...]]
    values: Mapping[str, Mapping[tuple[int, int], Value]]

    @staticmethod
    def of(plan: Plan, layout: Layout) -> ChartValues:
        by_sheet: dict[str, list[tuple[str, AnchorPlace]]] = {}
        values: dict[str, dict[tuple[int, int], Value]] = {}
        for block in plan.blocks:
            place = layout.anchors.get(block.anchor)
            # The record may be longer than it was; no chart shows it.
            if place is None or block.anchor == RECORD_ANCHOR:
                continue
            by_sheet.setdefault(place.sheet.casefold(), []).append((block.anchor, place))
            values[block.anchor] = {
                (place.rows[c.row], place.columns[c.column]): c.value for c in block.cells
            }
        return ChartValues({k: tuple(v) for k, v in by_sheet.items()}, values)

    def at(self, formula: str) -> tuple[Value, ...] | None:
        """The values of a range that lies inside one of our blocks, row by row; None for any other."""
        try:
            area = parse_range(formula)
        except ValueError:
            return None
        for anchor, place in self.blocks.get(area.sheet.casefold(), ()):
            if (
                place.rows[0] <= area.top
                and area.bottom <= place.rows[-1]
                and place.columns[0] <= area.left
                and area.right <= place.columns[-1]
            ):
                held = self.values[anchor]
                return tuple(
                    held.get((row, column))
                    for row in range(area.top, area.bottom + 1)
                    for column in range(area.left, area.right + 1)
                )
        return None


def chart_edits(package: Package, values: ChartValues) -> Iterator[tuple[str, tuple[Replacement, ...]]]:
    """By chart part: the caches of series that show our blocks, wherever people copied the chart to."""
    for sheet in package.workbook.sheets:
        for chart in charts_of(package, sheet.part):
            edits: list[Replacement] = []
            for ref in chart.refs:
                found = values.at(ref.formula)
                if found is not None:
                    edits += cache_edits(chart, ref, found)
            if edits:
                yield chart.part, tuple(edits)


def referenced_anchors(plan: Plan) -> set[str]:
    """The blocks that formulas, names or charts need, and those in which people choose and set values."""
    nodes = [c.formula for b in plan.blocks for c in b.cells if c.formula is not None]
    nodes += [c.formula for t in plan.tables for c in t.columns if c.formula is not None]
    nodes += [n.target for n in plan.names]
    held = {b.anchor for b in plan.blocks if any(c.holds for c in b.cells)}
    held |= {s.values.anchor for c in plan.charts for s in c.series}
    return held | {n.anchor for node in nodes for n in walk(node) if isinstance(n, PLACES)}
