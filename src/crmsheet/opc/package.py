"""A workbook file as a package: members, parts, relationships, the workbook and its sheets.

Knows how to open a file without trusting it and how parts are found: by relationship, never by name.
Does not know what stands in a worksheet, and never writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from crmsheet.messages import say
from crmsheet.opc.condensing import Texts, condensed
from crmsheet.opc.contenttypes import CONTENT_TYPES, ContentTypes, parse_content_types
from crmsheet.opc.deflating import DamagedStreamError, crc, crc_of_pieces, unpacked
from crmsheet.opc.directory import STORED, Directory, Member, part_key, read_directory
from crmsheet.opc.limits import LIMITS, Limits
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.relationships import (
    Relationship,
    decoded,
    parse_relationships,
    relationships_part,
)
from crmsheet.opc.xmltree import Element, as_utf8, parse_tree
from crmsheet.structs import dataclass, field

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
            _refuse_other_formats(mapped, file)
            read_directory(mapped, file, limits)
        return handle.read()


class SheetKind(StrEnum):
    """What a sheet is; the member's value is the kind of its relationship."""

    WORKSHEET = "worksheet"
    CHARTSHEET = "chartsheet"
    DIALOGSHEET = "dialogsheet"
    MACROSHEET = "xlMacrosheet"
    OTHER = "other"


