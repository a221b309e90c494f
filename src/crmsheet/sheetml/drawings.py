"""Drawings: what floats on a sheet, and between which cells.

Knows anchors, and how one is shifted by splicing. Does not know what is drawn, but for charts their part.
"""

from __future__ import annotations

from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True, slots=True)
class Floating:
    """Something on a drawing; rows and columns are 0-based, -1 where the drawing does not say."""

    drawing: str
    """The drawing's part."""
    row: int
    column: int
    bottom: int
    right: int
    chart: str
    """The part of the chart it shows; empty for anything else."""
    element: Element = field(repr=False, compare=False)


def floating_on(package: Package, sheet_part: str) -> tuple[Floating, ...]:
    """Everything that floats on a sheet."""
    found: list[Floating] = []
    for drawing in package.related(sheet_part, "drawing"):
        root = package.tree(drawing)
        targets = {r.id: r.target for r in package.relationships(drawing) if r.kind == "chart"}
        for element in root.walk():
            if element.local in _ANCHORS:
                start, end = element.child("from"), element.child("to")
                found.append(
                    Floating(
                        drawing,
                        _number(start, "row"),
                        _number(start, "col"),
                        _number(end, "row") if end is not None else _number(start, "row"),
                        _number(end, "col") if end is not None else _number(start, "col"),
                        _chart(element, targets),
                        element,
                    )
                )
    return tuple(found)


def shifted_edits(thing: Floating, rows: int, columns: int) -> tuple[Replacement, ...]:
    """The replacements in the drawing that move a thing by rows and columns."""
    edits: list[Replacement] = []
    for corner in (thing.element.child("from"), thing.element.child("to")):
        for local, by in (("row", rows), ("col", columns)):
            holder = corner.child(local) if corner is not None else None
            if holder is not None and by and holder.text.strip().isdecimal():
                new = str(max(0, int(holder.text.strip()) + by)).encode()
                edits.append(Replacement(holder.open_end, holder.close_start, new))
    return tuple(edits)


def _number(corner: Element | None, local: str) -> int:
    holder = corner.child(local) if corner is not None else None
    text = holder.text.strip() if holder is not None else ""
    return int(text) if text.isdecimal() else -1


def _chart(element: Element, targets: dict[str, str]) -> str:
    for inner in element.walk():
        if inner.local == "chart":
            for name, value in inner.attributes.items():
                if name.rpartition(":")[2] == "id" and value in targets:
                    return targets[value]
    return ""
