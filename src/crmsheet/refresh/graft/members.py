"""Parts copied from the scratch workbook under names that are free in the target.

Knows names, content types, relationships, and that a part brings with it the parts it refers to. Does not know
what changes inside a part: whoever asks for the copy gives the bytes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Final

from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.refresh.ledgers import Relations, Types

_NUMBER: Final = re.compile(r"[0-9]+$")
CARRIED: Final = (
    *("table", "drawing", "chart", "chartStyle", "chartColorStyle", "themeOverride", "image"),
    *("comments", "vmlDrawing", "hyperlink"),
)
"""Kinds of relationships that a sheet, a drawing or a chart may bring with it."""


class Members:
    """The parts that join the target, their relationships and content types."""

    def __init__(
        self, target: Package, scratch: Package, change: Mapping[str, Callable[[str], bytes]]
    ) -> None:
        """`change` gives by kind of relationship the bytes of a part that is not copied as it is."""
        self.added: dict[str, bytes] = {}
        self.types = Types(target)
        self._target = target
        self._scratch = scratch
        self._change = change
        self._taken: set[str] = set()
        self._relations: dict[str, Relations] = {}

    def free_name(self, like: str) -> str:
        """A part name that nothing has and no content type speaks of: the folder and the word of `like`."""
        folder, name = posixpath.split(like)
        stem, extension = posixpath.splitext(name)
        word = _NUMBER.sub("", stem)
        number = 0
        while True:
            number += 1
            found = posixpath.join(folder, f"{word}{number}{extension}")
            key = part_key(found)
            if (
                key not in self._taken
                and not self._target.has(found)
                and key not in self._target.content_types.overrides
            ):
                self._taken.add(key)
                return found

    def copied(self, part: str, kind: str, copies: dict[str, str] | None = None) -> str:
        """The name in the target of a new copy of a part of the scratch workbook, and of all it refers to.

        A part belongs to one place only, so that every call copies; `copies` are those of the same call.
        """
        copies = {} if copies is None else copies
        if part in copies:
            return copies[part]
        name = copies[part] = self.free_name(part)
        change = self._change.get(kind)
        self.add(name, self._scratch.read(part) if change is None else change(part))
        self.types.add(name, self._scratch.content_types.of(part))
        relationships = self._scratch.relationships(part)
        if relationships:
            relations = Relations(name)
            for relationship in relationships:
                if relationship.kind not in CARRIED:
                    raise ValueError(f"{part} of the scratch workbook refers to a {relationship.kind}")
                to = relationship.target
                if not relationship.external:
                    to = self.copied(to, relationship.kind, copies)
                relations.add(relationship.type, to, rid=relationship.id, external=relationship.external)
            self.add(relations.part, relations.content())
        return name

    def add(self, name: str, content: bytes) -> None:
        if name in self.added:
            raise ValueError(f"{name} is added twice")
        self.added[name] = content

    def relations(self, source: str) -> Relations:
        """The relationships of a part of the target, to be added to."""
        found = self._relations.get(part_key(source))
        if found is None:
            found = self._relations[part_key(source)] = Relations(source, self._target)
        return found

    @property
    def all_relations(self) -> tuple[Relations, ...]:
        return tuple(r for r in self._relations.values() if r.changed)
