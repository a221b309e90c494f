"""Opening a file without trusting it, up to the list of its sheets.

Knows which files are refused before anything of them is used: other formats, files too large, packages without a
workbook, signed or shared ones. Does not hold what it finds (`package`).
"""

from __future__ import annotations

from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from crmsheet.messages import say
from crmsheet.opc.contenttypes import CONTENT_TYPES, ContentTypes, parse_content_types
from crmsheet.opc.directory import Member, part_key, read_directory
from crmsheet.opc.inflating import inflated
from crmsheet.opc.limits import LIMITS, Limits
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.relationships import (
    Relationship,
    decoded,
    parse_relationships,
    relationships_part,
)
from crmsheet.opc.workbook import Sheet, SheetKind, SheetState, Workbook
from crmsheet.opc.xmltree import Element, as_utf8, parse_tree
from crmsheet.structs import dataclass

_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TRUE: Final = ("1", "true", "on")


def read_file(path: Path, *, limits: Limits = LIMITS) -> bytes:
    """The bytes of a file, if it may be a workbook. Raises `WorkbookRefused`, or `OSError`."""
    file = str(path)
    with path.open("rb") as handle:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise Refusal.TOO_LARGE.error(file, reason=say("The file has {size:,} bytes.", size=size))
        if size < 22:
            raise Refusal.NOT_ZIP.error(
                file, reason=say("The file is empty.") if not size else say("It is too short.")
            )
        # Mapped first, so that a refused file is not read into memory.
        with mmap(handle.fileno(), 0, access=ACCESS_READ) as mapped:
            refuse_other_formats(mapped, file)
            read_directory(mapped, file, limits)
        return handle.read()


@dataclass(frozen=True, slots=True)
class Opening:
    """What can be asked of a package before all of it is known."""

    file: str
    data: bytes
    by_key: Mapping[str, Member]
    inflated: dict[str, bytes]
    related: dict[str, tuple[Relationship, ...]]

    def read(self, part: str) -> bytes:
        key = part_key(part)
        found = self.inflated.get(key)
        if found is None:
            member = self.by_key.get(key)
            if member is None:
                raise Refusal.DAMAGED.error(self.file, part, say("The part is missing."))
            found = self.inflated[key] = inflated(self.data, member, self.file)
        return found

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        key = part_key(part)
        found = self.related.get(key)
        if found is None:
            holder = relationships_part(part)
            found = ()
            if part_key(holder) in self.by_key:
                data = as_utf8(self.read(holder), self.file, holder)
                found = tuple(self._found(r) for r in parse_relationships(data, part, self.file, holder))
            self.related[key] = found
        return found

    def _found(self, relationship: Relationship) -> Relationship:
        """The relationship with its target under the name the part really has."""
        if relationship.external:
            return relationship
        for target in (relationship.target, decoded(relationship.target)):
            member = self.by_key.get(part_key(target))
            if member is not None:
                return Relationship(
                    relationship.id, relationship.type, member.part, relationship.written, external=False
                )
        return relationship

    def content_types(self) -> ContentTypes:
        if part_key(CONTENT_TYPES) not in self.by_key:
            reason = "It is a zip container without a list of content types."
            if "mimetype" in self.by_key:
                reason = "It is an OpenDocument file."
            raise Refusal.NOT_WORKBOOK.error(self.file, reason=reason)
        return parse_content_types(as_utf8(self.read(CONTENT_TYPES), self.file, CONTENT_TYPES), self.file)

    def workbook(self, content_types: ContentTypes) -> Workbook:
        roots = self.relationships("")
        part = next((r.target for r in roots if r.kind == "officeDocument" and not r.external), "")
        if not part:
            raise Refusal.NOT_WORKBOOK.error(self.file, reason=say("It names no main part."))
        content_type = content_types.of(part).casefold()
        if "binary" in content_type:
            raise Refusal.BINARY_XLSB.error(self.file, part)
        if "wordprocessingml" in content_type or "presentationml" in content_type:
            raise Refusal.NOT_WORKBOOK.error(self.file, part, say("It is a document of Word or PowerPoint."))
        if any(r.kind == "origin" and "digital-signature" in r.type for r in roots) or any(
            key.startswith("_xmlsignatures/") for key in self.by_key
        ):
            raise Refusal.SIGNED.error(self.file)
        root = parse_tree(as_utf8(self.read(part), self.file, part), self.file, part)
        if root.local != "workbook":
            raise Refusal.NOT_WORKBOOK.error(
                self.file, part, say("Its main part is a <{local}>.", local=root.local)
            )
        if any(r.kind == "revisionHeaders" for r in self.relationships(part)):
            raise Refusal.SHARED.error(self.file, part)
        sheets = tuple(self._sheets(root, part))
        if not sheets:
            raise Refusal.NOT_WORKBOOK.error(self.file, part, say("It has no sheets."))
        properties = root.child("workbookPr")
        return Workbook(
            part=part,
            sheets=sheets,
            date1904=properties is not None and properties.get("date1904").casefold() in _TRUE,
            strict="purl.oclc.org" in root.namespace,
        )

    def _sheets(self, root: Element, part: str) -> list[Sheet]:
        related = {r.id: r for r in self.relationships(part) if not r.external}
        sheets: list[Sheet] = []
        parts: set[str] = set()
        listed = root.child("sheets")
        elements = listed.all("sheet") if listed is not None else ()
        if len(elements) > LIMITS.sheets:
            raise Refusal.TOO_LARGE.error(
                self.file, part, say("It has {count:,} sheets.", count=len(elements))
            )
        for index, element in enumerate(elements):
            rid = element.get(":id")
            relationship = related.get(rid)
            if relationship is None or part_key(relationship.target) not in self.by_key:
                raise Refusal.DAMAGED.error(
                    self.file, part, say("The sheet {element!r} is missing.", element=element.get("name"))
                )
            key = part_key(relationship.target)
            if key in parts or not relationship.kind.casefold().endswith("sheet"):
                raise Refusal.DAMAGED.error(
                    self.file,
                    part,
                    say(
                        "What the sheet {element!r} refers to is no sheet of its own.",
                        element=element.get("name"),
                    ),
                )
            parts.add(key)
            try:
                kind = SheetKind(relationship.kind)
            except ValueError:
                kind = SheetKind.OTHER
            try:
                state = SheetState(element.get("state", "visible"))
            except ValueError:
                state = SheetState.VISIBLE
            name, sheet_id = element.get("name"), element.get("sheetId")
            sheets.append(Sheet(index, name, sheet_id, state, rid, relationship.target, kind))
        return sheets


def refuse_other_formats(data: bytes | mmap, file: str) -> None:
    if data[:8] != _OLE2:
        return
    if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
        raise Refusal.ENCRYPTED.error(file)
    if any(data.find(name.encode("utf-16-le")) >= 0 for name in ("Workbook\0", "Book\0")):
        raise Refusal.OLD_XLS.error(file)
    raise Refusal.ENCRYPTED.error(file, reason=say("It is an OLE2 container, as protected workbooks are."))
