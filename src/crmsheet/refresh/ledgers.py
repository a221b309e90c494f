"""The two ledgers of a package, content types and relationships: what joins them and what leaves, as edits.

Knows free relationship ids and how an entry is written. Does not know what the parts hold.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from crmsheet.opc.contenttypes import CONTENT_TYPES
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.opc.relationships import (
    EMPTY_RELATIONSHIPS,
    OFFICE,
    decoded,
    relationships_part,
    relative_target,
)
from crmsheet.opc.xmltree import escaped, parse_tree
from crmsheet.sheetml.elements import first_child, last_child
from crmsheet.sheetml.spanedit import Replacement, replace_spans

_RELATIONSHIPS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"


def dropped_relationships(package: Package, source: str, ids: Collection[str]) -> tuple[Replacement, ...]:
    """The edits of the relationships of `source` that take these away."""
    part = relationships_part(source)
    if not ids or not package.has(part):
        return ()
    entries = package.tree(part).all("Relationship")
    return tuple(Replacement(e.start, e.end, b"") for e in entries if e.get("Id") in ids)


def dropped_overrides(package: Package, parts: Collection[str]) -> tuple[Replacement, ...]:
    """The edits of the content types that forget these parts."""
    keys = {part_key(part) for part in parts}
    entries = package.tree(CONTENT_TYPES).all("Override")
    return tuple(
        Replacement(e.start, e.end, b"") for e in entries if part_key(decoded(e.get("PartName"))) in keys
    )


class Relations:
    """The relationships of one part: those there are, those that join and those that leave.

    Without a package the part is new and has none yet.
    """

    def __init__(self, source: str, package: Package | None = None) -> None:
        self.source = source
        self.part = relationships_part(source)
        self._package = package if package is not None and package.has(self.part) else None
        known = package.relationships(source) if package is not None else ()
        self._taken = {r.id.casefold() for r in known}
        self._added: list[bytes] = []
        self._gone: set[str] = set()

    @property
    def exists(self) -> bool:
        """Whether the part of the ledger itself is in the package."""
        return self._package is not None

    @property
    def changed(self) -> bool:
        return bool(self._added or self._gone)

    def add(self, kind: str, target: str, *, rid: str = "", external: bool = False) -> str:
        """A relationship more, to a part or (external) to an address as written; gives its id.

        `kind` is the last step of the type, or the whole type.
        """
        if not rid:
            number = len(self._taken) + 1
            while f"rid{number}" in self._taken:
                number += 1
            rid = f"rId{number}"
        if rid.casefold() in self._taken:
            raise ValueError(f"{self.part} has the id {rid} already")
        self._taken.add(rid.casefold())
        written = target if external else relative_target(self.source, target)
        self._added.append(
            b'Relationship Id="%s" Type="%s" Target="%s"%s/>'
            % (
                escaped(rid),
                escaped(kind if "/" in kind else f"{OFFICE}/{kind}"),
                escaped(written),
                b' TargetMode="External"' if external else b"",
            )
        )
        return rid

    def drop(self, rid: str) -> None:
        self._gone.add(rid)

    def edits(self) -> tuple[Replacement, ...]:
        """What changes in the part of the ledger, which exists."""
        if self._package is None:
            raise ValueError(f"{self.part} does not exist")
        edits = dropped_relationships(self._package, self.source, self._gone)
        if self._added:
            root = self._package.tree(self.part)
            edits = (*edits, last_child(root, self._written(root.prefix)))
        return edits

    def content(self) -> bytes:
        """The new part of the ledger."""
        root = parse_tree(EMPTY_RELATIONSHIPS)
        return replace_spans(EMPTY_RELATIONSHIPS, (last_child(root, self._written("")),))

    def _written(self, prefix: str) -> bytes:
        return b"".join(f"<{prefix}".encode() + entry for entry in self._added)


class Types:
    """The content types of a package, with parts that join and parts that leave."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._added: dict[str, str] = {}
        self._defaults: dict[str, str] = {}
        self._gone: set[str] = set()

    def add(self, part: str, content_type: str) -> None:
        """A part that joins; nothing is written when its extension says so already. Pictures and the like get
        a default for their extension, as programs write it, when there is none."""
        if self._package.content_types.of(part) == content_type:
            return
        extension = part.rsplit(".", 1)[-1].casefold()
        known = {**self._defaults, **self._package.content_types.defaults}.get(extension)
        if known is None and extension != "xml":
            self._defaults[extension] = content_type
        elif known != content_type:
            self._added[part] = content_type

    def drop(self, part: str) -> None:
        self._gone.add(part)

    def edits(self, *, relationships_join: bool) -> tuple[Replacement, ...]:
        """What changes. Some programs list every relationships part by name; a new one needs the default."""
        root = self._package.tree(CONTENT_TYPES)
        p = root.prefix.encode()
        edits = list(dropped_overrides(self._package, self._gone))
        defaults = dict(self._defaults)
        if relationships_join and "rels" not in self._package.content_types.defaults:
            defaults["rels"] = _RELATIONSHIPS_TYPE
        default = b"".join(
            b'<%bDefault Extension="%b" ContentType="%b"/>' % (p, escaped(extension), escaped(content_type))
            for extension, content_type in defaults.items()
        )
        overrides = b"".join(
            b'<%bOverride PartName="/%b" ContentType="%b"/>' % (p, escaped(part), escaped(content_type))
            for part, content_type in self._added.items()
        )
        if root.open_end == root.end:
            return (*edits, last_child(root, default + overrides)) if default + overrides else tuple(edits)
        if default:
            edits.append(first_child(root, default))
        if overrides:
            edits.append(last_child(root, overrides))
        return tuple(edits)
