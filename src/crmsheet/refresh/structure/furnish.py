"""What is put into a workbook whose places are settled: blocks, columns, sheets, charts, names.

Knows which cells of a scratch workbook lend their format and what of a sheet goes with a block. Does not
know where things stand (`arrange`) nor why they are wanted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.excel.values import same_value
from crmsheet.model.layout import AnchorPlace, TablePlace
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan, SheetKind
from crmsheet.plan.cells import Block, PlanCell, Role
from crmsheet.plan.formats import HIDDEN
from crmsheet.plan.looks import Style, below_table
from crmsheet.plan.place import addresses
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable
from crmsheet.refresh.cells import CellDifference, Edits
from crmsheet.refresh.graft.stylebook import Dress
from crmsheet.refresh.graft.transplant import Transplant
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.names import OwnName
from crmsheet.refresh.patch import Patch, combined
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.refresh.structure.figures import Becoming, Fate
from crmsheet.refresh.structure.wardrobe import Wardrobe
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.drawings import shifted_edits
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.furniture import (
    ColumnLook,
    Link,
    column_edits,
    column_looks,
    default_styles,
    link_edits,
    merge_edits,
)
from crmsheet.sheetml.names import NameEdit
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.tables import NewColumn, parse_table, table_edits
from crmsheet.structs import dataclass, replace

_LISTS_LIKE = (SheetKind.LISTS, SheetKind.SETTINGS)


@dataclass(frozen=True, slots=True)
class Furnishing:
    """One workbook being furnished. `scratch` holds the same plan as a new workbook, its formulas naming
    the places of `arrangement`."""

    plan: Plan
    arrangement: Arrangement
    contents: Contents
    scratch: Contents
    transplant: Transplant
    wardrobe: Wardrobe
    restyled: Mapping[str, frozenset[str]]
    """By table: columns that were there and look otherwise now."""

    def patch(
        self,
        charts: Sequence[Becoming],
        names: Mapping[str, OwnName],
        retired: Iterable[NameEdit],
        user_cells: Iterable[tuple[str, CellEdit]],
    ) -> Patch:
        """Everything as one patch. `retired` are names that go or change besides; `user_cells` are edits of
        people's cells that were decided on."""
        edits = Edits()
        for sheet, edit in user_cells:
            edits.add(sheet, edit)
        spans: dict[str, list[Replacement]] = {}
        self._blocks(edits, spans)
        self._columns(edits, spans)
        self._restyled_columns(edits, spans)
        for sheet in self.arrangement.new_sheets:
            self.transplant.sheet(self.arrangement.layout.sheets[sheet])
        self._charts(charts, spans)
        self.transplant.define(
            *(NameEdit(n, own.text, hidden=own.hidden) for n, own in names.items()), *retired
        )
        cells = {sheet: tuple(_once(found)) for sheet, found in edits.cells.items()}
        own = Patch(cells, {part: tuple(found) for part, found in spans.items() if found})
        return combined((own, self.transplant.patch()))

    # Blocks

    def _blocks(self, edits: Edits, spans: dict[str, list[Replacement]]) -> None:
        layout = self.arrangement.layout
        kinds = {s.id: s.kind for s in self.plan.sheets}
        compare = CellDifference(
            self.contents, layout, addresses(self.plan, layout), Meanings.of(self.contents), Edits()
        )
        merges: dict[str, list[RangeRef]] = {}
        links: dict[str, list[Link]] = {}
        looks: dict[str, dict[int, ColumnLook]] = {}
        for block in self.plan.blocks:
            place = layout.anchors.get(block.anchor)
            if place is None or block.sheet in self.arrangement.new_sheets:
                continue
            if block.anchor in self.arrangement.fresh:
                for edit in self._fresh(block, place, compare):
                    edits.add(place.sheet, edit)
                merges.setdefault(place.sheet, []).extend(_merges(block, place))
                links.setdefault(place.sheet, []).extend(_links(block, place, compare))
                if kinds[block.sheet] is SheetKind.LISTS:
                    looks.setdefault(place.sheet, {}).update(self._widths(block, place))
            else:
                for edit in self._kept(block, place):
                    edits.add(place.sheet, edit)
                if kinds[block.sheet] in _LISTS_LIKE:
                    compare.block(block, place)
        for sheet, found in compare.edits.cells.items():
            for edit in found:
                edits.add(sheet, edit)
        for name in {*merges, *links, *looks}:
            held = self.contents.sheet(name)
            if held is not None:
                scan = held.scan
                spans.setdefault(held.sheet.part, []).extend(
                    (
                        *merge_edits(scan, merges.get(name, ())),
                        *link_edits(scan, links.get(name, ())),
                        *column_edits(scan, looks.get(name, {})),
                    )
                )

    def _fresh(self, block: Block, place: AnchorPlace, compare: CellDifference) -> Iterator[CellEdit]:
        """Every cell of a block, with the format it has in a new workbook, but for what people made of it."""
        planned = {(c.row, c.column): c for c in block.cells}
        model = self._scratch_sheet(block.sheet)
        there = self.contents.sheet(place.sheet)
        assert there is not None
        usual = default_styles(there.scan)
        hidden = self.plan.sheet(block.sheet).kind in HIDDEN
        worn = {} if hidden else self.wardrobe.block(block)
        for row in range(block.rows):
            for column in range(block.columns):
                like = model.at(block.row + row, block.column + column)
                at = place.rows[row], place.columns[column]
                theirs = there.at(*at)
                dress = worn.get((row, column))
                if dress is None and not hidden and theirs is not None and theirs.style != usual.at(at[1]):
                    # A place that was blank until now, and that people had formatted.
                    dress = self.wardrobe.dress(theirs.style, None)
                style = None
                if like is not None or dress is not None:
                    style = self.transplant.style(like.style if like is not None else 0, dress)
                cell = planned.get((row, column))
                if cell is None:
                    blank = theirs is None or (theirs.formula is None and theirs.value in (None, ""))
                    if style is not None and blank:
                        yield CellEdit(*at, EditKind.STYLE, style=style)
                elif cell.formula is not None and not cell.snapshot:
                    yield CellEdit(
                        *at, EditKind.FORMULA, cell.value, compare.addresses.text(cell.formula), style
                    )
                else:
                    yield CellEdit(*at, EditKind.VALUE, cell.value, style=style)

    def _kept(self, block: Block, place: AnchorPlace) -> Iterator[CellEdit]:
        """Input cells of a block that stays, where they are to hold something else now."""
        sheet = self.contents.sheet(place.sheet)
        assert sheet is not None
        for cell in block.cells:
            if cell.role is not Role.INPUT:
                continue
            at = place.rows[cell.row], place.columns[cell.column]
            there = sheet.at(*at)
            value = there.value if there is not None else None
            if not same_value(value, cell.value) and not (value in (None, "") and cell.value in (None, "")):
                yield CellEdit(*at, EditKind.VALUE, cell.value)

    def _widths(self, block: Block, place: AnchorPlace) -> dict[int, ColumnLook]:
        found = column_looks(
            self._scratch_sheet(block.sheet).scan, range(block.column, block.column + block.columns)
        )
        return {
            place.columns[at - block.column]: self._restyled(look)
            for at, look in found.items()
            if at - block.column < len(place.columns)
        }

    def _restyled(self, look: ColumnLook) -> ColumnLook:
        style = self.transplant.style(look.style) if look.style is not None else None
        return ColumnLook(look.width, look.hidden, look.level, style)

    def _scratch_sheet(self, sheet: str) -> SheetCells:
        found = self.scratch.sheet(self.arrangement.layout.sheets[sheet])
        assert found is not None
        return found

    # Table columns

    def _columns(self, edits: Edits, spans: dict[str, list[Replacement]]) -> None:
        layout = self.arrangement.layout
        places = addresses(self.plan, layout)
        compare = CellDifference(self.contents, layout, places, Meanings.of(self.contents), edits)
        for table in self.plan.tables:
            missing = self.arrangement.new_columns.get(table.id, ())
            if not missing:
                continue
            place = layout.tables[table.id]
            held = self.contents.sheet(place.sheet)
            assert held is not None
            planned = [table.columns[table.index(c)] for c in missing]
            model = self._scratch_sheet(table.sheet)
            looks: dict[int, ColumnLook] = {}
            found = column_looks(model.scan, range(table.column, table.column + len(table.columns)))
            for column in planned:
                for edit in self._column(table, column, place, model, compare):
                    edits.add(place.sheet, edit)
                built = table.column + table.index(column.id)
                if built in found:
                    looks[place.columns[column.id]] = self._restyled(found[built])
            part = _table_part(self.contents.package, held.sheet.part, place.name)
            spans.setdefault(part, []).extend(self._part_edits(part, place, planned, compare))
            spans.setdefault(held.sheet.part, []).extend(column_edits(held.scan, looks))

    def _column(
        self,
        table: PlanTable,
        column: PlanColumn,
        place: TablePlace,
        model: SheetCells,
        compare: CellDifference,
    ) -> Iterator[CellEdit]:
        at, built = place.columns[column.id], table.column + table.index(column.id)
        head, like = model.at(table.row, built), model.at(table.row + 1, built)
        yield CellEdit(
            place.header_row,
            at,
            EditKind.VALUE,
            place.headers[column.id],
            style=self.transplant.style(head.style) if head is not None else None,
        )
        style = self.transplant.style(like.style) if like is not None else None
        rows = place.rows or (place.header_row + 1,)
        text = compare.addresses.text(column.formula) if column.formula is not None else ""
        for row, value in zip(rows, column.values or (None,) * len(rows), strict=True):
            if text:
                yield CellEdit(row, at, EditKind.FORMULA, value, text, style)
            elif value is not None and column.role is not ColumnRole.INPUT:
                yield CellEdit(row, at, EditKind.VALUE, value, style=style)
            elif style is not None:
                yield CellEdit(row, at, EditKind.STYLE, style=style)

    def _restyled_columns(self, edits: Edits, spans: dict[str, list[Replacement]]) -> None:
        """Columns that look otherwise now; what people made of their cells stays. Where nobody knows what these were
        given, people's are the cells that look like few others."""
        for table in self.plan.tables:
            place = self.arrangement.layout.tables.get(table.id)
            held = self.contents.sheet(place.sheet) if place is not None else None
            ids = [c for c in self.restyled.get(table.id, ()) if place is not None and c in place.columns]
            if place is None or held is None or not ids:
                continue
            model = self._scratch_sheet(table.sheet)
            built = {c: table.column + table.index(c) for c in ids}
            found = column_looks(model.scan, list(built.values()))
            own = column_looks(held.scan, [place.columns[c] for c in ids])
            looks: dict[int, ColumnLook] = {}
            for column in ids:
                at = place.columns[column]
                for edit in self._restyled_cells(table, column, place, held, model):
                    edits.add(place.sheet, edit)
                wanted = found[built[column]].style if built[column] in found else None
                if at in own and wanted is not None:
                    before = self.wardrobe.column(table.id, column)
                    below = below_table(before[0]) if before is not None else None
                    dress = self._dress(own[at].style or 0, below)
                    looks[at] = replace(own[at], style=self.transplant.style(wanted, dress))
            spans.setdefault(held.sheet.part, []).extend(column_edits(held.scan, looks))

    def _restyled_cells(
        self, table: PlanTable, column: str, place: TablePlace, held: SheetCells, model: SheetCells
    ) -> Iterator[CellEdit]:
        at, built = place.columns[column], table.column + table.index(column)
        head, like = model.at(table.row, built), model.at(table.row + 1, built)
        before = self.wardrobe.column(table.id, column)
        header = held.at(place.header_row, at)
        if head is not None and header is not None:
            dress = self._dress(header.style, before[1] if before is not None else None)
            style = self.transplant.style(head.style, dress)
            if style != header.style:
                yield CellEdit(place.header_row, at, EditKind.STYLE, style=style)
        cells = [(row, cell.style) for row in place.rows if (cell := held.at(row, at)) is not None]
        if like is None or not cells:
            return
        usual = Counter(style for _, style in cells).most_common(1)[0][0]
        for row, there in cells:
            if before is None and there != usual:
                continue
            style = self.transplant.style(
                like.style, self._dress(there, before[0] if before is not None else None)
            )
            if style != there:
                yield CellEdit(row, at, EditKind.STYLE, style=style)

    def _dress(self, there: int, written: Style | None) -> Dress | None:
        """What of a column's format is people's, where it is known what it was given."""
        return self.wardrobe.dress(there, written) if written is not None else None

    def _part_edits(
        self, part: str, place: TablePlace, planned: Sequence[PlanColumn], compare: CellDifference
    ) -> tuple[Replacement, ...]:
        table = parse_table(self.contents.package, part)
        ref = RangeRef(table.ref.top, table.ref.left, table.ref.bottom, place.last_column)
        new = tuple(
            NewColumn(
                place.headers[c.id],
                compare.addresses.text(c.formula)
                if c.formula is not None and c.role is ColumnRole.COMPUTED
                else "",
            )
            for c in planned
        )
        return table_edits(table, ref=ref, new_columns=new)

    # Charts

    def _charts(self, charts: Sequence[Becoming], spans: dict[str, list[Replacement]]) -> None:
        for becoming in charts:
            figure = becoming.figure
            match becoming.fate:
                case Fate.KEPT:
                    continue
                case Fate.MOVED:
                    assert figure is not None
                    spans.setdefault(figure.floating.drawing, []).extend(
                        shifted_edits(figure.floating, becoming.rows, becoming.columns)
                    )
                    continue
                case Fate.REPLACED | Fate.REMOVED:
                    assert figure is not None
                    self.transplant.without_chart(figure.chart)
                case Fate.ADDED:
                    pass
            if becoming.fate is not Fate.REMOVED:
                order = [c.anchor for c in self.plan.charts if c.sheet == becoming.chart.sheet]
                sheet = self.arrangement.layout.sheets[becoming.chart.sheet]
                self.transplant.chart(sheet, order.index(becoming.chart.anchor))


def _merges(block: Block, place: AnchorPlace) -> list[RangeRef]:
    return [
        RangeRef(place.rows[m.row], place.columns[m.column], place.rows[m.bottom], place.columns[m.right])
        for m in block.merges
    ]


def _links(block: Block, place: AnchorPlace, compare: CellDifference) -> list[Link]:
    def location(cell: PlanCell) -> str:
        return compare.addresses.names.get(cell.link, cell.link)

    return [Link(place.rows[c.row], place.columns[c.column], location(c)) for c in block.cells if c.link]


def _table_part(package: Package, sheet_part: str, name: str) -> str:
    return next(
        part
        for part in package.related(sheet_part, "table")
        if parse_table(package, part).name.casefold() == name.casefold()
    )


def _once(edits: Sequence[CellEdit]) -> Iterator[CellEdit]:
    """One edit of each cell: the last, in the last format."""
    last: dict[tuple[int, int], CellEdit] = {}
    for edit in edits:
        at = edit.row, edit.column
        before = last.get(at)
        if before is None:
            last[at] = edit
        elif edit.kind is EditKind.STYLE:
            last[at] = replace(before, style=edit.style)
        else:
            last[at] = edit if edit.style is not None else replace(edit, style=before.style)
    yield from last.values()
