"""Charts: their caches hold the plan's values, their text has East Asian typefaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.package import Element, Package, child, descendants
from tests.write.sample_plans import everything, written_bytes

from crmsheet.excel.values import ExcelError
from crmsheet.write.chartparts import Cache
from crmsheet.write.chartparts import points as cache_points
from crmsheet.write.charts import _readable_on

LINE, COLUMN, BAR, DOUGHNUT = 1, 2, 3, 4


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(written_bytes(everything()))


def chart(package: Package, number: int) -> Element:
    return package.root(f"xl/charts/chart{number}.xml")


def points(element: Element) -> dict[int, str]:
    return {int(p.get("idx")): p[0].text for p in descendants(element, "pt")}


@pytest.mark.parametrize("number", [LINE, COLUMN, BAR, DOUGHNUT])
def test_caches_hold_the_plans_values_with_gaps_and_errors(package: Package, number: int) -> None:
    series = descendants(chart(package, number), "ser")[0]
    values = child(series, "val")
    assert points(values) == {0: "3", 2: "#N/A", 3: "5"}
    assert descendants(values, "ptCount")[0].get("val") == "4"
    assert descendants(values, "f")[0].text == "_calc!$B$1:$B$4"
    assert descendants(values, "formatCode")[0].text == "#,##0.00"
    assert points(child(series, "cat")) == {0: "2026-01", 1: "2026-02", 2: "2026-03", 3: "2026-04"}
    assert child(series, "cat")[0].tag.endswith("strRef")
    assert points(child(series, "tx")) == {0: "销售额 & <净>"}


@pytest.mark.parametrize("number", [LINE, COLUMN, BAR, DOUGHNUT])
def test_all_text_has_an_east_asian_typeface(package: Package, number: int) -> None:
    root = chart(package, number)
    latin = descendants(root, "latin")
    assert len(latin) >= 3
    assert [e.get("typeface") for e in latin] == [e.get("typeface") for e in descendants(root, "ea")]
    assert {e.get("typeface") for e in latin} == {"微软雅黑"}
    assert child(root, "txPr") is not None


@pytest.mark.parametrize("number", [LINE, COLUMN, BAR, DOUGHNUT])
def test_data_of_hidden_sheets_show_and_missing_months_are_no_zeros(package: Package, number: int) -> None:
    body = child(chart(package, number), "chart")
    assert child(body, "plotVisOnly").get("val") == "0"
    # LibreOffice draws #N/A as 0 in a chart of lines only that wants gaps.
    assert child(body, "dispBlanksAs").get("val") == ("span" if number == LINE else "gap")
    assert descendants(body, "dispNaAsBlank")[0].get("val") == "1"


def test_a_title_that_looks_like_a_reference_stays_a_title(package: Package) -> None:
    title = child(child(chart(package, COLUMN), "chart"), "title")
    assert [t.text for t in descendants(title, "t")] == ["收入 ‘净’!A1"]
    assert child(child(chart(package, LINE), "chart"), "title") is None
    assert child(child(chart(package, LINE), "chart"), "autoTitleDeleted").get("val") == "1"


def test_a_dashed_series_among_columns_is_a_line_over_them(package: Package) -> None:
    area = child(child(chart(package, COLUMN), "chart"), "plotArea")
    assert len(descendants(child(area, "barChart"), "ser")) == 1
    (line,) = descendants(child(area, "lineChart"), "ser")
    assert points(child(line, "val")) == dict.fromkeys(range(4), "4")
    assert descendants(line, "prstDash")[0].get("val") == "dash"
    assert descendants(line, "dLbls") == []


def test_bars_begin_at_the_top_and_carry_the_number_format(package: Package) -> None:
    area = child(child(chart(package, BAR), "chart"), "plotArea")
    categories, values = child(area, "catAx"), child(area, "valAx")
    assert descendants(categories, "orientation")[0].get("val") == "maxMin"
    assert descendants(values, "orientation")[0].get("val") == "minMax"
    assert child(values, "numFmt").get("formatCode") == '0\\.0,"万"'
    assert child(categories, "majorGridlines") is None
    assert [t.text for t in descendants(values, "t")] == ["万元"]
    assert descendants(area, "grouping")[0].get("val") == "stacked"
    assert descendants(area, "overlap")[0].get("val") == "100"


def test_a_doughnut_has_colours_a_hole_and_readable_labels(package: Package) -> None:
    root = chart(package, DOUGHNUT)
    colors = [descendants(p, "srgbClr")[0].get("val") for p in descendants(root, "dPt")]
    assert colors == ["0072B2", "E69F00", "009E73", "CC79A7"]
    assert descendants(root, "holeSize")[0].get("val") == "60"
    labels = [descendants(label, "srgbClr")[0].get("val") for label in descendants(root, "dLbl")]
    assert labels == ["FFFFFF", "1F2937", "1F2937", "1F2937"]


def test_charts_have_alternative_text_a_name_and_move_with_cells(package: Package) -> None:
    drawing = package.root(package.related(package.sheet("看板 O'Neil").part, "drawing")[0])
    frames = descendants(drawing, "cNvPr")
    assert [f.get("name") for f in frames] == [f"board.chart{i}" for i in range(4)]
    assert {f.get("descr") for f in frames} == {"每月的销售额 & 目标"}
    assert len(descendants(drawing, "twoCellAnchor")) == 4
    assert {a.get("editAs") for a in descendants(drawing, "twoCellAnchor")} == {None}


def test_a_cache_of_numbers_counts_text_as_zero_and_skips_blanks() -> None:
    cache = Cache((1.5, "text", "", None, True, ExcelError.NA))
    assert list(cache_points(cache, "num")) == [(0, "1.5"), (1, "0"), (4, "TRUE"), (5, "#N/A")]
    assert list(cache_points(cache, "str"))[1] == (1, "text")


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@given(st.integers(0, 0xFFFFFF))
def test_labels_always_contrast_with_their_slice(number: int) -> None:
    color = f"{number:06X}"
    assert _contrast(color, _readable_on(color)) >= 3.4
