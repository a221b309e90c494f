"""A cell format means the same in the workbook it was put into, and nothing there means anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crmsheet.errors import WorkbookRefused
from crmsheet.refresh.graft.stylebook import NO_STYLES, AppendedStyles, Stylebook
from crmsheet.sheetml.spanedit import proof_outside_spans, replace_spans

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
TRUE = ("1", "true", "on")


def q(name: str) -> str:
    return f"{{{MAIN}}}{name}"


@dataclass(frozen=True)
class Sheet:
    """A styles part by its lists; `p` is the prefix of its elements."""

    data: bytes

    @property
    def root(self) -> Any:
        return etree.fromstring(self.data)

    def items(self, holder: str) -> list[Any]:
        found = self.root.find(q(holder))
        return [] if found is None else list(found)

    def code(self, number: str) -> str:
        for item in self.items("numFmts"):
            if item.get("numFmtId") == number:
                return str(item.get("formatCode"))
        return BUILT_IN.get(int(number), f"built-in {number}")

    def piece(self, holder: str, number: str) -> Any:
        items = self.items(holder)
        return items[int(number)] if int(number) < len(items) else None

    @property
    def usual_font(self) -> dict[str, Any]:
        return font_of(self.piece("fonts", "0"))

    def meaning(self, index: int, usual_font: dict[str, Any] | None = None) -> dict[str, Any]:
        """What a reader makes of a cell format; in place of its usual font a workbook may have another."""
        xf = self.items("cellXfs")[index]
        font = font_of(self.piece("fonts", xf.get("fontId", "0")))
        if font == self.usual_font and usual_font is not None:
            font = usual_font
        return {
            "number": self.code(xf.get("numFmtId", "0")),
            "font": font,
            "fill": fill_of(self.piece("fills", xf.get("fillId", "0"))),
            "border": border_of(self.piece("borders", xf.get("borderId", "0"))),
            "alignment": said(xf.find(q("alignment")), horizontal="general", vertical="bottom", wrapText="0"),
            "protection": said(xf.find(q("protection")), locked="1", hidden="0"),
            "quoted": xf.get("quotePrefix") in TRUE,
        }

    def differential(self, index: int) -> dict[str, Any]:
        dxf = self.items("dxfs")[index]
        number = dxf.find(q("numFmt"))
        fill = dxf.find(q("fill"))
        pattern = fill.find(q("patternFill")) if fill is not None else None
        shown = pattern.find(q("bgColor")) if pattern is not None else None
        return {
            "number": "" if number is None else number.get("formatCode"),
            "font": None if dxf.find(q("font")) is None else font_of(dxf.find(q("font"))),
            "fill": dict(shown.attrib) if shown is not None else {},
            "border": border_of(dxf.find(q("border"))),
        }


def said(element: Any, **usual: str) -> dict[str, str]:
    if element is None:
        return {}
    return {k: str(v) for k, v in element.attrib.items() if usual.get(k, "0") != v}


def font_of(element: Any) -> dict[str, Any]:
    if element is None:
        return {"sz": [("val", "11")], "name": [("val", "Calibri")]}
    found: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        if name in ("b", "i", "strike"):
            if child.get("val", "1") in TRUE:
                found[name] = True
        elif name != "family":
            found[name] = sorted(child.attrib.items())
    return found


def fill_of(element: Any) -> tuple[str, Any]:
    pattern = element.find(q("patternFill")) if element is not None else None
    if pattern is None or pattern.get("patternType", "none") == "none":
        return "none", None
    colour = pattern.find(q("fgColor"))
    return pattern.get("patternType"), sorted(colour.attrib.items()) if colour is not None else None


def border_of(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for side in element if element is not None else ():
        if side.get("style", "none") != "none":
            found[etree.QName(side).localname] = (side.get("style"), [sorted(c.attrib.items()) for c in side])
    return found


COLOURS = st.sampled_from(['rgb="FF1F3864"', 'rgb="FFB00020"', 'theme="1"', 'theme="4" tint="0.4"'])
CODES = st.sampled_from(["0.0", "#,##0", "yyyy-mm-dd", '0" d"', "@", "▲0%;▼0%", "General"])


@st.composite
def fonts(draw: st.DrawFn) -> str:
    toggles = "".join(draw(st.sampled_from(["", f"<{{p}}{n}/>", f'<{{p}}{n} val="0"/>'])) for n in ("b", "i"))
    size = draw(st.sampled_from(["9", "11", "11.5"]))
    colour = draw(st.one_of(st.just(""), COLOURS.map(lambda c: f"<{{p}}color {c}/>")))
    name = draw(st.sampled_from(["Calibri", "等线", "Arial"]))
    return f'<{{p}}font>{toggles}<{{p}}sz val="{size}"/>{colour}<{{p}}name val="{name}"/></{{p}}font>'


@st.composite
def fills(draw: st.DrawFn) -> str:
    back = draw(st.sampled_from(["", '<{p}bgColor indexed="64"/>']))
    return (
        f'<{{p}}fill><{{p}}patternFill patternType="solid"><{{p}}fgColor {draw(COLOURS)}/>{back}'
        "</{p}patternFill></{p}fill>"
    )


@st.composite
def borders(draw: st.DrawFn) -> str:
    sides = ""
    for side in ("left", "right", "top", "bottom"):
        line = draw(st.sampled_from(["", "thin", "medium"]))
        colour = f"<{{p}}color {draw(COLOURS)}/>" if line else ""
        sides += f'<{{p}}{side} style="{line}">{colour}</{{p}}{side}>' if line else f"<{{p}}{side}/>"
    return f"<{{p}}border>{sides}<{{p}}diagonal/></{{p}}border>"


@st.composite
def dxfs(draw: st.DrawFn) -> str:
    font = draw(st.sampled_from(["", '<{p}font><{p}b/><{p}color rgb="FF006100"/></{p}font>']))
    number = draw(st.one_of(st.just(""), CODES.map(lambda c: number_format(170, c))))
    fill = draw(st.one_of(st.just(""), COLOURS.map(lambda c: FILL.replace("?", c))))
    return f"<{{p}}dxf>{font}{number}{fill}</{{p}}dxf>"


FILL = "<{p}fill><{p}patternFill><{p}bgColor ?/></{p}patternFill></{p}fill>"


def number_format(number: int, code: str) -> str:
    text = code.replace('"', "&quot;")
    return f'<{{p}}numFmt numFmtId="{number}" formatCode="{text}"/>'


@st.composite
def styles(draw: st.DrawFn, *, foreign: bool) -> bytes:
    """A styles part; a foreign one may have a prefix, a base format of its own and lack lists."""
    p = draw(st.sampled_from(["", "x:"])) if foreign else ""
    codes = draw(st.lists(CODES, max_size=4, unique=True))
    # Some programs give a number below 164 another meaning.
    first = draw(st.sampled_from([164, 41])) if foreign else 164
    lists = {
        "numFmts": [number_format(first + i, c) for i, c in enumerate(codes)],
        "fonts": draw(st.lists(fonts(), min_size=1, max_size=5)),
        "fills": [
            '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
            '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
            *draw(st.lists(fills(), max_size=3)),
        ],
        "borders": ["<{p}border><{p}left/></{p}border>", *draw(st.lists(borders(), max_size=3))],
        "dxfs": draw(st.lists(dxfs(), max_size=4)),
    }
    lacking = draw(st.sets(st.sampled_from([*lists, "cellStyleXfs"]))) if foreign else set()
    for holder in lacking & set(lists):
        lists[holder] = []
    base = draw(st.sampled_from(["", ' applyAlignment="1"'])) if foreign else ""
    aligned = '<{p}alignment vertical="center"/>' if base else ""
    numbers = [0, 1, 3, 14, 49, *(first + i for i in range(len(lists["numFmts"])))]
    formats = ['<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']
    formats += [draw_format(draw, lists, numbers) for _ in range(draw(st.integers(0, 4)))]
    whole = ""
    for holder in ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs"):
        if holder == "cellStyleXfs" and holder not in lacking:
            xf = f'<{{p}}xf numFmtId="0" fontId="0" fillId="0" borderId="0"{base}>{aligned}</{{p}}xf>'
            whole += f'<{{p}}cellStyleXfs count="1">{xf}</{{p}}cellStyleXfs>'
        items = formats if holder == "cellXfs" else lists.get(holder, [])
        if items:
            whole += f'<{{p}}{holder} count="{len(items)}">{"".join(items)}</{{p}}{holder}>'
    space = f"xmlns:{p[:-1]}" if p else "xmlns"
    return f'<{{p}}styleSheet {space}="{MAIN}">{whole}</{{p}}styleSheet>'.replace("{p}", p).encode()


def draw_format(draw: st.DrawFn, lists: dict[str, list[str]], numbers: list[int]) -> str:
    def index(holder: str) -> int:
        return draw(st.integers(0, max(0, len(lists[holder]) - 1)))

    inside = draw(st.sampled_from(["", '<{p}alignment horizontal="center" wrapText="1"/>']))
    inside += draw(st.sampled_from(["", '<{p}protection locked="0"/>', '<{p}protection locked="1"/>']))
    applied = draw(st.sampled_from(["", ' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"']))
    quoted = draw(st.sampled_from(["", ' quotePrefix="1"']))
    return (
        f'<{{p}}xf numFmtId="{draw(st.sampled_from(numbers))}" fontId="{index("fonts")}"'
        f' fillId="{index("fills")}" borderId="{index("borders")}"{applied}{quoted}>{inside}</{{p}}xf>'
    )


def carried(target: bytes, scratch: bytes) -> tuple[bytes, dict[int, int], dict[int, int]]:
    """The target with all formats of the scratch, and where they are."""
    before = Stylebook.parse(target)
    moving = AppendedStyles(before, Stylebook.parse(scratch))
    formats = {i: moving.style(i) for i in range(len(Sheet(scratch).items("cellXfs")))}
    differentials = {i: moving.dxf(i) for i in range(len(Sheet(scratch).items("dxfs")))}
    edits = moving.edits()
    after = replace_spans(target, edits)
    assert proof_outside_spans(target, after, edits) == ""
    return after, formats, differentials


@settings(max_examples=120)
@given(target=styles(foreign=True), scratch=styles(foreign=False))
def test_formats_mean_the_same_before_and_after(target: bytes, scratch: bytes) -> None:
    after, formats, differentials = carried(target, scratch)
    old, new, own = Sheet(target), Sheet(after), Sheet(scratch)
    for index, moved in formats.items():
        if index:
            assert new.meaning(moved) == own.meaning(index, new.usual_font)
        else:
            assert moved == 0
    for index, moved in differentials.items():
        assert new.differential(moved) == own.differential(index)
    for index in range(len(old.items("cellXfs"))):
        assert new.meaning(index) == old.meaning(index)
    for holder in ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs"):
        there = [etree.tostring(e, method="c14n") for e in old.items(holder)]
        assert [etree.tostring(e, method="c14n") for e in new.items(holder)][: len(there)] == there
        found = new.root.find(q(holder))
        assert found is None or int(found.get("count")) == len(found)
    numbers = [e.get("numFmtId") for e in new.items("numFmts")]
    assert len(set(numbers)) == len(numbers)
    assert {etree.QName(e).namespace for e in new.root.iter()} == {MAIN}


@settings(max_examples=60)
@given(target=styles(foreign=True), scratch=styles(foreign=False))
def test_the_same_formats_are_not_appended_twice(target: bytes, scratch: bytes) -> None:
    after, formats, differentials = carried(target, scratch)
    again, same, same_differentials = carried(after, scratch)
    assert again == after
    assert (same, same_differentials) == (formats, differentials)


@settings(max_examples=40)
@given(scratch=styles(foreign=False))
def test_a_workbook_takes_its_own_formats_without_growing(scratch: bytes) -> None:
    sheet = Sheet(scratch)
    after, formats, _ = carried(scratch, scratch)
    grown = Sheet(after)
    for holder in ("numFmts", "fonts", "fills", "borders", "dxfs"):
        assert len(grown.items(holder)) == len(sheet.items(holder))
    assert all(grown.meaning(moved) == sheet.meaning(index) for index, moved in formats.items())


@pytest.mark.parametrize("root", ['<styleSheet xmlns="{}"/>', '<x:styleSheet xmlns:x="{}"></x:styleSheet>'])
def test_a_part_without_any_list_gets_those_it_needs(root: str) -> None:
    scratch = NO_STYLES.replace(
        b"</cellXfs>", b'<xf numFmtId="10" fontId="0" fillId="1" borderId="0"/></cellXfs>'
    )
    after, formats, _ = carried(root.format(MAIN).encode(), scratch)
    assert formats == {0: 0, 1: 1}
    new = Sheet(after)
    assert new.meaning(1)["number"] == "0.00%"
    assert new.meaning(1)["fill"][0] == "gray125"
    assert [etree.QName(e).localname for e in new.root] == ["fills", "cellXfs"]


def test_a_named_style_does_not_lend_its_format() -> None:
    base = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    named = NO_STYLES.replace(
        b'<cellStyleXfs count="1">' + base, b'<cellStyleXfs count="2">' + base + base
    ).replace(
        b"</cellXfs>",
        b'<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="1" applyNumberFormat="1"/></cellXfs>',
    )
    scratch = NO_STYLES.replace(
        b"</cellXfs>", b'<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    )
    after, formats, _ = carried(named, scratch)
    assert formats[1] == 2
    assert Sheet(after).items("cellXfs")[2].get("xfId") == "0"


@pytest.mark.slow
def test_more_formats_than_excel_allows_are_refused() -> None:
    xf = b'<xf numFmtId="1" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>'
    full = NO_STYLES.replace(b"</cellXfs>", xf * 65_000 + b"</cellXfs>")
    scratch = NO_STYLES.replace(b"</cellXfs>", xf.replace(b'numFmtId="1"', b'numFmtId="9"') + b"</cellXfs>")
    with pytest.raises(WorkbookRefused) as refusal:
        carried(full, scratch)
    assert refusal.value.diagnostics[0].code == "W233"
    assert carried(full, NO_STYLES.replace(b"</cellXfs>", xf + b"</cellXfs>"))[1][1] == 1
