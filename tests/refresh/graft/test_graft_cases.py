"""What a workbook may look like when something is put into it, and what is refused."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import zipfile
from functools import cache

import pytest
from tests.judge import schema
from tests.judge.grafting import grafted, grafting, into, small_book
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.judge.synthetic import CellSpec, Shape, book
from tests.refresh.small_world import TODAY, member, members, with_cell, with_parts, with_text
from xlsxwriter import Workbook

from crmsheet.api.refreshing import refresh
from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.refresh import Patch, applied, broken_promises
from crmsheet.refresh.graft.transplant import Transplant
from crmsheet.refresh.patch import combined
from crmsheet.sheetml.charts import charts_of
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.names import NameEdit, calculation_edits, defined_names
from crmsheet.sheetml.rules import added_validations

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one dot."""
PLAIN = {(0, 0): CellSpec(1), (1, 0): CellSpec("x"), (2, 0): CellSpec(2, "A1*2")}


def contents(data: bytes) -> Contents:
    return Contents(Package.of(data, "book.xlsx"))


@cache
def own_sheet(name: str = "Mine") -> bytes:
    """A workbook of another program with a table, a chart, a name and formats."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(name)
        sheet.add_table("A1:B4", {"name": "sales", "columns": [{"header": "a"}, {"header": "b"}]})
        sheet.write("D1", "bold", workbook.add_format({"bold": True, "bg_color": "#FFEE00"}))
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": f"={name}!$A$2:$A$4"})
        sheet.insert_chart("F2", chart)
        workbook.define_name("factor", f"={name}!$A$2")
    return stream.getvalue()


def proven(target: Contents, patch: Patch) -> Contents:
    """The patched workbook after all judges looked at it."""
    patched = applied(target, patch)
    after = contents(patched.data)
    assert list(broken_promises(target, patched, after)) == []
    if schema.available():
        assert set(schema_errors(patched.data)) - set(schema_errors(target.package.data)) == set()
    known = set(repair_causes(target.package.data, dialect=False))
    assert set(repair_causes(patched.data, dialect=False)) - known == set()
    return after


# How the target is written


@pytest.mark.parametrize(
    "shape",
    [
        Shape(),
        Shape(prefix="x:"),
        Shape(prefix="x:", bom=True, streamed=True),
        Shape(encoding="utf-16"),
        Shape(row_numbers=False, cell_refs=False, dimension=False),
        Shape(odd="comment", spaced=True),
    ],
    ids=str,
)
def test_a_book_of_any_shape_takes_another(shape: Shape) -> None:
    foreign = book(PLAIN, shape).zipped()
    target, patch = grafting(foreign)
    after = proven(target, patch)
    assert refresh(after.package.data, name="book.xlsx", today=TODAY).content is None
    before, now = members(foreign), members(after.package.data)
    assert [n for n in before if before[n] != now[n]] == [n for n in before if n in patch.spans]


def test_a_workbook_without_formats_gets_a_part_of_them() -> None:
    parts = members(book(PLAIN).zipped())
    del parts["xl/styles.xml"]
    for part in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[part] = re.sub(rb"<[^<>]*styles\.xml[^<>]*/>", b"", parts[part])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    target, patch = grafting(stream.getvalue())
    assert "xl/styles.xml" in patch.added
    after = proven(target, patch)
    assert after.package.related("xl/workbook.xml", "styles") == ("xl/styles.xml",)


def test_prefixes_bound_where_they_are_used_only() -> None:
    """The serializer of .NET binds `r` on every element that needs it."""
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

    def bound_late(text: str) -> str:
        text = text.replace(" " + space, "", 1)
        return re.sub(r"<sheet ([^>]*?) r:id=", rf"<sheet \1 {space} r:id=", text)

    foreign = with_text(own_sheet(), "xl/workbook.xml", bound_late)
    target, patch = grafting(foreign)
    proven(target, patch)


def test_relationships_listed_by_name_only() -> None:
    """LibreOffice lists every relationships part, and has no default for them."""

    def listed(text: str) -> str:
        kind = "application/vnd.openxmlformats-package.relationships+xml"
        text = text.replace(f'<Default Extension="rels" ContentType="{kind}"/>', "")
        names = [n for n in members(own_sheet()) if n.endswith(".rels")]
        return text.replace(
            "</Types>",
            "".join(f'<Override PartName="/{n}" ContentType="{kind}"/>' for n in names) + "</Types>",
        )

    foreign = with_text(own_sheet(), "[Content_Types].xml", listed)
    target, patch = grafting(foreign)
    after = proven(target, patch)
    assert "rels" in after.package.content_types.defaults


def test_a_part_name_that_content_types_still_speak_of_is_not_taken() -> None:
    stale = '<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/xml"/></Types>'
    foreign = with_text(own_sheet(), "[Content_Types].xml", lambda t: t.replace("</Types>", stale))
    _, patch = grafting(foreign)
    assert "xl/worksheets/sheet2.xml" not in patch.added
    assert "xl/worksheets/sheet3.xml" in patch.added


# What arrives


def test_sheets_arrive_last_not_selected_with_ids_of_their_own() -> None:
    target, patch = grafting(own_sheet())
    after = proven(target, patch)
    sheets = after.package.workbook.sheets
    assert [s.name for s in sheets] == [
        *(
            "Mine",
            "Guide",
            "Board",
            "Glossary",
            "Customers",
            "Orders",
            "Settings",
            "Lists",
            "_calc",
            "_crmsheet",
        ),
    ]
    assert [s.state for s in sheets[-2:]] == ["hidden", "hidden"]
    for part in patch.added:
        assert b"tabSelected" not in patch.added[part]
    titles = {n.sheet_index: n.text for n in defined_names(after.package) if n.name == "_xlnm.Print_Titles"}
    assert titles == {
        2: "Board!$1:$1",
        3: "Glossary!$4:$4",
        4: "Customers!$3:$3",
        5: "Orders!$3:$3",
        7: "Lists!$4:$5",
    }
    assert list(after.package.parts[-len(patch.added) :]) == list(patch.added)


def test_shared_strings_of_the_scratch_arrive_in_the_cells() -> None:
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Texts")
        sheet.write("A1", " spaced & <odd> ")
        bold = workbook.add_format({"bold": True})
        sheet.write_rich_string("A2", "plain ", bold, "bold")
        sheet.write_formula("A3", '="a"&"b"', None, "ab")
    target, scratch = contents(own_sheet()), contents(stream.getvalue())
    transplant = Transplant(target, scratch)
    transplant.sheet("Texts")
    after = proven(target, transplant.patch())
    cells = after.sheet("Texts")
    assert cells is not None
    found = [cells.at(row, 0) for row in range(3)]
    assert [c and c.value for c in found] == [" spaced & <odd> ", "plain bold", "ab"]
    assert b"<r><rPr><b/>" in after.package.read(cells.sheet.part)
    assert members(after.package.data)["xl/sharedStrings.xml"] == members(own_sheet())["xl/sharedStrings.xml"]


def test_a_sheet_asked_for_twice_arrives_once() -> None:
    target, scratch = contents(own_sheet()), contents(small_book())
    transplant = Transplant(target, scratch)
    transplant.sheet("Lists")
    transplant.sheet("lists")
    first = transplant.patch()
    assert first == transplant.patch()
    assert [s.name for s in contents(applied(target, first).data).package.workbook.sheets] == [
        "Mine",
        "Lists",
    ]


def test_an_empty_transplant_changes_nothing() -> None:
    target = contents(own_sheet())
    patch = Transplant(target, contents(small_book())).patch()
    assert patch.empty
    assert applied(target, patch).data == own_sheet()


def test_people_keep_their_formulas_and_may_read_ours() -> None:
    grown = into(own_sheet())
    assert isinstance(grown, bytes)
    used = with_cell(grown, "Mine", "D9", "><f>SUM(orders[Days ago])*2</f><v>0</v>")
    done = refresh(used, name="book.xlsx", today=TODAY, as_of=dt.date(2026, 4, 1))
    assert done.content is not None
    cells = contents(done.content).sheet("Mine")
    assert cells is not None
    cell = cells.at(8, 3)
    assert cell is not None
    assert cell.formula == "SUM(orders[Days ago])*2"
    assert cell.value == 2 * sum(5 * n + 1 for n in range(30))
    assert refresh(done.content, name="book.xlsx", today=TODAY).content is None


@pytest.mark.parametrize("known", [True, False], ids=["kinds known", "kinds new"])
def test_pictures_notes_and_links_come_with_a_sheet(known: bool) -> None:
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Rich")
        sheet.write_comment("B2", "a note")
        sheet.write_url("B3", "https://example.org/")
        sheet.insert_image("D4", "dot.png", {"image_data": io.BytesIO(DOT)})
        sheet.insert_image("D9", "dot.png", {"image_data": io.BytesIO(DOT), "x_scale": 2})
    rich = stream.getvalue()
    poor = with_text(rich, "xl/workbook.xml", lambda t: t.replace("Rich", "Poor"))
    target = contents(poor if known else own_sheet())
    transplant = Transplant(target, contents(rich))
    transplant.sheet("Rich")
    after = proven(target, transplant.patch())
    part = after.package.workbook.sheets[-1].part
    kinds = sorted(r.kind for r in after.package.relationships(part))
    assert kinds == ["comments", "drawing", "hyperlink", "vmlDrawing"]
    (drawing,) = after.package.related(part, "drawing")
    pictures = {r.target for r in after.package.relationships(drawing)}
    assert pictures
    assert all(after.package.read(p) == DOT for p in pictures)
    assert {after.package.content_types.of(p) for p in pictures} == {"image/png"}


# Names


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('xl/workbook.xml:name="Mine"', 'name="SETTINGS"', "the sheet 'Settings' is needed"),
        ('xl/tables/table1.xml:"sales"', '"Orders"', "the table 'orders' is needed"),
        ('xl/workbook.xml:name="factor"', 'name="customers"', "the table 'customers' is needed"),
        ('xl/workbook.xml:name="factor"', 'name="Currency"', "the name 'currency' is needed"),
        ('xl/tables/table1.xml:"sales"', '"as_of"', "the name 'as_of' is needed"),
    ],
)
def test_a_taken_name_is_refused(old: str, new: str, said: str) -> None:
    part, text = old.split(":")
    foreign = with_text(own_sheet(), part, lambda t: t.replace(text, new))
    refused = into(foreign, "theirs.xlsx")
    assert isinstance(refused, WorkbookRefused)
    (diagnostic,) = refused.diagnostics
    assert diagnostic.code == "W231"
    assert diagnostic.message.startswith(said)
    assert diagnostic.remedy
    assert "theirs.xlsx" in diagnostic.text()


@pytest.mark.parametrize("meaning", ["Settings!$B$12", "#REF!", "Mine!#REF!$A$1"])
def test_a_name_that_means_the_same_or_nothing_is_free(meaning: str) -> None:
    foreign = with_text(
        own_sheet(),
        "xl/workbook.xml",
        lambda t: re.sub(r'name="factor">[^<]*', f'name="Currency">{meaning}', t),
    )
    target, patch = grafting(foreign)
    after = proven(target, patch)
    found = [n.text for n in defined_names(after.package) if n.name.casefold() == "currency"]
    assert found == ["Settings!$B$12"]


def test_names_of_other_sources_join_in_one_edit() -> None:
    target = contents(own_sheet())
    transplant = Transplant(target, contents(small_book()))
    transplant.sheet("Settings")
    transplant.name("CURRENCY")
    transplant.define(NameEdit("factor", "0"), NameEdit("extra", "0"))
    transplant.define(NameEdit("FACTOR", "Mine!$A$3"), NameEdit("extra", "1"))
    after = proven(target, transplant.patch())
    found = {n.name: n.text for n in defined_names(after.package)}
    assert found == {"factor": "Mine!$A$3", "currency": "Settings!$B$12", "extra": "1"}
    with pytest.raises(ValueError, match="no name"):
        transplant.name("nothing")


# Charts


def test_a_chart_beside_those_of_people_in_a_drawing_with_other_prefixes() -> None:
    def renamed(text: str) -> str:
        return (
            text.replace("xdr:", "d:")
            .replace("xmlns:xdr", "xmlns:d")
            .replace("a:", "xdr:")
            .replace("xmlns:a=", "xmlns:xdr=")
        )

    board = with_text(small_book(), "xl/workbook.xml", lambda t: t.replace('name="Board"', 'name="Mine"', 1))
    foreign = with_text(own_sheet(), "xl/drawings/drawing1.xml", renamed)
    grown = into(foreign)
    assert isinstance(grown, bytes)
    target = contents(grown)
    transplant = Transplant(target, contents(board))
    transplant.chart("Mine", 0)
    patch = transplant.patch()
    after = proven(target, patch)
    assert set(patch.added) == {"xl/charts/chart3.xml"}
    drawing = member(after.package.data, "xl/drawings/drawing1.xml").decode()
    assert 'cNvPr id="3" name="board.by_month.chart"' in drawing
    assert len(charts_of(after.package, "xl/worksheets/sheet1.xml")) == 2

    again = Transplant(after, contents(board))
    again.chart("Mine", 0)
    twice = proven(after, again.patch())
    drawing = member(twice.package.data, "xl/drawings/drawing1.xml").decode()
    assert 'cNvPr id="4" name="board.by_month.chart 2"' in drawing


def test_a_chart_leaves_with_its_parts_and_other_things_stay() -> None:
    target = contents(own_sheet())
    transplant = Transplant(target, contents(small_book()))
    transplant.without_chart("xl/charts/chart1.xml")
    patch = transplant.patch()
    after = proven(target, patch)
    assert patch.removed == ("xl/charts/chart1.xml",)
    assert charts_of(after.package, "xl/worksheets/sheet1.xml") == ()
    assert "/xl/charts/chart1.xml" not in member(after.package.data, "[Content_Types].xml").decode()


def test_a_chart_in_a_group_leaves_the_group() -> None:
    def grouped(text: str) -> str:
        shape = '<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="8" name="note"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'
        head = (
            '<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="9" name="group"/><xdr:cNvGrpSpPr/></xdr:nvGrpSpPr>'
            "<xdr:grpSpPr/>"
        )
        return text.replace("<xdr:graphicFrame", head + shape + "<xdr:graphicFrame").replace(
            "</xdr:graphicFrame>", "</xdr:graphicFrame></xdr:grpSp>"
        )

    target = contents(with_text(own_sheet(), "xl/drawings/drawing1.xml", grouped))
    transplant = Transplant(target, contents(small_book()))
    transplant.without_chart("xl/charts/chart1.xml")
    after = proven(target, transplant.patch())
    drawing = member(after.package.data, "xl/drawings/drawing1.xml").decode()
    assert 'name="note"' in drawing
    assert "graphicFrame" not in drawing


def test_a_chart_moved_to_another_sheet_is_found_and_one_shown_twice_goes_everywhere() -> None:
    def doubled(text: str) -> str:
        anchor = re.search(r"<xdr:twoCellAnchor.*</xdr:twoCellAnchor>", text)
        assert anchor is not None
        return text.replace(anchor[0], anchor[0] + anchor[0].replace('id="2"', 'id="3"'))

    target = contents(with_text(own_sheet(), "xl/drawings/drawing1.xml", doubled))
    transplant = Transplant(target, contents(small_book()))
    transplant.without_chart("/xl/charts/chart1.xml")
    patch = transplant.patch()
    assert len(patch.spans["xl/drawings/drawing1.xml"]) == 2
    proven(target, patch)


def test_asking_for_what_the_scratch_lacks_is_a_mistake_of_the_caller() -> None:
    target, scratch = contents(own_sheet()), contents(small_book())
    transplant = Transplant(target, scratch)
    with pytest.raises(ValueError, match="no worksheet"):
        transplant.sheet("Nowhere")
    with pytest.raises(ValueError, match="no worksheet of both"):
        transplant.chart("Board", 0)
    with pytest.raises(ValueError, match="no cell format"):
        transplant.style(10_000)
    with pytest.raises(ValueError, match="no differential format"):
        transplant.dxf(10_000)


# One application of edits from several sources


def test_cells_rules_and_a_chart_on_one_bare_sheet_in_one_patch() -> None:
    grown = into(book(PLAIN).zipped())
    assert isinstance(grown, bytes)
    target = contents(grown)
    own = target.package.workbook.sheets[0].name
    board = with_text(
        small_book(), "xl/workbook.xml", lambda t: t.replace('name="Board"', f'name="{own}"', 1)
    )
    transplant = Transplant(target, contents(board))
    transplant.chart(own, 0)
    bold = transplant.style(4)
    transplant.define(NameEdit("extra", "1"))
    sheet = target.sheet(own)
    assert sheet is not None
    rule = b'<dataValidation type="whole" sqref="A9"><formula1>1</formula1><formula2>2</formula2></dataValidation>'
    other = Patch(
        cells={own: (CellEdit(8, 0, EditKind.VALUE, "new", style=bold),)},
        spans={
            sheet.sheet.part: added_validations(sheet.scan, (rule,)),
            target.package.workbook.part: calculation_edits(target.package, on_load=True),
        },
    )
    for order in ((transplant.patch(), other), (other, transplant.patch())):
        after = proven(target, combined(order))
        cell = after.sheet(own).at(8, 0)  # type: ignore[union-attr]
        assert cell is not None
        assert (cell.value, cell.style) == ("new", bold)
        text = member(after.package.data, sheet.sheet.part).decode()
        assert text.index("<dataValidations") < text.index("<drawing")


def test_edits_that_contradict_each_other_are_a_mistake_of_the_caller() -> None:
    target = contents(own_sheet())
    part = target.package.workbook.part
    first = Patch(spans={part: calculation_edits(target.package, on_load=False)})
    assert combined((first, first)) == combined((first,))
    with pytest.raises(ValueError, match="added twice"):
        combined((Patch(added={"a": b"1"}), Patch(added={"a": b"2"})))
    edits = Transplant(target, contents(small_book()))
    edits.define(NameEdit("factor", "1"))
    others = Transplant(target, contents(small_book()))
    others.define(NameEdit("factor", "2"))
    with pytest.raises(ValueError, match="two edits"):
        combined((edits.patch(), others.patch()))


def test_the_proof_finds_what_does_not_belong() -> None:
    target, patched = grafted(own_sheet())

    def broken(data: bytes) -> str:
        return "\n".join(broken_promises(target, patched, contents(data)))

    part = next(p for p in patched.added if "worksheets/sheet" in p)
    assert broken(patched.data) == ""
    spoilt = with_parts(patched.data, {part: patched.added[part].replace(b"Guide", b"Guise")})
    assert "does not hold what was to be added" in broken(spoilt)
    assert "was added" in broken(with_parts(patched.data, {"xl/extra.xml": b"<a/>"}))
    styled = with_text(patched.data, part, lambda t: t.replace(' s="', ' s="9', 1))
    assert "cell format" in broken(styled)
    twice = with_text(patched.data, "xl/workbook.xml", lambda t: t.replace('name="Guide"', 'name="mine"'))
    assert "two sheets have the id or name 'mine'" in broken(twice)
    late = with_text(
        patched.data,
        "xl/workbook.xml",
        lambda t: re.sub(r"(<definedNames>.*</definedNames>)(.*)(</workbook>)", r"\2\1\3", t),
    )
    assert "stands too late" in broken(late)
