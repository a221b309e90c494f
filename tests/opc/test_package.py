"""Parts are found by relationship, whatever they are called and however that is written."""

from __future__ import annotations

import pytest
from tests.judge.synthetic import OFFICE, Book, CellSpec, Shape, book

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.opc.relationships import (
    relationships_part,
    relative_target,
    resolved,
)
from crmsheet.opc.workbook import SheetKind, SheetState
from crmsheet.opc.xmltree import as_utf8, attribute_span, attribute_text, parse_tree

CELLS = {(0, 0): CellSpec("名")}
RELS = "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/worksheets/./a.xml", "worksheets/a.xml"),
        ("xl/worksheets/s.xml", "..\\drawings\\d.xml", "xl/drawings/d.xml"),
        ("xl/a.xml", "../../../etc/passwd", "etc/passwd"),
        ("", "xl/workbook.xml", "xl/workbook.xml"),
        ("xl/a.xml", "#Sheet!A1", "xl"),
    ],
)
def test_targets(source: str, target: str, part: str) -> None:
    assert resolved(source, target) == part


def test_names_of_relationship_parts() -> None:
    assert relationships_part("") == "_rels/.rels"
    assert relationships_part("xl/workbook.xml") == RELS
    assert relative_target("xl/worksheets/s.xml", "xl/tables/t.xml") == "../tables/t.xml"
    assert relative_target("", "xl/a.xml") == "xl/a.xml"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("WORKSHEETS/Sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("/XL/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        (".\\worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("work%20sheets/%E8%A1%A8.xml", "xl/work sheets/表.xml"),
        ("100%25.xml", "xl/100%.xml"),
    ],
)
def test_a_sheet_is_found(written: str, name: str) -> None:
    made = book(CELLS)
    parts = {name if n == "xl/worksheets/sheet1.xml" else n: c for n, c in made.parts.items()}
    parts[RELS] = parts[RELS].replace(b"worksheets/sheet1.xml", written.encode())
    package = Package.of(Book(parts).zipped())
    (sheet,) = package.workbook.sheets
    assert sheet.part == name
    assert package.has(name.upper())
    assert package.target(package.workbook.part, "rId1") == name
    assert package.related(package.workbook.part, "worksheet") == (name,)


def test_states_kinds_and_dates() -> None:
    made = book(CELLS)
    text = made.parts["xl/workbook.xml"].decode()
    text = text.replace("<sheets>", '<workbookPr date1904="true"/><sheets>').replace(
        "</sheets>", '<sheet name="图" sheetId="7" state="veryHidden" r:id="rId9"/></sheets>'
    )
    rels = made.parts[RELS].replace(
        b"</Relationships>",
        f'<Relationship Id="rId9" Type="{OFFICE}/chartsheet" Target="styles.xml"/></Relationships>'.encode(),
    )
    package = Package.of(Book({**made.parts, "xl/workbook.xml": text.encode(), RELS: rels}).zipped())
    data, chart = package.workbook.sheets
    assert (data.kind, data.state) == (SheetKind.WORKSHEET, SheetState.VISIBLE)
    assert (chart.kind, chart.state, chart.index) == (SheetKind.CHARTSHEET, SheetState.VERY_HIDDEN, 1)
    assert package.workbook.date1904
    assert package.workbook.sheet("DATA") == data
    assert package.workbook.sheet("none") is None


def test_encodings_read_the_same() -> None:
    trees = []
    for shape in (
        Shape(),
        Shape(bom=True),
        Shape(encoding="utf-16"),
        Shape(encoding="iso-8859-1"),
        Shape(prefix="x:"),
    ):
        package = Package.of(book(CELLS, shape).zipped())
        tree = package.tree("xl/sharedStrings.xml")
        trees.append([(e.local, e.text) for e in tree.walk()])
    assert all(tree == trees[0] for tree in trees)


def test_utf8_bytes_stay_as_they_are() -> None:
    for data in (b"<a/>", "\ufeff<a>é</a>".encode(), b'<?xml version="1.0" encoding="UTF-8"?><a/>'):
        assert as_utf8(data) is data
    assert as_utf8("<?xml version='1.0' encoding='utf-16'?><a>名</a>".encode("utf-16")) == (
        "<?xml version='1.0' encoding='UTF-8'?><a>名</a>".encode()
    )
    with pytest.raises(WorkbookRefused, match="W114"):
        as_utf8(b"<a>\xff</a>")
    with pytest.raises(WorkbookRefused, match="W106"):
        as_utf8(b"<a>\x0b</a>")


def test_spans_of_elements_and_attributes() -> None:
    data = (
        "\ufeff<?xml version='1.0'?><x:a xmlns:x='u' b=\"1 &gt; 0\" c='é>'>t<x:b/>u<c xmlns='v'>é</c></x:a>"
    )
    raw = data.encode()
    root = parse_tree(raw)
    assert (root.name, root.local, root.namespace, root.prefix, root.text) == ("x:a", "a", "u", "x:", "tu")
    assert root.attributes == {"b": "1 > 0", "c": "é>"}
    span = attribute_span(raw, root, "c")
    assert span is not None
    assert raw[slice(*span)].decode() == "é>"
    assert raw[root.start : root.end] == raw[raw.index(b"<x:a") :]
    empty, inner = root.children
    assert raw[empty.start : empty.end] == b"<x:b/>"
    assert empty.open_end == empty.end == empty.close_start
    assert raw[inner.open_end : inner.close_start].decode() == "é"
    assert attribute_text(b"&lt;&#65;&#x42;&amp;amp;&quot;") == '<AB&amp;"'


def test_a_cut_leaves_spans_right() -> None:
    raw = b"<w><a/><d>" + b"<r/>" * 5 + b"</d><z k='1'/></w>"
    start, end = raw.index(b"<r/>"), raw.index(b"</d>")
    cut, whole = parse_tree(raw, cut=(start, end)), parse_tree(raw)
    for name in ("a", "d", "z"):
        one, other = cut.child(name), whole.child(name)
        assert one is not None
        assert other is not None
        assert (one.start, one.open_end, one.close_start, one.end) == (
            other.start,
            other.open_end,
            other.close_start,
            other.end,
        )
    assert cut.end == whole.end == len(raw)
