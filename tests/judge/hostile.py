"""Broken and hostile packages, each made from a good one, for tests of refusals.

Knows what has killed or fooled readers of workbooks: bombs, entities, overlapping members, far corners.
Nothing here is large on disk, and nothing is ever unpacked by this module. `Expect` says what a careful
program does with it; which words it uses is not known here.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from tests.judge.package import Package

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
TYPES = "[Content_Types].xml"
RELS = "_rels/.rels"
BOMB = 60_000_000

_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
_EXTERNAL = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


class Expect(StrEnum):
    """What a careful program does with a package."""

    REFUSE = "refuse"
    """The package must be refused: there is no safe reading of it."""

    REFUSE_OR_CORRECT = "refuse or correct"
    """It may be refused, or served with every cell right; never misread, never an internal error."""


class Source:
    """The members of a good package, ready to be spoilt; the sheet that suffers is the first with a table."""

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        package = Package(path)
        self.members = dict(package.members)
        sheets = [
            s for s in package.worksheets if (s.name == sheet if sheet else package.related(s.part, "table"))
        ]
        self.sheet = (sheets or package.worksheets)[0].part
        self.book = package.workbook_part
        self.rels = package.relationships_part(self.book)

    def packed(self, changed: dict[str, bytes | None] | None = None, *, level: int = 6) -> bytes:
        """The package with parts replaced, added, or (None) left out."""
        members: dict[str, bytes | None] = {**self.members, **(changed or {})}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            for name, data in members.items():
                if data is not None:
                    archive.writestr(name, data)
        return stream.getvalue()

    def replaced(self, part: str, old: bytes, new: bytes) -> bytes:
        """The package with one text replaced in one part."""
        changed = self.members[part].replace(old, new, 1)
        if changed == self.members[part]:
            raise LookupError(f"{part} does not contain {old!r}")
        return self.packed({part: changed})

    def with_row(self, row: bytes) -> bytes:
        """The package with a row put before the first sheet's last one."""
        data = self.members[self.sheet]
        if b"<sheetData/>" in data:
            return self.packed(
                {self.sheet: data.replace(b"<sheetData/>", b"<sheetData>" + row + b"</sheetData>")}
            )
        return self.packed({self.sheet: data.replace(b"</sheetData>", row + b"</sheetData>", 1)})

    def with_doctype(self, part: str, doctype: bytes) -> bytes:
        """The package with a document type in one part."""
        declaration, _, rest = self.members[part].partition(b"?>")
        return self.packed({part: declaration + b"?>" + doctype + rest})


Make: TypeAlias = Callable[[Source], bytes]


@dataclass(frozen=True, slots=True)
class Hostile:
    """One way to spoil a package, and what may be done with the result."""

    name: str
    make: Make
    expect: Expect = Expect.REFUSE

    def __str__(self) -> str:
        return self.name


def _constant(data: bytes) -> Make:
    return lambda _source: data


def _row(row: bytes) -> Make:
    return lambda source: source.with_row(row)


def _without(part: str) -> Make:
    return lambda source: source.packed({part: None})


