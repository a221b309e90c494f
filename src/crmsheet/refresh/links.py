"""The links of our sheets to each other, which lead to names such as `_crm.today.top`.

Knows that LibreOffice takes the last point of such a name for the one behind a sheet, and saves `_crm.today!top`: a
place that no program finds. Does not know where links stand, nor those that people made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crmsheet.plan.place import ANCHOR_PREFIX
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.elements import attribute_edits
from crmsheet.sheetml.spanedit import Replacement


def link_differences(
    contents: Contents, sheets: Iterable[str], names: Collection[str]
) -> tuple[dict[str, tuple[Replacement, ...]], tuple[Note, ...]]:
    """By part: the edits that let links on these sheets lead to our `names` again; and how many they are."""
    known = {name.casefold(): name for name in names}
    taken = {s.name.casefold() for s in contents.package.workbook.sheets}
    found: dict[str, tuple[Replacement, ...]] = {}
    for name in dict.fromkeys(sheets):
        held = contents.sheet(name)
        holder = held.scan.frame.child("hyperlinks") if held is not None else None
        if held is None or holder is None:
            continue
        edits: tuple[Replacement, ...] = ()
        for link in holder.all("hyperlink"):
            head, mark, rest = link.get("location").casefold().partition("!")
            if mark and head.startswith(ANCHOR_PREFIX) and head not in taken and f"{head}.{rest}" in known:
                edits += attribute_edits(held.scan.data, link, {"location": known[f"{head}.{rest}"]})
        if edits:
            found[held.sheet.part] = edits
    count = sum(map(len, found.values()))
    return found, (Note(NoteKind.LINKS_RESTORED, "", new=f"{count:,}"),) if count else ()
