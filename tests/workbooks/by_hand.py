"""A workbook written by XlsxWriter, with things put in by hand that no program here can save.

Knows how the standard writes them: custom views, phonetic text, threaded comments, a connection with its query
table, printer settings, custom XML, shared formulas, an embedded object, ink, a 3D model. What Excel itself makes
of such things is to be seen in other collections only.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import xlsxwriter

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MS = "http://schemas.microsoft.com/office"
SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
VIEW = "{A1B2C3D4-0000-4000-8000-00000000000A}"
PERSON = "{A1B2C3D4-0000-4000-8000-00000000000B}"
THREAD = "{A1B2C3D4-0000-4000-8000-00000000000C}"
REPLY = "{A1B2C3D4-0000-4000-8000-00000000000D}"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def base() -> dict[str, bytes]:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Seen")
    sheet.write_row("A1", ("東京", "Count", "Price"))
    for row in range(1, 5):
        sheet.write_row(row, 0, (f"name {row}", row, row * 1.5))
    for row in range(2, 6):
        sheet.write_formula(f"D{row}", f"=B{row}*2", None, (row - 1) * 2)
    sheet.write_comment("A2", f"[Threaded comment]\n{THREAD}")
    book.add_worksheet("Asked").write_row("A1", ("id", "amount"))
    book.define_name("Asked!orders_query", "=Asked!$A$1:$B$1")
    book.close()
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def relationship(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rIdHand{number}" Type="{kind}" Target="{target}"/>'


def changed(parts: dict[str, bytes], part: str, *edits: tuple[str, str]) -> None:
    text = parts[part].decode()
    for old, new in edits:
        if old not in text:
            raise ValueError(f"{part} has no {old}")
        text = text.replace(old, new, 1)
    parts[part] = text.encode()


def sheet_parts(parts: dict[str, bytes]) -> None:
    first, second = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    custom = (
        f'<customSheetViews><customSheetView guid="{VIEW}" scale="150" showGridLines="0" hiddenColumns="1">'
        '<pane ySplit="1" topLeftCell="A2" state="frozen"/><selection pane="bottomLeft" activeCell="C3" sqref="C3"/>'
        '<pageMargins left="0.2" right="0.2" top="0.3" bottom="0.3" header="0.1" footer="0.1"/>'
        "</customSheetView></customSheetViews>"
    )
    other = f'<customSheetViews><customSheetView guid="{VIEW}" scale="80"/></customSheetViews>'
    printed = '<pageSetup orientation="landscape" r:id="rIdHand1"/><drawing r:id="rIdHand3"/>'
    embedded = '<oleObjects><oleObject progId="Package" shapeId="1099" r:id="rIdHand4"/></oleObjects>'
    changed(
        parts,
        first,
        ("</sheetData>", f'</sheetData>{custom}<phoneticPr fontId="0" type="Hiragana" alignment="center"/>'),
        ("<f>B2*2</f>", '<f t="shared" ref="D2:D5" si="0">B2*2</f>'),
        ("<f>B3*2</f>", '<f t="shared" si="0"/>'),
        ("<f>B4*2</f>", '<f t="shared" si="0"/>'),
        ("<f>B5*2</f>", '<f t="shared" si="0"/>'),
        ("</worksheet>", f"{embedded}</worksheet>"),
        ("<legacyDrawing", f"{printed}<legacyDrawing"),
    )
    changed(parts, second, ("</sheetData>", f"</sheetData>{other}"))
    changed(
        parts,
        "xl/worksheets/_rels/sheet1.xml.rels",
        (
            "</Relationships>",
            relationship(1, f"{KINDS}/printerSettings", "../printerSettings/printerSettings1.bin")
            + relationship(
                2, f"{MS}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"
            )
            + relationship(3, f"{KINDS}/drawing", "../drawings/drawing1.xml")
            + relationship(4, f"{KINDS}/oleObject", "../embeddings/oleObject1.bin")
            + "</Relationships>",
        ),
    )
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = (
        f'{DECLARATION}<Relationships xmlns="{RELS}">'
        + relationship(1, f"{KINDS}/queryTable", "../queryTables/queryTable1.xml")
        + "</Relationships>"
    ).encode()


def workbook_parts(parts: dict[str, bytes]) -> None:
    changed(
        parts,
        "xl/workbook.xml",
        (
            "</workbook>",
            f'<customWorkbookViews><customWorkbookView name="Wide 宽" guid="{VIEW}" maximized="1" windowWidth="1200" '
            'windowHeight="700" activeSheetId="1"/></customWorkbookViews></workbook>',
        ),
    )
    changed(
        parts,
        "xl/_rels/workbook.xml.rels",
        (
            "</Relationships>",
            relationship(1, f"{KINDS}/connections", "connections.xml")
            + relationship(2, f"{MS}/2017/10/relationships/person", "persons/person.xml")
            + relationship(3, f"{KINDS}/customXml", "../customXml/item1.xml")
            + "</Relationships>",
        ),
    )
    changed(
        parts,
        "xl/sharedStrings.xml",
        (
            "<t>東京</t>",
            '<t>東京</t><rPh sb="0" eb="1"><t>トウ</t></rPh><rPh sb="1" eb="2"><t>キョウ</t></rPh>'
            '<phoneticPr fontId="0" type="fullwidthKatakana"/>',
        ),
    )
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{kind}"/>'
        for part, kind in (
            ("connections.xml", SHEET_ML + "connections+xml"),
            ("queryTables/queryTable1.xml", SHEET_ML + "queryTable+xml"),
            ("threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml"),
            ("persons/person.xml", "application/vnd.ms-excel.person+xml"),
            ("drawings/drawing1.xml", "application/vnd.openxmlformats-officedocument.drawing+xml"),
            ("ink/ink1.xml", "application/inkml+xml"),
            ("embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject"),
        )
    )
    changed(
        parts,
        "[Content_Types].xml",
        (
            "</Types>",
            f'<Default Extension="bin" ContentType="{SHEET_ML}printerSettings"/>'
            f'<Default Extension="glb" ContentType="model/gltf.binary"/>{types}</Types>',
        ),
    )


def new_parts(parts: dict[str, bytes]) -> None:
    threads = f"{MS}/spreadsheetml/2018/threadedcomments"
    parts["xl/threadedComments/threadedComment1.xml"] = (
        f'{DECLARATION}<ThreadedComments xmlns="{threads}"><threadedComment ref="A2" dT="2026-03-31T08:00:00.00" '
        f'personId="{PERSON}" id="{THREAD}"><text>Is this one paid? 付款了吗</text></threadedComment><threadedComment '
        f'ref="A2" dT="2026-03-31T09:00:00.00" personId="{PERSON}" id="{REPLY}" parentId="{THREAD}"><text>Yes</text>'
        "</threadedComment></ThreadedComments>"
    ).encode()
    parts["xl/persons/person.xml"] = (
        f'{DECLARATION}<personList xmlns="{threads}"><person displayName="李雷" id="{PERSON}" userId="lilei" '
        'providerId="None"/></personList>'
    ).encode()
    parts["xl/connections.xml"] = (
        f'{DECLARATION}<connections xmlns="{MAIN}"><connection id="1" name="orders" type="4" refreshedVersion="6" '
        'background="1" saveData="1"><webPr url="https://example.com/orders?a=1&amp;b=2"/></connection></connections>'
    ).encode()
    parts["xl/queryTables/queryTable1.xml"] = (
        f'{DECLARATION}<queryTable xmlns="{MAIN}" name="orders_query" connectionId="1" autoFormatId="16"/>'
    ).encode()
    parts["xl/printerSettings/printerSettings1.bin"] = b"HAND-MADE printer settings\0" + bytes(range(256))
    parts["xl/embeddings/oleObject1.bin"] = b"HAND-MADE, nothing embedded\0" + bytes(range(256))
    parts["customXml/item1.xml"] = b'<note xmlns="urn:theirs">kept by hand</note>'


def drawn_parts(parts: dict[str, bytes]) -> None:
    """Ink and a 3D model, each as newer programs see it; older ones see nothing."""
    place = (
        "<xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>7</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        "</xdr:from><xdr:to><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:to>"
    )
    fallback = (
        '<mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{0}" name="Older {0}"/><xdr:cNvSpPr/>'
        '</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr></xdr:sp></mc:Fallback></mc:AlternateContent>'
        "<xdr:clientData/></xdr:twoCellAnchor>"
    )
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    parts["xl/drawings/drawing1.xml"] = (
        f'{DECLARATION}<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main" xmlns:r="{KINDS}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<xdr:twoCellAnchor>{place.format(1, 4)}<mc:AlternateContent>"
        f'<mc:Choice xmlns:xdr14="{MS}/excel/2010/spreadsheetDrawing" Requires="xdr14"><xdr:contentPart '
        'r:id="rId1"/></mc:Choice>'
        f"{fallback.format(2)}<xdr:twoCellAnchor>{place.format(5, 8)}<mc:AlternateContent>"
        f'<mc:Choice xmlns:am3d="{MS}/drawing/2017/model3d" Requires="am3d"><am3d:model3d r:embed="rId2"/></mc:Choice>'
        f"{fallback.format(3)}</xdr:wsDr>"
    ).encode()
    parts["xl/drawings/_rels/drawing1.xml.rels"] = (
        f'{DECLARATION}<Relationships xmlns="{RELS}">'
        f'<Relationship Id="rId1" Type="{KINDS}/customXml" Target="../ink/ink1.xml"/>'
        f'<Relationship Id="rId2" Type="{MS}/2017/06/relationships/model3d" Target="../media/model3d1.glb"/>'
        "</Relationships>"
    ).encode()
    parts["xl/ink/ink1.xml"] = (
        b'<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"><inkml:trace>1 1, 9 9, 5 2</inkml:trace></inkml:ink>'
    )
    parts["xl/media/model3d1.glb"] = b"glTF\x02\0\0\0 HAND-MADE, no model " + bytes(range(256))


def by_hand(folder: Path) -> None:
    parts = base()
    sheet_parts(parts)
    workbook_parts(parts)
    new_parts(parts)
    drawn_parts(parts)
    with zipfile.ZipFile(folder / "handmade.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 31, 8, 0, 0)), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    by_hand(Path(sys.argv[1]))
