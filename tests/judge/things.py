"""The things people keep in workbooks, each with a way to see it that knows nothing of crmsheet.

Knows where a thing stands in a package: parts by their relationships, elements of sheets, attributes. Each
function gives what it found by a name that says where; an empty result means there is none. Does not compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from lxml import etree
from tests.judge.package import Element, Package, Sheet, child, descendants, items, local

Seen: TypeAlias = Mapping[str, str]
Thing: TypeAlias = Callable[[Package], Seen]
_NOTHING = (None, "0", "false")
"""Attributes so written say that there is nothing."""


def related(*kinds: str) -> Thing:
    """Parts that anything in the package refers to by one of these kinds of relationship, by content; what is
    outside the package by its address."""

    def see(package: Package) -> Seen:
        found: dict[str, str] = {}
        for part in ("", *package.parts):
            if part.endswith(".rels"):
                continue
            for lead in package.relationships(part):
                if lead.kind in kinds:
                    where = f"{part} {lead.kind} {lead.rid}"
                    inside = not lead.external and package.has(lead.target)
                    found[where] = _digest(package.read(lead.target)) if inside else lead.target
        return found

    return see


def elements(*names: str, inside: str = "") -> Thing:
    """Elements of sheets by their names, `inside` one of that name if given: each as it is written."""

    def see(package: Package) -> Seen:
        return {
            f"{sheet.name} {name} {number}": _canonical(element)
            for sheet, root in _roots(package)
            for name in names
            for number, element in enumerate(
                e
                for e in descendants(root, name)
                if not inside or any(local(a) == inside for a in e.iterancestors())
            )
        }

    return see


def marked(name: str, *attributes: str) -> Thing:
    """Elements of sheets that have one of these attributes, with the values."""

    def see(package: Package) -> Seen:
        return {
            f"{sheet.name} {name} {place}": str(values)
            for sheet, root in _roots(package)
            for number, element in enumerate(descendants(root, name))
            for values in ([(a, element.get(a)) for a in attributes if element.get(a) not in _NOTHING],)
            if values
            for place in _places(element, number)
        }

    return see


def _places(element: Element, number: int) -> Iterator[str]:
    """Where a row, cell or column is; programs write columns that are alike one by one or together."""
    first, last = element.get("min"), element.get("max")
    if first is None or last is None:
        yield element.get("r") or str(number)
    else:
        yield from map(str, range(int(first), min(int(last), int(first) + 200) + 1))


def formulas(kind: str) -> Thing:
    """Formulas of a type (`shared`, `array`, `dataTable`), each with its cell."""

    def see(package: Package) -> Seen:
        return {
            f"{sheet.name}!{cell.get('r')}": _canonical(formula)
            for sheet, root in _roots(package)
            for cell in descendants(root, "c")
            for formula in (child(cell, "f"),)
            if formula is not None and formula.get("t") == kind
        }

    return see


def in_workbook(*names: str) -> Thing:
    """Elements directly inside the workbook's own part."""

    def see(package: Package) -> Seen:
        root = package.workbook
        return {
            f"{name} {number}": _canonical(element)
            for name in names
            for number, element in enumerate(e for e in root if local(e) == name)
        }

    return see


def names(package: Package) -> Seen:
    """Defined names: scope (by the sheet's name), text, whether hidden, comment."""
    sheets = [sheet.name for sheet in package.sheets]
    found: dict[str, str] = {}
    for element in items(package.workbook, "definedNames"):
        index = element.get("localSheetId")
        scope = sheets[int(index)] if index is not None else ""
        rest = sorted((k, v) for k, v in element.attrib.items() if k not in ("localSheetId", "name"))
        found[f"{scope}!{element.get('name')}"] = f"{element.text} {rest}"
    return found


def names_with(*attributes: str) -> Thing:
    """Those names that have one of these attributes."""

    def see(package: Package) -> Seen:
        keep = {
            element.get("name")
            for element in items(package.workbook, "definedNames")
            if any(element.get(a) not in _NOTHING for a in attributes)
        }
        return {where: text for where, text in names(package).items() if where.partition("!")[2] in keep}

    return see


def local_names(package: Package) -> Seen:
    """Names of one sheet only."""
    return {where: text for where, text in names(package).items() if not where.startswith("!")}


def shared_text(name: str) -> Thing:
    """Texts of the workbook, shared or in their cells, that have such an element (`rPr`, `rPh`)."""

    def see(package: Package) -> Seen:
        found: dict[str, str] = {}
        for part in package.related(package.workbook_part, "sharedStrings"):
            for number, element in enumerate(descendants(package.root(part), "si")):
                if descendants(element, name):
                    found[f"text {number}"] = _canonical(element)
        for sheet, root in _roots(package):
            for cell in descendants(root, "c"):
                inline = child(cell, "is")
                if inline is not None and descendants(inline, name):
                    found[f"{sheet.name}!{cell.get('r')}"] = _canonical(inline)
        return found

    return see


