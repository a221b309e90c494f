"""Where everything of a plan is to stand in a workbook that people filled.

Knows the rules of space: what fits stays; a sheet on which people put nothing that would be shifted is laid
out anew; else what is new or has outgrown its place goes below everything (lists: to the right); a new column
goes to the right end of its table, where the cells must be free. Does not know what stands in a block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import AnchorPlace, Layout, TablePlace
from crmsheet.model.succession import Succession
from crmsheet.plan.book import Plan, SheetKind
from crmsheet.plan.cells import Block
from crmsheet.plan.place import default_layout
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.refresh.structure.figures import Figure
from crmsheet.refresh.structure.ground import Cells, Ground
from crmsheet.refresh.structure.newcolumns import with_columns
from crmsheet.refresh.structure.room import as_built, grown, has_inputs, is_whole, placed_blocks
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where everything is to stand, and what has to be done for it."""

    layout: Layout
    fresh: frozenset[str]
    """Blocks on sheets that exist which are written whole: new ones, and those with another place or size."""
    vacated: Mapping[str, tuple[RangeRef, ...]]
    """By sheet name: places given up; fresh blocks may take them."""
    moves: Mapping[str, tuple[tuple[RangeRef, RangeRef], ...]]
    """By sheet name: cells that are to be found elsewhere, for formulas that point at them."""
    new_sheets: tuple[str, ...]
    new_columns: Mapping[str, tuple[str, ...]]
    """By table: its columns that the workbook lacks, at the right end in this order."""
    relaid: frozenset[str]
    """Ids of the sheets laid out as a new workbook would be."""
    left_out: frozenset[str]
    """Ids of sheets that people deleted."""


@dataclass(slots=True)
class _Result:
    anchors: dict[str, AnchorPlace] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    vacated: dict[str, list[RangeRef]] = field(default_factory=dict)
    moves: dict[str, list[tuple[RangeRef, RangeRef]]] = field(default_factory=dict)
    relaid: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Before:
    """The workbook as it is: its plan under the old Model, its layout by old ids, its charts by block. `torn` is
    what is left of hidden blocks that were cut, by their anchors."""

    plan: Plan
    layout: Layout
    figures: tuple[Figure, ...]
    torn: Mapping[str, RangeRef]
    kept: Mapping[str, Cells]
    """By sheet name: what people typed between the cells of blocks."""


def arranged(
    plan: Plan,
    before: Before,
    pairs: Succession,
    contents: Contents,
    tables: Mapping[str, TablePlace],
    left_out: frozenset[str],
    frozen: frozenset[str],
    outdated: frozenset[str] = frozenset(),
) -> Arrangement:
    """Find a place for everything. `tables` are the places of tables that exist, by new id, with those of
    their columns that the workbook has. `left_out` are sheets that are not to come back, `frozen` old
    anchors whose cells stay as they are, `outdated` blocks that are written whole wherever they stand.

    Raises WorkbookRefused when there is no room for a new column.
    """
    default = default_layout(plan)
    sheets: dict[str, str] = {}
    new_sheets: list[str] = []
    for sheet in plan.sheets:
        name = before.layout.sheets.get(pairs.sheet(sheet.id))
        if sheet.id in left_out:
            continue
        if name is None:
            new_sheets.append(sheet.id)
        sheets[sheet.id] = name or sheet.name
    result = _Result()
    for sheet in plan.sheets:
        if sheet.id in left_out:
            continue
        blocks = [b for b in plan.blocks if b.sheet == sheet.id and b.anchored and b.anchor != RECORD_ANCHOR]
        if sheet.id in new_sheets:
            result.anchors |= {
                b.anchor: replace(default.anchors[b.anchor], sheet=sheets[sheet.id]) for b in blocks
            }
        else:
            _arrange_sheet(
                *(sheet.kind, sheet.id, sheets[sheet.id], blocks, before, pairs, contents, result),
                *(frozen, outdated),
            )
    continued = {pairs.sheet(s.id) for s in plan.sheets}
    for block in before.plan.blocks:
        place = before.layout.anchors.get(block.anchor)
        if place is not None and block.sheet not in continued and block.anchor not in frozen:
            result.vacated.setdefault(place.sheet, []).append(place.extent)
    if RECORD_ANCHOR in before.layout.anchors:
        result.anchors[RECORD_ANCHOR] = before.layout.anchors[RECORD_ANCHOR]
    places: dict[str, TablePlace] = {}
    new_columns: dict[str, tuple[str, ...]] = {}
    for table in plan.tables:
        if table.sheet in left_out:
            continue
        held = tables.get(table.id)
        if held is None:
            places[table.id] = replace(default.tables[table.id], sheet=sheets[table.sheet])
            continue
        missing = tuple(c.id for c in table.columns if c.id not in held.columns)
        headers = {c.id: c.header for c in table.columns}
        places[table.id] = with_columns(held, missing, headers, contents)
        if missing:
            new_columns[table.id] = missing
    return Arrangement(
        Layout(sheets, places, result.anchors),
        frozenset(result.fresh),
        {k: tuple(v) for k, v in result.vacated.items()},
        {k: tuple(v) for k, v in result.moves.items()},
        tuple(new_sheets),
        new_columns,
        frozenset(result.relaid),
        left_out,
    )


