"""All that differs in meaning between a placed plan and a package, as one patch.

Knows what is owned: computed cells, block cells, table definitions, rules, chart caches, the hidden record. Does
not know how a difference of one kind is found or mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.excel.values import same_value
from crmsheet.model.layout import AnchorPlace, Layout
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.plan.place import Texts, addresses
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.plan.tables import ColumnRole
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.cells import CellDifference, Edits
from crmsheet.refresh.links import link_differences
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.names import name_differences, own_names
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.refresh.parts import ChartValues, chart_edits, referenced_anchors, table_part_edits
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.rules import rule_edits
from crmsheet.refresh.userformulas import user_formulas
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.names import calculation_edits, name_edits
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.tables import tables_of
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """The patch that makes a package what the plan says, and what to tell people of it."""

    patch: Patch
    notes: tuple[Note, ...]
    values_changed: int


def difference(
    plan: Plan,
    layout: Layout,
    contents: Contents,
    tables: Mapping[str, tuple[str, frozenset[int]]],
    extra: Sequence[tuple[str, CellEdit]],
    today: int,
    stale: Sequence[RangeRef] = (),
    *,
    age: Aged = UNAGED,
    only: Mapping[str, Set[tuple[int, int]]] | None = None,
    fresh: Mapping[str, range] | None = None,
    texts: Texts | None = None,
) -> Difference:
    """Compare. `tables` gives of each table its part and the sheet rows new to it; `extra` are edits of
    input cells (sheet name, edit) that the caller decided on; `today` is the calendar day's serial.

    `stale` are cells that changed since people's formulas had their values. Nothing that formulas need may
    be `lacking`. `age` says what of it an earlier crmsheet wrote. `only` are, by sheet name, the
    cells of which it is not known yet that they are as this plan says in this layout. `fresh` are, by table id, the
    last of its rows, if nothing is written there yet: they are put in as the plan has them. `texts` are formulas'
    that are known.
    """
    edits = Edits()
    fresh_rows = {(layout.tables[table].sheet, row) for table, rows in (fresh or {}).items() for row in rows}
    for sheet, edit in extra:
        if (sheet, edit.row) not in fresh_rows:
            edits.add(sheet, edit)
    meanings = Meanings.of(contents)
    places = addresses(plan, layout, texts)
    compare = CellDifference(contents, layout, places, meanings, edits, age, only, fresh or {})
    spans: dict[str, tuple[Replacement, ...]] = {}
    for table in plan.tables:
        part, adopted = tables[table.id]
        compare.table(table, adopted)
        formulas = {c.id: places.text(c.formula) for c in table.columns if c.formula is not None}
        spans[part], notes = table_part_edits(contents, part, table, layout, formulas, meanings, age)
        edits.notes += notes
    for block in plan.blocks:
        place = layout.anchors.get(block.anchor)
        if block.anchor == RECORD_ANCHOR and place is not None:
            for edit in record_edits(contents, block, place):
                edits.add(place.sheet, edit)
        elif place is not None:
            compare.block(block, place)
        elif block.anchored:
            edits.notes.append(
                Note(NoteKind.BLOCK_LEFT_OUT, layout.sheets.get(block.sheet, ""), old=block.anchor)
            )
    rules = rule_edits(contents, plan, layout, meanings, age=age)
    for part, mended in rules.spans.items():
        spans[part] = (*spans.get(part, ()), *mended)
    edits.notes += rules.notes
    grown = {
        at.name: RangeRef(min(new), at.first_column, max(new), at.last_column, at.sheet)
        for at, new in ((layout.tables[t.id], tables[t.id][1]) for t in plan.tables)
        if new
    }
    longer = meanings.grown({name: rows.bottom for name, rows in grown.items()})
    theirs = user_formulas(
        contents, longer, edits.cells, _owned(plan, layout), today, (*grown.values(), *stale), edits.fresh
    )
    for sheet, edit in theirs.edits:
        edits.add(sheet, edit)
    edits.notes += theirs.notes
    edits.notes += _pivots(contents.package, edits)
    for part, replacements in chart_edits(contents.package, ChartValues.of(plan, layout)):
        spans[part] = replacements
    wanted = own_names(plan, layout, places)
    renamed, notes = name_differences(contents.package, wanted, meanings, age=age)
    edits.notes += notes
    workbook = name_edits(contents.package, renamed)
    if edits.values_changed or theirs.notes:
        workbook += calculation_edits(contents.package, on_load=True)
    spans[contents.package.workbook.part] = workbook
    if any(block.sparklines for block in plan.blocks):
        from crmsheet.refresh.sparklines import sparkline_differences

        for part, lines in sparkline_differences(contents, plan, layout, spans).items():
            spans[part] = (*spans.get(part, ()), *lines)
    linked, notes = link_differences(contents, layout.sheets.values(), wanted)
    edits.notes += notes
    for part, links in linked.items():
        spans[part] = (*spans.get(part, ()), *links)
    patch = Patch(
        {name: tuple(cells) for name, cells in edits.cells.items()},
        {part: found for part, found in spans.items() if found},
        _blocked(contents.package),
        rules=rules.claims,
        fresh=edits.fresh,
    )
    return Difference(patch, tuple(edits.notes), edits.values_changed)


def record_edits(contents: Contents, block: Block, place: AnchorPlace) -> Iterator[CellEdit]:
    """The edits that make the hidden record say what its block says; nobody needs to be told."""
    sheet = contents.sheet(place.sheet)
    lines = {cell.row: cell.value for cell in block.cells}
    for row in range(max(block.rows, len(place.rows))):
        at, value = (place.rows[0] + row, place.columns[0]), lines.get(row)
        cell = sheet.at(*at) if sheet is not None else None
        there = cell.value if cell is not None else None
        if row in lines or row >= block.rows:
            same = same_value(there, value) or (there in (None, "") and value in (None, ""))
            if not same or (cell is not None and cell.formula is not None):
                yield CellEdit(*at, EditKind.VALUE, value)


def lacking(plan: Plan, layout: Layout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The anchors of blocks that formulas need and the workbook lacks, and of those it has too small."""
    lost = sorted(a for a in referenced_anchors(plan) if a not in layout.anchors)
    short = sorted(
        b.anchor
        for b in plan.blocks
        if b.anchor != RECORD_ANCHOR
        and (place := layout.anchors.get(b.anchor)) is not None
        and (b.rows > len(place.rows) or b.columns > len(place.columns))
    )
    return tuple(lost), tuple(short)


