"""Looks of cells, as values: two cells with equal styles look alike.

Knows the attributes of a cell format. Does not know XML or style indexes.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.structs import dataclass, replace


class Align(StrEnum):
    GENERAL = ""
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class VerticalAlign(StrEnum):
    BOTTOM = ""
    TOP = "top"
    CENTER = "center"


class Border(StrEnum):
    """Which edges carry a thin line in `border_color`."""

    NONE = ""
    BOX = "box"
    BOTTOM = "bottom"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Style:
    """A cell format. Colours are `RRGGBB` or empty for none; `number_format` is Excel's code."""

    number_format: str = ""
    color: str = ""
    fill: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float = 0
    """Points; 0 for the workbook's default."""
    align: Align = Align.GENERAL
    vertical: VerticalAlign = VerticalAlign.BOTTOM
    wrap: bool = False
    shrink: bool = False
    """Smaller type where the text is wider than its room; not together with `wrap`."""
    indent: int = 0
    border: Border = Border.NONE
    border_color: str = ""
    locked: bool = True


def below_table(style: Style) -> Style:
    """What cells under a table take from its column: how they show what is typed, not its fill and lines,
    which would run down the whole sheet."""
    return replace(style, fill="", border=Border.NONE, border_color="")


@dataclass(frozen=True, slots=True)
class Highlight:
    """What a conditional format changes: a differential format."""

    color: str = ""
    fill: str = ""
    bold: bool = False
    italic: bool = False
    border_color: str = ""
    number_format: str = ""
    """Excel's code, such as `"⚑ "@`: a sign before the text that the cell holds."""
