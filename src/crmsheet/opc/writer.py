"""Writing a package: a new one, or one so that every member nobody touched is copied bit for bit.

Knows raw copies, replaced and new members, and how to prove that nothing else changed.
Does not know why a part changes, and never touches the disk: it fills a buffer or a file object.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from io import SEEK_END, BytesIO
from typing import BinaryIO, Final

from crmsheet.opc.deflating import deflate
from crmsheet.opc.directory import DEFLATED, DESCRIPTOR_FLAG, UTF8_FLAG, Member, part_key
from crmsheet.opc.package import Package
from crmsheet.structs import dataclass

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_LOCAL_SIZES: Final = slice(14, 26)
_CENTRAL_SIZES: Final = slice(16, 28)
_END_OFFSET: Final = slice(16, 20)
_MAX32: Final = 0xFFFFFFFF
_PIECE: Final = 2**20
_FIRST_DATE: Final = (1 << 5) | 1
"""1980-01-01, the date of members we add: the same input gives the same bytes."""


def assemble(
    package: Package,
    replaced: Mapping[str, bytes | Iterable[bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
    removed: Collection[str] = (),
) -> bytes:
    """The bytes of the package with some parts replaced, added at the end, or left out.

    Without any change these are the bytes of the package. What replaces a part may come in pieces; a part that
    the package holds condensed is replaced by what the given bytes stand for, or by the pieces as they are. Parts
    are named as everywhere; naming one that is not there (or is there, for `added`) is a mistake of the caller and
    raises `KeyError`.
    """
    buffer = BytesIO()
    write(package, buffer, replaced, added, removed)
    return buffer.getvalue()


def write(
    package: Package,
    to: BinaryIO,
    replaced: Mapping[str, bytes | Iterable[bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
    removed: Collection[str] = (),
) -> None:
    """Like `assemble`, to the end of a file object; its present position counts as the file's start."""
    changed = {_key(package, part): content for part, content in (replaced or {}).items()}
    gone = {_key(package, part) for part in removed}
    new = dict(added or {})
    for part in new:
        if package.has(part) and part_key(part) not in gone:
            raise KeyError(f"{part} exists already")
    if not changed and not gone and not new:
        to.write(package.data)
        return
    start, whole = to.tell(), memoryview(package.data)
    to.write(whole[: package.directory.first])
    records: list[bytes] = []
    for member in package.members:
        key = part_key(member.part)
        if key in gone:
            continue
        at = to.tell() - start
        if key in changed:
            record = _rewritten(member, to, *_pieces(package, member, changed[key]))
        else:
            to.write(whole[member.start : member.end])
            record = member.record
        records.append(_with_offset(record, at))
    for part, content in new.items():
        at = to.tell() - start
        records.append(_with_offset(_added(part, to, (content,), len(content)), at))
    _close(to, start, records, package.directory.comment)


def write_new(to: BinaryIO, members: Iterable[tuple[str, Iterable[bytes], int]]) -> None:
    """A package of these members, in this order: name, content in pieces, and about how much that is."""
    start = to.tell()
    records: list[bytes] = []
    for part, pieces, size in members:
        at = to.tell() - start
        records.append(_with_offset(_added(part, to, pieces, size), at))
    _close(to, start, records)


def _close(to: BinaryIO, start: int, records: Sequence[bytes], comment: bytes = b"") -> None:
    """Write the central directory."""
    at = to.tell() - start
    table = b"".join(records)
    to.write(table)
    to.write(_END.pack(b"PK\x05\x06", 0, 0, len(records), len(records), len(table), at, len(comment)))
    to.write(comment)


def _key(package: Package, part: str) -> str:
    if not package.has(part):
        raise KeyError(f"{part} does not exist")
    return part_key(part)


def _pieces(
    package: Package, member: Member, content: bytes | Iterable[bytes]
) -> tuple[Iterable[bytes], int]:
    """What a member is to hold, and about how much that is."""
    if not isinstance(content, bytes):
        return content, member.inflated
    texts = package.texts(member.part)
    return ((content,), len(content)) if texts is None else (texts.pieces(content), member.inflated)


def _rewritten(member: Member, to: BinaryIO, pieces: Iterable[bytes], size: int) -> bytes:
    """Write a member with other content: name, date and attributes stay. The central record is given back."""
    (
        _,
        made_by,
        needs,
        _,
        _,
        time,
        date,
        _,
        _,
        _,
        n,
        extra_length,
        comment_length,
        _,
        internal,
        external,
        _,
    ) = _CENTRAL.unpack_from(member.record)
    extra_start = _CENTRAL.size + n
    extra = _without_zip64(member.record[extra_start : extra_start + extra_length])
    comment = member.record[extra_start + extra_length :][:comment_length]
    flags = member.flags & ~DESCRIPTOR_FLAG & ~0x6  # no descriptor; the bits that name the level are cleared
    needs = 20 if needs > 20 else max(needs, 20)
    sizes = _written(to, (needs, flags, DEFLATED, time, date), member.raw_name, pieces, size)
    record = _CENTRAL.pack(
        *(b"PK\x01\x02", made_by, needs, flags, DEFLATED, time, date, *sizes),
        *(len(member.raw_name), len(extra), len(comment), 0, internal, external, 0),
    )
    return record + member.raw_name + extra + comment


