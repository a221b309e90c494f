"""Defined names and calculation settings of the workbook part.

Knows names as data and how one is set, added or taken away by splicing. Does not know what a name is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element, escaped, parse_tree
from crmsheet.sheetml.elements import WORKBOOK_ORDER, attribute_edits, in_order, last_child
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field

_TRUE: Final = ("1", "true")


@dataclass(frozen=True, slots=True)
class DefinedName:
    """`text` is what the name means, a formula without `=`; `sheet_index` its sheet when it is local."""

    name: str
    text: str
    sheet_index: int | None
    hidden: bool
    element: Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NameEdit:
    """A name that is to mean `text`; without a text it is taken away. An existing one keeps `hidden`."""

    name: str
    text: str | None
    sheet_index: int | None = None
    hidden: bool = False


def defined_names(package: Package) -> tuple[DefinedName, ...]:
    """All names, in the order written."""
    return _names(package.xml(package.workbook.part), package.file, package.workbook.part)


@lru_cache(maxsize=4)
def _names(data: bytes, file: str, part: str) -> tuple[DefinedName, ...]:
    """One run asks for the same names again and again."""
    holder = parse_tree(data, file, part).child("definedNames")
    return tuple(_name(e) for e in holder.all("definedName")) if holder is not None else ()


def _name(element: Element) -> DefinedName:
    local = element.get("localSheetId")
    return DefinedName(
        name=element.get("name"),
        text=element.text,
        sheet_index=int(local) if local.isdecimal() else None,
        hidden=element.get("hidden") in _TRUE,
        element=element,
    )


def name_edits(package: Package, edits: Sequence[NameEdit]) -> tuple[Replacement, ...]:
    """The replacements in the workbook part that carry the edits out; nothing where all is so already."""
    root = package.tree(package.workbook.part)
    data = package.xml(package.workbook.part)
    holder = root.child("definedNames")
    existing = {(n.name.casefold(), n.sheet_index): n for n in defined_names(package)}
    found: list[Replacement] = []
    added = b""
    removed = 0
    for edit in edits:
        old = existing.get((edit.name.casefold(), edit.sheet_index))
        if old is None:
            if edit.text is not None:
                added += _element(root.prefix, edit)
        elif edit.text is None:
            found.append(Replacement(old.element.start, old.element.end, b""))
            removed += 1
        elif old.text != edit.text:
            new = data[old.element.start : old.element.open_end].removesuffix(b"/>").removesuffix(b">")
            closed = f"</{old.element.name}>".encode()
            found.append(
                Replacement(
                    old.element.start, old.element.end, new.rstrip() + b">" + _text(edit.text) + closed
                )
            )
    if holder is None or not existing:
        if not added:
            return ()
        whole = f"<{root.prefix}definedNames>".encode() + added + f"</{root.prefix}definedNames>".encode()
        if holder is not None:
            return (Replacement(holder.start, holder.end, whole),)
        return (in_order(root, WORKBOOK_ORDER, "definedNames", whole),)
    if removed == len(existing) and not added:
        # An empty list of names makes Excel repair the file.
        return (Replacement(holder.start, holder.end, b""),)
    if added:
        found.append(last_child(holder, added))
    return tuple(found)


def _element(prefix: str, edit: NameEdit) -> bytes:
    attributes = b' name="%b"' % escaped(edit.name)
    if edit.sheet_index is not None:
        attributes += b' localSheetId="%d"' % edit.sheet_index
    if edit.hidden:
        attributes += b' hidden="1"'
    tag = f"{prefix}definedName".encode()
    return b"<%b%b>%b</%b>" % (tag, attributes, _text(edit.text or ""), tag)


def _text(text: str) -> bytes:
    return escaped(text).replace(b"&quot;", b'"')


def calculation_on_load(package: Package) -> bool:
    """Whether the workbook asks to be recalculated when it is opened."""
    element = package.tree(package.workbook.part).child("calcPr")
    return element is not None and element.get("fullCalcOnLoad") in _TRUE


def calculation_edits(package: Package, *, on_load: bool) -> tuple[Replacement, ...]:
    """The replacements in the workbook part that set or clear `fullCalcOnLoad`; nothing when it is so."""
    if calculation_on_load(package) == on_load:
        return ()
    root = package.tree(package.workbook.part)
    data = package.xml(package.workbook.part)
    element = root.child("calcPr")
    if element is not None:
        return attribute_edits(data, element, {"fullCalcOnLoad": "1" if on_load else None})
    added = f'<{root.prefix}calcPr fullCalcOnLoad="1"/>'.encode()
    return (in_order(root, WORKBOOK_ORDER, "calcPr", added),)
