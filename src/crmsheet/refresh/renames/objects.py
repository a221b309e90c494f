"""What stands on sheets in parts of its own: charts, shapes, form controls, links of pictures.

Knows where each names cells. Does not touch their looks, places and cached values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from crmsheet.opc.xmltree import Element, attribute_text
from crmsheet.refresh.renames.spots import Mention, Naming, Spot, attribute_spot, formula_bytes, text_spot
from crmsheet.sheetml.spanedit import Replacement

_CONTROL_FORMULAS: Final = ("fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup", "fmlaPict")
_VML_FORMULA: Final = re.compile(
    rb"<([\w.-]+:)?(FmlaLink|FmlaRange|FmlaTxbx|FmlaGroup|FmlaPict)\s*>([^<]*)</"
)
_OF_A_BOOK: Final = re.compile(r"('?)([^'!\[\]]+\.[xX][lL]\w{1,2})\1!([^!\[\]()]+)")
"""A workbook's name as charts write it: `book.xlsx!sales`."""
_PIVOT_NAME: Final = re.compile(r"('?)(\[[^\]]*\])(.*)!([^!]*)", re.DOTALL)


def chart_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """Ranges and names that a chart shows, and the pivot table it belongs to."""
    root = naming.package.tree(part)
    sheet = None
    for element in root.walk():
        match element.local:
            case "f" | "nf" | "sqref" if not element.children:
                book = _OF_A_BOOK.fullmatch(element.text)
                if book is not None and book[2].lower() not in naming.sheet_names:
                    new = element.text[: book.start(3)] + naming.renames.name(book[3])
                else:
                    new = naming.formula(element.text, sheet)
                yield from text_spot(element, Mention.CHART, new)
            case "pivotSource":
                yield from _pivot_of_chart(naming, element)
            case _:
                pass


def _pivot_of_chart(naming: Naming, source: Element) -> Iterator[Spot]:
    """`[Book.xlsx]Sheet1!PivotTable1`, in quotes or without, whatever the sheet is called."""
    element = source.child("name")
    match = None if element is None else _PIVOT_NAME.fullmatch(element.text)
    if element is None or match is None:
        return
    quote, book, sheet, pivot = match.groups()
    quoted = bool(quote) and sheet.endswith("'")
    name = sheet[:-1].replace("''", "'") if quoted else sheet
    new = naming.renames.sheet(name)
    if new != name:
        new = new.replace("'", "''") + "'" if quoted else new
        yield from text_spot(element, Mention.CHART, f"{quote}{book}{new}!{pivot}")


def drawing_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """Cells that shapes show as their text, and ranges that linked pictures show."""
    data, root, sheet = naming.package.xml(part), naming.package.tree(part), naming.sheet_of_part.get(part)
    for element in root.walk():
        for name in ("textlink", "cellRange"):
            if name in element.attributes:
                new = naming.formula(element.get(name), sheet)
                yield from attribute_spot(data, element, name, Mention.DRAWING, new)


def control_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """The cells a form control writes to and takes its list from."""
    data, root, sheet = naming.package.xml(part), naming.package.tree(part), naming.sheet_of_part.get(part)
    for element in root.walk():
        for name in _CONTROL_FORMULAS:
            if name in element.attributes:
                new = naming.formula(element.get(name), sheet)
                yield from attribute_spot(data, element, name, Mention.CONTROL, new)


def vml_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """The same in the older drawing beside it, which need not be well-formed."""
    data, sheet = naming.package.xml(part), naming.sheet_of_part.get(part)
    for match in _VML_FORMULA.finditer(data):
        text = attribute_text(match[3])
        new = naming.formula(text, sheet)
        if new != text:
            yield Spot(Mention.CONTROL, Replacement(*match.span(3), formula_bytes(new)))


def link_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """Links to places of this workbook in a part of relationships: `#Sheet1!A1`."""
    data, root = naming.package.xml(part), naming.package.tree(part)
    for element in root.all("Relationship"):
        target = element.get("Target")
        if not element.get("Type").endswith("/hyperlink") or not target.startswith("#"):
            continue
        text = unquote(target[1:])
        new = naming.location(text, None)
        if new != text:
            written = new.replace("%", "%25").replace(" ", "%20")
            yield from attribute_spot(data, element, "Target", Mention.LINK, f"#{written}")
