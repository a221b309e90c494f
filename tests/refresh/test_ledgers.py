"""Content types and relationships change in place: entries join and leave, all else stays byte for byte."""

from __future__ import annotations

import pytest
from tests.judge.synthetic import CellSpec, Shape, book
from tests.refresh.small_world import with_parts, with_text

from crmsheet.opc.contenttypes import CONTENT_TYPES, parse_content_types
from crmsheet.opc.package import Package
from crmsheet.opc.relationships import parse_relationships
from crmsheet.refresh.ledgers import Relations, Types, dropped_overrides, dropped_relationships
from crmsheet.sheetml.spanedit import replace_spans

PLAIN = book({(0, 0): CellSpec("name")}).zipped()
WORKBOOK = "xl/workbook.xml"
RELS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_relationships_join_and_leave(prefix: str) -> None:
    package = Package.of(book({(0, 0): CellSpec("name")}, Shape(prefix=prefix)).zipped())
    there = package.relationships(WORKBOOK)
    relations = Relations(WORKBOOK, package)
    assert relations.exists
    assert not relations.changed
    first = relations.add("worksheet", "xl/worksheets/sheet9.xml")
    second = relations.add("hyperlink", "https://a.b/?c&d", external=True)
    relations.drop(there[0].id)
    found = parse_relationships(replace_spans(package.xml(RELS), relations.edits()), WORKBOOK)
    assert [(r.id, r.kind, r.target, r.external) for r in found] == [
        *((r.id, r.kind, r.target, r.external) for r in there[1:]),
        (first, "worksheet", "xl/worksheets/sheet9.xml", False),
        (second, "hyperlink", "https://a.b/?c&d", True),
    ]
    assert len({r.id.casefold() for r in (*there, *found)}) == len(there) + 2
    with pytest.raises(ValueError, match="already"):
        relations.add("table", "xl/tables/table1.xml", rid=first.upper())


def test_a_part_without_relationships_gets_a_ledger() -> None:
    relations = Relations(SHEET, Package.of(PLAIN))
    assert not relations.exists
    assert relations.part == "xl/worksheets/_rels/sheet1.xml.rels"
    assert relations.add("drawing", "xl/drawings/drawing1.xml") == "rId1"
    (found,) = parse_relationships(relations.content(), SHEET)
    assert (found.target, found.written) == ("xl/drawings/drawing1.xml", "../drawings/drawing1.xml")
    with pytest.raises(ValueError, match="does not exist"):
        relations.edits()


def test_an_empty_ledger_is_opened() -> None:
    part = "xl/worksheets/_rels/sheet1.xml.rels"
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    package = Package.of(with_parts(PLAIN, {part: empty}))
    relations = Relations(SHEET, package)
    relations.add("table", "xl/tables/table1.xml")
    found = parse_relationships(replace_spans(empty, relations.edits()), SHEET)
    assert [r.kind for r in found] == ["table"]


def test_content_types_join_and_leave() -> None:
    package = Package.of(PLAIN)
    data = package.xml(CONTENT_TYPES)
    types = Types(package)
    assert types.edits(relationships_join=True) == ()
    types.add("xl/other.xml", "a/b&c")
    types.add("xl/media/image1.png", "image/png")
    types.add("xl/media/image2.PNG", "image/png")
    types.add("xl/media/image3.png", "image/odd")
    types.drop("XL/worksheets/SHEET1.xml")
    after = replace_spans(data, types.edits(relationships_join=True))
    found = parse_content_types(after)
    assert found.of("xl/other.xml") == "a/b&c"
    assert [found.of(f"xl/media/image{n}.png") for n in (1, 2, 3)] == ["image/png", "image/png", "image/odd"]
    assert after.count(b"image/png") == 1
    assert after.index(b'Extension="png"') < after.index(b"<Override")
    assert found.of(SHEET) == found.defaults.get("xml", "")


def test_what_is_known_is_not_written_again() -> None:
    package = Package.of(PLAIN)
    types = Types(package)
    types.add(SHEET, package.content_types.of(SHEET))
    assert types.edits(relationships_join=False) == ()
    assert dropped_overrides(package, ["xl/none.xml"]) == ()
    assert dropped_relationships(package, WORKBOOK, {"rId77"}) == ()
    assert dropped_relationships(package, SHEET, {"rId1"}) == ()


def test_names_with_escapes_are_understood() -> None:
    spaced = '<Override PartName="/xl/my%20part.xml" ContentType="a/b"/></Types>'
    package = Package.of(with_text(PLAIN, CONTENT_TYPES, lambda t: t.replace("</Types>", spaced)))
    (gone,) = dropped_overrides(package, ["xl/my part.xml"])
    assert package.xml(CONTENT_TYPES)[gone.start : gone.end].startswith(b"<Override")