def states(package: Package) -> Seen:
    """Sheets that are hidden, and how well."""
    return {sheet.name: sheet.state for sheet in package.sheets if sheet.state != "visible"}


def kinds(*wanted: str) -> Thing:
    """Sheets that are no worksheets, with their content."""

    def see(package: Package) -> Seen:
        return {s.name: _digest(package.read(s.part)) for s in package.sheets if s.kind in wanted}

    return see


def order(package: Package) -> Seen:
    """The sheets in their order."""
    return {str(number): sheet.name for number, sheet in enumerate(package.sheets)}


def links(package: Package) -> Seen:
    """Hyperlinks: where they stand and where they lead."""
    found: dict[str, str] = {}
    for sheet, root in _roots(package):
        leads = {lead.rid: lead.target for lead in package.relationships(sheet.part)}
        for element in items(root, "hyperlinks"):
            rid = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            rest = sorted((k, v) for k, v in element.attrib.items() if not k.endswith("}id"))
            found[f"{sheet.name}!{element.get('ref')}"] = f"{leads.get(rid or '', '')} {rest}"
    return found


def objects(*wanted: str) -> Thing:
    """What is anchored in drawings and has one of these elements inside (`pic`, `sp`, `graphicFrame`)."""

    def see(package: Package) -> Seen:
        found: dict[str, str] = {}
        for sheet in package.sheets:
            for part in package.related(sheet.part, "drawing"):
                for number, anchor in enumerate(package.root(part)):
                    if any(descendants(anchor, name) for name in wanted):
                        found[f"{sheet.name} {number}"] = _canonical(anchor)
        return found

    return see


def elements_of_drawings(*wanted: str) -> Thing:
    """Elements inside drawings, with what they lead to."""

    def see(package: Package) -> Seen:
        found: dict[str, str] = {}
        for sheet in package.sheets:
            for part in package.related(sheet.part, "drawing"):
                leads = {lead.rid: lead.target for lead in package.relationships(part)}
                for name in wanted:
                    for number, element in enumerate(descendants(package.root(part), name)):
                        parts = [leads[v] for v in element.attrib.values() if v in leads]
                        content = [_digest(package.read(p)) for p in parts if package.has(p)]
                        found[f"{sheet.name} {name} {number}"] = f"{_canonical(element)} {content}"
        return found

    return see


def cell_styles(package: Package) -> Seen:
    """Named styles that a workbook has beyond Normal, each resolved to what it looks like."""
    found: dict[str, str] = {}
    for part in package.related(package.workbook_part, "styles"):
        root = package.root(part)
        formats = items(root, "cellStyleXfs")
        holders = {
            key: items(root, name)
            for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
        }
        for element in items(root, "cellStyles"):
            index = int(element.get("xfId", 0))
            if element.get("name") == "Normal" or index >= len(formats):
                continue
            look = [
                _canonical(holder[int(formats[index].get(key, 0))])
                for key, holder in holders.items()
                if int(formats[index].get(key, 0)) < len(holder)
            ]
            found[str(element.get("name"))] = " ".join(look)
    return found


def properties(kind: str) -> Thing:
    """Document properties; what programs write at each save is left out."""

    def see(package: Package) -> Seen:
        return {
            element.get("name") or local(element): "".join(element.itertext())
            for part in package.related("", kind)
            for element in package.root(part)
            if local(element) not in ("TitlesOfParts", "HeadingPairs")
        }

    return see


def counting(package: Package) -> Seen:
    """Whether dates count from 1904."""
    element = child(package.workbook, "workbookPr")
    value = element.get("date1904", "") if element is not None else ""
    return {"date1904": value} if value in ("1", "true") else {}


def content_type(package: Package) -> Seen:
    """What the package says its workbook is: with macros, a template."""
    root = package.root("[Content_Types].xml")
    main = "/" + package.workbook_part.lstrip("/").lower()
    return {
        str(e.get("PartName")): str(e.get("ContentType"))
        for e in root
        if str(e.get("PartName")).lower() == main
    }


def cells(package: Package) -> Seen:
    """Everything people put into cells; of formulas their text, for results may be computed again."""
    return {
        f"{sheet.name}!{cell.ref}": f"{type(cell.value).__name__} {cell.value!r}"
        if cell.formula is None
        else f"={cell.formula}"
        for sheet in package.worksheets
        for cell in package.cells(sheet)
        if cell.value is not None or cell.formula is not None
    }


