"""Which rows of a board print on a page of their own, after blocks were put in.

Knows the print areas that a build gives. Does not know why blocks stand where they do (`arrange`). Print areas that
people set are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.model.succession import Succession
from crmsheet.plan.book import Plan, PlanSheet
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.names import NameEdit, defined_names, name_edits

_NAME: Final = "_xlnm.Print_Area"
_BETWEEN: Final = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")
"""A comma outside of a quoted sheet name."""

Rows = tuple[tuple[int, int], ...]


def printing_patch(
    contents: Contents, old_plan: Plan, plan: Plan, pairs: Succession, arrangement: Arrangement
) -> Patch:
    """A board laid out anew prints as a new one would; one that got blocks below has no parts any more, so that
    all of it is printed."""
    edits = tuple(_edits(contents, old_plan, plan, pairs, arrangement))
    replacements = name_edits(contents.package, edits) if edits else ()
    return Patch({}, {contents.package.workbook.part: replacements} if replacements else {})


def _edits(
    contents: Contents, old_plan: Plan, plan: Plan, pairs: Succession, arrangement: Arrangement
) -> Iterator[NameEdit]:
    old = {sheet.id: sheet for sheet in old_plan.sheets}
    there = {
        n.sheet_index: n.text
        for n in defined_names(contents.package)
        if n.name.casefold() == _NAME.casefold()
    }
    filled = {block.sheet for block in plan.blocks if block.anchor in arrangement.fresh}
    for sheet in plan.sheets:
        held = contents.sheet(arrangement.layout.sheets.get(sheet.id, ""))
        if held is None or sheet.id in arrangement.new_sheets:
            continue
        relaid = sheet.id in arrangement.relaid
        if not relaid and sheet.id not in filled:
            continue
        before = old.get(pairs.sheet(sheet.id))
        built: Rows = before.print_setup.parts if before is not None else ()
        if _rows(there.get(held.sheet.index, "")) != built:
            continue
        text = _areas(sheet, held.sheet.name) if relaid else None
        if text is not None or built:
            yield NameEdit(_NAME, text, held.sheet.index)


def _rows(text: str) -> Rows:
    """First and last row of each area; of what is none of ours, something that none of ours has."""
    if not text:
        return ()
    try:
        return tuple((area.top, area.bottom) for area in map(parse_range, _BETWEEN.split(text)))
    except ValueError:
        return ((-1, -1),)


def _areas(sheet: PlanSheet, name: str) -> str | None:
    last = max((width.last for width in sheet.widths), default=0)
    areas = [RangeRef(first, 0, end, last, name).absolute() for first, end in sheet.print_setup.parts]
    return ",".join(areas) or None
