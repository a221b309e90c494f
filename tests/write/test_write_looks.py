"""Styles: each attribute reaches the file, equal ones share an index."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.judge.package import Package, child, items
from tests.write.sample_plans import everything, written_bytes

from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.looks import Align, Border, Style, VerticalAlign, below_table

FULL = Style(
    number_format='0.0"天"',
    color="112233",
    fill="445566",
    bold=True,
    italic=True,
    underline=True,
    size=9.5,
    align=Align.RIGHT,
    vertical=VerticalAlign.TOP,
    wrap=True,
    indent=2,
    border=Border.BOTTOM,
    border_color="778899",
    locked=False,
)


def package_with(*styles: Style) -> tuple[Package, list[int]]:
    plan = everything()
    cells = tuple(PlanCell(row, 0, row, style=style) for row, style in enumerate(styles))
    block = Block("lists.more", "lists", 20, 5, rows=len(cells), columns=1, cells=cells)
    package = Package(written_bytes(replace(plan, blocks=(*plan.blocks, block))))
    found = {c.ref: c.style for c in package.cells(package.sheet("Lists"))}
    return package, [found[f"F{21 + row}"] for row in range(len(styles))]


def test_every_attribute_reaches_the_file() -> None:
    package, (index,) = package_with(FULL)
    styles = package.root("xl/styles.xml")
    xf = items(styles, "cellXfs")[index]
    codes = {f.get("numFmtId"): f.get("formatCode") for f in items(styles, "numFmts")}
    assert codes[xf.get("numFmtId")] == '0.0"天"'
    font = items(styles, "fonts")[int(xf.get("fontId"))]
    assert [child(font, name) is not None for name in ("b", "i", "u")] == [True] * 3
    assert child(font, "sz").get("val") == "9.5"
    assert child(font, "color").get("rgb") == "FF112233"
    fill = items(styles, "fills")[int(xf.get("fillId"))]
    assert (fill[0].get("patternType"), fill[0][0].get("rgb")) == ("solid", "FF445566")
    border = items(styles, "borders")[int(xf.get("borderId"))]
    assert [edge.tag.split("}")[1] for edge in border if edge.get("style")] == ["bottom"]
    assert child(border, "bottom")[0].get("rgb") == "FF778899"
    alignment = child(xf, "alignment")
    assert dict(alignment.attrib) == {
        "horizontal": "right",
        "vertical": "top",
        "indent": "2",
        "wrapText": "1",
    }
    assert child(xf, "protection").get("locked") == "0"


def test_equal_styles_share_an_index_and_the_default_is_zero() -> None:
    _, indexes = package_with(Style(), FULL, replace(FULL), Style(number_format="General"), Style(bold=True))
    assert indexes[0] == indexes[3] == 0
    assert indexes[1] == indexes[2]
    assert len(set(indexes)) == 3


@pytest.mark.parametrize("border", list(Border))
def test_below_a_table_there_is_neither_fill_nor_line(border: Border) -> None:
    below = below_table(replace(FULL, border=border))
    assert (below.fill, below.border, below.border_color) == ("", Border.NONE, "")
    assert (below.number_format, below.align, below.color) == (FULL.number_format, FULL.align, FULL.color)
