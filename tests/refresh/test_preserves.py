"""What a refresh preserves, one thing a test: first that nothing at all changes, then thing by thing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from tests.judge.fingerprint import fingerprint, lost
from tests.refresh.small_world import TODAY, View, member, members, typed, with_parts, with_text

from crmsheet import api

Edit = Callable[[openpyxl.Workbook], None]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005"
    "fe02fea1e2a8430000000049454e44ae426082"
)


def test_refresh_preserves_every_byte_when_nothing_is_to_change(small: bytes) -> None:
    assert api.refresh(small, name="b.xlsx", today=TODAY).content is None


def test_refresh_preserves_every_member_it_need_not_change(small: bytes) -> None:
    before = members(_changed(small))
    after = members(_refreshed(_changed(small)))
    assert list(after) == list(before)
    same = {name for name, data in after.items() if before[name] == data}
    assert {n for n in after if n not in same} <= {
        "xl/workbook.xml",
        *(n for n in after if n.startswith(("xl/worksheets/sheet", "xl/charts/chart"))),
    }
    assert "xl/styles.xml" in same
    assert "xl/worksheets/sheet1.xml" in same


def _changed(content: bytes) -> bytes:
    """Somebody changed an amount, so that boards, tables and charts have to follow."""
    return typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): 5000.0})


def _refreshed(content: bytes) -> bytes:
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is not None
    return done.content


@pytest.fixture(scope="module")
def workshop(small: bytes) -> Callable[[Edit], list[str]]:
    """What a refresh loses of an edit that people made with another program."""

    def work(edit: Edit) -> list[str]:
        book = openpyxl.load_workbook(io.BytesIO(_changed(small)))
        edit(book)
        stream = io.BytesIO()
        book.save(stream)
        before = stream.getvalue()
        after = _refreshed(before)
        plain = fingerprint(before)
        assert lost(fingerprint(small), plain), "the edit is not to be seen"

        def owned(sheet: str, _: str) -> bool:
            return sheet == "_crmsheet"

        return lost(plain, fingerprint(after), owned=owned)

    return work


Workshop = Callable[[Edit], list[str]]


def test_refresh_preserves_notes(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Customers"]["A5"].comment = Comment("call after five / 五点后打电话", "Li Lei")
        book["Board"]["C20"].comment = Comment("nice", "Han")

    assert workshop(edit) == []


def test_refresh_preserves_colours_and_fonts(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for ref in ("A5", "B6", "E7", "G8"):
            cell = book["Customers"][ref]
            cell.fill = PatternFill("solid", fgColor="FFFFEE00")
            cell.font = Font(bold=True, size=17, color="FFCC0000")
            cell.alignment = Alignment(horizontal="right", wrap_text=True)

    assert workshop(edit) == []


def test_refresh_preserves_number_formats_on_computed_cells(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Customers"]["E5"].number_format = '0.000" yuan"'

    assert workshop(edit) == []


def test_refresh_preserves_own_sheets(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("我的 'own' sheet", 1)
        sheet["A1"] = "text & <more>"
        sheet["B2"] = 0.1
        sheet["C3"] = "=B2*3"
        sheet.merge_cells("A5:C6")

    assert workshop(edit) == []


def test_refresh_preserves_images(small: bytes) -> None:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:oneCellAnchor><xdr:from><xdr:col>9'
        "</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        '<xdr:ext cx="9525" cy="9525"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo"/><xdr:cNvPicPr/>'
        f'</xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{kinds}" r:embed="rId1"/></xdr:blipFill><xdr:spPr/>'
        "</xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>"
    )
    content = _changed(small)
    sheet = View.of(content).package.sheet("Guide").part
    before = with_parts(
        content,
        {
            "xl/media/logo.png": PIXEL,
            "xl/drawings/drawing88.xml": drawing.encode(),
            "xl/drawings/_rels/drawing88.xml.rels": (
                f'{head}<Relationship Id="rId1" Type="{kinds}/image" Target="../media/logo.png"/></Relationships>'
            ).encode(),
            sheet.replace("worksheets/", "worksheets/_rels/") + ".rels": (
                f'{head}<Relationship Id="rId1" Type="{kinds}/drawing" Target="../drawings/drawing88.xml"/>'
                "</Relationships>"
            ).encode(),
            sheet: member(content, sheet).replace(
                b"</worksheet>", f'<drawing xmlns:r="{kinds}" r:id="rId1"/></worksheet>'.encode()
            ),
            "[Content_Types].xml": member(content, "[Content_Types].xml").replace(
                b"</Types>",
                b'<Default Extension="png" ContentType="image/png"/><Override PartName="/xl/drawings/drawing88.xml"'
                b' ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>',
            ),
        },
    )
    after = _refreshed(before)
    assert lost(fingerprint(before), fingerprint(after), owned=lambda sheet, _: sheet == "_crmsheet") == []
    assert member(after, "xl/media/logo.png") == PIXEL


def test_refresh_preserves_people_s_charts_on_its_own_boards(workshop: Workshop) -> None:
    """A chart between our blocks that shows our cells."""

    def edit(book: openpyxl.Workbook) -> None:
        chart = BarChart()
        chart.title = "Mine"
        chart.add_data(Reference(book["Customers"], min_col=5, min_row=3, max_row=15), titles_from_data=True)
        chart.set_categories(Reference(book["Customers"], min_col=1, min_row=4, max_row=15))
        book["Board"].add_chart(chart, "L20")

    assert workshop(edit) == []


def test_refresh_preserves_column_widths_and_row_heights(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Customers"].column_dimensions["A"].width = 61.5
        book["Customers"].column_dimensions["F"].hidden = True
        book["Customers"].row_dimensions[6].height = 44

    assert workshop(edit) == []


def test_refresh_preserves_own_columns_beside_tables(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Customers"]
        for row in range(4, 16):
            sheet[f"N{row}"] = row * 1.5
            sheet[f"O{row}"] = f"=N{row}*2"

    assert workshop(edit) == []


def test_refresh_preserves_remarks_below_tables(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Customers"]["A19"] = "prices without tax"
        book["Customers"]["B20"] = "=SUM(C4:C15)"

    assert workshop(edit) == []


def test_refresh_preserves_hyperlinks(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Customers"]["D5"].hyperlink = "https://example.com/?a=1&b=2"
        book["Customers"]["D6"].hyperlink = "#Orders!A1"

    assert workshop(edit) == []


def test_refresh_preserves_conditional_formats(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Customers"]
        rule = CellIsRule(operator="greaterThan", formula=["500"], fill=PatternFill(bgColor="FF00FF00"))
        sheet.conditional_formatting.add("E4:E15", rule)
        scale = ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FFFF0000")
        sheet.conditional_formatting.add("G4:G15", scale)

    assert workshop(edit) == []


def test_refresh_preserves_validations(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        rule = DataValidation("list", formula1='"a,b,c"')
        rule.add("N4:N15")
        book["Customers"].add_data_validation(rule)

    assert workshop(edit) == []


def test_refresh_preserves_defined_names(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book.defined_names["my_rate"] = DefinedName("my_rate", attr_text="0.13")
        book.defined_names["我的区域"] = DefinedName("我的区域", attr_text="Customers!$A$4:$A$9")
        book["Orders"].defined_names["local"] = DefinedName("local", attr_text="Orders!$A$1")

    assert workshop(edit) == []


def test_refresh_preserves_print_settings(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Customers"]
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.paperSize = 8
        sheet.print_area = "A1:F30"
        sheet.oddFooter.center.text = "Page &P of &N"
        sheet.page_margins.left = 0.123

    assert workshop(edit) == []


def test_refresh_preserves_hidden_sheets_and_their_order(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Lists"].sheet_state = "hidden"
        book["Guide"].sheet_state = "veryHidden"
        book.move_sheet("Orders", -2)

    assert workshop(edit) == []


def test_refresh_preserves_freezes_zoom_and_filters(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Orders"].freeze_panes = "C9"
        book["Orders"].sheet_view.zoomScale = 145
        book["Customers"].sheet_view.showGridLines = False

    assert workshop(edit) == []


def test_refresh_preserves_grouped_rows(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Orders"].row_dimensions.group(6, 9, hidden=True)

    assert workshop(edit) == []


def test_refresh_preserves_document_properties(workshop: Workshop) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book.properties.title = "Our customers"
        book.properties.creator = "王芳"

    assert workshop(edit) == []


def test_refresh_preserves_parts_it_does_not_know(small: bytes) -> None:
    content = with_text(
        _changed(small),
        "[Content_Types].xml",
        lambda t: t.replace("</Types>", '<Default Extension="odd" ContentType="application/x-odd"/></Types>'),
    )
    content = with_parts(content, {"customXml/item1.odd": b"\x00\x01odd"})
    assert member(_refreshed(content), "customXml/item1.odd") == b"\x00\x01odd"


def test_refresh_preserves_unknown_elements_and_attributes(small: bytes) -> None:
    part = View.of(small).package.sheet("Customers").part
    marked = with_text(
        _changed(small),
        part,
        lambda t: t.replace(
            "</worksheet>",
            '<extLst><ext uri="{11111111-2222-3333-4444-555555555555}"><x:odd xmlns:x="urn:x">  &#20320; </x:odd>'
            "</ext></extLst></worksheet>",
        ),
    )
    after = member(_refreshed(marked), part).decode()
    assert '<x:odd xmlns:x="urn:x">  &#20320; </x:odd>' in after


def test_refresh_preserves_the_styles_part(small: bytes, tmp_path: Path) -> None:
    content = _changed(small)
    assert member(_refreshed(content), "xl/styles.xml") == member(content, "xl/styles.xml")
    assert not list(tmp_path.iterdir())
