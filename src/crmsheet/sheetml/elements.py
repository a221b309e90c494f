"""Edits of elements as replacements of spans: an attribute, a child, a place among siblings.

Knows how an attribute is set where it stands and where a new child belongs. Does not know what any
element means; the modules that do say the order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.opc.xmltree import Element, attribute_span, attribute_whole_span, escaped
from crmsheet.sheetml.spanedit import Replacement

WORKSHEET_ORDER: Final = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"),
    *("customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "drawingHF"),
    *("legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)
WORKBOOK_ORDER: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews"),
    *("pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr"),
    *("webPublishObjects", "extLst"),
)
STYLES_ORDER: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
TABLE_ORDER: Final = ("autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst")


def attribute_edits(
    data: bytes, element: Element, changes: Mapping[str, str | None]
) -> tuple[Replacement, ...]:
    """Attributes of a start tag set to other values, `None` takes one away. Nothing where nothing changes."""
    found: list[Replacement] = []
    added = b""
    for name, value in changes.items():
        span = attribute_span(data, element, name)
        whole = attribute_whole_span(data, element, name)
        if span is None or whole is None:
            if value is not None:
                added += b' %b="%b"' % (name.encode(), escaped(value))
        elif value is None:
            found.append(Replacement(*whole, b""))
        elif element.get(name) != value:
            found.append(Replacement(*span, escaped(value)))
    if added:
        at = tag_inside(data, element)
        found.append(Replacement(at, at, added))
    return tuple(found)


def tag_inside(data: bytes, element: Element) -> int:
    """Where another attribute can be put: behind the last one."""
    at = element.open_end - (2 if data[element.open_end - 2 : element.open_end] == b"/>" else 1)
    while data[at - 1 : at].isspace():
        at -= 1
    return at


def is_empty(element: Element) -> bool:
    """Written as `<a/>`."""
    return element.open_end == element.end


def first_child(element: Element, added: bytes) -> Replacement:
    """Bytes put in before all children."""
    if is_empty(element):
        return _opened(element, added)
    return Replacement(element.open_end, element.open_end, added)


def last_child(element: Element, added: bytes) -> Replacement:
    """Bytes put in behind all children."""
    if is_empty(element):
        return _opened(element, added)
    return Replacement(element.close_start, element.close_start, added)


def _opened(element: Element, added: bytes) -> Replacement:
    """`/>` becomes `>`, the bytes and an end tag; edits of the attributes go on fitting."""
    return Replacement(element.end - 2, element.end, b">" + added + f"</{element.name}>".encode())


def in_order(parent: Element, order: Sequence[str], local: str, added: bytes) -> Replacement:
    """Bytes put in where the schema has the element `local`: behind all that come before it."""
    rank = {name: number for number, name in enumerate(order)}
    before = [c for c in parent.children if rank.get(c.local, -1) <= rank[local] and c.local in rank]
    if before:
        at = max(c.end for c in before)
        return Replacement(at, at, added)
    if is_empty(parent):
        return _opened(parent, added)
    return Replacement(parent.open_end, parent.open_end, added)
