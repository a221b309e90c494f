"""Native charts: what they show, how they look at build, and the values their caches hold.

Knows series as areas of anchored blocks. Does not know chart XML. After the build the look is the user's;
refresh writes only the caches of series that point into our blocks.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from crmsheet.formulas.tree import Area, Spot
from crmsheet.structs import dataclass

DRAWN_AS: Final = 1
"""Raised whenever the same chart is drawn otherwise than before (`write.charts`): charts of older workbooks that people
left as they were are then drawn anew."""


class Mark(StrEnum):
    """What a chart is made of: the basic types that every spreadsheet program draws."""

    LINE = "line"
    COLUMN = "column"
    BAR = "bar"
    DOUGHNUT = "doughnut"
    SCATTER = "scatter"


class Point(StrEnum):
    """What stands at the points of a line."""

    DOT = "dot"
    NONE = "none"
    DASH = "dash"
    """A short bar across, such as a target."""
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Series:
    """`values` and `categories` are single rows or columns of a block; `name` is a cell. Of a scatter
    `categories` are the x values."""

    name: Spot
    categories: Area
    values: Area
    color: str = ""
    dashed: bool = False
    point_colors: tuple[str, ...] = ()
    """Of a doughnut: a colour a slice."""
    unnamed: tuple[int, ...] = ()
    """Of a doughnut: slices without an entry in the legend."""
    number_format: str = ""
    overlay: bool = False
    """A line drawn over columns."""
    second_axis: bool = False
    stroke: bool = True
    """Whether the points of a line are joined."""
    point: Point = Point.DOT
    spacer: bool = False
    """Takes its room and is not seen: it lifts what stands on it."""
    trendline: bool = False
    labels: bool = True
    """Where the chart labels its points at all."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of numbers."""

    number_format: str = ""
    title: str = ""
    from_zero: bool = False
    """It begins at 0, whatever the numbers are."""
    most: float | None = None
    log: bool = False
    shown: bool = True


@dataclass(frozen=True, slots=True)
class PlanChart:
    """A chart on `sheet`, its top-left corner in the cell (`row`, `column`), its size in pixels."""

    anchor: str
    sheet: str
    row: int
    column: int
    width: int
    height: int
    mark: Mark
    series: tuple[Series, ...]
    title: str = ""
    alt_text: str = ""
    values: Axis = Axis()
    second: Axis = Axis()
    across: Axis = Axis()
    """Of a scatter: the axis of x."""
    stacked: bool = False
    share: bool = False
    """Stacked to 100 %."""
    overlaid: bool = False
    """Columns of all series in one place: of each category only one series has a number."""
    legend: bool = False
    data_labels: bool = False
    gap: int = 60
    """Between columns or bars, in hundredths of their width."""
    font: str = ""
    """Latin and East Asian typeface of all text."""

    @property
    def drawn(self) -> tuple[Series, ...]:
        """The series in the order in which a file keeps them: lines behind columns, the second axis behind the
        first."""
        return tuple(sorted(self.series, key=lambda s: (s.overlay, s.second_axis)))
