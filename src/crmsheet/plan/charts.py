"""Native charts: what they show, how they look at build, and the values their caches hold.

Knows series as areas of anchored blocks. Does not know chart XML. After the build the look is the user's;
refresh writes only the caches of series that point into our blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

from crmsheet.formulas.tree import Area, Spot
from crmsheet.model.boards import ChartType


@dataclass(frozen=True, slots=True)
class Series:
    """`values` and `categories` are single rows or columns of a block; `name` is a cell."""

    name: Spot
    categories: Area
    values: Area
    color: str = ""
    dashed: bool = False
    point_colors: tuple[str, ...] = ()
    """Of a doughnut: a colour a slice."""
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class PlanChart:
    """A chart on `sheet`, its top-left corner in the cell (`row`, `column`), its size in pixels."""

    anchor: str
    sheet: str
    row: int
    column: int
    width: int
    height: int
    type: ChartType
    series: tuple[Series, ...]
    title: str = ""
    alt_text: str = ""
    number_format: str = ""
    """Of the value axis."""
    value_axis_title: str = ""
    stacked: bool = False
    legend: bool = False
    data_labels: bool = False
    font: str = ""
    """Latin and East Asian typeface of all text."""
