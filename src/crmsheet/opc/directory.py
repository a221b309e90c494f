"""The central directory of a zip file, read from bytes that are not trusted.

Knows where each member's raw slice (local header, data, descriptor) begins and ends, and refuses what no
spreadsheet program writes: members that overlap or occur twice, encryption, unknown methods, names that
point outside. Does not inflate anything and does not know what a part means.

`zipfile` is not used: it hides the raw central records, which have to be written back verbatim, and it
trusts what it reads.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from mmap import mmap
from typing import Final, TypeAlias

from crmsheet.messages import say
from crmsheet.opc.limits import Limits
from crmsheet.opc.refusals import Refusal
from crmsheet.structs import dataclass

Buffer: TypeAlias = bytes | mmap

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64: Final = struct.Struct("<4sIQI")

STORED: Final = 0
DEFLATED: Final = 8
UTF8_FLAG: Final = 0x800
DESCRIPTOR_FLAG: Final = 0x8
_ENCRYPTED_FLAGS: Final = 0x1 | 0x40 | 0x2000
_MAX16: Final = 0xFFFF
_MAX32: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the zip; `part` is its name as parts are called here: `/`, no leading slash."""

    part: str
    raw_name: bytes
    record: bytes
    """The central directory record, verbatim."""
    flags: int
    method: int
    crc: int
    deflated: int
    inflated: int
    start: int
    data_start: int
    end: int
    """The raw slice ends where the next member (or the directory) begins."""

    @property
    def is_folder(self) -> bool:
        return self.part.endswith("/")


@dataclass(frozen=True, slots=True)
class Directory:
    members: tuple[Member, ...]
    """In the order of the central directory."""
    first: int
    """Where the first member starts; bytes before it (a stub) belong to nobody."""
    comment: bytes


def part_key(name: str) -> str:
    """The form under which two part names are the same part."""
    return name.replace("\\", "/").lstrip("/").casefold()


def read_directory(data: Buffer, file: str, limits: Limits) -> Directory:
    """The members of a zip; refuses what is damaged or built to harm."""
    size = len(data)
    end = _end_record(data)
    if end is None:
        if data[:4] == b"PK\x03\x04":
            raise Refusal.DAMAGED.error(
                file, reason=say("The end of the zip file is missing; it was cut off.")
            )
        raise Refusal.NOT_ZIP.error(file, reason=say("It is not a zip container, as every .xlsx is."))
    position, count, length, offset, comment = end
    if count > limits.members:
        raise Refusal.TOO_LARGE.error(
            file,
            reason=say(
                "It has {count:,} members; {members:,} are read.", count=count, members=limits.members
            ),
        )
    if length > limits.directory_bytes:
        raise Refusal.TOO_LARGE.error(file, reason=say("Its table of contents is too large."))
    shift = position - length - offset
    if shift < 0 or position - length < 0:
        raise Refusal.DAMAGED.error(file, reason=say("Its table of contents is not where it should be."))
    start = position - length
    found = _records(data, start, position, count=count, shift=shift, file=file)
    if not found:
        raise Refusal.NOT_WORKBOOK.error(file, reason=say("It is an empty zip container."))
    _check_sizes(found, file, limits)
    starts = sorted(record.start for record in found)
    if len(set(starts)) != len(starts):
        raise Refusal.HOSTILE_ZIP.error(file, reason=say("Two members share the same bytes."))
    members: list[Member] = []
    seen: set[str] = set()
    for record in found:
        after = bisect_right(starts, record.start)
        member_end = starts[after] if after < len(starts) else start
        member = _located(data, record, member_end, size, file)
        key = part_key(member.part)
        if key in seen:
            raise Refusal.HOSTILE_ZIP.error(file, member.part, say("The member occurs twice."))
        seen.add(key)
        members.append(member)
    return Directory(tuple(members), starts[0], comment)


def _end_record(data: Buffer) -> tuple[int, int, int, int, bytes] | None:
    """(end of the directory, entries, its length, its offset, comment)."""
    size = len(data)
    tail = data[max(0, size - _END.size - _MAX16) :]
    base = size - len(tail)
    at = len(tail)
    while (at := tail.rfind(b"PK\x05\x06", 0, at)) >= 0:
        if at + _END.size <= len(tail):
            _, _, _, _, count, length, offset, comment_length = _END.unpack_from(tail, at)
            comment = tail[at + _END.size : at + _END.size + comment_length]
            if len(comment) == comment_length:
                break
    else:
        return None
    position = base + at
    locator = position - _LOCATOR64.size
    if locator >= 0 and data[locator : locator + 4] == b"PK\x06\x07":
        _, _, end64, _ = _LOCATOR64.unpack_from(data, locator)
        if end64 + _END64.size <= locator and data[end64 : end64 + 4] == b"PK\x06\x06":
            _, _, _, _, _, _, _, count64, length64, offset64 = _END64.unpack_from(data, end64)
            count = count64 if count == _MAX16 else count
            length = length64 if length == _MAX32 else length
            offset = offset64 if offset == _MAX32 else offset
            position = end64
    return position, count, length, offset, comment


@dataclass(frozen=True, slots=True)
class _Record:
    """What the directory alone says of a member."""

    part: str
    raw_name: bytes
    record: bytes
    flags: int
    method: int
    crc: int
    deflated: int
    inflated: int
    start: int


