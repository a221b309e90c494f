"""Workbooks made in every way programs are known to make them, written without any code of crmsheet.

Knows prefixes, byte order marks, encodings, streamed zips, rows and cells without references, shared and
array formulas. Does not know what a test does with them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, TypeAlias, cast
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"

CellValue: TypeAlias = bool | int | float | str | None


@dataclass(frozen=True)
class Shape:
    """How a book is written; the default is what Excel does."""

    prefix: str = ""
    bom: bool = False
    encoding: str = "utf-8"
    streamed: bool = False
    row_numbers: bool = True
    cell_refs: bool = True
    spans: bool = True
    dimension: bool = True
    inline: bool = False
    swapped: bool = False
    """Attributes of cells in another order and in single quotes."""
    spaced: bool = False
    odd: str = ""
    """`comment`, `cdata` or `instruction`: what only a real parser copes with."""


@dataclass(frozen=True)
class CellSpec:
    value: CellValue = None
    formula: str = ""
    style: int = 0
    shared: int | None = None
    """Index of a shared formula; the master has the text in `formula` and `ref`."""
    ref: str = ""
    array: bool = False


Cells: TypeAlias = Mapping[tuple[int, int], CellSpec]


@dataclass(frozen=True)
class Book:
    """Parts by name; `sheet` is the one worksheet."""

    parts: dict[str, bytes] = field(default_factory=dict)
    streamed: bool = False

    def zipped(self) -> bytes:
        buffer = io.BytesIO()
        target = cast(IO[bytes], _Unseekable(buffer)) if self.streamed else buffer
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                info = zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return buffer.getvalue()


class _Unseekable:
    """A target into which a zip can only be streamed, with data descriptors."""

    def __init__(self, to: io.BytesIO) -> None:
        self._to = to

    def write(self, data: bytes) -> int:
        return self._to.write(data)

    def flush(self) -> None:
        self._to.flush()


def letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def at(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


def book(cells: Cells, shape: Shape | None = None, *, merges: tuple[str, ...] = (), tail: str = "") -> Book:
    """A workbook of one sheet named Data. `tail` is XML behind the merges."""
    shape = shape or Shape()
    strings = _Strings(shape.inline)
    sheet = sheet_xml(cells, shape, strings, merges=merges, tail=tail)
    p = shape.prefix
    root = f"{p}workbook xmlns{_colon(p)}={quoteattr(MAIN)} xmlns:r={quoteattr(OFFICE)}"
    workbook = f'<{root}><{p}sheets><{p}sheet name="Data" sheetId="1" r:id="rId1"/></{p}sheets></{p}workbook>'
    relations = (
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    overrides = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_SHEET_TYPE.format(kind)}"/>'
        for name, kind in (
            ("workbook.xml", "sheet.main"),
            ("worksheets/sheet1.xml", "worksheet"),
            ("styles.xml", "styles"),
            ("sharedStrings.xml", "sharedStrings"),
        )
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": strings.xml(p),
    }
    declared = f'<?xml version="1.0" encoding="{shape.encoding}" standalone="yes"?>\n'
    return Book({name: _encoded(declared + text, shape) for name, text in parts.items()}, shape.streamed)


_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


def _colon(prefix: str) -> str:
    return f":{prefix[:-1]}" if prefix else ""


def _encoded(text: str, shape: Shape) -> bytes:
    if shape.encoding == "utf-16":
        return text.encode("utf-16")
    if shape.encoding == "iso-8859-1":
        return text.encode("iso-8859-1", "xmlcharrefreplace")
    return (b"\xef\xbb\xbf" if shape.bom else b"") + text.encode()


class _Strings:
    def __init__(self, inline: bool) -> None:
        self.inline = inline
        self.texts: list[str] = []

    def index(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def xml(self, p: str) -> str:
        items = "".join(self._item(text, p) for text in self.texts)
        return f"<{p}sst xmlns{_colon(p)}={quoteattr(MAIN)}>{items}</{p}sst>"

    def _item(self, text: str, p: str) -> str:
        """Plain, or in two runs with a phonetic guide, by length."""
        tag = f'{p}t xml:space="preserve"'
        if len(text) % 3 != 2:
            return f"<{p}si><{tag}>{escape(text)}</{p}t></{p}si>"
        runs = f"<{p}r><{tag}>{escape(text[:1])}</{p}t></{p}r><{p}r><{p}rPr><{p}b/></{p}rPr>"
        guide = f'<{p}rPh sb="0" eb="1"><{p}t>guide</{p}t></{p}rPh>'
        return f"<{p}si>{runs}<{tag}>{escape(text[1:])}</{p}t></{p}r>{guide}</{p}si>"


def sheet_xml(
    cells: Cells, shape: Shape, strings: _Strings, *, merges: tuple[str, ...] = (), tail: str = ""
) -> str:
    p = shape.prefix
    gap = "\n  " if shape.spaced else ""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, []).append(column)
    written: list[str] = []
    last = -1
    for row, columns in rows.items():
        number = "" if not shape.row_numbers and row == last + 1 else f' r="{row + 1}"'
        spans = f' spans="{columns[0] + 1}:{columns[-1] + 1}"' if shape.spans else ""
        inside: list[str] = []
        before = -1
        for column in columns:
            named = shape.cell_refs or column != before + 1
            inside.append(gap + _cell(row, column, cells[row, column], shape, strings, named=named))
            before = column
        written.append(f"{gap}<{p}row{number}{spans}>{''.join(inside)}{gap}</{p}row>")
        last = row
    odd = {
        "comment": f"<!-- <{p}row r='1'><{p}c r='A1'/></{p}row> -->",
        "instruction": f"<?note <{p}row> ?>",
    }.get(shape.odd, "")
    corners = [*(at(*min(cells)), at(max(r for r, _ in cells), max(c for _, c in cells)))] if cells else []
    left = min((c for _, c in cells), default=0)
    if corners:
        corners[0] = at(min(r for r, _ in cells), left)
    dimension = f'<{p}dimension ref="{":".join(corners) or "A1"}"/>' if shape.dimension else ""
    data = f"<{p}sheetData>{odd}{''.join(written)}</{p}sheetData>" if rows or odd else f"<{p}sheetData/>"
    merged = "".join(f'<{p}mergeCell ref="{m}"/>' for m in merges)
    merged = f'<{p}mergeCells count="{len(merges)}">{merged}</{p}mergeCells>' if merges else ""
    return (
        f"<{p}worksheet xmlns{_colon(p)}={quoteattr(MAIN)} xmlns:r={quoteattr(OFFICE)}>{dimension}"
        f"{data}{merged}{tail}</{p}worksheet>"
    )


def _cell(row: int, column: int, spec: CellSpec, shape: Shape, strings: _Strings, *, named: bool) -> str:
    p = shape.prefix
    place = f' r="{at(row, column)}"' if named else ""
    style = f' s="{spec.style}"' if spec.style else ""
    formula = ""
    if spec.shared is not None:
        ref = f' ref="{spec.ref}"' if spec.ref else ""
        start = f'<{p}f t="shared"{ref} si="{spec.shared}"'
        formula = f"{start}>{escape(spec.formula)}</{p}f>" if spec.formula else f"{start}/>"
    elif spec.array:
        formula = f'<{p}f t="array" ref="{spec.ref}">{escape(spec.formula)}</{p}f>'
    elif spec.formula:
        formula = f"<{p}f>{escape(spec.formula)}</{p}f>"
    kind, content = "", ""
    match spec.value:
        case None:
            pass
        case bool():
            kind, content = ' t="b"', f"<{p}v>{int(spec.value)}</{p}v>"
        case int() | float():
            content = f"<{p}v>{spec.value!r}</{p}v>"
        case str() if formula:
            kind, content = ' t="str"', f"<{p}v>{_characters(spec.value, shape)}</{p}v>"
        case str() if strings.inline:
            text = f'<{p}t xml:space="preserve">{_characters(spec.value, shape)}</{p}t>'
            kind, content = ' t="inlineStr"', f"<{p}is>{text}</{p}is>"
        case str():
            kind, content = ' t="s"', f"<{p}v>{strings.index(spec.value)}</{p}v>"
    attributes = place + style + kind
    if shape.swapped:
        attributes = (kind + style + place).replace('"', "'")
    if not formula and not content:
        return f"<{p}c{attributes}/>"
    gap = "\n    " if shape.spaced else ""
    return f"<{p}c{attributes}>{gap}{formula}{gap}{content}{gap}</{p}c>"


def _characters(text: str, shape: Shape) -> str:
    if shape.odd == "cdata" and shape.encoding != "iso-8859-1":
        return f"<![CDATA[{text}]]>" if "]]>" not in text else escape(text)
    return escape(text)