def _arrange_sheet(
    kind: SheetKind,
    sheet: str,
    name: str,
    blocks: Sequence[Block],
    before: Before,
    pairs: Succession,
    contents: Contents,
    result: _Result,
    frozen: frozenset[str],
    outdated: frozenset[str],
) -> None:
    old_sheet = pairs.sheet(sheet)
    held: dict[str, AnchorPlace] = {}
    for block in blocks:
        was = pairs.anchor(block.anchor)
        place = before.layout.anchors.get(was)
        if place is not None and place.sheet == name:
            held[block.anchor] = place
    kept_old = {pairs.anchor(a) for a in held} | frozen
    retired = [
        p
        for b in before.plan.blocks
        if b.sheet == old_sheet and b.anchored and b.anchor not in kept_old
        for p in (before.layout.anchors.get(b.anchor),)
        if p is not None and p.sheet == name
    ]
    retired += [
        AnchorPlace(name, tuple(range(a.top, a.bottom + 1)), tuple(range(a.left, a.right + 1)))
        for a in before.torn.values()
        if a.sheet == name and not any(a.overlaps(p.extent) for p in held.values())
    ]
    sized = {b.anchor: b for b in blocks}
    built = {b.anchor: b for b in before.plan.blocks}
    exact = {
        a
        for a, p in held.items()
        if (len(p.rows), len(p.columns)) == (sized[a].rows, sized[a].columns)
        and _form(sized[a]) == _form(built[pairs.anchor(a)])
        and a not in outdated
    }
    if len(exact) == len(blocks) and not retired:
        result.anchors |= held
        return
    ours = frozenset(f.chart for f in before.figures)
    kept = before.kept.get(name, frozenset())
    everything = [p.extent for p in (*held.values(), *retired)]
    ground = Ground.of(contents, name, everything, kept, ours)
    if _can_be_relaid(kind, blocks, held, before, pairs, ground):
        _relay(blocks, held, exact, retired, name, result)
        result.relaid.add(sheet)
        return
    ground = Ground.of(contents, name, [p.extent for p in retired], kept, ours)
    _keep_or_move(kind, blocks, held, exact, retired, name, ground, result)


def _can_be_relaid(
    kind: SheetKind,
    blocks: Sequence[Block],
    held: Mapping[str, AnchorPlace],
    before: Before,
    pairs: Succession,
    ground: Ground,
) -> bool:
    """Whether the sheet stands as it was built, people put nothing on it that would lose its place, and what
    they fill in stays where it is."""
    if kind is SheetKind.LISTS or (ground.objects and kind is not SheetKind.CALC):
        return False
    built = {b.anchor: b for b in before.plan.blocks}
    for block in blocks:
        place = held.get(block.anchor)
        if place is None:
            continue
        was = built[pairs.anchor(block.anchor)]
        if (place.rows[0], place.columns[0]) != (was.row, was.column) or not is_whole(place):
            return False
        if has_inputs(block) and (was.row, was.column) != (block.row, block.column):
            return False
    return all(ground.free(as_built(b)) for b in blocks)


def _relay(
    blocks: Sequence[Block],
    held: Mapping[str, AnchorPlace],
    exact: set[str],
    retired: Sequence[AnchorPlace],
    name: str,
    result: _Result,
) -> None:
    result.vacated.setdefault(name, []).extend(p.extent for p in retired)
    for block in blocks:
        new = AnchorPlace(
            name,
            tuple(range(block.row, block.row + block.rows)),
            tuple(range(block.column, block.column + block.columns)),
        )
        _settle(block, held.get(block.anchor), new, name, result, same=block.anchor in exact)


