"""XlsxWriter's chart parts with the values they show already in their caches.

Writes what XlsxWriter does not: caches from given values (it would look for them in cells it has not got, and
writes #N/A as 0), the East Asian typeface of all text, and what is drawn where there is no number. Does not
know plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsxwriter.chart import Chart
from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.chart_column import ChartColumn
from xlsxwriter.chart_doughnut import ChartDoughnut
from xlsxwriter.chart_line import ChartLine
from xlsxwriter.chart_scatter import ChartScatter

from crmsheet.excel.numbers import file_text
from crmsheet.excel.values import ExcelError, Value
from crmsheet.structs import dataclass
from crmsheet.write.strict import plain

TEXT_SIZE = 9


@dataclass(frozen=True, slots=True)
class Cache:
    """What a series saw when it was last drawn: one value a point, and the number format of the cells."""

    values: tuple[Value, ...]
    number_format: str = "General"

    @property
    def is_text(self) -> bool:
        return any(isinstance(v, str) for v in self.values)


class CachedChart(Chart):  # type: ignore[misc] # XlsxWriter has no types
    """The chart part, caches by the formula of their range."""

    caches: Mapping[str, Cache]
    font: str
    missing = "gap"
    """What is drawn where there is no number: `gap`, `span` or `zero`."""

    def _write_cat(self, series: Mapping[str, str]) -> None:
        formula = series["categories"]
        cache = self.caches[formula]
        self.cat_has_num_fmt = not cache.is_text
        self._xml_start_tag("c:cat")
        self._write_ref("str" if cache.is_text else "num", formula, cache)
        self._xml_end_tag("c:cat")

    def _write_val(self, series: Mapping[str, str]) -> None:
        self._xml_start_tag("c:val")
        self._write_ref("num", series["values"], self.caches[series["values"]])
        self._xml_end_tag("c:val")

    def _write_str_ref(self, formula: str, data: object, ref_type: str) -> None:  # noqa: ARG002 - XlsxWriter's
        self._write_ref("str", formula, self.caches[formula])

    def _write_ref(self, kind: str, formula: str, cache: Cache) -> None:
        self._xml_start_tag(f"c:{kind}Ref")
        self._xml_data_element("c:f", formula)
        self._xml_start_tag(f"c:{kind}Cache")
        if kind == "num":
            self._xml_data_element("c:formatCode", cache.number_format)
        self._xml_empty_tag("c:ptCount", [("val", len(cache.values))])
        for index, text in points(cache, kind):
            self._xml_start_tag("c:pt", [("idx", index)])
            self._xml_data_element("c:v", text)
            self._xml_end_tag("c:pt")
        self._xml_end_tag(f"c:{kind}Cache")
        self._xml_end_tag(f"c:{kind}Ref")

    def _write_a_latin(self, attributes: list[tuple[str, str]]) -> None:
        super()._write_a_latin(attributes)
        self._xml_empty_tag("a:ea", attributes)

    def _write_plot_vis_only(self) -> None:
        # Our data stand on a hidden sheet; readers differ on what a missing element means.
        self._xml_empty_tag("c:plotVisOnly", [("val", 0)])

    def _write_disp_blanks_as(self) -> None:
        self._xml_empty_tag("c:dispBlanksAs", [("val", self.missing)])

    def _write_print_settings(self) -> None:
        # The text properties of the whole chart stand just before the print settings.
        if self.font:
            self._write_axis_font(self._convert_font_args({"name": self.font, "size": TEXT_SIZE}))
        super()._write_print_settings()


class CachedLine(CachedChart, ChartLine):  # type: ignore[misc] # XlsxWriter has no types
    # LibreOffice draws the #N/A of a formula as 0 where gaps are wanted of a chart of lines only, and most
    # versions of Excel span it whatever is wanted. So a line goes on to the next value, and a missing one has
    # no marker: nowhere is it a 0.
    missing = "span"


class CachedColumn(CachedChart, ChartColumn):  # type: ignore[misc] # XlsxWriter has no types
    pass


class CachedBar(CachedChart, ChartBar):  # type: ignore[misc] # XlsxWriter has no types
    pass


class CachedDoughnut(CachedChart, ChartDoughnut):  # type: ignore[misc] # XlsxWriter has no types
    pass


class CachedScatter(CachedChart, ChartScatter):  # type: ignore[misc] # XlsxWriter has no types
    def _write_x_val(self, series: Mapping[str, str]) -> None:
        self._xml_start_tag("c:xVal")
        self._write_ref("num", series["categories"], self.caches[series["categories"]])
        self._xml_end_tag("c:xVal")

    def _write_y_val(self, series: Mapping[str, str]) -> None:
        self._xml_start_tag("c:yVal")
        self._write_ref("num", series["values"], self.caches[series["values"]])
        self._xml_end_tag("c:yVal")


def points(cache: Cache, kind: str) -> Iterator[tuple[int, str]]:
    """Index and text of each point that has one; text among numbers counts as 0 in Excel's caches, too."""
    for index, value in enumerate(cache.values):
        if value is None or value == "":
            continue
        if kind == "num" and isinstance(value, str):
            yield index, "0"
        else:
            yield index, plain(as_text(value))


def as_text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case ExcelError():
            return value.value
        case int() | float():
            return file_text(value)
        case str():
            return value
