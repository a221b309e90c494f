"""Drawings: an anchored chart put into one, or taken out.

Knows anchors, the numbers and names of what is drawn, and that what is put in brings the meaning of its
prefixes with it. Does not know charts from the inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.opc.relationships import OFFICE
from crmsheet.opc.xmltree import ATTRIBUTE, Element, attribute_text
from crmsheet.sheetml.elements import attribute_edits, last_child
from crmsheet.sheetml.spanedit import Replacement, replace_spans

_DECLARATION: Final = re.compile(r"xmlns(?::(.+))?")
_ANCHORS: Final = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


def declared(data: bytes, element: Element) -> dict[str, str]:
    """The prefixes (empty: the default) that a start tag binds, and to what."""
    found: dict[str, str] = {}
    for name, double, single in ATTRIBUTE.findall(data, element.start, element.open_end):
        match = _DECLARATION.fullmatch(name.decode())
        if match is not None:
            found[match.group(1) or ""] = attribute_text(double or single)
    return found


def relationship_prefix(data: bytes, *elements: Element) -> str:
    """The prefix that start tags bind to the namespace of relationships; empty when none does."""
    for element in elements:
        for prefix, namespace in declared(data, element).items():
            if namespace == OFFICE and prefix:
                return prefix
    return ""


def chart_frames(root: Element) -> Iterator[tuple[Element, Element]]:
    """Each graphic frame with a chart in a drawing, and the relationship element inside it that names it."""
    for element in root.walk():
        if element.local == "graphicFrame":
            for inner in element.walk():
                if inner.local == "chart" and inner.get(":id"):
                    yield element, inner


def chart_anchors(root: Element) -> tuple[Element, ...]:
    """The anchors that hold a chart, in the order written."""
    return tuple(a for a in root.children if a.local in _ANCHORS and any(chart_frames(a)))


def holders_of(root: Element, rid: str) -> Iterator[Element]:
    """What has to go so that a chart goes: what it hangs on in the drawing, or its frame alone when other
    things hang there too."""
    for top in root.children:
        frames = tuple(chart_frames(top))
        wanted = [frame for frame, chart in frames if chart.get(":id") == rid]
        grouped = any(e.local == "grpSp" for e in top.walk())
        if wanted and len(wanted) == len(frames) and not grouped:
            yield top
        else:
            yield from wanted


class Drawing:
    """A drawing of the target with charts put in. `data` is the drawing there is, or an empty one."""

    def __init__(self, part: str, data: bytes, root: Element) -> None:
        self.part = part
        self._data = data
        self._root = root
        self._anchors: list[bytes] = []
        drawn = [e for e in root.walk() if e.local == "cNvPr"]
        self._ids = {int(e.get("id")) for e in drawn if e.get("id").isdecimal()}
        self._names = {e.get("name").casefold() for e in drawn}

    def put(self, source: bytes, source_root: Element, anchor: Element, rids: Mapping[str, str]) -> None:
        """An anchor of the drawing `source`; `rids` are its relationships here."""
        edits: list[Replacement] = []
        for element in anchor.walk():
            if element.local == "cNvPr":
                changes = {"id": str(self._free_id()), "name": self._free_name(element.get("name"))}
                edits += attribute_edits(source, element, changes)
            edits += _renamed(source, element, rids)
        edits += self._declarations(source, source_root, anchor)
        moved = [Replacement(e.start - anchor.start, e.end - anchor.start, e.new) for e in edits]
        self._anchors.append(replace_spans(source[anchor.start : anchor.end], moved))

    def _declarations(self, source: bytes, source_root: Element, anchor: Element) -> Iterator[Replacement]:
        """Prefixes that mean something else, or nothing, where the anchor goes."""
        here = declared(self._data, self._root)
        own = declared(source, anchor)
        raw = source[anchor.start : anchor.end]
        at = anchor.start + 1 + len(anchor.name.encode())
        for prefix, namespace in declared(source, source_root).items():
            used = f"<{prefix}:".encode() in raw or f" {prefix}:".encode() in raw if prefix else True
            if used and prefix not in own and here.get(prefix) != namespace:
                name = f"xmlns:{prefix}" if prefix else "xmlns"
                yield Replacement(at, at, f' {name}="{namespace}"'.encode())

    def _free_id(self) -> int:
        found = max(self._ids, default=1) + 1
        self._ids.add(found)
        return found

    def _free_name(self, name: str) -> str:
        found, number = name, 1
        while found.casefold() in self._names:
            number += 1
            found = f"{name} {number}"
        self._names.add(found.casefold())
        return found

    def edits(self) -> tuple[Replacement, ...]:
        return (last_child(self._root, b"".join(self._anchors)),) if self._anchors else ()


def _renamed(data: bytes, element: Element, rids: Mapping[str, str]) -> Iterator[Replacement]:
    """The attributes of an element that name relationships (`r:id`, `r:embed`), with the new ids."""
    for match in ATTRIBUTE.finditer(data, element.start, element.open_end):
        group = 2 if match.group(2) is not None else 3
        name, value = match.group(1), attribute_text(match.group(group))
        if b":" in name and not name.startswith(b"xmlns:") and value in rids:
            yield Replacement(*match.span(group), rids[value].encode())


def empty_drawing(data: bytes, root: Element) -> bytes:
    """A drawing with the start tag of another and nothing in it."""
    return data[: root.open_end] + f"</{root.name}>".encode()
