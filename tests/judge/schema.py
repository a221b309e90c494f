"""Whether every part of a package is what ECMA-376 allows, by its own schemas (transitional).

Knows which schema judges which part and how markup compatibility is resolved before validating.
Does not know rules a schema cannot state (`tests.judge.repair` does), has no schema for VML and
Microsoft's extensions, and checks the core properties by hand because theirs need Dublin Core's.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from tests.judge.package import Element, Package, child, local, namespace, parse

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "ooxml-xsd"

_OPENXML = "http://schemas.openxmlformats.org/"
_BY_NAMESPACE = {
    _OPENXML + "spreadsheetml/2006/main": "sml.xsd",
    _OPENXML + "drawingml/2006/spreadsheetDrawing": "dml-spreadsheetDrawing.xsd",
    _OPENXML + "drawingml/2006/chart": "dml-chart.xsd",
    _OPENXML + "drawingml/2006/chartDrawing": "dml-chartDrawing.xsd",
    _OPENXML + "drawingml/2006/diagram": "dml-diagram.xsd",
    _OPENXML + "drawingml/2006/main": "dml-main.xsd",
    _OPENXML + "officeDocument/2006/extended-properties": "shared-documentPropertiesExtended.xsd",
    _OPENXML + "officeDocument/2006/custom-properties": "shared-documentPropertiesCustom.xsd",
    _OPENXML + "officeDocument/2006/customXml": "shared-customXmlDataProperties.xsd",
}
_CORE = _OPENXML + "package/2006/metadata/core-properties"
_CORE_CHILDREN = frozenset(
    {"category", "contentStatus", "contentType", "created", "creator", "description", "identifier"}
    | {"keywords", "language", "lastModifiedBy", "lastPrinted", "modified", "revision", "subject"}
    | {"title", "version"}
)
_UNSCHEMED = (
    _OPENXML + "package/2006/",
    "http://schemas.microsoft.com/",
    "urn:schemas-microsoft-com:",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_AT_MOST = 8


def available() -> bool:
    """Whether the schemas stand beside the repository."""
    return (SCHEMAS / "sml.xsd").is_file()


def require() -> None:
    """Skip the calling test when there are no schemas to judge by."""
    if not available():
        pytest.skip(f"no ECMA-376 schemas at {SCHEMAS}")


@functools.cache
def _schema(name: str) -> Element:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name)))


def schema_errors(source: Path | bytes) -> list[str]:
    """What the schemas object to, as `part:line: message`; empty for a valid package."""
    require()
    package = Package(source)
    found: list[str] = []
    for part in package.parts:
        if part.lower().endswith((".xml", ".rels", ".vml")):
            found += _part_errors(part, package.read(part))
    return found


def _part_errors(part: str, data: bytes) -> list[str]:
    data = data.replace(b' xml:space="preserve"', b"")  # which the schemas forget to allow
    try:
        root = parse(data)
    except etree.XMLSyntaxError as error:
        # Excel's own VML is not always well-formed; nobody validates it.
        return [] if part.endswith(".vml") else [f"{part}: not well-formed: {error}"]
    space = namespace(root)
    if space == _CORE:
        return [f"{part}: {problem}" for problem in _core_errors(root)]
    if space not in _BY_NAMESPACE:
        if part.startswith("customXml/") or space.startswith(_UNSCHEMED) or not space:
            return []
        return [f"{part}: no schema for {space}"]
    schema = _schema(_BY_NAMESPACE[space])
    resolved = resolve_compatibility(root) if _COMPATIBILITY[1:-1].encode() in data else root
    if schema.validate(resolved):
        return []
    problems = [f"{part}:{error.line}: {error.message}" for error in schema.error_log]
    more = len(problems) - _AT_MOST
    return problems[:_AT_MOST] + ([f"{part}: and {more} more"] if more > 0 else [])


def resolve_compatibility(root: Element) -> Element:
    """The tree a plain 2006 reader sees: fallbacks chosen, ignorable elements and attributes gone."""
    ignorable: set[str] = set()
    for element in root.iter(etree.Element):
        prefixes = element.attrib.pop(_COMPATIBILITY + "Ignorable", "")
        ignorable |= {element.nsmap[prefix] for prefix in prefixes.split() if prefix in element.nsmap}
        for key in list(element.attrib):
            if key.startswith(_COMPATIBILITY) or etree.QName(key).namespace in ignorable:
                del element.attrib[key]
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if parent is None or any(local(above) == "ext" for above in element.iterancestors()):
            continue
        if element.tag == _COMPATIBILITY + "AlternateContent":
            chosen = child(element, "Fallback")
            place = parent.index(element)
            parent[place : place + 1] = list(chosen) if chosen is not None else []
        elif namespace(element) in ignorable:
            parent.remove(element)
    return root


def _core_errors(root: Element) -> list[str]:
    counts = Counter(local(element) for element in root)
    found = [f"{name} occurs {count} times" for name, count in counts.items() if count > 1]
    found += [f"{name} is no core property" for name in counts if name not in _CORE_CHILDREN]
    found += [
        f"{name} lacks xsi:type dcterms:W3CDTF"
        for name in ("created", "modified")
        for element in root
        if local(element) == name and element.get(_XSI_TYPE) != "dcterms:W3CDTF"
    ]
    return found