def _records(data: Buffer, start: int, end: int, *, count: int, shift: int, file: str) -> list[_Record]:
    table = data[start:end]
    records: list[_Record] = []
    at = 0
    while at < len(table):
        if len(records) == count or at + _CENTRAL.size > len(table) or table[at : at + 4] != b"PK\x01\x02":
            raise Refusal.DAMAGED.error(file, reason=say("Its table of contents cannot be read."))
        (_, _, _, flags, method, _, _, crc, deflated, inflated, n, m, k, disk, _, _, offset) = (
            _CENTRAL.unpack_from(table, at)
        )
        name_end = at + _CENTRAL.size + n
        record_end = name_end + m + k
        if record_end > len(table) or disk not in (0, _MAX16):
            raise Refusal.DAMAGED.error(file, reason=say("Its table of contents cannot be read."))
        raw_name = table[at + _CENTRAL.size : name_end]
        name = _name(raw_name, flags, file)
        if _MAX32 in (deflated, inflated, offset):
            inflated, deflated, offset = _sizes64(
                table[name_end : name_end + m], inflated, deflated, offset, file=file, name=name
            )
        if flags & _ENCRYPTED_FLAGS:
            raise Refusal.ENCRYPTED.error(file, name, say("The zip container itself is encrypted."))
        if method not in (STORED, DEFLATED):
            raise Refusal.HOSTILE_ZIP.error(
                file, name, say("It is compressed by method {method}.", method=method)
            )
        if method == STORED and deflated != inflated:
            raise Refusal.HOSTILE_ZIP.error(file, name, say("Its sizes contradict each other."))
        records.append(
            _Record(
                name, raw_name, table[at:record_end], flags, method, crc, deflated, inflated, offset + shift
            )
        )
        at = record_end
    if len(records) != count:
        raise Refusal.DAMAGED.error(
            file, reason=say("Its table of contents lists fewer members than it counts.")
        )
    return records


def _sizes64(
    extra: bytes, inflated: int, deflated: int, offset: int, *, file: str, name: str
) -> tuple[int, int, int]:
    """Sizes out of the zip64 field, which some streaming writers use although the file is small."""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag == 1:
            numbers = [n for (n,) in struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length // 8 * 8])]
            wanted = [inflated == _MAX32, deflated == _MAX32, offset == _MAX32]
            if len(numbers) >= sum(wanted):
                values = [
                    numbers.pop(0) if w else v
                    for w, v in zip(wanted, (inflated, deflated, offset), strict=True)
                ]
                return values[0], values[1], values[2]
        at += 4 + length
    raise Refusal.DAMAGED.error(file, name, say("Its size is missing."))


def _name(raw: bytes, flags: int, file: str) -> str:
    try:
        name = raw.decode("utf-8" if flags & UTF8_FLAG else "ascii")
    except UnicodeDecodeError:
        # Many writers store UTF-8 without saying so; cp437 is what the zip standard means.
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp437")
    name = name.replace("\\", "/").lstrip("/")
    segments = name.split("/")
    if not name or ".." in segments or ":" in segments[0] or any(ord(c) < 32 for c in name):
        raise Refusal.HOSTILE_ZIP.error(
            file, repr(name), say("The name of a member points outside of the file.")
        )
    return name


def _check_sizes(records: list[_Record], file: str, limits: Limits) -> None:
    total = 0
    for record in records:
        total += record.inflated
        if record.inflated > limits.part_bytes:
            raise Refusal.TOO_LARGE.error(
                file, record.part, say("It holds {inflated:,} bytes.", inflated=record.inflated)
            )
        if record.inflated > limits.ratio_from and record.inflated > limits.ratio * max(1, record.deflated):
            raise Refusal.BOMB.error(
                file,
                record.part,
                say(
                    "{deflated:,} bytes inflate to {inflated:,}.",
                    deflated=record.deflated,
                    inflated=record.inflated,
                ),
            )
    if total > limits.total_bytes:
        raise Refusal.TOO_LARGE.error(
            file, reason=say("Its parts hold {total:,} bytes together.", total=total)
        )


def _located(data: Buffer, record: _Record, end: int, size: int, file: str) -> Member:
    """The member with its raw slice, after a look at its local header."""
    if not 0 <= record.start <= size - _LOCAL.size or record.start + _LOCAL.size > end:
        raise Refusal.DAMAGED.error(
            file, record.part, say("A member is not where the table of contents says.")
        )
    fields = _LOCAL.unpack_from(data, record.start)
    signature, method, name_length, extra_length = fields[0], fields[3], fields[9], fields[10]
    name_start = record.start + _LOCAL.size
    data_start = name_start + name_length + extra_length
    if signature != b"PK\x03\x04":
        raise Refusal.DAMAGED.error(
            file, record.part, say("A member is not where the table of contents says.")
        )
    if data[name_start : name_start + name_length] != record.raw_name or method != record.method:
        raise Refusal.DAMAGED.error(
            file, record.part, say("A member differs from its entry in the table of contents.")
        )
    if data_start + record.deflated > end:
        raise Refusal.HOSTILE_ZIP.error(file, record.part, say("Its bytes overlap with another member's."))
    return Member(
        part=record.part,
        raw_name=record.raw_name,
        record=record.record,
        flags=record.flags,
        method=record.method,
        crc=record.crc,
        deflated=record.deflated,
        inflated=record.inflated,
        start=record.start,
        data_start=data_start,
        end=end,
    )
