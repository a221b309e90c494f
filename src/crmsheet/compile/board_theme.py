"""The look of boards: colours, cell styles, measures of the grid.

Knows looks. Does not know what stands in the cells.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile.theme import CARD, INPUT, INPUT_FILL, LINE, LINK_COLOR, MUTED, NAVY, TEXT, WHITE
from crmsheet.plan.looks import Align, Border, Highlight, Style, VerticalAlign
from crmsheet.structs import replace

ACCENT: Final = "0072B2"
"""Of single series and the cards' edges."""

MARGIN: Final = 1
"""Grid columns left free at the left edge."""
GRID: Final = 48
"""Columns of the grid all blocks are laid on; one of them is the gap between neighbours."""
GRID_WIDTH: Final = 2.72
GRID_PIXELS: Final = 24
ROW_HEIGHT: Final = 18.0
ROW_PIXELS: Final = 24

TITLE: Final = Style(bold=True, size=18, color=NAVY, vertical=VerticalAlign.CENTER)
SUBTITLE: Final = Style(size=9, color=MUTED, vertical=VerticalAlign.CENTER)
AS_OF: Final = Style(bold=True, size=10, color=TEXT, align=Align.RIGHT, vertical=VerticalAlign.CENTER)
SUBTITLE_RIGHT: Final = replace(SUBTITLE, align=Align.RIGHT, shrink=True)
STAMP: Final = replace(SUBTITLE_RIGHT, size=8)
LINK: Final = Style(
    size=9, color=LINK_COLOR, underline=True, align=Align.RIGHT, vertical=VerticalAlign.CENTER
)
WARNING_LINK: Final = Style(
    size=9, color="9C0006", bold=True, underline=True, vertical=VerticalAlign.CENTER, align=Align.LEFT
)
"""Empty while there is nothing to warn of."""
SELECTOR_LABEL: Final = Style(size=9, color=MUTED)
SELECTOR_INPUT: Final = Style(
    color=INPUT,
    fill=INPUT_FILL,
    bold=True,
    border=Border.BOX,
    border_color="D1B66A",
    locked=False,
    vertical=VerticalAlign.CENTER,
    indent=1,
)
BLOCK_TITLE: Final = Style(
    bold=True, size=12, color=NAVY, border=Border.BOTTOM, border_color=NAVY, vertical=VerticalAlign.CENTER
)
BLOCK_NOTE: Final = replace(BLOCK_TITLE, bold=False, size=8, color=MUTED, align=Align.RIGHT, shrink=True)
"""What is said of a whole block, beside its title."""
NOTE: Final = Style(size=8, color=MUTED, vertical=VerticalAlign.CENTER)
NOTE_LONG: Final = replace(NOTE, wrap=True, vertical=VerticalAlign.TOP)
LONG_NOTE: Final = 25.0
"""The height of a row that has room for two lines of a note."""
UNDERNEATH: Final = Style(size=11, color=MUTED, align=Align.CENTER, vertical=VerticalAlign.CENTER)
"""What is said behind a chart that shows nothing."""
NOTE_WRAPPED: Final = Style(color=TEXT, wrap=True, vertical=VerticalAlign.TOP)

_CARD: Final = Style(fill=CARD, vertical=VerticalAlign.CENTER, indent=1)
CARD_LABEL: Final = replace(
    _CARD, size=9, color=MUTED, bold=True, border=Border.TOP, border_color=ACCENT, align=Align.LEFT
)
CARD_VALUE: Final = replace(_CARD, size=20, bold=True, color=TEXT, align=Align.LEFT)
CARD_LINE: Final = replace(_CARD, size=9, color=MUTED, align=Align.LEFT, shrink=True)
CARD_FIGURE: Final = replace(_CARD, size=9, color=TEXT, align=Align.RIGHT)
CARD_NOTE: Final = replace(
    _CARD, size=8, color=MUTED, align=Align.LEFT, wrap=True, border=Border.BOTTOM, border_color=LINE
)

HEAD: Final = Style(
    bold=True,
    size=9,
    color=WHITE,
    fill=NAVY,
    wrap=True,
    vertical=VerticalAlign.CENTER,
    align=Align.LEFT,
    indent=1,
)
HEAD_RIGHT: Final = replace(HEAD, align=Align.RIGHT)
HEAD_CENTER: Final = replace(HEAD, align=Align.CENTER, indent=0)
_ROW: Final = Style(
    color=TEXT, size=10, border=Border.BOTTOM, border_color=LINE, vertical=VerticalAlign.CENTER
)
ROW_LABEL: Final = replace(_ROW, align=Align.LEFT, shrink=True, indent=1)
ROW_FIGURE: Final = replace(_ROW, align=Align.RIGHT, indent=1)
ROW_CENTER: Final = replace(_ROW, align=Align.CENTER)
ROW_LABEL_BOLD: Final = replace(ROW_LABEL, bold=True)
ROW_FIGURE_BOLD: Final = replace(ROW_FIGURE, bold=True)
FACT_LABEL: Final = replace(_ROW, size=9, color=MUTED, align=Align.LEFT, indent=1)
FACT_TEXT: Final = replace(_ROW, align=Align.LEFT, wrap=True, indent=1)
ROW_SMALL: Final = replace(_ROW, size=8, color=MUTED, wrap=True, align=Align.LEFT, indent=1)

EMPTY_ROW: Final = Highlight(border_color=WHITE)
"""Hides the line under rows that show nothing."""
NOTHING: Final = Highlight(color=TEXT)
"""What says that a list is empty leads nowhere."""
TOTAL: Final = Highlight(bold=True, fill="EEF2F7")
OTHER_ROW: Final = Highlight(color=MUTED, italic=True)
GOOD: Final = Highlight(color="006100", fill="C6EFCE")
WARN: Final = Highlight(color="9C5700", fill="FFEB9C")
BAD: Final = Highlight(color="9C0006", fill="FFC7CE")
GOOD_TEXT: Final = Highlight(color="006100")
BAD_TEXT: Final = Highlight(color="9C0006")
WARNING_TEXT: Final = Highlight(color="9C0006", bold=True)


def with_format(style: Style, number_format: str) -> Style:
    return replace(style, number_format=number_format)


def linked(style: Style) -> Style:
    """The same, as what one can click on looks."""
    return replace(style, color=LINK_COLOR)
