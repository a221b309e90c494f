"""Relationships: which part belongs to which, and by what kind of tie.

Knows `.rels` parts, how a target is resolved, and how a relationship is added or taken away by splicing.
Does not know where the bytes come from.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from crmsheet.opc.xmltree import Element, escaped, parse_tree

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""Namespace of relationship types in the transitional edition, which every program writes by default."""
EMPTY_RELATIONSHIPS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)
_EARLY_KINDS: Final = {
    f"xl{kind[0].upper()}{kind[1:]}": kind
    for kind in (
        *("worksheet", "chartsheet", "dialogsheet", "sharedStrings", "styles", "calcChain", "table"),
        *("pivotTable", "pivotCacheDefinition", "comments", "externalLink", "connections", "queryTable"),
    )
}
"""What files of the versions before Excel 2007 was released call them."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """`kind` is the last step of the type (`worksheet`, `table`, `chart`), the same in both editions."""

    id: str
    type: str
    target: str
    """The part it points at, resolved (not yet looked up), or the address outside when `external`."""
    written: str
    """The target as it stands in the file."""
    external: bool

    @property
    def kind(self) -> str:
        last = self.type.rsplit("/", 1)[-1]
        return _EARLY_KINDS.get(last, last)


def relationships_part(part: str) -> str:
    """The part that holds the relationships of a part; of the package itself for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def parse_relationships(data: bytes, source: str, file: str = "", part: str = "") -> tuple[Relationship, ...]:
    """The relationships that a `.rels` part states for the part `source`, in the order written."""
    found: list[Relationship] = []
    for element in parse_tree(data, file, part).all("Relationship"):
        written = element.get("Target")
        external = element.get("TargetMode") == "External"
        target = written if external else resolved(source, written)
        found.append(Relationship(element.get("Id"), element.get("Type"), target, written, external))
    return tuple(found)


def resolved(source: str, target: str) -> str:
    """The part name that a target means, seen from the part it stands in. Not percent-decoded."""
    target = target.replace("\\", "/").split("#", 1)[0]
    base = "" if target.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
    while path.startswith("../"):
        path = path[3:]
    return "" if path == "." else path


def decoded(target: str) -> str:
    """The target with `%20` and the like resolved."""
    return unquote(target)


def relative_target(source: str, target: str) -> str:
    """How the part `target` is written as a target in the relationships of `source`."""
    return posixpath.relpath(target, posixpath.dirname(source) or ".")


def with_relationship(
    data: bytes, kind_or_type: str, target: str, *, rid: str = "", external: bool = False
) -> tuple[bytes, str]:
    """The part with one relationship more, and its id. `target` is written as given."""
    root = parse_tree(data)
    taken = {element.get("Id").casefold() for element in root.all("Relationship")}
    if not rid:
        number = len(taken) + 1
        while f"rid{number}" in taken:
            number += 1
        rid = f"rId{number}"
    type_ = kind_or_type if "/" in kind_or_type else f"{_types_of(root)}/{kind_or_type}"
    mode = b' TargetMode="External"' if external else b""
    added = b'<%sRelationship Id="%s" Type="%s" Target="%s"%s/>' % (
        root.prefix.encode(),
        escaped(rid),
        escaped(type_),
        escaped(target),
        mode,
    )
    return appended(data, root, added), rid


def without_relationships(data: bytes, ids: frozenset[str]) -> bytes:
    """The part without the relationships of these ids; the same bytes when there are none."""
    for element in reversed(parse_tree(data).all("Relationship")):
        if element.get("Id") in ids:
            data = data[: element.start] + data[element.end :]
    return data


def _types_of(root: Element) -> str:
    """The namespace of types that this part uses, so that a strict package stays strict."""
    for element in root.all("Relationship"):
        if element.get("Type").startswith("http://purl.oclc.org/"):
            return "http://purl.oclc.org/ooxml/officeDocument/relationships"
    return OFFICE


def appended(data: bytes, parent: Element, added: bytes) -> bytes:
    """The part with bytes put in behind an element's last child; `<a/>` is opened for it."""
    if parent.open_end == parent.end:
        opened = data[parent.start : parent.end - 2].rstrip() + b">"
        closed = b"</" + parent.name.encode() + b">"
        return data[: parent.start] + opened + added + closed + data[parent.end :]
    return data[: parent.close_start] + added + data[parent.close_start :]
