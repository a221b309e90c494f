"""Untouched members are copied bit for bit, whatever the zip looks like."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.judge.synthetic import Book, CellSpec, book

from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble, member_changes, unchanged_members, write

CELLS = {(0, 0): CellSpec("name"), (1, 1): CellSpec(5)}
SHEET = "xl/worksheets/sheet1.xml"


def odd_zip(*, streamed: bool, stored: bool, comment: bytes, stub: bytes, extra: bytes, names: str) -> bytes:
    """A package with what writers put into zips: descriptors, extra fields, comments, odd names."""
    made = book(CELLS)
    parts = {**made.parts, "xl/media/图 1.bin": bytes(range(256))}
    if names == "backslash":
        parts = {n.replace("/", "\\") if n.startswith("xl/w") else n: c for n, c in parts.items()}
    if names == "upper":
        parts = {n.upper() if n.startswith("xl/w") else n: c for n, c in parts.items()}
    plain = Book(parts, streamed).zipped()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target, zipfile.ZipFile(io.BytesIO(plain)) as source:
        for info in source.infolist():
            fresh = zipfile.ZipInfo(info.filename, (2001, 2, 3, 4, 5, 6))
            fresh.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            fresh.extra, fresh.comment, fresh.external_attr = extra, b"note", 0o644 << 16
            target.writestr(fresh, source.read(info))
        target.comment = comment
    result = plain if streamed else buffer.getvalue()
    return stub + result


SHAPES = {
    "streamed": st.booleans(),
    "stored": st.booleans(),
    "comment": st.sampled_from([b"", b"a comment", b"PK\x05\x06 in it"]),
    "stub": st.sampled_from([b"", b"MZ" * 40]),
    "extra": st.sampled_from([b"", struct.pack("<2H4s", 0xA220, 4, b"\0\0\0\0")]),
    "names": st.sampled_from(["", "backslash", "upper"]),
}


@settings(max_examples=40)
@given(st.fixed_dictionaries(SHAPES), st.data())
def test_only_named_members_change(shape: dict[str, object], data: st.DataObject) -> None:
    raw = odd_zip(**shape)  # type: ignore[arg-type]
    before = Package.of(raw)
    assert assemble(before) == raw
    parts = list(before.parts)
    replaced = {
        p: before.read(p) + b"<!-- -->" for p in data.draw(st.lists(st.sampled_from(parts), unique=True))
    }
    droppable = [p for p in parts if "media" in p and p not in replaced]
    removed = data.draw(st.lists(st.sampled_from(droppable), unique=True)) if droppable else []
    added = {"xl/新.xml": b"<a/>"} if data.draw(st.booleans()) else {}
    done = assemble(before, replaced, added, removed)
    after = Package.of(done)
    assert unchanged_members(before, after, [*replaced, *added, *removed]) == ()
    changes = member_changes(before, after)
    assert set(changes.changed) == set(replaced)
    assert set(changes.added) == set(added)
    assert set(changes.removed) == set(removed)
    after.check_all()
    for part in after.parts:
        expected = replaced.get(part) or added.get(part) or before.read(part)
        assert after.read(part) == expected
    if b"PK" not in before.directory.comment:  # zipfile takes such a comment for the end of the file
        with zipfile.ZipFile(io.BytesIO(done)) as archive:
            assert archive.testzip() is None
            assert len(archive.infolist()) == len(after.members)
    assert assemble(before, replaced, added, removed) == done


def test_a_change_that_was_not_named_is_found() -> None:
    before = Package.of(book(CELLS).zipped())
    after = Package.of(assemble(before, {SHEET: before.read(SHEET)}, {"xl/a.xml": b"<a/>"}))
    assert unchanged_members(before, after, [SHEET]) == ("xl/a.xml was added",)
    assert unchanged_members(after, before) != ()
    reordered = Book(dict(reversed(book(CELLS).parts.items()))).zipped()
    assert "the order of the members changed" in unchanged_members(before, Package.of(reordered))


def test_names_that_are_not_there_are_the_callers_mistake() -> None:
    package = Package.of(book(CELLS).zipped())
    with pytest.raises(KeyError):
        assemble(package, {"xl/none.xml": b""})
    with pytest.raises(KeyError):
        assemble(package, added={SHEET: b""})
    with pytest.raises(KeyError):
        assemble(package, removed=["xl/none.xml"])


def test_what_replaces_a_part_may_come_in_pieces() -> None:
    package = Package.of(odd_zip(streamed=False, stored=False, comment=b"", stub=b"", extra=b"", names=""))
    pieces = [b"<worksheet>", b"", b"<sheetData/>" * 50, b"</worksheet>"]
    assert assemble(package, {SHEET: iter(pieces)}) == assemble(package, {SHEET: b"".join(pieces)})


def test_a_replaced_member_keeps_its_date_and_attributes() -> None:
    raw = odd_zip(streamed=False, stored=True, comment=b"", stub=b"", extra=b"", names="")
    package = Package.of(raw)
    buffer = io.BytesIO()
    write(package, buffer, {SHEET: b"<worksheet/>" * 50})
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer) as new:
        before, after = old.getinfo(SHEET), new.getinfo(SHEET)
    assert (after.date_time, after.external_attr, after.comment) == (
        before.date_time,
        before.external_attr,
        before.comment,
    )
    assert after.compress_type == zipfile.ZIP_DEFLATED


def zip64(parts: dict[str, bytes]) -> bytes:
    """As some streaming writers do it: every size and offset in the zip64 field, though all are small."""
    out, table = b"", b""
    for name, content in parts.items():
        raw = name.encode()
        crc = zlib.crc32(content)
        size = len(content)
        extra = struct.pack("<2H2Q", 1, 16, size, size)
        local = struct.pack("<4s5H3I2H", b"PK\3\4", 45, 0, 0, 0, 33, crc, 2**32 - 1, 2**32 - 1, len(raw), 20)
        far = struct.pack("<2H3Q", 1, 24, size, size, len(out))
        table += struct.pack(
            *("<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, 0, 0, 33, crc, 2**32 - 1, 2**32 - 1),
            *(len(raw), len(far), 0, 0, 0, 0, 2**32 - 1),
        )
        table += raw + far
        out += local + raw + extra + content
    end64 = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, len(parts), len(parts), len(table), len(out)
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(out) + len(table), 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    return out + table + end64 + locator + end


def test_zip64_fields_of_small_files() -> None:
    parts = book(CELLS).parts
    before = Package.of(zip64(parts))
    before.check_all()
    done = assemble(before, {SHEET: b"<worksheet/>"}, {"xl/a.xml": b"<a/>"}, ["xl/styles.xml"])
    after = Package.of(done)
    assert unchanged_members(before, after, [SHEET, "xl/a.xml", "xl/styles.xml"]) == ()
    with zipfile.ZipFile(io.BytesIO(done)) as archive:
        assert archive.testzip() is None
        assert archive.read(SHEET) == b"<worksheet/>"
        assert archive.read("xl/workbook.xml") == parts["xl/workbook.xml"]