class SheetState(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it; `index` is its 0-based place, which `localSheetId` refers to."""

    index: int
    name: str
    sheet_id: str
    state: SheetState
    rid: str
    part: str
    kind: SheetKind


@dataclass(frozen=True, slots=True)
class Workbook:
    part: str
    sheets: tuple[Sheet, ...]
    date1904: bool
    strict: bool
    """Written in the strict edition of the standard."""

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name; Excel does not distinguish case there."""
        wanted = name.casefold()
        return next((s for s in self.sheets if s.name.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class Package:
    """A package at one moment: the bytes are held, so a file changed later changes nothing here."""

    file: str
    data: bytes = field(repr=False)
    directory: Directory = field(repr=False)
    content_types: ContentTypes = field(repr=False)
    workbook: Workbook
    _by_key: Mapping[str, Member] = field(repr=False)
    _inflated: dict[str, bytes] = field(repr=False, compare=False)
    _related: dict[str, tuple[Relationship, ...]] = field(repr=False, compare=False)
    _texts: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    _trees: dict[str, Element] = field(default_factory=dict, repr=False, compare=False)
    _condensed: dict[str, Texts] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def open(path: Path | str, *, limits: Limits = LIMITS) -> Package:
        """Read and look over a file. Raises `WorkbookRefused`, or `OSError` when it cannot be read."""
        return Package.of(read_file(Path(path), limits=limits), str(path), limits=limits)

    @staticmethod
    def of(data: bytes, file: str = "", *, limits: Limits = LIMITS) -> Package:
        """The package in these bytes; `file` is what diagnostics call it."""
        _refuse_other_formats(data, file)
        directory = read_directory(data, file, limits)
        by_key = {part_key(m.part): m for m in directory.members if not m.is_folder}
        opening = _Opening(file, data, by_key, {}, {})
        content_types = opening.content_types()
        workbook = opening.workbook(content_types)
        return Package(
            file, data, directory, content_types, workbook, by_key, opening.inflated, opening.related
        )

    @property
    def members(self) -> tuple[Member, ...]:
        """All members in the order of the file."""
        return self.directory.members

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts (members that are no folders), in the order of the file."""
        return tuple(m.part for m in self.directory.members if not m.is_folder)

    def digest(self) -> str:
        """SHA-256 of the whole file."""
        return sha256(self.data).hexdigest()

    def find(self, part: str) -> Member | None:
        """The member of a part; case and kind of slash do not matter."""
        return self._by_key.get(part_key(part))

    def has(self, part: str) -> bool:
        return part_key(part) in self._by_key

    def raw(self, member: Member) -> bytes:
        """Local header, data and descriptor as they stand."""
        return self.data[member.start : member.end]

    def read(self, part: str) -> bytes:
        """The inflated bytes of a part, checked. Refused as damaged when there is no such part."""
        return _Opening(self.file, self.data, self._by_key, self._inflated, self._related).read(part)

    def pieces(self, part: str) -> Iterator[bytes]:
        """The same piece by piece, without keeping it."""
        member = self.find(part)
        if member is None:
            raise Refusal.DAMAGED.error(self.file, part, say("The part is missing."))
        return _pieces(self.data, member, self.file)

    def condense(self, part: str) -> None:
        """Hold a large part condensed from now on, if it can be: `xml` gives it so."""
        key, member = part_key(part), self.find(part)
        if key in self._texts or member is None or member.inflated < _CONDENSED or member.method == STORED:
            return
        found = condensed(_pieces(self.data, member, self.file))
        if found is None or as_utf8(found[0], self.file, part) is not found[0]:
            return
        for text in found[1].codes:
            as_utf8(text, self.file, part)
        self.hold_condensed(part, *found)

    def hold_condensed(self, part: str, content: bytes, texts: Texts) -> None:
        """Take this for the condensed part. That it is, is for the caller to know."""
        self._texts[part_key(part)] = content
        self._condensed[part_key(part)] = texts

    def let_go(self, part: str) -> None:
        """Hold the condensed part no longer."""
        del self._texts[part_key(part)]
        del self._condensed[part_key(part)]

    def texts(self, part: str) -> Texts | None:
        """What stands for the marks in a part that is held condensed; None of any other part."""
        return self._condensed.get(part_key(part))

    def xml(self, part: str) -> bytes:
        """The part in UTF-8: the same bytes as `read` unless it was written in another encoding, or is held
        condensed."""
        key = part_key(part)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = as_utf8(self.read(part), self.file, part)
        return text

    def known_as_utf8(self, part: str, before: Package, new: Iterable[bytes]) -> None:
        """Spare `xml` a look at a part that differs from what it was in `before` by these pieces."""
        if before.xml(part) is not before.read(part):
            return
        for piece in new:
            as_utf8(piece, self.file, part)
        self._texts[part_key(part)] = self.read(part)

    def tree(self, part: str) -> Element:
        """The tree of a part; its spans refer to `xml(part)`. The workbook's is kept: it is asked for often."""
        key = part_key(part)
        tree = self._trees.get(key)
        if tree is None:
            tree = parse_tree(self.xml(part), self.file, part)
            if key == part_key(self.workbook.part):
                self._trees[key] = tree
        return tree

    def relationships(self, part: str = "") -> tuple[Relationship, ...]:
        """What a part (or the package) refers to; targets of parts that exist have the name of the part."""
        return _Opening(self.file, self.data, self._by_key, self._inflated, self._related).relationships(part)

    def related(self, part: str, kind: str) -> tuple[str, ...]:
        """The existing parts a part refers to by relationships of a kind (`table`, `drawing`), each once."""
        targets = (
            r.target
            for r in self.relationships(part)
            if r.kind == kind and not r.external and self.has(r.target)
        )
        return tuple(dict.fromkeys(targets))

    def target(self, part: str, rid: str) -> str | None:
        """The part that `r:id` means in a part; None when it points outside or at nothing."""
        for relationship in self.relationships(part):
            if relationship.id == rid and not relationship.external and self.has(relationship.target):
                return relationship.target
        return None

    def check_all(self, before: Package | None = None) -> None:
        """Inflate every member once and check its sum; raises when one is damaged. Not looked at are those
        that stand in `before` with the same bytes."""
        for member in self.directory.members:
            key = part_key(member.part)
            if member.is_folder or key in self._inflated or key in self._condensed:
                continue
            old = before.find(member.part) if before is not None else None
            if before is None or old is None or before.raw(old) != self.raw(member):
                _inflate(self.data, member, self.file)


@dataclass(frozen=True, slots=True)
class _Opening:
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
            found = self.inflated[key] = _inflate(self.data, member, self.file)
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


def _refuse_other_formats(data: bytes | mmap, file: str) -> None:
    if data[:8] != _OLE2:
        return
    if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
        raise Refusal.ENCRYPTED.error(file)
    if any(data.find(name.encode("utf-16-le")) >= 0 for name in ("Workbook\0", "Book\0")):
        raise Refusal.OLD_XLS.error(file)
    raise Refusal.ENCRYPTED.error(file, reason=say("It is an OLE2 container, as protected workbooks are."))


_CONDENSED: Final = 2**16
"""Parts of so many bytes are condensed where that is asked for."""


def _inflate(data: bytes, member: Member, file: str) -> bytes:
    """The member's content, in pieces, so that it is never held twice."""
    if member.method == STORED:
        return b"".join(_pieces(data, member, file))
    whole = BytesIO()
    for piece in _pieces(data, member, file):
        whole.write(piece)
    return whole.getvalue()


def _pieces(data: bytes, member: Member, file: str) -> Iterator[bytes]:
    """The member's content. What the directory promised is all that is ever inflated; at the end it is known
    to be what was stored."""
    if member.method == STORED:
        packed = data[member.data_start : member.data_start + member.deflated]
        if len(packed) != member.inflated or crc(packed) != member.crc:
            raise Refusal.DAMAGED.error(file, member.part, say("Its checksum is wrong."))
        yield packed
        return
    size = check = 0
    summed = crc_of_pieces(member.inflated)
    try:
        # A view: large parts are looked at several times, and two of them at once.
        for piece in unpacked(
            memoryview(data)[member.data_start : member.data_start + member.deflated], member.inflated
        ):
            size += len(piece)
            if size > member.inflated:
                raise Refusal.BOMB.error(file, member.part, say("It inflates to more than the file says."))
            check = summed(piece, check)
            yield piece
    except DamagedStreamError as problem:
        raise Refusal.DAMAGED.error(file, member.part, say("It cannot be inflated.")) from problem.__cause__
    if size != member.inflated or check != member.crc:
        raise Refusal.DAMAGED.error(file, member.part, say("Its checksum is wrong."))