def _cut(source: Source) -> bytes:
    whole = source.packed()
    return whole[: len(whole) // 2]


def _no_directory(source: Source) -> bytes:
    whole = source.packed()
    return whole[: whole.rindex(b"PK\x01\x02")]


def _overwritten(source: Source) -> bytes:
    """Zeros in the middle of a member's compressed bytes."""
    whole = bytearray(source.packed())
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        entry = archive.getinfo(source.sheet)
    begin = entry.header_offset + 30 + len(entry.filename.encode()) + 8
    whole[begin : begin + 64] = bytes(64)
    return bytes(whole)


def _bomb(source: Source) -> bytes:
    return source.packed({source.sheet: source.members[source.sheet] + b" " * BOMB}, level=9)


def _many(source: Source) -> bytes:
    return source.packed({f"xl/media/{number}.bin": b"" for number in range(30_000)})


def _path_tricks(source: Source) -> bytes:
    return source.packed({"../../evil.txt": b"x", "/etc/evil": b"x", "C:\\evil.txt": b"x"})


def _twice(source: Source, name: str) -> bytes:
    """Two members of one name; written under another name first, because zipfile warns of doubles."""
    stand_in = "#" * len(name)
    made = source.packed({stand_in: source.members[source.sheet].replace(b"<v>", b"<v>6")})
    return made.replace(stand_in.encode(), name.encode())


def _records(data: bytes, name: str) -> tuple[int, int]:
    """Offsets of a member's local header and central record."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        header = archive.getinfo(name).header_offset
    place = data.index(b"PK\x01\x02")
    while True:
        length = struct.unpack_from("<H", data, place + 28)[0]
        if data[place + 46 : place + 46 + length].decode() == name:
            return header, place
        place = data.index(b"PK\x01\x02", place + 46)


def _flagged(flag: int = 0, *, method: int | None = None, crc: int | None = None) -> Make:
    def make(source: Source) -> bytes:
        data = bytearray(source.packed())
        header, record = _records(bytes(data), source.sheet)
        for place in (header, record + 2):  # the same fields, two bytes later in the central record
            flags = struct.unpack_from("<H", data, place + 6)[0]
            struct.pack_into("<H", data, place + 6, flags | flag)
            if method is not None:
                struct.pack_into("<H", data, place + 8, method)
            if crc is not None:
                struct.pack_into("<I", data, place + 14, crc)
        return bytes(data)

    return make


def _lying(source: Source) -> bytes:
    """A member that says it is small and is not."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = engine.compress(source.members[source.sheet] + b" " * BOMB) + engine.flush()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in source.members.items():
            if name != source.sheet:
                archive.writestr(name, data)
        archive.writestr(zipfile.ZipInfo(source.sheet), bomb)  # stored; made to look deflated below
    made = bytearray(stream.getvalue())
    header, record = _records(bytes(made), source.sheet)
    for place in (header, record + 2):
        struct.pack_into("<H", made, place + 8, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", made, place + 22, 1000)
    return bytes(made)


def _overlapping(source: Source) -> bytes:
    """Two central records that lead into the same bytes."""
    data = bytearray(source.packed({"xl/zz.xml": b"<x/>"}))
    header, _ = _records(bytes(data), source.sheet)
    _, record = _records(bytes(data), "xl/zz.xml")
    struct.pack_into("<I", data, record + 42, header)
    return bytes(data)


def _laughing(source: Source) -> bytes:
    made = source.members[source.sheet].replace(b"</sheetData>", b"</sheetData><x>&j;</x>", 1)
    declaration, _, rest = made.partition(b"?>")
    return source.packed({source.sheet: declaration + b"?>" + _LAUGHS + rest})


def _deep(source: Source) -> bytes:
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    return source.replaced(source.sheet, b"<sheetData", deep + b"<sheetData")


def _ends_early(source: Source) -> bytes:
    return source.packed({source.sheet: source.members[source.sheet][:-40]})


def _as_document(source: Source) -> bytes:
    return source.replaced(TYPES, b"spreadsheetml.sheet.main+xml", b"wordprocessingml.document.main+xml")


def _no_sheets(source: Source) -> bytes:
    return source.packed({source.book: re.sub(rb"<sheet [^>]*/>", b"", source.members[source.book])})


def _sheet_leads_to(target: bytes) -> Make:
    def make(source: Source) -> bytes:
        name = re.escape(source.sheet.rpartition("/")[2].encode())
        rels = re.sub(rb'Target="[^"]*' + name + b'"', b'Target="%b"' % target, source.members[source.rels])
        return source.packed({source.rels: rels})

    return make


_CORRECT = Expect.REFUSE_OR_CORRECT
_WHERE = b'<row r="900000">'

NOT_PACKAGES = (
    Hostile("empty file", _constant(b"")),
    Hostile("not a zip", _constant(b"name,phone\n" * 100)),
    Hostile("a web page", _constant(b"<!DOCTYPE html><html><body>Sign in</body></html>")),
    Hostile("password-protected (OLE2)", _constant(OLE2 + bytes(4096))),
    Hostile("only the zip's first bytes", _constant(b"PK\x03\x04")),
    Hostile("an empty zip", _constant(b"PK\x05\x06" + bytes(18))),
    Hostile("truncated in the middle", _cut),
    Hostile("the central directory is cut off", _no_directory),
)
ZIPS = (
    Hostile("zeros in the middle", _overwritten),
    Hostile("bytes before the package", lambda source: b"MZ" * 600 + source.packed(), _CORRECT),
    Hostile("bytes after the package", lambda source: source.packed() + bytes(70_000)),
    Hostile("a bomb: 60 MB of blanks", _bomb),
    Hostile("a bomb that lies about its size", _lying),
    Hostile("overlapping members", _overlapping),
    Hostile("a member twice", lambda source: _twice(source, source.sheet)),
    Hostile("a member twice in other letters", lambda source: _twice(source, source.sheet.upper())),
    Hostile("encrypted member", _flagged(1)),
    Hostile("unknown compression", _flagged(method=97)),
    Hostile("a wrong checksum", _flagged(crc=0x12345678)),
    Hostile("30,000 members", _many),
    Hostile("path tricks", _path_tricks, _CORRECT),
)
DOCUMENTS = (
    Hostile("billion laughs", _laughing),
    Hostile("an external entity in the sheet", lambda source: source.with_doctype(source.sheet, _EXTERNAL)),
    Hostile("an external entity in the workbook", lambda source: source.with_doctype(source.book, _EXTERNAL)),
    Hostile("an external entity in the content types", lambda source: source.with_doctype(TYPES, _EXTERNAL)),
    Hostile("an external entity in the relationships", lambda source: source.with_doctype(RELS, _EXTERNAL)),
    Hostile("a document type", lambda source: source.with_doctype(source.sheet, b"<!DOCTYPE worksheet>")),
    Hostile("nesting 200,000 deep", _deep),
    Hostile("a sheet that ends early", _ends_early),
    Hostile("a control character", lambda source: source.replaced(source.sheet, b"</row>", b"\x01</row>")),
    Hostile(
        "bytes that are no UTF-8", lambda source: source.replaced(source.sheet, b"</row>", b"\xff\xfe</row>")
    ),
    Hostile("a sheet of nothing", lambda source: source.packed({source.sheet: b""})),
    Hostile("a workbook of nothing", lambda source: source.packed({source.book: b"<x/>"})),
)
STRUCTURES = (
    Hostile("no content types", _without(TYPES)),
    Hostile("no package relationships", _without(RELS)),
    Hostile("no workbook part", lambda source: source.packed({source.book: None})),
    Hostile("no sheet part", lambda source: source.packed({source.sheet: None})),
    Hostile("no workbook relationships", lambda source: source.packed({source.rels: None})),
    Hostile("a document instead", _as_document),
    Hostile("no sheets", _no_sheets),
    Hostile("a sheet that is the workbook", _sheet_leads_to(b"workbook.xml")),
    Hostile("a sheet outside the package", _sheet_leads_to(b"../../../../etc/passwd")),
)
CELLS = (
    Hostile(
        "a cell in the far corner", _row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), _CORRECT
    ),
    Hostile("a cell beyond the sheet", _row(b'<row r="99999999999"><c r="B99999999999"/></row>')),
    Hostile("a column beyond the sheet", _row(_WHERE + b'<c r="ZZZZ900000"/></row>')),
    Hostile("a cell that is none", _row(_WHERE + b'<c r="?!"><v>1</v></c></row>')),
    Hostile("a row of a million cells", _row(_WHERE + b"<c/>" * 1_000_000 + b"</row>")),
    Hostile("rows out of order", _row(b'<row r="1"><c r="A1"><v>5</v></c></row>')),
    Hostile("a cell twice", _row(_WHERE + b'<c r="A900000"><v>1</v></c><c r="A900000"><v>2</v></c></row>')),
    Hostile(
        "cells out of order", _row(_WHERE + b'<c r="B900000"><v>1</v></c><c r="A900000"/></row>'), _CORRECT
    ),
    Hostile("a shared string that is none", _row(_WHERE + b'<c t="s"><v>99999999</v></c></row>'), _CORRECT),
    Hostile("a number that is none", _row(_WHERE + b'<c r="A900000"><v>12,5</v></c></row>'), _CORRECT),
    Hostile("a style that is none", _row(_WHERE + b'<c r="A900000" s="99999"><v>1</v></c></row>'), _CORRECT),
)
HOSTILE: tuple[Hostile, ...] = (*NOT_PACKAGES, *ZIPS, *DOCUMENTS, *STRUCTURES, *CELLS)
"""Every way to spoil a package; names are unique."""


def hostile_packages(good: Path) -> list[tuple[str, bytes]]:
    """All bad packages a good workbook can become; parametrize over `HOSTILE` to make one at a time."""
    source = Source(good)
    return [(recipe.name, recipe.make(source)) for recipe in HOSTILE]
