"""The chart judge compares every cached point with its cell."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from tests.judge.charts import stale_points
from tests.judge_selftest.conftest import edited

CHART = "xl/charts/chart1.xml"


def test_right_caches_are_accepted(good: Path) -> None:
    assert stale_points(good) == []


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (CHART, "<c:v>20.5</c:v>", "<c:v>20</c:v>", "[1]: '20', the cell 20.5"),
        (CHART, "<c:v>甲</c:v>", "<c:v>乙</c:v>", "[0]: '乙', the cell '甲'"),
        (CHART, '<c:pt idx="2"><c:v>30</c:v></c:pt>', "", "[2]: None, the cell 30.0"),
        (CHART, '<c:ptCount val="3"/>', '<c:ptCount val="4"/>', "number of points"),
        (CHART, "客户!$C$2:$C$4", "nowhere", "nowhere[-1]"),
        ("xl/worksheets/sheet1.xml", "<v>20.5</v>", "<v>21</v>", "the cell 21.0"),
    ],
)
def test_a_stale_point_is_named(tmp_path: Path, good: Path, part: str, old: str, new: str, said: str) -> None:
    bad = edited(good, tmp_path / "bad.xlsx", part, lambda text: text.replace(old, new, 1))
    found = [str(point) for point in stale_points(bad)]
    assert any(said in point for point in found), found


def test_names_are_followed(tmp_path: Path) -> None:
    path = tmp_path / "named.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("数 据")
        sheet.write_column("A1", [1, 2, "#N/A"])
        book.define_name("points", "='数 据'!$A$1:$A$3")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='数 据'!$A$1:$A$3"})
        sheet.insert_chart("C1", chart)
    named = edited(
        path, tmp_path / "n.xlsx", CHART, lambda text: text.replace("'数 据'!$A$1:$A$3", "[0]!points")
    )
    assert stale_points(named) == []