def _owned(plan: Plan, layout: Layout) -> dict[str, list[RangeRef]]:
    """By sheet name: the ranges whose formulas are ours."""
    found: dict[str, list[RangeRef]] = {}
    for table in plan.tables:
        place = layout.tables[table.id]
        rows = place.rows or (place.header_row + 1,)
        found.setdefault(place.sheet, []).extend(
            RangeRef(place.header_row + 1, place.columns[c.id], max(rows), place.columns[c.id])
            for c in table.columns
            if c.role is ColumnRole.COMPUTED
        )
    for block in plan.blocks:
        held = layout.anchors.get(block.anchor)
        if held is not None:
            found.setdefault(held.sheet, []).append(held.extent)
    return found


def _pivots(package: Package, edits: Edits) -> Iterator[Note]:
    """People's pivot tables, when values changed: they are named, not touched."""
    if edits.values_changed:
        for sheet in package.workbook.sheets:
            for part in package.related(sheet.part, "pivotTable"):
                yield Note(NoteKind.PIVOT_LEFT, sheet.name, old=package.tree(part).get("name"))


def _blocked(package: Package) -> dict[str, tuple[tuple[RangeRef, str], ...]]:
    """Ranges that are never written: table headers, pivot tables."""
    found: dict[str, tuple[tuple[RangeRef, str], ...]] = {}
    for sheet in package.workbook.sheets:
        ranges: list[tuple[RangeRef, str]] = []
        for table in tables_of(package, sheet.part):
            if table.header_rows:
                header = RangeRef(table.ref.top, table.ref.left, table.ref.top, table.ref.right)
                ranges.append((header, "It is the header of a table."))
        for part in package.related(sheet.part, "pivotTable"):
            location = package.tree(part).child("location")
            if location is not None:
                ranges.append((parse_range(location.get("ref")), "It belongs to a pivot table."))
        if ranges:
            found[sheet.name] = tuple(ranges)
    return found