def _added(part: str, to: BinaryIO, pieces: Iterable[bytes], size: int) -> bytes:
    """Write a new member. The central record is given back."""
    name = part.encode()
    flags = 0 if name.isascii() else UTF8_FLAG
    sizes = _written(to, (20, flags, DEFLATED, 0, _FIRST_DATE), name, pieces, size)
    record = _CENTRAL.pack(
        *(b"PK\x01\x02", 20, 20, flags, DEFLATED, 0, _FIRST_DATE, *sizes),
        *(len(name), 0, 0, 0, 0, 0, 0),
    )
    return record + name


def _written(
    to: BinaryIO, head: tuple[int, int, int, int, int], name: bytes, pieces: Iterable[bytes], size: int
) -> tuple[int, int, int]:
    """Write a member's local header and its content; its sum and sizes, which the header has to tell before it, are
    given back."""
    at = to.tell()
    to.write(_LOCAL.pack(b"PK\x03\x04", *head, 0, 0, 0, len(name), 0) + name)
    made = deflate(pieces, size, to.write)
    sizes = (made.crc, made.deflated, made.inflated)
    to.seek(at)
    to.write(_LOCAL.pack(b"PK\x03\x04", *head, *sizes, len(name), 0))
    to.seek(0, SEEK_END)
    return sizes


def _without_zip64(extra: bytes) -> bytes:
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag != 1:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _with_offset(record: bytes, offset: int) -> bytes:
    """The central record with another offset, in the 32-bit field or in the zip64 one."""
    if record[42:46] != b"\xff\xff\xff\xff":
        return record[:42] + struct.pack("<I", offset) + record[46:]
    n, m = struct.unpack_from("<2H", record, 28)
    at, end = _CENTRAL.size + n, _CENTRAL.size + n + m
    deflated, inflated = struct.unpack_from("<2I", record, 20)
    while at + 4 <= end:
        tag, length = struct.unpack_from("<2H", record, at)
        if tag == 1:
            spot = at + 4 + 8 * ((inflated == _MAX32) + (deflated == _MAX32))
            return record[:spot] + struct.pack("<Q", offset) + record[spot + 8 :]
        at += 4 + length
    return record


def other_bytes(package: Package, part: str) -> Iterator[bytes | memoryview]:
    """All bytes of a package but for the packed ones of a part, and for what follows from how many these are:
    its sum and sizes, and where members stand behind it."""
    data, key = memoryview(package.data), part_key(part)
    yield data[: package.directory.first]
    for member in package.members:
        if part_key(member.part) == key:
            yield _blanked(bytes(data[member.start : member.data_start]), _LOCAL_SIZES)
            yield data[member.data_start + member.deflated : member.end]
            yield _blanked(_with_offset(member.record, 0), _CENTRAL_SIZES)
        else:
            yield data[member.start : member.end]
            yield _with_offset(member.record, 0)
    end = max(m.end for m in package.members) + sum(len(m.record) for m in package.members)
    yield _blanked(bytes(data[end:]), _END_OFFSET)


def _blanked(record: bytes, fields: slice) -> bytes:
    return record[: fields.start] + record[fields.stop :]


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """How the members of two packages differ."""

    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reordered: bool


def _same_raw(before: Package, old: Member, after: Package, new: Member) -> bool:
    """Whether two members are the same bytes, looked at piece by piece."""
    length = old.end - old.start
    return length == new.end - new.start and all(
        before.data[old.start + at : old.start + min(at + _PIECE, length)]
        == after.data[new.start + at : new.start + min(at + _PIECE, length)]
        for at in range(0, length, _PIECE)
    )


def member_changes(before: Package, after: Package) -> MemberChanges:
    """Which members differ in any byte but the offset in the central directory."""
    old = {part_key(m.part): m for m in before.members}
    new = {part_key(m.part): m for m in after.members}
    changed = tuple(
        m.part
        for key, m in old.items()
        if key in new
        and (
            not _same_raw(before, m, after, new[key])
            or _with_offset(m.record, 0) != _with_offset(new[key].record, 0)
        )
    )
    kept = [key for key in old if key in new]
    return MemberChanges(
        changed=changed,
        added=tuple(m.part for key, m in new.items() if key not in old),
        removed=tuple(m.part for key, m in old.items() if key not in new),
        reordered=kept != [key for key in new if key in old],
    )


def unchanged_members(before: Package, after: Package, named: Collection[str] = ()) -> tuple[str, ...]:
    """Proof that only the named parts differ: what contradicts it, in words; empty when it holds.

    Every other member is there, byte-equal with its central record, and in the same order.
    """
    free = {part_key(part) for part in named}
    changes = member_changes(before, after)
    problems = [f"{part} changed" for part in changes.changed if part_key(part) not in free]
    problems += [f"{part} was added" for part in changes.added if part_key(part) not in free]
    problems += [f"{part} is gone" for part in changes.removed if part_key(part) not in free]
    if changes.reordered:
        problems.append("the order of the members changed")
    return tuple(problems)
