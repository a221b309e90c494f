"""Sparklines: the small charts inside cells that Excel keeps in a sheet's extension list.

Knows where they stand in a sheet's part, and how some are added or taken away by splicing. Does not know whose
they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from crmsheet.excel.references import RangeRef, a1, range_or_none
from crmsheet.opc.xmltree import Element, escaped
from crmsheet.sheetml.elements import WORKSHEET_ORDER, in_order, is_empty, last_child
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass

_URI: Final = "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"
_X14: Final = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM: Final = "http://schemas.microsoft.com/office/excel/2006/main"
WEIGHT: Final = 1.25
"""Points of a line."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line in a cell over the numbers of a range; `source` is None where it is no plain range."""

    row: int
    column: int
    source: RangeRef | None
    color: str = ""


def sparklines_of(scan: SheetScan) -> tuple[Sparkline, ...]:
    """All sparklines of a sheet."""
    return tuple(found for group in _groups(scan) for found, _ in _members(group))


def _holder(scan: SheetScan) -> tuple[Element, Element, Element] | None:
    """The extension list, the extension and the groups in it."""
    extensions = scan.frame.child("extLst")
    for extension in extensions.all("ext") if extensions is not None else ():
        groups = extension.child("sparklineGroups")
        if extensions is not None and groups is not None:
            return extensions, extension, groups
    return None


def _groups(scan: SheetScan) -> tuple[Element, ...]:
    holder = _holder(scan)
    return holder[2].all("sparklineGroup") if holder is not None else ()


def _members(group: Element) -> list[tuple[Sparkline, Element]]:
    color = group.child("colorSeries")
    inside = group.child("sparklines")
    found = []
    for element in inside.all("sparkline") if inside is not None else ():
        place, source = element.child("sqref"), element.child("f")
        at = range_or_none(place.text if place is not None else "")
        if at is not None:
            text = source.text if source is not None else ""
            look = color.get("rgb")[-6:] if color is not None else ""
            found.append((Sparkline(at.top, at.left, range_or_none(text), look), element))
    return found


def sparkline_edits(
    scan: SheetScan,
    add: Sequence[Sparkline] = (),
    remove: Collection[tuple[int, int]] = (),
    beside: Sequence[Replacement] = (),
) -> tuple[Replacement, ...]:
    """The replacements that add sparklines and take others away, by cell. `beside` are other edits of the
    same part, which may take the extension list away."""
    edits: list[Replacement] = []
    holder = _holder(scan)
    left = 0
    for group in _groups(scan):
        members = _members(group)
        gone = [element for found, element in members if (found.row, found.column) in remove]
        if gone and len(gone) == len(members):
            edits.append(Replacement(group.start, group.end, b""))
            continue
        left += 1
        edits += [Replacement(e.start, e.end, b"") for e in gone]
    if holder is not None and edits and not left and not add:
        extensions, extension, _ = holder
        alone = len(extensions.children) == 1
        whole = extensions if alone else extension
        return (Replacement(whole.start, whole.end, b""),)
    if add:
        edits.append(_added(scan, holder, add, beside))
    return tuple(edits)


def _added(
    scan: SheetScan,
    holder: tuple[Element, Element, Element] | None,
    add: Sequence[Sparkline],
    beside: Sequence[Replacement],
) -> Replacement:
    if holder is not None:
        return last_child(holder[2], _written(add, holder[2].prefix, f' xmlns:xm="{_XM}"'))
    inside = (
        f'<{scan.prefix}ext xmlns:x14="{_X14}" uri="{_URI}"><x14:sparklineGroups xmlns:xm="{_XM}">'.encode()
        + _written(add, "x14:", "")
        + f"</x14:sparklineGroups></{scan.prefix}ext>".encode()
    )
    extensions = scan.frame.child("extLst")
    whole = f"<{scan.prefix}extLst>".encode() + inside + f"</{scan.prefix}extLst>".encode()
    if extensions is None:
        return in_order(scan.frame, WORKSHEET_ORDER, "extLst", whole)
    if any(r.start <= extensions.start and extensions.end <= r.end for r in beside) or is_empty(extensions):
        return Replacement(extensions.end, extensions.end, whole)
    return last_child(extensions, inside)


def _written(add: Sequence[Sparkline], prefix: str, binding: str) -> bytes:
    """Groups of one colour each, as `write` makes them."""
    groups: dict[str, list[Sparkline]] = {}
    for one in add:
        groups.setdefault(one.color, []).append(one)
    found = b""
    for color, members in groups.items():
        look = f'<{prefix}colorSeries rgb="FF{color}"/>' if color else ""
        found += (
            f'<{prefix}sparklineGroup{binding} lineWeight="{WEIGHT:g}" displayEmptyCellsAs="gap">{look}'
            f"<{prefix}sparklines>"
        ).encode()
        for one in members:
            assert one.source is not None
            found += f"<{prefix}sparkline><xm:f>".encode() + escaped(one.source.absolute())
            found += f"</xm:f><xm:sqref>{a1(one.row, one.column)}</xm:sqref></{prefix}sparkline>".encode()
        found += f"</{prefix}sparklines></{prefix}sparklineGroup>".encode()
    return found
