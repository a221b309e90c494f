"""What a sheet's part holds besides cells: rules, sparklines, links, controls, each as it reads from now on.

Knows where formulas stand there, in the plain blocks and in the extensions. Knows that a rule's formula is
written for its first cell and read in all of them. Does not know what a rule is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.excel.references import RangeRef, parse_range, parse_sqref
from crmsheet.formulas.renaming import Renames, renamed
from crmsheet.opc.workbook import Sheet
from crmsheet.opc.xmltree import Element
from crmsheet.refresh.renames.sheetformulas import moved_cell
from crmsheet.refresh.renames.spots import Mention, Naming, Spot, attribute_spot, text_spot
from crmsheet.sheetml.shift import shifted
from crmsheet.structs import dataclass, field


@dataclass(slots=True)
class SheetPart:
    """The frame of one sheet. `left` counts rules that could not follow moved cells."""

    naming: Naming
    sheet: Sheet
    data: bytes = field(repr=False)
    frame: Element = field(repr=False)
    left: int = 0

    def spots(self) -> Iterator[Spot]:
        yield from self._below(self.frame, Mention.OTHER, ())

    def _below(self, element: Element, mention: Mention, cells: tuple[RangeRef, ...]) -> Iterator[Spot]:
        for child in element.children:
            inside = _MENTIONS.get(child.local, mention)
            rule_cells = _cells(child) if child.local in _RULES else cells
            yield from self._element(child, inside, rule_cells)
            yield from self._below(child, inside, rule_cells)

    def _element(self, element: Element, mention: Mention, cells: tuple[RangeRef, ...]) -> Iterator[Spot]:
        match element.local:
            case "formula" | "formula1" | "formula2" | "f" if not element.children:
                yield from text_spot(element, mention, self._rule(element.text, cells))
            case "cfvo":
                new = self._rule(element.get("val"), cells)
                yield from attribute_spot(self.data, element, "val", mention, new)
            case "hyperlink" if not element.get(":id"):
                new = self.naming.location(element.get("location"), self.sheet)
                yield from attribute_spot(self.data, element, "location", Mention.LINK, new)
            case "controlPr":
                for name in ("linkedCell", "listFillRange"):
                    new = self.naming.formula(element.get(name), self.sheet)
                    yield from attribute_spot(self.data, element, name, Mention.CONTROL, new)
            case "dataRef" if not element.get(":id"):
                yield from source_spots(self.data, element, self.naming.renames, Mention.OTHER)
            case "inputCells":
                new = moved_cell(element.get("r"), self.naming.renames, self.sheet.name)
                yield from attribute_spot(self.data, element, "r", Mention.OTHER, new)
            case _:
                return

    def _rule(self, text: str, cells: tuple[RangeRef, ...]) -> str:
        """A rule's formula. When cells move, it follows only if it then reads right in each of its cells."""
        renames, name = self.naming.on(self.sheet), self.sheet.name
        new = renamed(text, renames, sheet=name)
        if not renames.moves or new == text or not cells:
            return new
        first = cells[0].first
        for area in cells:
            for row in (area.top, area.bottom):
                for column in (area.left, area.right):
                    rows, columns = row - first.row, column - first.column
                    there = renamed(shifted(text, rows, columns), renames, sheet=name)
                    if there != shifted(new, rows, columns):
                        self.left += 1
                        still = Renames(renames.sheets, renames.tables, renames.columns, renames.names)
                        return renamed(text, still, sheet=name)
        return new


_MENTIONS = {
    "conditionalFormatting": Mention.FORMAT,
    "dataValidation": Mention.VALIDATION,
    "sparklineGroup": Mention.SPARKLINE,
}
_RULES = ("conditionalFormatting", "dataValidation")


def _cells(element: Element) -> tuple[RangeRef, ...]:
    """The cells of a rule, which an extension names in an element of its own."""
    inner = element.child("sqref")
    try:
        return parse_sqref(element.get("sqref") if inner is None else inner.text)
    except ValueError:
        return ()


def source_spots(data: bytes, element: Element, renames: Renames, mention: Mention) -> Iterator[Spot]:
    """`sheet`, `name` and `ref` of a source of data: a range of a sheet, or a table or name."""
    sheet, name, ref = element.get("sheet"), element.get("name"), element.get("ref")
    yield from attribute_spot(data, element, "sheet", mention, renames.sheet(sheet))
    if name and not sheet:
        new = renames.name(name)
        yield from attribute_spot(data, element, "name", mention, renames.table(name) if new == name else new)
    if ref and sheet:
        try:
            area = parse_range(ref)
        except ValueError:
            return
        moved = renames.moved(sheet, area)
        if moved != area:
            yield from attribute_spot(data, element, "ref", mention, str(moved))