def _roots(package: Package) -> Iterator[tuple[Sheet, Element]]:
    for sheet in package.sheets:
        if package.has(sheet.part):
            yield sheet, package.root(sheet.part)


def _canonical(element: Element) -> str:
    return str(etree.tostring(element, method="c14n", with_tail=False).decode("utf-8"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


THINGS: Mapping[str, Thing] = {
    "images": related("image"),
    "pictures_in_cells": related("richValueRel", "rdRichValue", "rdRichValueStructure", "rdRichValueTypes"),
    "background_pictures": elements("picture"),
    "shapes": objects("sp", "cxnSp"),
    "groups_of_shapes": objects("grpSp"),
    "diagrams": related(
        "diagramData", "diagramLayout", "diagramColors", "diagramQuickStyle", "diagramDrawing"
    ),
    "form_controls": related("ctrlProp", "control", "activeXControlBinary"),
    "vml_drawings": related("vmlDrawing"),
    "checkboxes_in_cells": related("FeaturePropertyBag"),
    "ink": elements_of_drawings("contentPart"),
    "3d_models": related("model3d"),
    "ole_objects": related("oleObject"),
    "web_extensions": related("webextension"),
    "notes": related("comments"),
    "threaded_comments": related("threadedComment", "person"),
    "charts": related("chart", "chartStyle", "chartColorStyle"),
    "chart_sheets": kinds("chartsheet"),
    "macro_and_dialog_sheets": kinds("xlMacrosheet", "dialogsheet"),
    "pivots": related("pivotTable", "pivotCacheDefinition", "pivotCacheRecords"),
    "slicers": related("slicer", "slicerCache"),
    "own_tables": related("table", "queryTable"),
    "sparklines": elements("sparklineGroup"),
    "x14_rules": elements("cfRule", "dataValidation", inside="ext"),
    "conditional_formats": elements("conditionalFormatting"),
    "validations": elements("dataValidation"),
    "ignored_errors": elements("ignoredError"),
    "hyperlinks": links,
    "connections": related("connections"),
    "xml_maps": related("xmlMaps", "tableSingleCells"),
    "custom_xml": related("customXml", "customXmlProps"),
    "external_links": related("externalLink", "externalLinkPath"),
    "macros": related("vbaProject"),
    "content_type": content_type,
    "document_properties": properties("core-properties"),
    "custom_properties": properties("custom-properties"),
    "sensitivity_labels": related("classificationlabels"),
    "sheet_properties": related("customProperty"),
    "thumbnails": related("thumbnail"),
    "printer_settings": related("printerSettings"),
    "page_setup": elements("pageMargins", "pageSetup", "printOptions"),
    "page_breaks": elements("rowBreaks", "colBreaks"),
    "headers_and_footers": elements("headerFooter"),
    "pictures_in_headers": elements("legacyDrawingHF"),
    "themes": related("theme"),
    "cell_styles": cell_styles,
    "phonetic_text": shared_text("rPh"),
    "rich_text": shared_text("rPr"),
    "custom_views": elements("customSheetView"),
    "custom_views_of_the_workbook": in_workbook("customWorkbookViews"),
    "1904_dates": counting,
    "names": names,
    "local_names": local_names,
    "hidden_and_commented_names": names_with("hidden", "comment"),
    "array_formulas": formulas("array"),
    "shared_formulas": formulas("shared"),
    "data_tables": formulas("dataTable"),
    "dynamic_arrays": marked("c", "cm"),
    "rich_values": marked("c", "vm"),
    "cell_metadata": related("sheetMetadata"),
    "grouped_rows": marked("row", "outlineLevel", "collapsed"),
    "grouped_columns": marked("col", "outlineLevel", "collapsed"),
    "hidden_rows": marked("row", "hidden"),
    "hidden_columns": marked("col", "hidden"),
    "row_heights": marked("row", "ht"),
    "column_widths": marked("col", "width"),
    "panes": elements("pane"),
    "views": elements("sheetView"),
    "merged_cells": elements("mergeCell"),
    "filters": elements("autoFilter"),
    "sort_states": elements("sortState"),
    "scenarios": elements("scenario"),
    "protection": elements("sheetProtection", "protectedRange"),
    "protection_of_the_workbook": in_workbook("workbookProtection"),
    "consolidation": elements("dataConsolidate"),
    "hidden_sheets": states,
    "order_of_sheets": order,
    "volatile_dependencies": related("volatileDependencies"),
    "cells": cells,
}
"""Every thing by the word the tests have for it."""
