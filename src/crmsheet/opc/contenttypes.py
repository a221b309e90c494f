"""`[Content_Types].xml`: what each part is.

Knows defaults by extension and overrides by part, and how one is added or taken away by splicing.
Does not know what the types mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crmsheet.opc.directory import part_key
from crmsheet.opc.relationships import appended, decoded
from crmsheet.opc.xmltree import escaped, parse_tree

CONTENT_TYPES: Final = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class ContentTypes:
    defaults: Mapping[str, str]
    """By extension in lower case."""
    overrides: Mapping[str, str]
    """By `part_key`."""

    def of(self, part: str) -> str:
        """The content type of a part; empty when nothing covers it."""
        found = self.overrides.get(part_key(part))
        if found is not None:
            return found
        extension = part.rsplit(".", 1)[-1].casefold() if "." in part else ""
        return self.defaults.get(extension, "")


def parse_content_types(data: bytes, file: str = "") -> ContentTypes:
    root = parse_tree(data, file, CONTENT_TYPES)
    return ContentTypes(
        {e.get("Extension").casefold(): e.get("ContentType") for e in root.all("Default")},
        {_key(e.get("PartName")): e.get("ContentType") for e in root.all("Override")},
    )


def _key(part_name: str) -> str:
    return part_key(decoded(part_name))


def with_override(data: bytes, part: str, content_type: str) -> bytes:
    """The part with one override more; the same bytes when it is there already."""
    root = parse_tree(data)
    if any(_key(e.get("PartName")) == part_key(part) for e in root.all("Override")):
        return data
    added = b'<%sOverride PartName="/%s" ContentType="%s"/>' % (
        root.prefix.encode(),
        escaped(part),
        escaped(content_type),
    )
    return appended(data, root, added)


def with_default(data: bytes, extension: str, content_type: str) -> bytes:
    """The part with one default more; the same bytes when the extension has one. Defaults come first."""
    root = parse_tree(data)
    if any(e.get("Extension").casefold() == extension.casefold() for e in root.all("Default")):
        return data
    added = b'<%sDefault Extension="%s" ContentType="%s"/>' % (
        root.prefix.encode(),
        escaped(extension),
        escaped(content_type),
    )
    if root.open_end == root.end:
        return appended(data, root, added)
    return data[: root.open_end] + added + data[root.open_end :]


def without_override(data: bytes, part: str) -> bytes:
    """The part without the override of a part; the same bytes when there is none."""
    for element in reversed(parse_tree(data).all("Override")):
        if _key(element.get("PartName")) == part_key(part):
            data = data[: element.start] + data[element.end :]
    return data
