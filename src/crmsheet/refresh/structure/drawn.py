"""Charts as crmsheet drew them: which of those that stand in a workbook people left so, and what is drawn in their place.

Knows what of a chart is its look: kinds, colours, texts, scales, whatever program saved it. Where a chart stands, and how
large it is, is people's, and stays. Does not know how a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element
from crmsheet.plan.prints import print_of
from crmsheet.plan.recorded import RECORD_SHEET
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.structure.figures import Figure
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.spanedit import Replacement

PLACE: Final = (0, 2)
"""On the hidden sheet, beside the seal."""
_HEAD: Final = "crmsheet-drawn 1 "
_KINDS: Final = frozenset(
    (
        "lineChart",
        "barChart",
        "doughnutChart",
        "pieChart",
        "scatterChart",
        "areaChart",
        "bubbleChart",
        "radarChart",
    )
)
_VALUES: Final = frozenset(
    (
        *(
            "barDir",
            "grouping",
            "symbol",
            "legendPos",
            "min",
            "max",
            "logBase",
            "prstDash",
            "srgbClr",
            "schemeClr",
        ),
        *("trendlineType", "holeSize", "gapWidth", "overlap", "dispBlanksAs"),
    )
)
_SWITCHES: Final = frozenset(("delete", "showVal", "showPercent", "showCatName", "showSerName"))
_TRUE: Final = ("1", "true")
_NOT_SEEN: Final = frozenset(
    ("extLst", "AlternateContent", "numCache", "strCache", "multiLvlStrCache", "f", "lang")
)
_GROUNDS: Final = frozenset(("chartSpace", "plotArea"))


def look_of(root: Element) -> tuple[str, ...]:
    """What people see of a chart and may change, in the order in which it is written."""
    return tuple(_said(root, fine=False))


def _said(element: Element, *, fine: bool) -> Iterator[str]:
    name = element.local
    if name in _KINDS or name == "userShapes":
        yield name
    elif name in _VALUES:
        yield f"{name} {element.get('val')}"
    elif name in _SWITCHES:
        if element.get("val") in _TRUE:
            yield name
    elif name == "numFmt":
        yield f"format {element.get('formatCode')}"
    elif name == "t":
        yield f"text {element.text}"
    elif name in _GROUNDS:
        shape = element.child("spPr")
        fill = shape.children[0].local if shape is not None and shape.children else "automatic"
        yield f"{name} {fill}"
    elif fine and name in ("defRPr", "rPr", "latin", "ea", "ln"):
        yield f"{name} {sorted(element.attributes.items())}"
    for child in element.children:
        if child.local not in _NOT_SEEN:
            yield from _said(child, fine=fine)


def as_drawn(root: Element) -> str:
    """The print of a chart."""
    return print_of(look_of(root))


def drawn_text(package: Package, before: str = "") -> str:
    """The prints of every chart in a package, behind those that were known before."""
    known = set(_prints(before))
    for sheet in package.workbook.sheets:
        for drawing in package.related(sheet.part, "drawing"):
            known |= {as_drawn(package.tree(part)) for part in package.related(drawing, "chart")}
    return _HEAD + " ".join(sorted(known))


def _prints(text: str) -> tuple[str, ...]:
    return tuple(text[len(_HEAD) :].split()) if text.startswith(_HEAD) else ()


def known_drawings(contents: Contents) -> frozenset[str] | None:
    """The prints of the charts that were drawn; None where nobody wrote them down."""
    text = _known_text(contents)
    return frozenset(_prints(text)) if text.startswith(_HEAD) else None


def _known_text(contents: Contents) -> str:
    sheet = contents.sheet(RECORD_SHEET)
    cell = sheet.at(*PLACE) if sheet is not None else None
    return cell.value if cell is not None and isinstance(cell.value, str) else ""


def untouched(root: Element, known: Collection[str] | None) -> bool:
    """Whether a chart is as it was drawn. Where nobody wrote that down, it is when no other program has saved it:
    they begin a chart with other things, LibreOffice with its language and whether corners are round."""
    if known is None:
        return [c.local for c in root.children[:2]] == ["lang", "chart"]
    return as_drawn(root) in known


def redrawn(
    contents: Contents,
    standing: Collection[Figure],
    scratch: Contents,
    drawn: Collection[Figure],
    known: Collection[str] | None,
) -> tuple[Patch, tuple[Figure, ...]]:
    """Charts that people left as they were become those of a scratch workbook, which shows the same cells."""
    new = {figure.anchor: scratch.package.xml(figure.chart) for figure in drawn}
    roots = {figure.anchor: scratch.package.tree(figure.chart) for figure in drawn}
    spans: dict[str, tuple[Replacement, ...]] = {}
    done: list[Figure] = []
    for figure in standing:
        root = contents.package.tree(figure.chart)
        if figure.anchor not in new or not untouched(root, known):
            continue
        if tuple(_said(root, fine=True)) != tuple(_said(roots[figure.anchor], fine=True)):
            data = contents.package.xml(figure.chart)
            spans[figure.chart] = (Replacement(0, len(data), new[figure.anchor]),)
            done.append(figure)
    return Patch({}, spans), tuple(done)


def drawn_edit(contents: Contents, figures: Collection[Figure]) -> tuple[CellEdit, ...]:
    """The edit of the hidden sheet that adds the prints of these charts."""
    before = _known_text(contents)
    known = {*_prints(before), *(as_drawn(contents.package.tree(f.chart)) for f in figures)}
    text = _HEAD + " ".join(sorted(known))
    return () if text == before else (CellEdit(*PLACE, EditKind.VALUE, text),)
