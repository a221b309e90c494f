"""Blocks found by the hidden names that mark them, after people inserted rows or renamed sheets.

Knows names and sizes. Does not know what stands in a block.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.model.layout import AnchorPlace
from crmsheet.model.spec import Model
from crmsheet.plan.cells import Block, Role
from crmsheet.plan.place import ANCHOR_PREFIX
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.names import DefinedName, defined_names

_ELASTIC = "lists."
"""Blocks that people may lengthen by inserting rows: all rows count."""
_TOP = "lists.top"
"""What stands above the lists is not one of them."""
_MOST_MARKS = 20_000
"""Names of ours that are looked at; a workbook has some hundreds."""
_MOST_INSERTED_ROWS = 20_000
_MOST_INSERTED_COLUMNS = 500


def marked_ranges(names: Iterable[DefinedName]) -> dict[str, RangeRef]:
    """Anchor to the range its name points at now; names that lost their cells (`#REF!`) are left out."""
    found: dict[str, RangeRef] = {}
    prefix = ANCHOR_PREFIX.casefold()
    ours = (n for n in names if n.name.casefold().startswith(prefix) and n.sheet_index is None)
    for name in islice(ours, _MOST_MARKS):
        try:
            area = parse_range(name.text)
        except ValueError:
            continue
        if area.sheet:
            found[name.name[len(prefix) :]] = area
    return found


def top_anchors(model: Model) -> frozenset[str]:
    """The blocks above tables: their columns are the tables'. Boards have another kind of top."""
    return frozenset(f"{table.id}.top" for table in model.tables)


def anchor_places(
    ranges: Mapping[str, RangeRef],
    sizes: Mapping[str, tuple[int, int]],
    tops: Collection[str],
    contents: Contents,
) -> dict[str, AnchorPlace]:
    """Where the blocks stand whose size is right, or became right when blank inserted lines are left out. `tops`
    have as many columns as they should, until their texts are looked for."""
    folded = {anchor.casefold(): anchor for anchor in sizes}
    places: dict[str, AnchorPlace] = {}
    for written, area in ranges.items():
        anchor = folded.get(written.casefold(), written)
        size = sizes.get(anchor)
        sheet = contents.package.workbook.sheet(area.sheet)
        if sheet is None or size is None or _is_boundless(area, size):
            continue
        rows: tuple[int, ...] | None = tuple(range(area.top, area.bottom + 1))
        columns: tuple[int, ...] | None = tuple(range(area.left, area.right + 1))
        assert rows is not None
        assert columns is not None
        if not anchor.startswith(_ELASTIC) or anchor == _TOP or len(rows) < size[0]:
            rows = _without_inserted(rows, size[0], lambda r, a=area: _blank_row(contents, a, r))
        if anchor in tops:
            columns = tuple(min(area.left + i, area.right) for i in range(size[1]))
        columns = _without_inserted(columns, size[1], lambda c, a=area: _blank_column(contents, a, c))
        if rows is not None and columns is not None:
            places[anchor] = AnchorPlace(sheet.name, rows, columns)
    return places


def cut_blocks(blocks: Iterable[Block], contents: Contents) -> dict[str, RangeRef]:
    """What names still mark of blocks, whatever its size is."""
    ranges = {a.casefold(): area for a, area in marked_ranges(defined_names(contents.package)).items()}
    found = {b.anchor: (b, ranges[b.anchor.casefold()]) for b in blocks if b.anchor.casefold() in ranges}
    return {a: area for a, (b, area) in found.items() if not _is_boundless(area, (b.rows, b.columns))}


def aligned_places(blocks: Iterable[Block], contents: Contents) -> dict[str, AnchorPlace]:
    """Where blocks stand that got blank lines inserted among blank lines of their own: what is planned to be
    filled tells which is which. Blocks that do not fit their content even so are left out."""
    ranges = {a.casefold(): area for a, area in marked_ranges(defined_names(contents.package)).items()}
    places: dict[str, AnchorPlace] = {}
    for block in blocks:
        area = ranges.get(block.anchor.casefold())
        sheet = contents.package.workbook.sheet(area.sheet) if area is not None else None
        if area is None or sheet is None or _is_boundless(area, (block.rows, block.columns)):
            continue
        filled = [
            (c.row, c.column)
            for c in block.cells
            if c.role is not Role.INPUT and (c.formula is not None or c.value not in (None, ""))
        ]
        inputs = [(c.row, c.column) for c in block.cells if c.role is Role.INPUT]
        rows = _aligned(
            [(r, _blank_row(contents, area, r)) for r in range(area.top, area.bottom + 1)],
            _expected(block.rows, {r for r, _ in filled}, {r for r, _ in inputs}),
        )
        columns = _aligned(
            [(c, _blank_column(contents, area, c)) for c in range(area.left, area.right + 1)],
            _expected(block.columns, {c for _, c in filled}, {c for _, c in inputs}),
        )
        if rows is not None and columns is not None:
            places[block.anchor] = AnchorPlace(sheet.name, rows, columns)
    return places


def _is_boundless(area: RangeRef, size: tuple[int, int]) -> bool:
    """Whether a range is larger than a block can have become by inserting rows and columns: it is not that."""
    return (
        area.bottom - area.top >= size[0] + _MOST_INSERTED_ROWS
        or area.right - area.left >= size[1] + _MOST_INSERTED_COLUMNS
    )


def _expected(count: int, filled: set[int], inputs: set[int]) -> list[bool | None]:
    """Of each line of a block whether it is filled; None when only people know."""
    return [True if i in filled else None if i in inputs else False for i in range(count)]


def _aligned(lines: list[tuple[int, bool]], expected: list[bool | None]) -> tuple[int, ...] | None:
    """The lines (number, whether blank) that are the block's, in order; all others must be blank."""
    kept: list[int] = []
    at = 0
    for wanted in expected:
        while wanted and at < len(lines) and lines[at][1]:
            at += 1
        if at == len(lines) or (wanted is False and not lines[at][1]):
            return None
        kept.append(lines[at][0])
        at += 1
    return tuple(kept) if all(blank for _, blank in lines[at:]) else None


def _without_inserted(lines: tuple[int, ...], wanted: int, blank: object) -> tuple[int, ...] | None:
    """The lines that are the block's: all, or those left without the blank ones when that fits."""
    assert callable(blank)
    if len(lines) == wanted:
        return lines
    if len(lines) < wanted:
        return None
    kept = tuple(line for line in lines if not blank(line))
    if len(kept) == wanted:
        return kept
    surplus = len(lines) - wanted
    blanks = [line for line in lines if blank(line)]
    if len(blanks) >= surplus and _one_run(blanks):
        dropped = set(blanks[:surplus])
        return tuple(line for line in lines if line not in dropped)
    return None


def _one_run(lines: list[int]) -> bool:
    return lines == list(range(lines[0], lines[0] + len(lines)))


def _blank_row(contents: Contents, area: RangeRef, row: int) -> bool:
    cells = contents.sheet(area.sheet)
    return cells is None or not any(
        area.left <= c.column <= area.right and (c.formula is not None or c.value not in (None, ""))
        for c in cells.rows.get(row, ())
    )


def _blank_column(contents: Contents, area: RangeRef, column: int) -> bool:
    cells = contents.sheet(area.sheet)
    if cells is None:
        return True
    for row in range(area.top, area.bottom + 1):
        cell = cells.at(row, column)
        if cell is not None and (cell.formula is not None or cell.value not in (None, "")):
            return False
    return True
