"""Relationships: which part belongs to which, and by what kind of tie.

Knows `.rels` parts and how a target is resolved and written. Does not know where the bytes come from.
"""

from __future__ import annotations

import posixpath
from typing import Final
from urllib.parse import unquote

from crmsheet.opc.xmltree import parse_tree
from crmsheet.structs import dataclass

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
