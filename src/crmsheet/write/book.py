"""The whole new workbook: sheets, names, properties, and the package around them.

Knows the order in which things are handed to XlsxWriter and what of the workbook part is ours (hidden names,
the theme's typefaces). Does not know what a sheet holds (`sheets`, `rows`, `rules`, `charts`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from io import BytesIO

from xlsxwriter.workbook import Workbook

from crmsheet.excel.names import name_problem
from crmsheet.excel.references import RangeRef, a1
from crmsheet.formulas.render import render
from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan, PlanSheet
from crmsheet.plan.cells import Block, CellLine
from crmsheet.plan.charts import PlanChart
from crmsheet.plan.place import Addresses, Texts, addresses, anchor_name, name_text
from crmsheet.plan.tables import PlanTable
from crmsheet.sheetml.sparklines import WEIGHT
from crmsheet.write import tables as table_parts
from crmsheet.write.chartparts import CachedChart
from crmsheet.write.charts import chart_part
from crmsheet.write.looks import Looks
from crmsheet.write.packing import Packing
from crmsheet.write.rows import LooseCell, SheetRows
from crmsheet.write.rules import add_block_rules, add_table_rules
from crmsheet.write.sheets import SheetPart, furnish, row_heights
from crmsheet.write.strict import done, internal_error, plain, strictly

_THEME_FONT = "Calibri"
_MOVE_AND_SIZE = 1


def written(plan: Plan, layout: Layout, *, created: dt.datetime, texts: Texts | None = None) -> bytes:
    """The plan as a new workbook.

    Things stand where the plan builds them, on sheets named as `layout` has them; formulas refer to what
    stands where `layout` says. The same plan, layout and moment give the same bytes. `texts` are formulas' that are
    known.
    """
    target = BytesIO()
    with strictly():
        book = Book(plan, target)
        _compose(book, plan, addresses(plan, layout, texts), created)
        book.close()
    return target.getvalue()


def _compose(book: Book, plan: Plan, places: Addresses, created: dt.datetime) -> None:
    looks = Looks(book)
    book.describe(plan, created)
    sheets = {
        s.id: book.add_worksheet(places.layout.sheets.get(s.id, s.name), SheetPart) for s in plan.sheets
    }
    for sheet in plan.sheets:
        _fill(sheets[sheet.id], sheet, plan, places, looks)
    for chart in plan.charts:
        book.insert(sheets[chart.sheet], chart, chart_part(chart, plan, places))
    book.name_things(plan, places)
    _open_on(plan, sheets)


class Book(Workbook):  # type: ignore[misc] # XlsxWriter has no types
    """XlsxWriter's workbook with our names, theme and chart caches."""

    def __init__(self, plan: Plan, target: BytesIO) -> None:
        # No theme font: in a Chinese Excel the theme's would be replaced by the system's.
        font = {"font_name": plain(plan.font), "font_size": plan.font_size, "font_scheme": "none"}
        super().__init__(
            # XlsxWriter's own package, in which nothing is left to stand.
            BytesIO(),
            {
                "in_memory": True,
                "default_format_properties": font,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self._target = target
        self._defined: set[str] = set()
        face = f'typeface="{self._escape_attributes(plain(plan.font))}"'
        self.theme_xml: str = self.theme_xml.replace(
            f'<a:latin typeface="{_THEME_FONT}"/><a:ea typeface=""/>', f"<a:latin {face}/><a:ea {face}/>"
        )

    def describe(self, plan: Plan, created: dt.datetime) -> None:
        """The document properties."""
        moment = created.astimezone(dt.UTC) if created.tzinfo else created
        properties = {name: plain(text) for name, text in plan.properties}
        self.set_properties({"title": plain(plan.title)} | properties | {"created": moment})

    def insert(self, sheet: SheetPart, chart: PlanChart, part: CachedChart) -> None:
        """Put a chart on its sheet."""
        part.embedded = True
        self.charts.append(part)
        options = {"object_position": _MOVE_AND_SIZE, "description": plain(chart.alt_text or chart.title)}
        done(sheet.insert_chart(chart.row, chart.column, part, options), f"the chart {chart.anchor}")

    def name_things(self, plan: Plan, places: Addresses) -> None:
        """The names of the plan, and the hidden ones that mark its blocks."""
        for name in plan.names:
            self._define(name.name, name_text(name, places), hidden=name.hidden)
        for block in plan.blocks:
            if block.anchored:
                corner = (block.rows - 1, block.columns - 1)
                self._define(anchor_name(block.anchor), places.area(block.anchor, 0, 0, *corner), hidden=True)

    def _define(self, name: str, target: str, *, hidden: bool) -> None:
        # XlsxWriter's `define_name` knows no hidden names.
        problem = name_problem(name)
        if problem:
            raise internal_error(f"{name!r} cannot be a name: {problem}")
        if name.lower() in self._defined:
            raise internal_error(f"two names are {name!r}")
        self._defined.add(name.lower())
        self.defined_names.append([name, -1, target, hidden])

    def _extract_named_ranges(self, defined_names: list[list[object]]) -> list[str]:
        # Application properties list what people see.
        found: list[str] = super()._extract_named_ranges([n for n in defined_names if not n[3]])
        return found

    def _get_packager(self) -> Packing:
        return Packing(self._target)

    def _add_chart_data(self) -> None:
        # Charts have their caches from the plan; there are no cells here to fill them from.
        pass


def _fill(part: SheetPart, sheet: PlanSheet, plan: Plan, places: Addresses, looks: Looks) -> None:
    tables = tuple(t for t in plan.tables if t.sheet == sheet.id)
    blocks = tuple(b for b in plan.blocks if b.sheet == sheet.id)
    furnish(part, sheet, tables, looks)
    for table in tables:
        add_table_rules(part, table, places, looks)
        part.add_part(table_parts.part(table, places))
    for block in blocks:
        add_block_rules(part, block, places, looks)
        _add_sparklines(part, block, places)
        for merge in block.merges:
            part.merge_cells(_place(block, merge.row, merge.column, merge.bottom, merge.right))
    cells, links = _cells(blocks, tables, places, looks)
    rows = tuple(table_parts.data_rows(t, places, looks) for t in tables)
    part.hold(SheetRows(cells, rows, row_heights(sheet, tables)), links)


def _add_sparklines(part: SheetPart, block: Block, places: Addresses) -> None:
    """A group for each colour, as `sheetml.sparklines` would write them."""
    groups: dict[str, list[CellLine]] = {}
    for line in block.sparklines:
        groups.setdefault(line.color, []).append(line)
    for color, lines in groups.items():
        at = [a1(block.row + line.row, block.column + line.column) for line in lines]
        options = {
            "location": at,
            "range": [render(line.values, places) for line in lines],
            "series_color": "#" + color,
            "weight": WEIGHT,
        }
        done(part.add_sparkline(at[0], options), f"the sparklines of {block.anchor}")


def _cells(
    blocks: tuple[Block, ...], tables: tuple[PlanTable, ...], places: Addresses, looks: Looks
) -> tuple[Mapping[tuple[int, int], LooseCell], Mapping[tuple[int, int], str]]:
    """The cells outside tables' data and the names that clicks lead to, by place."""
    cells: dict[tuple[int, int], LooseCell] = {}
    links: dict[tuple[int, int], str] = {}
    for table in tables:
        cells.update(table_parts.header_cells(table, looks))
    taken = [RangeRef(t.row, t.column, t.row + t.length, t.column + len(t.columns) - 1) for t in tables]
    for block in blocks:
        for cell in block.cells:
            at = (block.row + cell.row, block.column + cell.column)
            if at in cells or any(area.contains(*at) for area in taken):
                raise internal_error(f"block {block.anchor} writes into an occupied cell {at}")
            formula = "" if cell.formula is None else places.text(cell.formula)
            cells[at] = LooseCell(cell.value, formula, looks.index(cell.style))
            if cell.link:
                links[at] = places.names.get(cell.link, anchor_name(cell.link))
        for merge in block.merges:
            # The border of a merged cell is that of all its cells.
            area = _place(block, merge.row, merge.column, merge.bottom, merge.right)
            first = cells.get((area.top, area.left))
            empty = LooseCell(None, style=first.style if first else 0)
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    cells.setdefault((row, column), empty)
    return cells, links


def _place(block: Block, row: int, column: int, bottom: int, right: int) -> RangeRef:
    return RangeRef(block.row + row, block.column + column, block.row + bottom, block.column + right)


def _open_on(plan: Plan, sheets: Mapping[str, SheetPart]) -> None:
    visible = [s.id for s in plan.sheets if not s.hidden]
    if not visible:
        raise internal_error("no sheet is visible")
    active = plan.active_sheet or visible[0]
    if active not in visible:
        raise internal_error(f"the sheet to open on, {active}, is hidden")
    sheets[active].activate()
    sheets[visible[0]].set_first_sheet()
