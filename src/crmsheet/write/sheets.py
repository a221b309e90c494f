"""One worksheet part: XlsxWriter's, with our own cells, links and tables in it.

Knows which elements of the part XlsxWriter writes (views, columns, protection, rules, print set-up, drawing)
and which are ours (`sheetData`, `hyperlinks`, `tableParts`' contents). Does not know what stands in a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsxwriter.worksheet import ColumnInfo, Worksheet

from crmsheet.excel import limits
from crmsheet.excel.references import RangeRef, a1
from crmsheet.plan.book import PlanSheet
from crmsheet.plan.looks import Style, below_table
from crmsheet.plan.tables import PlanTable
from crmsheet.write.looks import Looks
from crmsheet.write.rows import SheetRows
from crmsheet.write.rules import rows_ruled
from crmsheet.write.strict import done, internal_error, plain
from crmsheet.write.tables import PartValue

_A4 = 9
_AS_TEXT = "@"
_BATCH = 2**17
"""Characters that are packed at a time."""
_UNLOCKED = Style(locked=False)
_ALLOWED = (
    "objects",
    "scenarios",
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_columns",
    "insert_rows",
    "insert_hyperlinks",
    "sort",
    "autofilter",
    "pivot_tables",
)
"""What people may do on a protected sheet: they copy charts into slides, insert rows and filter."""


class SheetPart(Worksheet):  # type: ignore[misc] # XlsxWriter has no types
    """A worksheet whose cells are streamed from `SheetRows` when the part is packed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = SheetRows({})
        self.links: Mapping[tuple[int, int], str] = {}
        self._before_rows = 0
        """Characters of the part that stand before its rows."""
        self.tail = -1
        """The column that stands for itself and all columns to its right; -1 for none."""

    def hold(self, rows: SheetRows, links: Mapping[tuple[int, int], str]) -> None:
        """Take the sheet's cells, and the workbook names that clicks on some of them lead to."""
        self.rows = rows
        self.links = links
        area = rows.extent()
        if area is None:
            self.dim_rowmin = self.dim_rowmax = self.dim_colmin = self.dim_colmax = None
        else:
            self.dim_rowmin, self.dim_rowmax = area.top, area.bottom
            self.dim_colmin, self.dim_colmax = area.left, area.right

    def merge_cells(self, area: RangeRef) -> None:
        """Merge cells; what stands in them comes with the rows."""
        self.merge.append((area.top, area.left, area.bottom, area.right))

    def add_part(self, properties: dict[str, PartValue]) -> None:
        """Add a table part."""
        self.tables.append(properties)

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the part, which XlsxWriter has assembled but for its rows."""
        rest = self.fh.getvalue()
        yield rest[: self._before_rows].encode()
        batch: list[str] = []
        size = 0
        for rows in self.rows.xml():
            batch.append(rows)
            size += len(rows)
            if size >= _BATCH:
                yield "".join(batch).encode()
                batch.clear()
                size = 0
        yield ("".join(batch) + rest[self._before_rows :]).encode()

    def _write_col_info(self, col_min: int, col_max: int, col_info: ColumnInfo) -> None:
        super()._write_col_info(col_min, limits.COLUMNS - 1 if col_max == self.tail else col_max, col_info)

    def _write_sheet_data(self) -> None:
        self.fh.write("<sheetData>")
        self._before_rows = self.fh.tell()
        self.fh.write("</sheetData>")

    def _write_hyperlinks(self) -> None:
        if not self.links:
            return
        self._xml_start_tag("hyperlinks")
        for (row, column), name in sorted(self.links.items()):
            self._xml_empty_tag("hyperlink", [("ref", a1(row, column)), ("location", name)])
        self._xml_end_tag("hyperlinks")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002 - XlsxWriter's
        # Formulas come in file form; XlsxWriter would prefix function names inside texts, too.
        return formula.removeprefix("=")


def furnish(part: SheetPart, sheet: PlanSheet, tables: tuple[PlanTable, ...], looks: Looks) -> None:
    """Everything of a sheet that is no cell, rule, table or chart."""
    if sheet.hidden:
        part.hide()
    if sheet.tab_color:
        part.set_tab_color("#" + sheet.tab_color)
    if sheet.freeze_row or sheet.freeze_column:
        done(part.freeze_panes(sheet.freeze_row, sheet.freeze_column), f"the panes of {sheet.name}")
    if not sheet.gridlines:
        part.hide_gridlines(2)
    if sheet.zoom != 100:
        part.set_zoom(sheet.zoom)
    if sheet.protected:
        part.protect("", dict.fromkeys(_ALLOWED, True))
    _columns(part, sheet, tables, looks)
    _codes(part, sheet, tables)
    for row, height in row_heights(sheet, tables).items():
        # The rows are ours; XlsxWriter needs their heights to place charts.
        done(part.set_row(row, height), f"the height of row {row + 1} of {sheet.name}")
    _print(part, sheet)


def row_heights(sheet: PlanSheet, tables: tuple[PlanTable, ...]) -> dict[int, float]:
    """The rows that have a height of their own."""
    heights = {row: rule.height for rule in sheet.heights for row in range(rule.first, rule.last + 1)}
    heights.update({t.row: t.header_height for t in tables if t.header_height})
    return heights


def _columns(part: SheetPart, sheet: PlanSheet, tables: tuple[PlanTable, ...], looks: Looks) -> None:
    everywhere = _UNLOCKED if sheet.protected else Style()
    default = looks.format(everywhere)
    if default is not None:
        # On a protected sheet only what the plan locks is locked: all other cells stay the people's.
        last = max(
            [r.last for r in sheet.widths] + [t.column + len(t.columns) - 1 for t in tables], default=-1
        )
        part.tail = min(last + 1, limits.COLUMNS - 1)
        _column(part, sheet, 0, part.tail, (None, default, {}))
    for rule in sheet.widths:
        look = looks.format(rule.style) if rule.style is not None else default
        _column(part, sheet, rule.first, rule.last, (rule.width, look, {"hidden": rule.hidden}))
    for table in tables:
        levels = [c.level for c in table.columns] + [0]
        for i, column in enumerate(table.columns):
            options: dict[str, object] = {
                "hidden": column.hidden or column.level > 0,
                "level": column.level,
                "collapsed": column.level < levels[i + 1],
            }
            look = looks.format(below_table(column.style))
            number = table.column + i
            _column(part, sheet, number, number, (column.width, look, options))
        if any(levels):
            # The button that opens a group of details stands left of it: on the right may be hidden columns.
            part.outline_settings(symbols_right=False)


def _codes(part: SheetPart, sheet: PlanSheet, tables: tuple[PlanTable, ...]) -> None:
    """Phone numbers and codes are text on purpose: no green corners in columns formatted as text."""
    areas: list[str] = []
    for table in tables:
        first, last = rows_ruled(table)
        for number, column in enumerate(table.columns, table.column):
            if column.style.number_format == _AS_TEXT:
                areas.append(str(RangeRef(first, number, last, number)))
    if areas:
        done(part.ignore_errors({"number_stored_as_text": " ".join(areas)}), f"the codes of {sheet.name}")


def _column(
    part: SheetPart,
    sheet: PlanSheet,
    first: int,
    last: int,
    look: tuple[float | None, object, dict[str, object]],
) -> None:
    if last >= limits.COLUMNS:
        raise internal_error(f"sheet {sheet.name} has no column {last + 1}")
    done(part.set_column(first, last, *look), f"the columns {first + 1} to {last + 1} of {sheet.name}")


def _print(part: SheetPart, sheet: PlanSheet) -> None:
    setup = sheet.print_setup
    part.set_paper(_A4)
    if setup.landscape:
        part.set_landscape()
    if setup.fit_width or setup.fit_height:
        part.fit_to_pages(setup.fit_width, setup.fit_height)
    if setup.repeat_first >= 0:
        part.repeat_rows(setup.repeat_first, max(setup.repeat_first, setup.repeat_last))
    if setup.parts:
        # Programs that fit a sheet to the width of a page ignore page breaks; each area has its own page.
        areas = []
        for first, last in setup.parts:
            done(part.print_area(first, 0, last, _last_column(sheet)), "a print area")
            areas.append(part.print_area_range)
        part.print_area_range = ",".join(areas)
    if setup.header:
        done(part.set_header(plain(setup.header)), "a page header")
    if setup.footer:
        done(part.set_footer(plain(setup.footer)), "a page footer")


def _last_column(sheet: PlanSheet) -> int:
    return max(width.last for width in sheet.widths)
