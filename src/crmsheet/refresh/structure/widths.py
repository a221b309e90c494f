"""Widths of columns that another version of crmsheet gives otherwise.

Knows which widths were written: a column that people made wider or narrower keeps what they gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan
from crmsheet.plan.prints import widths_of
from crmsheet.refresh.patch import Patch
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.furniture import column_edits, column_looks
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import replace

_ROUNDED: Final = 0.2


def widths_patch(contents: Contents, plan: Plan, written: Mapping[str, str], layout: Layout) -> Patch:
    """The columns of these sheets that are as wide as was written become as wide as the plan says."""
    spans: dict[str, tuple[Replacement, ...]] = {}
    wanted = dict(widths_of(plan))
    for sheet, text in written.items():
        held = contents.sheet(layout.sheets.get(sheet, ""))
        if held is None or sheet not in wanted:
            continue
        before, now = _by_column(text, sheet, layout), _by_column(wanted[sheet], sheet, layout)
        there = column_looks(held.scan, now.keys())
        looks = {
            column: replace(there[column], width=width)
            for column, width in now.items()
            if before.get(column, width) != width
            and column in there
            and _close(there[column].width, before[column])
        }
        edits = column_edits(held.scan, looks) if looks else ()
        if edits:
            spans[held.sheet.part] = edits
    return Patch({}, spans)


def _by_column(text: str, sheet: str, layout: Layout) -> dict[int, float]:
    """The widths of columns by their numbers."""
    found: dict[int, float] = {}
    place = layout.tables.get(sheet)
    for part in text.split():
        name, _, width = part.rpartition(":")
        if name.startswith("."):
            if place is not None and name[1:] in place.columns:
                found[place.columns[name[1:]]] = float(width)
            continue
        first, _, last = name.partition("-")
        found |= dict.fromkeys(range(int(first), int(last) + 1), float(width))
    return found


def _close(there: float, written: float) -> bool:
    """Whether a width is as written: programs round to pixels."""
    return abs(there - written) < _ROUNDED
