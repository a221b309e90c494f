"""A workbook file as a package: members, parts, relationships, the workbook and its sheets.

Knows how parts are found: by relationship, never by name; what was looked at once is held. Does not know how a
file is opened without trusting it (`opening`) nor what stands in a worksheet, and never writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from crmsheet.messages import say
from crmsheet.opc.condensing import Texts, condensed
from crmsheet.opc.contenttypes import ContentTypes
from crmsheet.opc.directory import STORED, Directory, Member, part_key, read_directory
from crmsheet.opc.held import HeldBytes
from crmsheet.opc.inflating import inflated, pieces_of
from crmsheet.opc.limits import LIMITS, Limits
from crmsheet.opc.opening import Opening, read_file, refuse_other_formats
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.relationships import Relationship
from crmsheet.opc.workbook import Workbook
from crmsheet.opc.xmltree import Element, as_utf8, parse_tree
from crmsheet.structs import dataclass, field

_CONDENSED: Final = 2**16
"""Parts of so many bytes are condensed where that is asked for."""


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
    _condensed: dict[str, tuple[HeldBytes, Texts]] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def open(path: Path | str, *, limits: Limits = LIMITS) -> Package:
        """Read and look over a file. Raises `WorkbookRefused`, or `OSError` when it cannot be read."""
        return Package.of(read_file(Path(path), limits=limits), str(path), limits=limits)

    @staticmethod
    def of(data: bytes, file: str = "", *, limits: Limits = LIMITS) -> Package:
        """The package in these bytes; `file` is what diagnostics call it."""
        refuse_other_formats(data, file)
        directory = read_directory(data, file, limits)
        by_key = {part_key(m.part): m for m in directory.members if not m.is_folder}
        opening = Opening(file, data, by_key, {}, {})
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
        return Opening(self.file, self.data, self._by_key, self._inflated, self._related).read(part)

    def pieces(self, part: str) -> Iterator[bytes]:
        """The same piece by piece, without keeping it."""
        member = self.find(part)
        if member is None:
            raise Refusal.DAMAGED.error(self.file, part, say("The part is missing."))
        return pieces_of(self.data, member, self.file)

    def condense(self, part: str) -> None:
        """Hold a large part condensed from now on, if it can be: `xml` gives it so."""
        key, member = part_key(part), self.find(part)
        if member is None or key in self._texts or key in self._condensed:
            return
        if member.inflated < _CONDENSED or member.method == STORED:
            return
        found = condensed(pieces_of(self.data, member, self.file))
        if found is None or as_utf8(found[0], self.file, part) is not found[0]:
            return
        for text in found[1].codes:
            as_utf8(text, self.file, part)
        self.hold_condensed(part, HeldBytes(found[0], partial(self._condensed_anew, member)), found[1])

    def _condensed_anew(self, member: Member) -> bytes:
        """The condensed bytes of a part that were held before."""
        found = condensed(pieces_of(self.data, member, self.file))
        assert found is not None, "it could be condensed before"
        return found[0]

    def hold_condensed(self, part: str, content: HeldBytes, texts: Texts) -> None:
        """Take this for the condensed part. That it is, is for the caller to know."""
        self._condensed[part_key(part)] = content, texts

    def let_go(self, part: str) -> None:
        """Hold the bytes of a condensed part no longer; they are condensed again for whoever asks for them."""
        found = self._condensed.get(part_key(part))
        if found is not None:
            found[0].let_go()

    def texts(self, part: str) -> Texts | None:
        """What stands for the marks in a part that is held condensed; None of any other part."""
        found = self._condensed.get(part_key(part))
        return None if found is None else found[1]

    def held(self, part: str) -> HeldBytes:
        """What `xml` gives, for those who need not see all of it."""
        found = self._condensed.get(part_key(part))
        return HeldBytes(self.xml(part)) if found is None else found[0]

    def xml(self, part: str) -> bytes:
        """The part in UTF-8: the same bytes as `read` unless it was written in another encoding, or is held
        condensed."""
        key = part_key(part)
        if (condensed_part := self._condensed.get(key)) is not None:
            return condensed_part[0].data
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
        return Opening(self.file, self.data, self._by_key, self._inflated, self._related).relationships(part)

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
                inflated(self.data, member, self.file)
