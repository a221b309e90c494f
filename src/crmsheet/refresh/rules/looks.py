"""Differential formats of a workbook: which looks like a highlight of the plan, and new ones behind them.

Knows that LibreOffice forgets the colour of a line. Does not know which rule wears what.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element, parse_tree
from crmsheet.plan.looks import Highlight
from crmsheet.refresh.graft.meaning import Shape, differential
from crmsheet.sheetml.dxfs import dxf_xml
from crmsheet.sheetml.elements import STYLES_ORDER, attribute_edits, in_order, last_child
from crmsheet.sheetml.rules import FormatRule
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.styles import Styles
from crmsheet.structs import dataclass, field, replace

_NOTHING = Shape("dxf")


class Differentials(Protocol):
    """Gives a highlight its index among the workbook's differential formats."""

    def index(self, look: Highlight) -> int: ...


@dataclass(frozen=True, slots=True)
class DxfBook:
    """The differential formats of a workbook, and those to be appended."""

    styles: Styles
    shapes: tuple[Shape, ...]
    _added: dict[Highlight, int] = field(default_factory=dict)

    @staticmethod
    def of(package: Package) -> DxfBook:
        styles = Styles.of(package)
        return DxfBook(styles, _shapes(styles.data, styles.part))

    def look(self, rule: FormatRule) -> Shape:
        """What a conditional format that is there makes of a cell."""
        if rule.extension:
            inside = rule.element.child("dxf")
            return _NOTHING if inside is None else differential(inside)
        if rule.dxf is None or rule.dxf >= len(self.shapes):
            return _NOTHING
        return self.shapes[rule.dxf]

    def index(self, look: Highlight) -> int:
        """The index of a differential format that looks so; appended when there is none."""
        wanted = shape_of(look)
        for index, shape in enumerate(self.shapes):
            if shape == wanted:
                return index
        return self._added.setdefault(look, len(self.shapes) + len(self._added))

    def edits(self) -> tuple[Replacement, ...]:
        """What changes in the styles part."""
        root, data = self.styles.root, self.styles.data
        if not self._added or root is None:
            return ()
        items = b"".join(dxf_xml(look, root.prefix) for look in self._added)
        holder = root.child("dxfs")
        if holder is not None:
            count = len(self.shapes) + len(self._added)
            return (*attribute_edits(data, holder, {"count": str(count)}), last_child(holder, items))
        tag = f"{root.prefix}dxfs".encode()
        whole = b'<%b count="%d">%b</%b>' % (tag, len(self._added), items, tag)
        return (in_order(root, STYLES_ORDER, "dxfs", whole),)


@lru_cache(maxsize=4)
def _shapes(data: bytes, part: str) -> tuple[Shape, ...]:
    """The looks of a styles part; a run asks for the same ones several times."""
    return tuple(differential(e) for e in _items(Styles.parse(data, part=part))) if data else ()


def _items(styles: Styles) -> tuple[Element, ...]:
    holder = styles.root.child("dxfs") if styles.root is not None else None
    return holder.all("dxf") if holder is not None else ()


@lru_cache(maxsize=64)
def shape_of(look: Highlight) -> Shape:
    """What a highlight looks like."""
    return differential(parse_tree(dxf_xml(look)))


def alike(found: Shape, wanted: Shape) -> bool:
    """Whether two formats look the same, apart from colours of lines that a program forgot."""
    return found == wanted or (_forgotten(found) == _forgotten(wanted) and _lines_without_colour(found))


def _forgotten(shape: Shape) -> Shape:
    if shape.name != "border":
        return replace(shape, parts=tuple(_forgotten(p) for p in shape.parts))
    return replace(shape, parts=tuple(replace(side, parts=()) for side in shape.parts))


def _lines_without_colour(shape: Shape) -> bool:
    border = next((p for p in shape.parts if p.name == "border"), None)
    return border is not None and all(not side.parts for side in border.parts)
