"""Native charts: a plan's chart in XlsxWriter's words.

Knows looks, axes, legends, labels. Caches and what else XlsxWriter does not write are `chartparts`'. Does not
know how the values were computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from xlsxwriter.chart_title import ChartTitle

from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Area, Spot
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import PlanCell
from crmsheet.plan.charts import Axis, Mark, PlanChart, Point, Series
from crmsheet.plan.place import Addresses
from crmsheet.write.chartparts import (
    TEXT_SIZE,
    Cache,
    CachedBar,
    CachedChart,
    CachedColumn,
    CachedDoughnut,
    CachedLine,
    CachedScatter,
    as_text,
)
from crmsheet.write.strict import plain

_TEXT = "6B7280"
_TITLE = "1F2937"
_GRID = "E5E7EB"
_TITLE_SIZE = 11
_HOLE = 60
_BETWEEN = 100
"""Overlap of stacked columns: they stand on each other."""
_LINE = 2.25
_MARKER = 4
_DOT = 6
_DASH = 20
_DIAMOND = 9
_LABEL = 32
"""Pixels of a month below a line, such as 26-03, with the room between two of them."""
_BESIDE_PLOT = 80
_BARS = 20
_DASHED_LINE = 1.5

_MIDDLE = 0.2
"""The luminance on which white and our dark text contrast equally."""

Options: TypeAlias = dict[str, object]


def chart_part(chart: PlanChart, plan: Plan, addresses: Addresses) -> CachedChart:
    """The chart; overlaid series are lines drawn over its columns."""
    values = _values_of(plan, chart)
    lines = tuple(s for s in chart.series if s.overlay)
    columns = tuple(s for s in chart.series if not s.overlay)
    part = _part(chart, chart.mark, columns or lines, values, addresses)
    if columns and lines:
        part.combine(_part(chart, Mark.LINE, lines, values, addresses))
    _dress(part, chart)
    return part


def _new(chart: PlanChart, kind: Mark, *, stacked: bool) -> CachedChart:
    options = {"subtype": "percent_stacked" if chart.share else "stacked"} if stacked else {}
    match kind:
        case Mark.LINE:
            return CachedLine(options)
        case Mark.COLUMN:
            return CachedColumn(options)
        case Mark.BAR:
            return CachedBar(options)
        case Mark.DOUGHNUT:
            return CachedDoughnut()
        case Mark.SCATTER:
            return CachedScatter({"subtype": "marker_only"})
        case _:
            assert_never(kind)


def _part(
    chart: PlanChart,
    kind: Mark,
    series: tuple[Series, ...],
    values: Mapping[Area, Cache],
    addresses: Addresses,
) -> CachedChart:
    upright = kind is chart.mark and kind in (Mark.LINE, Mark.COLUMN, Mark.BAR)
    stacked = (chart.stacked or chart.share) and upright and len(series) > 1
    part = _new(chart, kind, stacked=stacked)
    part.font = plain(chart.font)
    caches: dict[str, Cache] = {}
    for s in series:
        name = _formula(addresses, _as_area(s.name))
        categories, numbers = _formula(addresses, s.categories), _formula(addresses, s.values)
        caches[name] = Cache(tuple(_shown(v) for v in values[_as_area(s.name)].values))
        caches[categories] = values[s.categories]
        caches[numbers] = values[s.values]
        options: Options = {"name_formula": name, "categories": categories, "values": numbers}
        options |= _look(chart, s, kind, stacked=stacked)
        if s.second_axis:
            options["y2_axis"] = True
        if s.trendline:
            options["trendline"] = {
                "type": "linear",
                "line": {"color": "#" + _TEXT, "width": _DASHED_LINE, "dash_type": "dash"},
            }
        if chart.data_labels and s.labels and not s.spacer:
            options["data_labels"] = _labels(chart, s, kind)
        part.add_series(options)
    part.caches = caches
    return part


def _look(chart: PlanChart, series: Series, kind: Mark, *, stacked: bool) -> Options:
    color = "#" + series.color if series.color else None
    match kind:
        case Mark.LINE:
            return {"line": _line(series, color), "marker": _marker(series, color)}
        case Mark.COLUMN | Mark.BAR:
            look: Options = {"gap": chart.gap}
            if series.spacer:
                look |= {"fill": {"none": True}, "border": {"none": True}}
            elif color:
                look["fill"] = {"color": color}
            if stacked or chart.overlaid:
                look["overlap"] = _BETWEEN
            if series.point_colors:
                look["points"] = _slices(series)
            return look
        case Mark.DOUGHNUT:
            return {"points": _slices(series)} if series.point_colors else {}
        case Mark.SCATTER:
            if series.spacer:
                return {"marker": {"type": "none"}}
            dot: Options = {"type": "circle", "size": _DOT}
            if color:
                dot |= {"fill": {"color": color, "transparency": 35}, "border": {"none": True}}
            return {"marker": dot}


def _line(series: Series, color: str | None) -> Options:
    if not series.stroke:
        return {"none": True}
    line: Options = {"width": _DASHED_LINE if series.dashed else _LINE}
    if color:
        line["color"] = color
    if series.dashed:
        line["dash_type"] = "dash"
    return line


def _marker(series: Series, color: str | None) -> Options:
    """Without markers a month between two gaps would not be seen."""
    filled: Options = {"fill": {"color": color}, "border": {"color": color}} if color else {}
    match series.point:
        case Point.DOT if not series.dashed:
            return {"type": "circle", "size": _MARKER} | filled
        case Point.DOT | Point.NONE:
            return {"type": "none"}
        case Point.DASH:
            return {"type": "long_dash", "size": _DASH} | filled
        case Point.DIAMOND:
            return {"type": "diamond", "size": _DIAMOND} | filled
        case _:
            assert_never(series.point)


def _slices(series: Series) -> list[Options]:
    return [{"fill": {"color": "#" + c}, "border": {"color": "#FFFFFF"}} for c in series.point_colors]


def _labels(chart: PlanChart, series: Series, kind: Mark) -> Options:
    labels: Options = {"font": _font(chart)}
    if kind is Mark.DOUGHNUT:
        custom = [{"font": _font(chart, _readable_on(c), bold=True)} for c in series.point_colors]
        # Nothing beside slices that are nothing.
        return labels | {"percentage": True, "num_format": "0%;;", "leader_lines": False, "custom": custom}
    labels["value"] = True
    if (chart.stacked or chart.share) and series.color:
        labels["font"] = _font(chart, _readable_on(series.color))
    code = series.number_format or chart.values.number_format
    return labels | {"num_format": code} if code else labels


def _dress(part: CachedChart, chart: PlanChart) -> None:
    """Everything around the series."""
    part.set_size({"width": chart.width, "height": chart.height})
    # What stands in the cells behind it is read where the chart draws nothing.
    part.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    part.set_plotarea({"fill": {"none": True}})
    part.chart_name = plain(chart.anchor)
    # A metric that does not apply is #N/A: a gap, not a line across.
    part.show_na_as_empty_cell()
    if chart.title:
        part.set_title({"overlay": False, "name_font": _font(chart, _TITLE, _TITLE_SIZE, bold=True)})
        # Set directly: a title that looks like a reference would be taken for one.
        part.title.name = plain(chart.title)
    else:
        part.set_title({"none": True})
    _legend(part, chart)
    match chart.mark:
        case Mark.DOUGHNUT:
            part.set_hole_size(_HOLE)
        case Mark.SCATTER:
            part.set_x_axis(_numbers(chart, chart.across))
            part.set_y_axis(_numbers(chart, chart.values))
            _entitle(part.x_axis, chart.across)
            _entitle(part.y_axis, chart.values)
        case Mark.BAR:
            # The first category on top; the value axis, which goes up with it, back to the bottom.
            part.set_x_axis(_numbers(chart, chart.values) | {"label_position": "high"})
            part.set_y_axis(_categories(chart) | {"reverse": True})
            _entitle(part.x_axis, chart.values)
        case Mark.LINE | Mark.COLUMN:
            part.set_x_axis(_categories(chart))
            part.set_y_axis(_numbers(chart, chart.values))
            _entitle(part.y_axis, chart.values)
            if part.combined is not None and part.combined.is_secondary:
                second = _numbers(chart, chart.second) | {"major_gridlines": {"visible": False}}
                part.combined.set_y2_axis(second)
                _entitle(part.combined.y2_axis, chart.second)
        case _:
            assert_never(chart.mark)


def _legend(part: CachedChart, chart: PlanChart) -> None:
    if not chart.legend:
        part.set_legend({"none": True})
        return
    place = "right" if chart.mark is Mark.DOUGHNUT else "bottom"
    drawn = [s for s in chart.series if not s.overlay] + [s for s in chart.series if s.overlay]
    left_out = [i for i, s in enumerate(drawn) if s.spacer]
    if chart.mark is Mark.DOUGHNUT:
        # The legend of a doughnut lists slices.
        left_out = [point for s in drawn for point in s.unnamed]
    part.set_legend({"position": place, "font": _font(chart), "delete_series": left_out or None})


def _categories(chart: PlanChart) -> Options:
    area = chart.series[0].categories
    count = max(area.bottom - area.top, area.right - area.left) + 1
    every: Options = {}
    if chart.mark is Mark.LINE:
        # Labels side by side have room for so many; beyond them every second or third is written.
        every = {"interval_unit": -(-count // max(1, (chart.width - _BESIDE_PLOT) // _LABEL))}
    elif chart.mark is Mark.BAR and count <= _BARS:
        # Each bar has a name of its own: left to themselves, programs leave out every second.
        every = {"interval_unit": 1}
    return every | {
        "num_font": _font(chart),
        "line": {"color": "#" + _GRID},
        "major_gridlines": {"visible": False},
        "major_tick_mark": "none",
        "text_axis": True,
        # Below the numbers, also where some of them are below 0.
        "label_position": "low",
    }


def _numbers(chart: PlanChart, axis: Axis) -> Options:
    options: Options = {
        "num_font": _font(chart),
        "name_font": _font(chart),
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": "#" + _GRID}},
        "major_tick_mark": "none",
    }
    if axis.number_format:
        options["num_format"] = axis.number_format
    if axis.from_zero:
        options["min"] = 0
    if axis.most is not None:
        options["max"] = axis.most
    if axis.log:
        # The other axis crosses at the foot, not at 1.
        options |= {"log_base": 10, "crossing": "min"}
    if not axis.shown:
        options |= {"visible": False, "major_gridlines": {"visible": False}}
    return options


def _entitle(held: dict[str, ChartTitle], axis: Axis) -> None:
    if axis.title:
        held["title"].name = plain(axis.title)


def _font(chart: PlanChart, color: str = _TEXT, size: float = TEXT_SIZE, *, bold: bool = False) -> Options:
    font: Options = {"size": size, "color": "#" + color, "bold": bold}
    if chart.font:
        font["name"] = plain(chart.font)
    return font


def _readable_on(color: str) -> str:
    """Dark or white, whichever contrasts more with the colour (relative luminance as WCAG defines it)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "FFFFFF" if luminance < _MIDDLE else _TITLE


def _formula(addresses: Addresses, area: Area) -> str:
    return addresses.area(area.anchor, area.top, area.left, area.bottom, area.right)


def _as_area(spot: Spot) -> Area:
    return Area(spot.anchor, spot.row, spot.column, spot.row, spot.column)


def _values_of(plan: Plan, chart: PlanChart) -> Mapping[Area, Cache]:
    """What each range that the chart shows holds."""
    anchors = {a.anchor for s in chart.series for a in (s.name, s.categories, s.values)}
    cells = {b.anchor: {(c.row, c.column): c for c in b.cells} for b in plan.blocks if b.anchor in anchors}
    areas = {a for s in chart.series for a in (_as_area(s.name), s.categories, s.values)}
    return {area: _cache(area, cells.get(area.anchor, {})) for area in areas}


def _cache(area: Area, cells: Mapping[tuple[int, int], PlanCell]) -> Cache:
    found = [
        cells.get((row, column))
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]
    formats = [c.style.number_format for c in found if c is not None and c.style.number_format]
    return Cache(tuple(None if c is None else c.value for c in found), formats[0] if formats else "General")


def _shown(value: Value) -> Value:
    """A series' name as text."""
    return None if value is None else as_text(value)
