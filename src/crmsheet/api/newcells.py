"""Cells on the hidden sheet that earlier versions did not write: they come below all others.

Knows which of them an ordinary pass can put in: those that need nothing but their content. For all else the workbook's
structure has to follow (`restructuring`).
"""

from __future__ import annotations

from collections.abc import Collection

from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.excel import limits
from crmsheet.model.layout import AnchorPlace
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block, PlanCell, Role
from crmsheet.plan.looks import Style
from crmsheet.read import Reading
from crmsheet.refresh.structure.ground import Ground
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import replace


def with_new_cells(reading: Reading, plan: Plan, anchors: Collection[str], contents: Contents) -> Reading:
    """The reading with places for those of these blocks that can be put in as they are."""
    blocks = [b for b in plan.blocks if b.anchor in anchors and b.sheet == CALC_SHEET and _is_plain(b)]
    sheet = reading.layout.sheets.get(CALC_SHEET)
    if not blocks or sheet is None or contents.sheet(sheet) is None:
        return reading
    standing = (p.extent.bottom for p in reading.layout.anchors.values() if p.sheet == sheet)
    row = max(Ground.of(contents, sheet, []).bottom(), *standing, -1) + 2
    places = dict(reading.layout.anchors)
    sizes = dict(reading.sizes)
    for block in blocks:
        if row + block.rows > limits.ROWS:
            break
        places[block.anchor] = AnchorPlace(
            sheet, tuple(range(row, row + block.rows)), tuple(range(block.columns))
        )
        sizes[block.anchor] = block.rows, block.columns
        row += block.rows + 1
    return replace(reading, layout=replace(reading.layout, anchors=places), sizes=sizes)


def _is_plain(block: Block) -> bool:
    """Whether a block is nothing but cells that look like any others."""
    beside = block.merges or block.validations or block.highlights or block.sparklines
    return block.anchored and not beside and all(map(_is_plain_cell, block.cells))


def _is_plain_cell(cell: PlanCell) -> bool:
    return cell.role is Role.OWNED and cell.style == Style() and not cell.link