def _settle(
    block: Block,
    old: AnchorPlace | None,
    new: AnchorPlace,
    name: str,
    result: _Result,
    *,
    same: bool = False,
) -> None:
    """Give a block its place; its old one is given up, unless it is the `same` block in the same place."""
    result.anchors[block.anchor] = new
    if old == new and same:
        return
    result.fresh.add(block.anchor)
    if old is not None:
        result.vacated.setdefault(name, []).append(old.extent)
        if (old.rows[0], old.columns[0]) != (new.rows[0], new.columns[0]):
            height = min(len(old.rows), len(new.rows)) - 1
            width = min(len(old.columns), len(new.columns)) - 1
            result.moves.setdefault(name, []).append(
                (
                    RangeRef(old.rows[0], old.columns[0], old.rows[0] + height, old.columns[0] + width),
                    RangeRef(new.rows[0], new.columns[0], new.rows[0] + height, new.columns[0] + width),
                )
            )


def _keep_or_move(
    kind: SheetKind,
    blocks: Sequence[Block],
    held: Mapping[str, AnchorPlace],
    exact: set[str],
    retired: Sequence[AnchorPlace],
    name: str,
    ground: Ground,
    result: _Result,
) -> None:
    result.vacated.setdefault(name, []).extend(p.extent for p in retired)
    result.anchors |= {a: held[a] for a in exact}
    waiting: list[Block] = []
    for block in sorted(blocks, key=lambda b: (not has_inputs(b), b.row, b.column)):
        if block.anchor in exact:
            continue
        old = held.get(block.anchor)
        if old is None:
            waiting.append(block)
            continue
        larger = grown(block, old, ground, filled_only=kind is SheetKind.ENTRY)
        if larger is None and has_inputs(block):
            larger = _making_room(block, old, blocks, held, ground, waiting, exact, result)
        if larger is None:
            waiting.append(block)
            continue
        _settle(block, old, larger, name, result)
        ground.take([larger.extent])
    moved = [b for b in waiting if b.anchor in held]
    for block in moved:
        exact.discard(block.anchor)
        result.anchors.pop(block.anchor, None)
    placed = list(placed_blocks(kind, waiting, ground))
    if kind is SheetKind.ENTRY:
        # Below a table is the room for its rows: what finds no place above it is left out.
        found = {b.anchor for b, _ in placed}
        gone = [held[b.anchor] for b in moved if b.anchor not in found]
        result.vacated.setdefault(name, []).extend(p.extent for p in gone)
    for block, area in placed:
        place = AnchorPlace(
            name, tuple(range(area.top, area.bottom + 1)), tuple(range(area.left, area.right + 1))
        )
        _settle(block, held.get(block.anchor), place, name, result)


def _making_room(
    block: Block,
    old: AnchorPlace,
    blocks: Iterable[Block],
    held: Mapping[str, AnchorPlace],
    ground: Ground,
    waiting: list[Block],
    exact: set[str],
    result: _Result,
) -> AnchorPlace | None:
    """Blocks that nobody fills in make way for one that people fill in."""
    movable = [
        b
        for b in blocks
        if b.anchor in held
        and b.anchor != block.anchor
        and not has_inputs(b)
        and held[b.anchor].rows[0] > old.rows[-1]
    ]
    trial = Ground(
        {
            row: kept
            for row, columns in ground.cells.items()
            if (
                kept := [
                    c
                    for c in columns
                    if (row, c) in ground.kept
                    or not any(held[b.anchor].extent.contains(row, c) for b in movable)
                ]
            )
        },
        [a for a in ground.areas if not any(a.overlaps(held[b.anchor].extent) for b in movable)],
        ground.floating,
        ground.objects,
        ground.kept,
        list(ground.taken),
    )
    larger = grown(block, old, trial)
    if larger is None:
        return None
    for other in movable:
        if held[other.anchor].extent.overlaps(larger.extent) or other.anchor not in exact:
            exact.discard(other.anchor)
            result.anchors.pop(other.anchor, None)
            if other not in waiting:
                waiting.append(other)
    return larger


def _form(block: Block) -> tuple[object, ...]:
    """What of a block is there besides what its cells hold."""
    cells = tuple((c.row, c.column, c.style, c.role, bool(c.link)) for c in block.cells)
    return frozenset(cells), frozenset(block.merges)
