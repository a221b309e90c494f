"""Styles of the plan as XlsxWriter's formats and style indexes.

Knows how each attribute of a `Style` and a `Highlight` is called there, and that equal styles share one
index. Does not know which cell wears what.
"""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from crmsheet.plan.looks import Align, Border, Highlight, Style, VerticalAlign

_EDGES = {
    Border.NONE: (),
    Border.BOX: ("left", "right", "top", "bottom"),
    Border.BOTTOM: ("bottom",),
    Border.TOP: ("top",),
}
_VERTICAL = {VerticalAlign.TOP: "top", VerticalAlign.CENTER: "vcenter"}
_THIN = 1

Property = str | int | float | bool


class Looks:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[Style, Format] = {}
        self._highlights: dict[Highlight, Format] = {}

    def index(self, style: Style) -> int:
        """The style index of a cell; 0 is the workbook's default."""
        found = self.format(style)
        return 0 if found is None else int(found._get_xf_index())

    def format(self, style: Style) -> Format | None:
        """The format of a cell or column, None for the default."""
        properties = _properties(style)
        if not properties:
            return None
        if style not in self._formats:
            self._formats[style] = self._book.add_format(properties)
        return self._formats[style]

    def highlight(self, look: Highlight) -> Format:
        """The format a rule lays over a cell's own."""
        if look not in self._highlights:
            self._highlights[look] = self._book.add_format(_changes(look))
        return self._highlights[look]


def _properties(style: Style) -> dict[str, Property]:
    found: dict[str, Property] = {}
    if style.number_format and style.number_format != "General":
        found["num_format"] = style.number_format
    if style.color:
        found["font_color"] = "#" + style.color
    if style.fill:
        found |= {"pattern": 1, "fg_color": "#" + style.fill}
    for attribute in ("bold", "italic", "underline"):
        if getattr(style, attribute):
            found[attribute] = 1
    if style.size:
        found["font_size"] = style.size
    if style.align is not Align.GENERAL:
        found["align"] = style.align.value
    if style.vertical in _VERTICAL:
        found["valign"] = _VERTICAL[style.vertical]
    if style.wrap:
        found["text_wrap"] = True
    if style.shrink:
        found["shrink"] = True
    if style.indent:
        found["indent"] = style.indent
    found |= _edges(_EDGES[style.border], style.border_color)
    if not style.locked:
        found["locked"] = False
    return found


def _changes(look: Highlight) -> dict[str, Property]:
    found: dict[str, Property] = {}
    if look.color:
        found["font_color"] = "#" + look.color
    if look.fill:
        found["bg_color"] = "#" + look.fill
    if look.bold:
        found["bold"] = 1
    if look.italic:
        found["italic"] = 1
    if look.border_color:
        found |= _edges(_EDGES[Border.BOX], look.border_color)
    if look.number_format:
        found["num_format"] = look.number_format
    return found


def _edges(edges: tuple[str, ...], color: str) -> dict[str, Property]:
    found: dict[str, Property] = {}
    for edge in edges:
        found[edge] = _THIN
        if color:
            found[edge + "_color"] = "#" + color
    return found
