"""Where pivot tables take their data from, the fields they know by header, and the slicers upon them.

Knows caches by table, by name and by range. Does not touch pivot tables themselves: what people called their
values there is theirs, and fields are told by number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.excel.escaping import x_unescaped
from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.formulas.places import header_key
from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element
from crmsheet.refresh.renames.sheetparts import source_spots
from crmsheet.refresh.renames.spots import Mention, Naming, Spot, attribute_spot, xstring
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.tables import Table, tables_of

_PIECE: Final = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\[[^\]]*\]|[^\W\d][\w.]*|.", re.DOTALL)
_PLAIN_FIELD: Final = re.compile(r"[^\W\d]\w*")
_WHOLE_TABLE: Final = re.compile(r"([\w.\\]+)(?:\[(?:#All|#Data)?\])?", re.IGNORECASE)


def cache_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """The source of a pivot cache, its fields, and formulas upon them."""
    data, root = naming.package.xml(part), naming.package.tree(part)
    source = root.child("cacheSource")
    for element in source.walk() if source is not None else ():
        if element.local in ("worksheetSource", "rangeSet") and not element.get(":id"):
            yield from source_spots(data, element, naming.renames, Mention.PIVOT)
    fields = renamed_fields(naming, part)
    if not fields:
        return
    for element in root.walk():
        if element.local == "cacheField" and element.get("databaseField", "1") not in ("0", "false"):
            new = fields.get(header_key(x_unescaped(element.get("name"))))
            if new is not None:
                yield from attribute_spot(data, element, "name", Mention.PIVOT, xstring(new))
        if element.local in ("cacheField", "calculatedItem") and element.get("formula"):
            formula = field_formula(element.get("formula"), fields)
            yield from attribute_spot(data, element, "formula", Mention.PIVOT, formula)


def slicer_spots(naming: Naming, part: str) -> Iterator[Spot]:
    """The header or field that a slicer or a timeline filters by; its caption is the people's."""
    data, root = naming.package.xml(part), naming.package.tree(part)
    name = header_key(x_unescaped(root.get("sourceName")))
    new = None
    for element in root.walk():
        if element.local == "tableSlicerCache":
            fields = _fields_of_table(naming, _table_by_id(naming.package, element.get("tableId")))
            new = fields.get(name) or new
        elif element.local == "pivotTable":
            for cache in _caches(naming.package, element.get("tabId"), element.get("name")):
                new = renamed_fields(naming, cache).get(name) or new
    if new is not None:
        yield from attribute_spot(data, root, "sourceName", Mention.SLICER, xstring(new))


def field_formula(text: str, fields: Mapping[str, str]) -> str:
    """A formula over fields, which stand in single quotes where they are not plain words."""
    out: list[str] = []
    found = list(_PIECE.finditer(text))
    for number, match in enumerate(found):
        piece = match[0]
        following = found[number + 1][0] if number + 1 < len(found) else ""
        quoted = len(piece) > 1 and piece[0] == "'"
        name = piece[1:-1].replace("''", "'") if quoted else piece
        new = fields.get(header_key(name))
        if new is None or piece[0] in '"[' or following == "(":
            out.append(piece)
        elif _PLAIN_FIELD.fullmatch(new):
            out.append(new)
        else:
            out.append("'" + new.replace("'", "''") + "'")
    return "".join(out)


def renamed_fields(naming: Naming, cache_part: str) -> Mapping[str, str]:
    """By what is compared of the old header: the new headers of a cache's source."""
    if not naming.renames.columns:
        return {}
    source = naming.package.tree(cache_part).at("cacheSource", "worksheetSource")
    if source is None or source.get(":id"):
        return {}
    return _fields_of_source(naming, source)


def _fields_of_source(naming: Naming, source: Element) -> Mapping[str, str]:
    name, sheet = source.get("name"), source.get("sheet")
    if not name:
        return _fields_of_area(naming, source.get("ref"), sheet)
    known = next(
        (n.text for n in defined_names(naming.package) if n.name.lower() == name.lower()), f"{name}[#All]"
    )
    whole = _WHOLE_TABLE.fullmatch(known)
    if whole is not None:
        return _fields_of_table(naming, _table_by_name(naming.package, whole[1]))
    try:
        area = parse_range(known)
    except ValueError:
        return {}
    return _fields_of_area(naming, known, area.sheet)


def _fields_of_table(naming: Naming, table: Table | None, area: RangeRef | None = None) -> dict[str, str]:
    found: dict[str, str] = {}
    if table is not None:
        for index, column in enumerate(table.columns):
            new = naming.renames.header(table.name, column.name)
            if new != column.name and (area is None or area.left <= table.ref.left + index <= area.right):
                found[header_key(column.name)] = new
    return found


def _fields_of_area(naming: Naming, ref: str, sheet_name: str) -> dict[str, str]:
    """The renamed headers in the first row of a range."""
    sheet = naming.package.workbook.sheet(sheet_name)
    found: dict[str, str] = {}
    try:
        area = parse_range(ref)
    except ValueError:
        return found
    for table in tables_of(naming.package, sheet.part) if sheet is not None else ():
        if table.header_rows and table.ref.top == area.top:
            found |= _fields_of_table(naming, table, area)
    return found


def _table_by_name(package: Package, name: str) -> Table | None:
    return next((t for t in _tables(package) if t.name.lower() == name.lower()), None)


def _table_by_id(package: Package, number: str) -> Table | None:
    return next((t for t in _tables(package) if str(t.id) == number), None)


def _tables(package: Package) -> Iterator[Table]:
    for sheet in package.workbook.sheets:
        yield from tables_of(package, sheet.part)


def _caches(package: Package, sheet_id: str, pivot: str) -> Iterator[str]:
    """The cache of the pivot table of that name on the sheet of that id."""
    for sheet in package.workbook.sheets:
        if sheet.sheet_id == sheet_id:
            for part in package.related(sheet.part, "pivotTable"):
                if package.tree(part).get("name") == pivot:
                    yield from package.related(part, "pivotCacheDefinition")
