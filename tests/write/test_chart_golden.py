"""Chart parts as they are written, readable: one of each mark, with all that marks can have.

`UPDATE_GOLDEN=1 pytest tests/write/test_chart_golden.py` writes the files anew; they are compared all the same.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from tests.judge.package import Package
from tests.judge.schema import schema_errors
from tests.write.sample_plans import everything, written_bytes

from crmsheet.formulas.tree import Area, Spot
from crmsheet.plan.charts import Axis, Mark, PlanChart, Point, Series

GOLDEN = Path(__file__).parents[1] / "golden" / "charts"
MONTHS = Area("calc.months", 0, 0, 3, 0)
FIRST = Series(Spot("calc.months", 4, 1), MONTHS, Area("calc.months", 0, 1, 3, 1), "0072B2")
SECOND = Series(Spot("calc.months", 4, 2), MONTHS, Area("calc.months", 0, 2, 3, 2), "D55E00")
LINE = replace(SECOND, overlay=True)
FRAME = PlanChart(
    "board.chart0", "board", 6, 1, 400, 260, Mark.COLUMN, (FIRST,), "收入", "收入", font="微软雅黑"
)

CHARTS = {
    "columns_and_a_line_on_the_second_axis": replace(
        FRAME,
        series=(FIRST, replace(LINE, second_axis=True)),
        values=Axis("#,##0", "万元", from_zero=True),
        second=Axis("0%", most=1),
        legend=True,
    ),
    "columns_with_marks": replace(
        FRAME, series=(FIRST, replace(LINE, stroke=False, point=Point.DASH)), legend=True
    ),
    "bars_of_shares_with_room": replace(
        FRAME,
        mark=Mark.BAR,
        series=(replace(SECOND, spacer=True), FIRST, replace(SECOND, spacer=True)),
        share=True,
        values=Axis("0%", shown=False),
        gap=15,
    ),
    "bars_in_one_place": replace(
        FRAME, mark=Mark.BAR, series=(FIRST, replace(SECOND, spacer=True)), overlaid=True, data_labels=True
    ),
    "line_on_a_logarithmic_axis": replace(
        FRAME,
        mark=Mark.LINE,
        series=(FIRST, replace(SECOND, stroke=False, point=Point.DIAMOND)),
        values=Axis(log=True),
    ),
    "points_with_a_trendline": replace(
        FRAME,
        mark=Mark.SCATTER,
        series=(replace(SECOND, categories=Area("calc.months", 0, 1, 3, 1), trendline=True),),
        values=Axis("0.0", "评分"),
        across=Axis("#,##0", "金额"),
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_part_is_as_it_was(name: str) -> None:
    content = written_bytes(replace(everything(), charts=(CHARTS[name],)))
    assert schema_errors(content) == []
    root = Package(content).root("xl/charts/chart1.xml")
    etree.indent(root)
    found = etree.tostring(root, encoding="unicode") + "\n"
    path = GOLDEN / f"{name}.xml"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8")
