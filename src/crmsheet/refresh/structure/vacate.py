"""What is given up: places of blocks emptied, and sheets that a spec no longer has, left with their last values.

Knows cells, merged cells and links of ours. Does not know what comes there next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import AnchorPlace, TablePlace
from crmsheet.plan.place import ANCHOR_PREFIX
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.structure.ground import Cells
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.furniture import default_styles, link_edits, links_of, merge_edits
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.sparklines import sparkline_edits, sparklines_of
from crmsheet.sheetml.tables import table_edits, tables_of


def vacating_patch(
    contents: Contents, vacated: Mapping[str, Sequence[RangeRef]], kept: Mapping[str, Cells], hidden: str = ""
) -> Patch:
    """Empty these places, by sheet name: values, formulas, formats, merged cells, links to our blocks,
    sparklines of ours. Cells that are `kept` stay as they are. `hidden` is the name of the sheet that sparklines
    read."""
    cells: dict[str, tuple[CellEdit, ...]] = {}
    spans: dict[str, tuple[Replacement, ...]] = {}
    for name, areas in vacated.items():
        sheet = contents.sheet(name)
        if sheet is None or not areas:
            continue
        edits = _emptied(sheet, areas, kept.get(name, frozenset()))
        if edits:
            cells[name] = tuple(edits)
        merged = [m for m in sheet.scan.merges if any(a.covers(m) for a in areas)]
        links = [
            (link.row, link.column)
            for link in links_of(sheet.scan)
            if link.location.casefold().startswith(ANCHOR_PREFIX)
            and any(a.contains(link.row, link.column) for a in areas)
        ]
        lines = [
            (line.row, line.column)
            for line in sparklines_of(sheet.scan)
            if line.source is not None
            and line.source.sheet == hidden
            and any(a.contains(line.row, line.column) for a in areas)
        ]
        found = (
            *merge_edits(sheet.scan, remove=merged),
            *link_edits(sheet.scan, remove=links),
            *sparkline_edits(sheet.scan, remove=lines),
        )
        if found:
            spans[sheet.sheet.part] = found
    return Patch(cells, spans)


def _emptied(sheet: SheetCells, areas: Sequence[RangeRef], kept: Cells) -> list[CellEdit]:
    styles = default_styles(sheet.scan)
    hidden = {
        (row, column)
        for m in sheet.scan.merges
        for row in range(m.top, m.bottom + 1)
        for column in range(m.left, m.right + 1)
        if (row, column) != (m.top, m.left) and m.rows * m.columns < 10_000
    }
    edits: list[CellEdit] = []
    done: set[tuple[int, int]] = set()
    for area in areas:
        for row in range(area.top, area.bottom + 1):
            for column, cell in sheet.row(row).items():
                at = row, column
                if not area.left <= column <= area.right or at in done or at in kept:
                    continue
                done.add(at)
                style = styles.at(column)
                if at in hidden:
                    edits.append(CellEdit(row, column, EditKind.STYLE, style=style))
                elif cell.value is not None or cell.formula is not None or cell.style != style:
                    edits.append(CellEdit(row, column, EditKind.VALUE, None, style=style))
    return edits


def freezing_edits(contents: Contents, places: Sequence[AnchorPlace]) -> dict[str, tuple[CellEdit, ...]]:
    """Formulas in these places become their last values: a retired sheet keeps what it showed."""
    found: dict[str, list[CellEdit]] = {}
    done: set[tuple[str, int, int]] = set()
    for place in places:
        sheet = contents.sheet(place.sheet)
        if sheet is None:
            continue
        for row in place.rows:
            for column, cell in sheet.row(row).items():
                at = place.sheet, row, column
                if cell.formula is not None and column in place.columns and at not in done:
                    done.add(at)
                    found.setdefault(place.sheet, []).append(
                        CellEdit(row, column, EditKind.VALUE, cell.value)
                    )
    return {name: tuple(edits) for name, edits in found.items()}


def helpers_patch(contents: Contents, tables: Iterable[tuple[TablePlace, Collection[str]]]) -> Patch:
    """Empty hidden columns of ours that nothing needs any more; the columns stay, since nothing is shifted."""
    cells: dict[str, tuple[CellEdit, ...]] = {}
    spans: dict[str, tuple[Replacement, ...]] = {}
    for place, gone in tables:
        sheet = contents.sheet(place.sheet)
        if sheet is None or not gone:
            continue
        at = {place.columns[c] for c in gone}
        edits = [
            CellEdit(row, column, EditKind.VALUE)
            for row in place.rows or (place.header_row + 1,)
            for column, cell in sheet.row(row).items()
            if column in at and (cell.formula is not None or cell.value is not None)
        ]
        cells[place.sheet] = (*cells.get(place.sheet, ()), *edits)
        headers = {place.headers[c] for c in gone}
        for table in tables_of(contents.package, sheet.sheet.part):
            if table.name.casefold() == place.name.casefold():
                formulas = {c.id: "" for c in table.columns if c.name in headers and c.formula}
                spans[table.part] = table_edits(table, formulas=formulas)
    return Patch(cells, {part: found for part, found in spans.items() if found})
