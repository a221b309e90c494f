"""What makes a package unsound: flaws in words, so that those a refresh made can be told from those it found.

Knows what holds a package together: content types, relationships, ids and names that must be unique, the order
of elements, numbers that point into lists. Does not know what was changed nor why; parts that nobody touched
are looked at only as far as the whole depends on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from crmsheet.messages import say
from crmsheet.opc.contenttypes import CONTENT_TYPES
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.opc.workbook import SheetKind
from crmsheet.opc.xmltree import Element
from crmsheet.patterns import regex
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.elements import STYLES_ORDER, WORKBOOK_ORDER, WORKSHEET_ORDER
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.styles import Styles
from crmsheet.sheetml.tables import tables_of

_STYLE: Final = regex(rb'<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?s="([0-9]+)"')


def flaws(contents: Contents, touched: Collection[str], new: Collection[str] = ()) -> Iterator[str]:
    """The flaws of a package; `touched` and `new` parts are looked at closely, `new` ones to the last cell."""
    package = contents.package
    yield from _ledger_flaws(package)
    yield from _name_flaws(package)
    new_keys = {part_key(part) for part in new}
    keys = {part_key(part) for part in touched} | new_keys
    workbook = package.workbook.part
    if part_key(workbook) in keys:
        yield from _order_flaws(workbook, package.tree(workbook), WORKBOOK_ORDER)
    for part in package.related(workbook, "styles"):
        if part_key(part) in keys:
            root = package.tree(part)
            yield from _order_flaws(part, root, STYLES_ORDER)
            yield from _format_flaws(part, root)
    formats, differentials = format_counts(package)
    for sheet in package.workbook.sheets:
        if sheet.kind is not SheetKind.WORKSHEET:
            continue
        if part_key(sheet.part) in keys:
            scan = contents.scan(sheet.name)
            assert scan is not None
            yield from _order_flaws(sheet.part, scan.frame, WORKSHEET_ORDER)
            yield from _unknown_ids(package, sheet.part, scan.frame)
            yield from _number_flaws(scan, formats, differentials, in_cells=part_key(sheet.part) in new_keys)
        for drawing in package.related(sheet.part, "drawing"):
            if part_key(drawing) in keys:
                root = package.tree(drawing)
                yield from _unknown_ids(package, drawing, root)
                drawn = [e.get("id") for e in root.walk() if e.local == "cNvPr"]
                yield from _twice(say("{drawing}: drawn things", drawing=drawing), drawn)


def format_counts(package: Package) -> tuple[int, int]:
    """How many cell formats and differential formats there are."""
    root = Styles.of(package).root
    return (max(1, _count(root, "cellXfs")), _count(root, "dxfs")) if root is not None else (1, 0)


def _count(root: Element, holder: str) -> int:
    found = root.child(holder)
    return len(found.children) if found is not None else 0


def _ledger_flaws(package: Package) -> Iterator[str]:
    for part in package.parts:
        if part.casefold() != CONTENT_TYPES.casefold() and not package.content_types.of(part):
            yield f"{part} has no content type"
        if not part.endswith(".rels"):
            relationships = package.relationships(part)
            for relationship in relationships:
                if not relationship.external and not package.has(relationship.target):
                    yield f"{part} refers to {relationship.target}, which is not there"
            yield from _twice(say("{part}: relationships", part=part), [r.id for r in relationships])


def _name_flaws(package: Package) -> Iterator[str]:
    workbook = package.workbook
    tables = [t for s in workbook.sheets for t in tables_of(package, s.part)]
    names = defined_names(package)
    yield from _twice("sheets", [s.sheet_id for s in workbook.sheets])
    yield from _twice("sheets", [s.name.casefold() for s in workbook.sheets])
    yield from _twice("tables", [str(t.id) for t in tables])
    whole = [n.name.casefold() for n in names if n.sheet_index is None]
    yield from _twice(say("tables or names"), [t.name.casefold() for t in tables] + whole)
    yield from _twice(
        say("names of a sheet"), [f"{n.sheet_index}!{n.name.casefold()}" for n in names if n.name]
    )
    for name in names:
        if name.sheet_index is not None and name.sheet_index >= len(workbook.sheets):
            yield f"the name {name.name} belongs to sheet {name.sheet_index}, which is not there"


def _twice(what: str, ids: Iterable[str]) -> Iterator[str]:
    for found, times in Counter(ids).items():
        if times > 1:
            yield f"two {what} have the id or name '{found}'"


def _order_flaws(part: str, root: Element, order: Sequence[str]) -> Iterator[str]:
    known = [c.local for c in root.children if c.local in order]
    ranks = [order.index(local) for local in known]
    for before, after, local in zip(ranks, ranks[1:], known[1:], strict=False):
        if after < before:
            yield f"{part}: <{local}> stands too late"
    yield from _twice(
        say("{part}: elements", part=part), [local for local in known if local != "conditionalFormatting"]
    )


def _unknown_ids(package: Package, part: str, root: Element) -> Iterator[str]:
    known = {r.id for r in package.relationships(part)}
    for element in root.walk():
        for name in (":id", ":embed", ":link"):
            rid = element.get(name)
            if rid and rid not in known and name in element.attributes and _relates(element, name):
                yield f"{part}: <{element.local}> names the relationship {rid}, which is not there"


def _relates(element: Element, name: str) -> bool:
    """Whether an attribute of that local name surely is one of relationships: other namespaces have `id` too."""
    return name != ":id" or element.local in _RELATING


_RELATING: Final = (
    *("drawing", "legacyDrawing", "legacyDrawingHF", "picture", "tablePart", "hyperlink", "chart"),
    *("pageSetup", "oleObject", "control"),
)


def _number_flaws(scan: SheetScan, formats: int, differentials: int, *, in_cells: bool) -> Iterator[str]:
    rows = scan.rows
    if in_cells and rows.start >= 0:
        used = {int(n) for n in set(_STYLE.findall(scan.data, rows.open_end, rows.close_start))}
        if used and max(used) >= formats:
            yield f"{scan.part}: cell format {max(used)} of {formats}"
    for element in scan.frame.walk():
        number = element.get("dxfId")
        if element.local == "cfRule" and number.isdecimal() and int(number) >= differentials:
            yield f"{scan.part}: differential format {number} of {differentials}"
        style = element.get("style")
        if element.local == "col" and style.isdecimal() and int(style) >= formats:
            yield f"{scan.part}: column format {style} of {formats}"


def _format_flaws(part: str, root: Element) -> Iterator[str]:
    sizes = {f"{item}Id": _count(root, f"{item}s") for item in ("font", "fill", "border")}
    sizes["xfId"] = _count(root, "cellStyleXfs")
    formats = root.child("cellXfs")
    for xf in formats.all("xf") if formats is not None else ():
        for name, size in sizes.items():
            number = xf.get(name)
            if number.isdecimal() and int(number) >= max(1, size):
                yield f"{part}: {name} {number} of {size}"
