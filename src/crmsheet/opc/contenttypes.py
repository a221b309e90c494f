"""`[Content_Types].xml`: what each part is.

Knows defaults by extension and overrides by part. Does not know what the types mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.opc.directory import part_key
from crmsheet.opc.relationships import decoded
from crmsheet.opc.xmltree import parse_tree
from crmsheet.structs import dataclass

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
