"""Workbook names of ours: those that formulas use and those that mark blocks, compared by meaning.

Knows what each should mean. Does not know who uses it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from crmsheet.excel.references import parse_range
from crmsheet.formulas.tree import Area, Spot, walk
from crmsheet.model.layout import Layout
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan
from crmsheet.plan.place import ANCHOR_PREFIX, Addresses, anchor_name, name_text
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.sheetml.names import NameEdit, defined_names
from crmsheet.structs import dataclass, replace

_TOP: Final = re.compile(r"(\$[A-Z]{1,3}\$)[0-9]+(?=\))")
_OF_THE_ROW: Final = re.compile(r"\$[A-Z]{1,3}[0-9]+\b")


@dataclass(frozen=True, slots=True)
class OwnName:
    """A name as it should be."""

    text: str
    hidden: bool
    headers: bool = False


def own_names(plan: Plan, layout: Layout, places: Addresses) -> dict[str, OwnName]:
    """Every name of a plan; names of what the workbook has no place for are left out."""
    found: dict[str, OwnName] = {}
    for name in plan.names:
        anchors = {n.anchor for n in walk(name.target) if isinstance(n, Spot | Area)}
        if all(a in layout.anchors for a in anchors):
            found[name.name] = OwnName(name_text(name, places), name.hidden, name.headers)
    for block in plan.blocks:
        place = layout.anchors.get(block.anchor)
        if block.anchored and place is not None:
            extent = replace(place.extent, sheet=place.sheet)
            found[anchor_name(block.anchor)] = OwnName(extent.absolute(), hidden=True)
    return found


def name_differences(
    package: Package,
    wanted: Mapping[str, OwnName],
    meanings: Meanings,
    retired: Collection[str] = (),
    *,
    age: Aged = UNAGED,
) -> tuple[tuple[NameEdit, ...], tuple[Note, ...]]:
    """The edits that give every name its meaning and take retired ones away, and what was broken. `age` says which of
    them an earlier crmsheet wrote, or did not write yet."""
    there = {n.name.casefold(): n for n in defined_names(package) if n.sheet_index is None}
    edits: list[NameEdit] = []
    notes: list[Note] = []
    for name, own in wanted.items():
        found = there.get(name.casefold())
        text = found.text.removeprefix("=") if found is not None else None
        if text is not None and (_marks(name, own.text, text) or _means(own, text, meanings)):
            continue
        edits.append(NameEdit(name, own.text, hidden=own.hidden))
        if not age.name(name, text, own.text):
            notes.append(Note(NoteKind.NAME_RESTORED, "", old=f"{name}: {text}" if text else "", new=name))
    keep = {name.casefold() for name in wanted}
    edits += [NameEdit(n, None) for n in retired if n.casefold() in there and n.casefold() not in keep]
    return tuple(edits), tuple(notes)


def _means(own: OwnName, text: str, meanings: Meanings) -> bool:
    """Whether a text is what the name should mean. Of cells on top of a sheet only the columns count: people put in
    rows above. A cell of the row that says the name is not the cell in the first row."""
    if own.headers:
        text = _TOP.sub(r"\g<1>1", text)
    if len(_OF_THE_ROW.findall(own.text)) != len(_OF_THE_ROW.findall(text)):
        return False
    return meanings.same(own.text, text, "", 0, 0)


def _marks(name: str, wanted: str, text: str) -> bool:
    """Whether a name that marks a block still covers it; lines that people put in at its edge do no harm. The
    record is found by its first line."""
    if not name.startswith(ANCHOR_PREFIX):
        return False
    try:
        area, whole = parse_range(wanted), parse_range(text)
    except ValueError:
        return False
    if area.sheet.casefold() != whole.sheet.casefold():
        return False
    if name == anchor_name(RECORD_ANCHOR):
        return (area.top, area.left) == (whole.top, whole.left)
    return whole.covers(area)
