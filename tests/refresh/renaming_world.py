"""A workbook in which every kind of place mentions a sheet `Data`, a table `Deals`, its columns and a name.

Made by XlsxWriter, with what it cannot write put in by hand. Does not know how anything is renamed.
"""

from __future__ import annotations

import io

import xlsxwriter
from tests.refresh.small_world import member, members, sheet_part, with_parts, with_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

ROWS = [("A", 10, 1), ("B", 20, 2), ("C", 30, 3), ("B", 40, 4)]
HEADERS = ("kind", "amount", "line\nbreak", "total")


def rich_book() -> bytes:
    """Everything XlsxWriter can write."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold, italic = book.add_format({"bold": True}), book.add_format({"italic": True})
    data, report = book.add_worksheet("Data"), book.add_worksheet("My report")
    book.add_worksheet("Last")
    _table(data, bold, italic)
    book.define_name("rate", "=Data!$H$1")
    book.define_name("all_amounts", "=Deals[amount]")
    book.define_name("relative", "=Data!A1")
    book.define_name("Data!here", "=Data!$H$2")
    data.write_row("G1", ["rate", 0.5])
    data.write_row("G2", ["here", 7])
    data.print_area("A1:D9")
    data.repeat_rows(0)
    data.write_url("G4", "internal:Data!A1", string="top")
    data.write_url("G5", "internal:'My report'!B2")
    data.data_validation("A2:A9", {"validate": "list", "source": "=$A$2:$A$5"})
    data.conditional_format("B2:B9", {"type": "formula", "criteria": "=$B2>rate*20", "format": bold})
    data.conditional_format("C2:C9", {"type": "data_bar", "max_type": "formula", "max_value": "=$H$1"})
    data.add_sparkline("F2", {"range": "Data!B2:C2"})
    formulas = (
        "=SUM(Data!B2:B5)",
        "=SUM(Deals[amount])",
        "=SUM(Deals[[#Totals],[total]],Deals[[#All],[amount]:[line\nbreak]])",
        '=Data!B2&" Data!B2 "&SUMIFS(Deals[amount],Deals[kind],"B")',
        "=rate*2+Data!here",
        "=SUM(Data:Last!B2)",
        "=Deals[[#Headers],[amount]]",
        '=INDIRECT("Data!B3")',
        '=COUNTIF(Deals[kind],"kind")',
        "=SUM(all_amounts)",
    )
    for row, formula in enumerate(formulas):
        report.write_formula(row, 1, formula)
    report.write_array_formula("D1:D2", "{=Data!B2:B3*2}")
    report.data_validation("F1:F9", {"validate": "list", "source": "=Data!$A$2:$A$5"})
    report.conditional_format(
        "B1:B3", {"type": "cell", "criteria": ">", "value": "=Data!$H$1", "format": bold}
    )
    report.add_sparkline("E1", {"range": "Data!B2:B5"})
    report.insert_textbox("H20", "", {"textlink": "=Data!$B$2"})
    report.insert_textbox("H24", "there", {"url": "internal:Data!A1"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "=Data!$B$1", "categories": "=Data!$A$2:$A$5", "values": "=Data!$B$2:$B$5"})
    chart.set_title({"name": "=Data!$G$1"})
    report.insert_chart("H2", chart)
    on_sheet = book.add_chart({"type": "line"})
    on_sheet.add_series({"values": "=Data!$C$2:$C$5"})
    book.add_chartsheet("Picture").set_chart(on_sheet)
    book.close()
    return _with_the_rest(stream.getvalue())


def _table(data: xlsxwriter.worksheet.Worksheet, bold: object, italic: object) -> None:
    columns = [
        {"header": "kind", "total_string": "all"},
        {"header": "amount"},
        {"header": "line\nbreak"},
        {
            "header": "total",
            "formula": "=[@amount]*Deals[[#This Row],[line\nbreak]]",
            "total_function": "sum",
        },
    ]
    options = {"name": "Deals", "columns": columns, "data": [list(r) for r in ROWS], "total_row": True}
    data.add_table("A1:D6", options)
    for row, (_, amount, number) in enumerate(ROWS, start=1):
        data.write_formula(
            row, 3, "=Deals[[#This Row],[amount]]*Deals[[#This Row],[line\nbreak]]", None, amount * number
        )
    data.write_rich_string("B1", bold, "amo", italic, "unt")


def _with_the_rest(content: bytes) -> bytes:
    """What XlsxWriter does not write: rules of the extension, controls, pivot caches, slicers, shared formulas."""
    report, data = sheet_part(content, "My report"), sheet_part(content, "Data")
    validation = (
        f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{_X14}"><x14:dataValidations '
        f'xmlns:xm="{_XM}" count="1"><x14:dataValidation type="list"><x14:formula1><xm:f>Data!$A$2:$A$4</xm:f>'
        "</x14:formula1><xm:sqref>G1:G4</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    )
    content = with_text(content, report, lambda t: t.replace("<extLst>", "<extLst>" + validation))
    shared = "".join(
        f'<row r="{row}"><c r="C{row}"><f t="shared" {"" if row > 30 else "ref=" + chr(34) + "C30:C33" + chr(34)} '
        f'si="0">{"" if row > 30 else "Data!B2+Data!$H$1"}</f><v>{(row - 29) * 10 + 0.5}</v></c></row>'
        for row in range(30, 34)
    )
    content = with_text(content, report, lambda t: t.replace("</sheetData>", shared + "</sheetData>"))
    content = _with_control(content, report)
    table = next(name for name in members(content) if "tables/table" in name)
    assert 'displayName="Deals"' in member(content, table).decode()
    return _with_caches(content, data)


def _with_control(content: bytes, sheet: str) -> bytes:
    rels = sheet.replace("worksheets/", "worksheets/_rels/") + ".rels"
    added = (
        f'<Relationship Id="rId90" Type="{_RELS}/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/>'
        f'<Relationship Id="rId91" Type="{_RELS}/vmlDrawing" Target="../drawings/vmlDrawing9.vml"/>'
    )
    content = with_text(content, rels, lambda t: t.replace("</Relationships>", added + "</Relationships>"))
    control = (
        f'<formControlPr xmlns="{_X14}" objectType="Drop" fmlaLink="Data!$H$3" fmlaRange="Data!$A$2:$A$5"/>'
    )
    vml = (
        '<xml xmlns:x="urn:schemas-microsoft-com:office:excel"><x:ClientData ObjectType="Drop"><x:FmlaRange>'
        "Data!$A$2:$A$5</x:FmlaRange><x:FmlaLink>Data!$H$3</x:FmlaLink><x:FmlaMacro>[0]!Data</x:FmlaMacro><br>"
        "</x:ClientData></xml>"
    )
    return _with_types(
        with_parts(
            content,
            {"xl/ctrlProps/ctrlProp1.xml": control.encode(), "xl/drawings/vmlDrawing9.vml": vml.encode()},
        ),
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
        _override("xl/ctrlProps/ctrlProp1.xml", "application/vnd.ms-excel.controlproperties+xml"),
    )


def _with_caches(content: bytes, data: str) -> bytes:
    """Two pivot caches, by table and by range, and a slicer of the table."""
    del data
    fields = "".join(
        f'<cacheField name="{h}" numFmtId="0"><sharedItems/></cacheField>'
        for h in ("kind", "amount", "line_x000a_break", "total")
    )
    computed = (
        '<cacheField name="double" numFmtId="0" formula="amount*2+kind&amp;&quot;amount&quot;" '
        'databaseField="0"/>'
    )

    def cache(source: str) -> bytes:
        return (
            f'<pivotCacheDefinition xmlns="{_MAIN}" saveData="0" refreshOnLoad="1"><cacheSource type="worksheet">'
            f'<worksheetSource {source}/></cacheSource><cacheFields count="5">{fields}{computed}</cacheFields>'
            "</pivotCacheDefinition>"
        ).encode()

    slicer = (
        f'<slicerCacheDefinition xmlns="{_X14}" xmlns:x="{_MAIN}" name="Slicer_amount" sourceName="amount"><extLst>'
        '<x:ext xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
        'uri="{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}"><x15:tableSlicerCache tableId="1" column="2"/></x:ext>'
        "</extLst></slicerCacheDefinition>"
    )
    content = with_parts(
        content,
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": cache('name="Deals"'),
            "xl/pivotCache/pivotCacheDefinition2.xml": cache('ref="A1:D5" sheet="Data"'),
            "xl/slicerCaches/slicerCache1.xml": slicer.encode(),
        },
    )
    rels = "".join(
        f'<Relationship Id="rId8{n}" Type="{_RELS}/pivotCacheDefinition" '
        f'Target="pivotCache/pivotCacheDefinition{n}.xml"/>'
        for n in (1, 2)
    )
    rels += (
        '<Relationship Id="rId83" Type="http://schemas.microsoft.com/office/2007/relationships/slicerCache" '
        'Target="slicerCaches/slicerCache1.xml"/>'
    )
    content = with_text(
        content,
        "xl/_rels/workbook.xml.rels",
        lambda t: t.replace("</Relationships>", rels + "</Relationships>"),
    )
    caches = '<pivotCaches><pivotCache cacheId="1" r:id="rId81"/><pivotCache cacheId="2" r:id="rId82"/></pivotCaches>'
    content = with_text(
        content, "xl/workbook.xml", lambda t: t.replace("</workbook>", caches + "</workbook>")
    )
    return _with_types(
        content,
        *(
            _override(f"xl/pivotCache/pivotCacheDefinition{n}.xml", f"{_TYPES}.pivotCacheDefinition+xml")
            for n in (1, 2)
        ),
        _override("xl/slicerCaches/slicerCache1.xml", "application/vnd.ms-excel.slicerCache+xml"),
    )


def _override(part: str, content_type: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{content_type}"/>'


def _with_types(content: bytes, *added: str) -> bytes:
    return with_text(
        content, "[Content_Types].xml", lambda t: t.replace("</Types>", "".join(added) + "</Types>")
    )
