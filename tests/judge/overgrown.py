"""Packages that are too much: each a good workbook of ours with one thing in absurd number, size or depth.

Knows what makes readers run out of time or memory without any rule of the zip container being broken: nothing
here inflates to a hundred times its size, so that no look at ratios gives it away. Does not know what a careful
program says to it; that it says anything, soon and with little memory, is all there is to expect.
"""

from __future__ import annotations

import base64
import hashlib
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.judge.hostile import Source

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Overgrown:
    """One way to make a package too much."""

    name: str
    make: Callable[[Source], bytes]

    def __str__(self) -> str:
        return self.name


def noise(count: int) -> bytes:
    """Letters that hardly compress, the same ones each time."""
    return base64.b64encode(random.Random(count).randbytes(count * 3 // 4))


def many(pattern: bytes, count: int) -> bytes:
    """The pattern with the numbers from 0, one after another."""
    return b"".join([pattern % n for n in range(count)])


def _packed(source: Source, changed: dict[str, bytes]) -> bytes:
    return source.packed(dict(changed), level=1)


def into(
    part: Callable[[Source], str], before: bytes, content: Callable[[], bytes]
) -> Callable[[Source], bytes]:
    """A recipe: content put in before a text of a part."""

    def make(source: Source) -> bytes:
        name = part(source)
        data = source.members[name]
        at = data.rindex(before)
        return _packed(source, {name: data[:at] + content() + data[at:]})

    return make


def sheet(source: Source) -> str:
    return source.sheet


def book(source: Source) -> str:
    return source.book


def rels(source: Source) -> str:
    return source.rels


def sheet_rels(source: Source) -> str:
    folder, _, name = source.sheet.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def fixed(name: str) -> Callable[[Source], str]:
    return lambda _source: name


def table(source: Source) -> str:
    return next(name for name in source.members if name.startswith("xl/tables/"))


def _strings(source: Source, content: bytes) -> bytes:
    """The package with a shared strings part, which it had not."""
    types, relations = source.members["[Content_Types].xml"], source.members[source.rels]
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    return _packed(
        source,
        {
            "[Content_Types].xml": types.replace(
                b"</Types>",
                b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
                b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
            ),
            source.rels: relations.replace(
                b"</Relationships>",
                b'<Relationship Id="rIdS" Type="%b" Target="sharedStrings.xml"/></Relationships>' % kind,
            ),
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + content
            + b"</sst>",
            # A cell that needs them.
            source.sheet: source.members[source.sheet].replace(
                b"</sheetData>", b'<row r="99"><c r="A99" t="s"><v>7</v></c></row></sheetData>'
            ),
        },
    )


def _deep(count: int) -> bytes:
    """Elements in elements, with names that do not compress away."""
    names = [b"a%x" % (n * 2654435761 % 2**32) for n in range(count)]
    return b"".join(b"<%b>" % n for n in names) + b"".join(b"</%b>" % n for n in reversed(names))


def _record(source: Source, content: bytes, digest: str = "") -> bytes:
    """The package with another record of ours in its hidden sheet."""
    body = base64.b64encode(zlib.compress(content, 9)).decode()
    chunks = [body[i : i + 32_000] for i in range(0, len(body), 32_000)]
    head = f"crmsheet 1 {len(chunks)} {digest or hashlib.sha256(content).hexdigest()} 0"
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for n, text in enumerate((head, *chunks), 1)
    )
    part = next(
        name
        for name, data in source.members.items()
        if name.startswith("xl/worksheets/") and b"crmsheet 1 " in data
    )
    data = source.members[part]
    name = re.compile(rb"(_crmsheet!\$A\$1:\$A\$)\d+")
    workbook = name.sub(b"\\g<1>%d" % (len(chunks) + 1), source.members[source.book])
    spoilt = re.sub(
        rb"<sheetData>.*</sheetData>",
        b"<sheetData>" + cells.encode() + b"</sheetData>",
        data,
        flags=re.DOTALL,
    )
    return _packed(source, {part: spoilt, source.book: workbook})


def _changed(part: Callable[[Source], str], old: bytes, new: bytes) -> Callable[[Source], bytes]:
    def make(source: Source) -> bytes:
        name = part(source)
        changed = re.sub(old, lambda _match: new, source.members[name])
        assert changed != source.members[name]
        return _packed(source, {name: changed})

    return make


def _nested(source: Source) -> bytes:
    """A zip in a zip in a zip, each a bomb to whoever unpacks what it finds."""
    inner = bytes(20 * 2**20)
    for _ in range(3):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(10):
                archive.writestr(f"{n}.zip", inner)
        inner = stream.getvalue()
    return _packed(source, {"xl/embeddings/oleObject1.bin": inner})


def _together(source: Source) -> bytes:
    """A hundred parts, each just below what one may be: 16 GB together in a file of 1 MB."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = engine.compress(bytes(1_000_000)) + engine.flush()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in source.members.items():
            archive.writestr(name, data)
        for n in range(5000):
            archive.writestr(zipfile.ZipInfo(f"xl/media/{n}.bin"), piece)
    made = bytearray(stream.getvalue())
    for match in re.finditer(rb"PK\x01\x02", bytes(made)):
        at = match.start()
        length = int.from_bytes(made[at + 28 : at + 30], "little")
        if made[at + 46 : at + 46 + length].startswith(b"xl/media/"):
            header = int.from_bytes(made[at + 42 : at + 46], "little")
            for place in (at + 10, header + 8):
                made[place : place + 2] = (8).to_bytes(2, "little")
            for place in (at + 24, header + 22):
                made[place : place + 4] = (1_000_000).to_bytes(4, "little")
    return bytes(made)


SHEET_DATA = b"</sheetData>"
_TABLE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"


def _masters() -> bytes:
    """Each says that all cells below follow it."""
    cell = b'<row r="%d"><c r="J%d"><f t="shared" si="0" ref="J%d:J9999">E4</f><v>1</v></c>'
    more = b'<c r="K%d"><f t="shared" si="0"/><v>1</v></c></row>'
    return b"".join([cell % (n, n, n) + more % n for n in range(99, 3099)])


def _chain() -> bytes:
    """The first reads a cell of ours, each further one the one above."""
    cell = b'<row r="%d"><c r="J%d"><f>%b+1</f><v>1</v></c></row>'
    return b"".join([cell % (n, n, b"J%d" % (n - 1) if n > 99 else b"E4") for n in range(99, 20_099)])


OVERGROWN = (
    Overgrown("zips in a zip", _nested),
    Overgrown("5,000 bombs too small to be told", _together),
    Overgrown(
        "a part of 60 MB that nobody reads", lambda s: _packed(s, {"xl/media/x.bin": noise(60_000_000)})
    ),
    Overgrown("100,000 elements in each other", into(sheet, b"<sheetData", lambda: _deep(100_000))),
    Overgrown(
        "100,000 elements in a cell",
        into(sheet, SHEET_DATA, lambda: b'<row r="99"><c r="A99">' + _deep(100_000) + b"</c></row>"),
    ),
    Overgrown("100,000 elements in the workbook", into(book, b"</workbook>", lambda: _deep(100_000))),
    Overgrown(
        "100,000 elements in the styles",
        into(fixed("xl/styles.xml"), b"</styleSheet>", lambda: _deep(100_000)),
    ),
    Overgrown(
        "an attribute of 50 MB", into(sheet, b"</worksheet>", lambda: b'<x y="' + noise(50_000_000) + b'"/>')
    ),
    Overgrown(
        "an attribute of 50 MB in the workbook",
        into(book, b"</workbook>", lambda: b'<x y="' + noise(50_000_000) + b'"/>'),
    ),
    Overgrown(
        "a million attributes",
        into(sheet, b"</worksheet>", lambda: b"<x" + many(b' a%x="1"', MILLION) + b"/>"),
    ),
    Overgrown(
        "a million attributes in the workbook",
        into(book, b"</workbook>", lambda: b"<x" + many(b' a%x="1"', MILLION) + b"/>"),
    ),
    Overgrown("a comment of 50 MB", into(sheet, b"<sheetData", lambda: b"<!--" + noise(50_000_000) + b"-->")),
    Overgrown(
        "a cell of 50 MB",
        into(
            sheet,
            SHEET_DATA,
            lambda: (
                b'<row r="99"><c r="A99" t="inlineStr"><is><t>' + noise(50_000_000) + b"</t></is></c></row>"
            ),
        ),
    ),
    Overgrown(
        "a formula of 30 MB",
        into(
            sheet,
            SHEET_DATA,
            lambda: b'<row r="99"><c r="A99"><f>' + noise(30_000_000) + b"</f><v>1</v></c></row>",
        ),
    ),
    Overgrown(
        "a formula of 100,000 brackets",
        into(
            sheet,
            SHEET_DATA,
            lambda: (
                b'<row r="99"><c r="A99"><f>'
                + b"(" * 100_000
                + b"A1"
                + b")" * 100_000
                + b"</f><v>1</v></c></row>"
            ),
        ),
    ),
    Overgrown(
        "a number of a million digits",
        into(
            sheet,
            SHEET_DATA,
            lambda: (
                b'<row r="99"><c r="A99"><v>'
                + noise(1_000_000).translate(bytes(48 + n % 10 for n in range(256)))
                + b"</v></c></row>"
            ),
        ),
    ),
    Overgrown(
        "a million columns",
        into(sheet, SHEET_DATA, lambda: b'<row r="99">' + many(b'<c r="A%d"/>', MILLION) + b"</row>"),
    ),
    Overgrown(
        "a million cells without places in a row",
        into(sheet, SHEET_DATA, lambda: b'<row r="99">' + many(b"<c><v>%d</v></c>", MILLION) + b"</row>"),
    ),
    Overgrown(
        "300,000 rows",
        into(sheet, SHEET_DATA, lambda: b"".join([b'<row r="%d"/>' % n for n in range(99, 300_000)])),
    ),
    Overgrown(
        "a million rows of one number",
        into(sheet, SHEET_DATA, lambda: many(b'<row r="99" s="%d"/>', MILLION)),
    ),
    Overgrown(
        "rows without places and without end",
        into(sheet, SHEET_DATA, lambda: many(b'<row s="%d"/>', 1_200_000)),
    ),
    Overgrown(
        "100,000 rows with numbers",
        into(
            sheet,
            SHEET_DATA,
            lambda: b"".join(
                [b'<row r="%d"><c r="J%d"><v>%d</v></c></row>' % (n, n, n) for n in range(99, 100_000)]
            ),
        ),
    ),
    Overgrown(
        "a million merged ranges",
        into(
            sheet,
            b"</worksheet>",
            lambda: (
                b"<mergeCells>"
                + b"".join([b'<mergeCell ref="X%d:Y%d"/>' % (n, n) for n in range(1, MILLION)])
                + b"</mergeCells>"
            ),
        ),
    ),
    Overgrown(
        "a million validations",
        into(
            sheet,
            b"</worksheet>",
            lambda: (
                b"<dataValidations>" + many(b'<dataValidation sqref="Z%d"/>', MILLION) + b"</dataValidations>"
            ),
        ),
    ),
    Overgrown(
        "a validation of a million ranges",
        into(
            sheet,
            b"</worksheet>",
            lambda: (
                b'<dataValidations><dataValidation type="whole" sqref="'
                + many(b"Z%d ", MILLION)
                + b'"/></dataValidations>'
            ),
        ),
    ),
    Overgrown(
        "a million column widths",
        into(
            sheet,
            b"<sheetData",
            lambda: (
                b"<cols>"
                + b"".join([b'<col min="%d" max="%d"/>' % (n, n) for n in range(MILLION)])
                + b"</cols>"
            ),
        ),
    ),
    Overgrown("a million shared strings", lambda s: _strings(s, many(b"<si><t>%d</t></si>", MILLION))),
    Overgrown(
        "200,000 rich shared strings", lambda s: _strings(s, many(b"<si><r><t>%d</t></r></si>", 200_000))
    ),
    Overgrown(
        "200,000 shared strings never closed", lambda s: _strings(s, many(b"<si><r><t>%d</t></r>", 200_000))
    ),
    Overgrown(
        "a million defined names",
        into(book, b"</definedNames>", lambda: many(b'<definedName name="n%d">1</definedName>', MILLION)),
    ),
    Overgrown(
        "30,000 marks of ours",
        into(
            book,
            b"</definedNames>",
            lambda: many(b'<definedName name="_crm.x%d">Guide!$A$1:$XFD$1048576</definedName>', 30_000),
        ),
    ),
    Overgrown("marks as large as a sheet", _changed(book, rb"\$A\$4:\$H\$50", b"$A$4:$XFD$1048576")),
    Overgrown(
        "a million relationships",
        into(
            rels, b"</Relationships>", lambda: many(b'<Relationship Id="r%d" Type="t" Target="x"/>', MILLION)
        ),
    ),
    Overgrown(
        "a million relationships of a sheet",
        into(
            sheet_rels,
            b"</Relationships>",
            lambda: many(b'<Relationship Id="r%d" Type="t" Target="x"/>', MILLION),
        ),
    ),
    Overgrown(
        "10,000 tables that are one",
        into(
            sheet_rels,
            b"</Relationships>",
            lambda: many(
                b'<Relationship Id="r%d" Type="' + _TABLE + b'" Target="../tables/table1.xml"/>',
                10_000,
            ),
        ),
    ),
    Overgrown(
        "a million content types",
        into(
            fixed("[Content_Types].xml"),
            b"</Types>",
            lambda: many(b'<Override PartName="/p%d" ContentType="x"/>', MILLION),
        ),
    ),
    Overgrown(
        "100,000 sheets that are one",
        into(book, b"</sheets>", lambda: many(b'<sheet name="s%d" sheetId="9" r:id="rId1"/>', 100_000)),
    ),
    Overgrown(
        "a million styles",
        into(fixed("xl/styles.xml"), b"</cellXfs>", lambda: many(b'<xf numFmtId="%d"/>', MILLION)),
    ),
    Overgrown(
        "a million table columns",
        into(table, b"</tableColumns>", lambda: many(b'<tableColumn id="9" name="%d"/>', MILLION)),
    ),
    Overgrown("a table as large as a sheet", _changed(table, rb'ref="A3:H6"', b'ref="A3:XFD1048576"')),
    Overgrown("a table of a million rows", _changed(table, rb'ref="A3:H6"', b'ref="A3:H1048576"')),
    Overgrown("3,000 masters of one shared formula", into(sheet, SHEET_DATA, _masters)),
    Overgrown("a chain of 20,000 formulas", into(sheet, SHEET_DATA, _chain)),
    Overgrown(
        "an array formula as large as a sheet",
        into(
            sheet,
            SHEET_DATA,
            lambda: b'<row r="99"><c r="J99"><f t="array" ref="J99:XFD1048576">1</f><v>1</v></c></row>',
        ),
    ),
    Overgrown("a record that inflates to 300 MB", lambda s: _record(s, b" " * 300_000_000)),
    Overgrown(
        "a record of lists in lists", lambda s: _record(s, many(b"[%d,", 100_000) + b"0" + b"]" * 100_000)
    ),
    Overgrown("a record of a million things", lambda s: _record(s, b"[" + b"{}," * MILLION + b"{}]")),
    Overgrown("a record of a long number", lambda s: _record(s, b'{"format":' + b"7" * 1_000_000 + b"}")),
    Overgrown("a record that is no object", lambda s: _record(s, b"[]")),
)
"""Every way to make a package too much; names are unique."""
