"""Kinds of charts: the numbers behind them against published examples and hand computation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compile.sales_world import (
    BY_MONTH,
    BY_OWNER,
    BY_REGION,
    CUSTOMERS,
    METRICS,
    ORDERS,
    PERIOD,
    Book,
    book,
    day,
    empty_state,
    full_state,
    model,
    rows,
)

from crmsheet.compile.board_theme import BAD_TEXT
from crmsheet.compile.charting.plots import never_negative
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Area, Measure
from crmsheet.model.boards import ChartBlock, ChartType, Dimension, Grain, HeatBlock
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.state import State
from crmsheet.model.words import Label, Language
from crmsheet.plan.charts import Series

NA = ExcelError.NA
BY_CUSTOMER = Dimension(
    "customer", Label.same("customer"), paths=(("orders", "customer"),), table="customers"
)
BY_QUARTER = Dimension("quarter", Label.same("quarter"), grain=Grain.QUARTER)
BY_YEAR = Dimension("year", Label.same("year"), grain=Grain.YEAR)
NIST = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches."""


def shown(found: Book, area: Area) -> list[Value]:
    return found.column(area.anchor, area.left)[area.top : area.bottom + 1]


def series(found: Book) -> dict[str, list[Value]]:
    """The values of each series by its name; what is only there to take room is left out."""
    result: dict[str, list[Value]] = {}
    for one in found.plan.charts[0].series:
        if not one.spacer:
            result.setdefault(name(found, one), shown(found, one.values))
    return result


def name(found: Book, one: Series) -> str:
    return str(found.cells(one.name.anchor)[one.name.row, one.name.column].value)


def labels(found: Book) -> list[Value]:
    return shown(found, found.plan.charts[0].series[0].categories)


def note(found: Book) -> str:
    return str(found.shown("chart")[-1][-1])


def orders(*found: tuple[int, Value, Value, float]) -> State:
    """A book with these orders: date, customer, owner, amount."""
    lines = [(str(i), when, who, owner, amount, None) for i, (when, who, owner, amount) in enumerate(found)]
    names = dict.fromkeys(str(who) for _, who, _, _ in found)
    state = empty_state()
    return replace(
        state,
        tables={
            **state.tables,
            "orders": rows(ORDERS, lines),
            "customers": rows(CUSTOMERS, [(n, "华东", 1) for n in names]),
        },
    )


def monthly(values: Sequence[float], year: int, month: int) -> State:
    """One order a month, the last of them in this one."""
    first = year * 12 + month - len(values)
    return orders(
        *((day((first + i) // 12, (first + i) % 12 + 1, 2), "A", None, v) for i, v in enumerate(values))
    )


def chart(kind: ChartType, *metrics: str, by: Dimension | None = BY_MONTH, last: int = 12) -> ChartBlock:
    return ChartBlock("chart", kind, metrics or ("revenue",), by, last=last)


# Pareto


def test_pareto_shares_of_a_published_example() -> None:
    """Seven customers of 27 to 4 thousand: the running shares by which they are classed A, B and C."""
    amounts = (5, 27, 4, 24, 16, 18, 6)
    state = orders(*((day(2026, 3, 2), f"C{a}", None, a * 1000.0) for a in amounts))
    found = book(replace(chart(ChartType.PARETO, by=BY_CUSTOMER), top=5), state=state)
    revenue, share = series(found).values()
    assert labels(found) == ["C27", "C24", "C18", "C16", "C6", "Other / unlisted"]
    assert revenue == [27000, 24000, 18000, 16000, 6000, 9000]
    assert share == pytest.approx([0.27, 0.51, 0.69, 0.85, 0.91, 1])
    assert "the first 4 make 80%" in note(found)
    bars, line = (s for s in found.plan.charts[0].series if not s.spacer)
    assert (line.overlay, line.second_axis, bars.point_colors[-1]) == (True, True, "999999")


def test_pareto_counts_what_is_above_zero_and_rows_without_a_value() -> None:
    found = book(replace(chart(ChartType.PARETO, by=BY_CUSTOMER), top=10))
    revenue, share = series(found).values()
    # 甲 100, 乙 50.5, 丙* 30; 丙x -9.5 is left out; the order without a customer is the rest.
    assert [v for v in revenue if v != NA] == [100, 50.5, 30, 7]
    assert [v for v in share if v != NA] == pytest.approx([100 / 187.5, 150.5 / 187.5, 180.5 / 187.5, 1])


# XmR


def test_control_limits_of_a_published_example() -> None:
    found = book(chart(ChartType.CONTROL, last=10), state=monthly(NIST, 2026, 3))
    revenue, mean, upper, lower, outside = series(found).values()
    assert revenue == list(NIST)
    # The mean moving range is 1.8778; with 3/1.128 instead of 2.66 the book has 55.8041 and 45.8159.
    assert mean == pytest.approx([50.81] * 10)
    assert upper == pytest.approx([55.8041] * 10, abs=0.002)
    assert lower == pytest.approx([45.8159] * 10, abs=0.002)
    assert outside == [NA] * 10
    assert "complete periods: 10" in note(found)
    assert "provisional" in note(found)


def test_a_value_outside_is_marked_and_a_running_month_does_not_count() -> None:
    values = (10, 11, 10, 11, 10, 11, 10, 11, 10, 30, 500)
    found = book(
        chart(ChartType.CONTROL, last=12), state=monthly(values, 2026, 3), as_of=dt.date(2026, 3, 30)
    )
    revenue, mean, upper, lower, outside = series(found).values()
    # The month before the first order is nothing, not 0; March is not over.
    assert revenue == [NA, *values[:-1], NA]
    centre, reach = sum(values[:-1]) / 10, 2.66 * (8 * 1 + 20) / 9
    assert mean == pytest.approx([centre] * 12)
    assert upper == pytest.approx([centre + reach] * 12)
    assert lower == pytest.approx([max(0, centre - reach)] * 12)
    assert outside == [NA] * 10 + [30, NA]


def test_too_few_values_have_no_limits() -> None:
    found = book(chart(ChartType.CONTROL), state=monthly((1, 2, 3, 4, 5), 2026, 3))
    assert series(found)["Mean"] == [NA] * 12
    assert "fewer than 6 complete periods with figures: no limits" in note(found)


@pytest.mark.parametrize("kind", [ChartType.CONTROL, ChartType.LINE])
def test_where_there_is_nothing_no_period_counts(kind: ChartType) -> None:
    block = chart(kind)
    block = replace(block, forecast=2) if kind is ChartType.LINE else block
    for found in (book(block, state=empty_state()), book(block, chosen={"owner": "Nobody at all"})):
        assert "complete periods: 0" in note(found) or "fewer than 4 complete periods" in note(found)
        assert "R²" not in note(found)


# Lines


def test_a_forecast_carries_the_straight_line_on() -> None:
    block = replace(chart(ChartType.LINE, "orders", last=6), forecast=2)
    state = orders(*((day(2025, 10 + i, 5), "A", None, 1.0) for i in range(3) for _ in range(i + 1)))
    more = orders(
        *((day(2025, 10 + i, 5), "A", None, 1.0) for i in range(3) for _ in range(i + 1)),
        *((day(2026, 1, 5), "A", None, 1.0) for _ in range(4)),
        *((day(2026, 2, 5), "A", None, 1.0) for _ in range(5)),
        (day(2026, 3, 5), "A", None, 1.0),
    )
    found = book(block, state=more, as_of=dt.date(2026, 3, 10))
    values, ahead = series(found)["Orders"], series(found)["Forecast"]
    assert values == [1, 2, 3, 4, 5, NA, NA, NA]
    assert ahead == [NA, NA, NA, NA, 5, pytest.approx(6), pytest.approx(7), pytest.approx(8)]
    assert labels(found)[-3:] == ["26-03", "26-04", "26-05"]
    assert "linear trend of 5 complete periods, R²=1.00" in note(found)
    assert "the running period is left out" in note(found)
    few = book(block, state=state, as_of=dt.date(2025, 12, 31))
    assert series(few)["Forecast"] == [NA] * 8
    assert "fewer than 4 complete periods" in note(few)


def test_a_forecast_of_what_was_never_below_zero_is_not_either() -> None:
    block = replace(chart(ChartType.LINE, last=6), forecast=3)
    found = book(block, state=monthly((50, 40, 30, 20, 10, 1), 2026, 3))
    assert series(found)["Forecast"][6:] == [0, 0, 0]


def test_a_moving_average_needs_all_its_periods() -> None:
    block = replace(chart(ChartType.LINE, last=6), moving_average=3)
    found = book(block, state=monthly((1, 2, 6, 7, 2), 2026, 3))
    assert series(found)["Moving average of 3"] == [NA, NA, NA, 3, 5, 5]


def test_a_logarithmic_axis_has_no_zero() -> None:
    found = book(replace(chart(ChartType.LINE, last=3), log=True), state=monthly((5, 0, 7), 2026, 3))
    assert series(found)["Revenue"] == [5, NA, 7]
    assert found.plan.charts[0].values.log


# Waterfall


def levels(found: Book) -> list[tuple[float, float]]:
    """The lower and upper edge of each visible column, from what is stacked."""
    columns = [[_number(v) for v in shown(found, s.values)] for s in found.plan.charts[0].series]
    edges = []
    for parts in zip(*columns, strict=True):
        space, *seen = parts
        above, below = sum(p for p in seen if p > 0), sum(p for p in seen if p < 0)
        low = below + min(space, 0) if below else max(space, 0)
        high = above + max(space, 0) if above else min(space, 0)
        edges.append((low, high))
    return edges


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def changes(found: Book) -> list[float]:
    """From the first column to the last."""
    last = len(labels(found))
    return [_number(v) for v in found.column("calc.board.chart.plot", 1)[1 : last + 1]]


def test_a_waterfall_adds_up_to_the_change() -> None:
    found = book(chart(ChartType.WATERFALL, by=BY_REGION), chosen={"period": "This month"})
    start, *between, end = changes(found)
    # February 80 + 20; March 100 (甲), 50.5 (乙), 30 (丙*), -9.5 (丙x, of a region that is in no list), 7.
    assert (start, end) == (100, 178)
    assert sum(between) == end - start
    assert between == [50.5, 20, 10, -2.5]
    assert [str(x).split("  ")[0] for x in labels(found)] == [
        "Before",
        "华北",
        "华东",
        "A*?~",
        "Other",
        "Now",
    ]
    assert levels(found)[1] == (100, 150.5)
    assert levels(found)[-1] == (0, 178)


def test_a_waterfall_without_a_window_before_says_so() -> None:
    found = book(chart(ChartType.WATERFALL, by=BY_REGION), chosen={"period": "All time"})
    assert "nothing to compare with" in note(found)
    before = found.column("calc.board.chart.before", 3)
    assert NA in before
    assert not [x for x in before if isinstance(x, float)]


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=1, max_size=11))
def test_columns_hang_together_also_across_zero(pairs: list[tuple[int, int]]) -> None:
    state = orders(
        *((day(2026, 2, 3), f"C{i}", None, a / 4) for i, (a, _) in enumerate(pairs)),
        *((day(2026, 3, 3), f"C{i}", None, b / 4) for i, (_, b) in enumerate(pairs)),
    )
    found = book(chart(ChartType.WATERFALL, by=BY_CUSTOMER), state=state)
    start, *between, end = changes(found)
    assert start == sum(a for a, _ in pairs) / 4
    assert end == sum(b for _, b in pairs) / 4
    assert start + sum(between) == end
    level = start
    for change, (low, high) in zip(between, levels(found)[1:-1], strict=True):
        if change:
            assert (low, high) == (min(level, level + change), max(level, level + change))
        level += change


# Funnel


def test_steps_are_shares_of_the_one_before() -> None:
    found = book(chart(ChartType.FUNNEL, "orders", "buyers", "won", by=None))
    assert series(found)["Orders"] == [5, 4, 2]
    assert labels(found) == ["Orders\n5", "Buyers\n4 · 80%", "Won\n2 · 50%"]
    (left, bar, right) = found.plan.charts[0].series
    assert shown(found, left.values) == shown(found, right.values) == [0, 0.5, 1.5]
    assert (left.spacer, bar.spacer, found.plan.charts[0].share) == (True, False, True)


def test_values_are_shares_of_the_total() -> None:
    found = book(chart(ChartType.FUNNEL, "orders", by=BY_REGION))
    assert labels(found) == ["华东\n1 · 20%", "华北\n1 · 20%", "A*?~\n1 · 20%", "Other / unlisted\n2 · 40%"]
    assert "percentages are of the total" in note(found)


def test_a_funnel_of_nothing() -> None:
    found = book(chart(ChartType.FUNNEL, "orders", "won", by=None), state=empty_state())
    assert labels(found) == ["Orders\n0", "Won\n0"]


# Bullet, combo, scatter


def test_targets_stand_beside_the_values_of_their_owners() -> None:
    found = book(chart(ChartType.BULLET, by=BY_OWNER))
    assert labels(found) == ["Ann", "Bob"]
    assert series(found) == {"Revenue": [137, 50.5], "Target": [100, 100]}
    by_month = book(chart(ChartType.BULLET, last=2))
    assert series(by_month) == {"Revenue": [100, 178], "Target": [999, 200]}


def test_lines_of_a_combo_have_an_axis_of_their_own() -> None:
    found = book(replace(chart(ChartType.COMBO, "revenue", "mean", last=2), line=("mean",)))
    column, line = (s for s in found.plan.charts[0].series if not s.spacer)
    assert (column.second_axis, line.overlay, line.second_axis) == (False, True, True)
    assert series(found)["Mean"] == [50, pytest.approx(35.6)]


def test_the_fit_of_a_line_through_points() -> None:
    """x 1 to 5, y 2, 4, 5, 4, 5: R² is 0.6."""
    amounts = {1: (1.0,), 2: (1.0, 1.0), 3: (1.0, 2.0), 4: (1.0, 1.0, 2.0), 5: (5.0,)}
    state = orders(*((day(2026, 3, 2), f"C{x}", None, a) for x, found in amounts.items() for a in found))
    found = book(
        replace(chart(ChartType.SCATTER, "revenue", "orders", by=BY_CUSTOMER), top=8, trendline=True),
        state=state,
    )
    (points,) = (s for s in found.plan.charts[0].series if not s.spacer)
    x, y = shown(found, points.categories), shown(found, points.values)
    assert [(a, b) for a, b in zip(x, y, strict=True) if b != NA] == [(5, 1), (4, 3), (3, 2), (2, 2), (1, 1)]
    # x is a number for every point, or Excel would count 1, 2, 3.
    assert all(isinstance(v, int | float) for v in x)
    n, sx, sy = 5, 15, 9
    sxy, sxx, syy = 5 + 12 + 6 + 4 + 1, 55, 1 + 9 + 4 + 4 + 1
    fit = (sxy - sx * sy / n) ** 2 / ((sxx - sx**2 / n) * (syy - sy**2 / n))
    assert f"R²={fit:.2f}" in note(found)
    assert points.trendline


# Bars begin at 0


def test_bars_begin_at_zero_and_what_is_below_it_is_seen() -> None:
    found = book(chart(ChartType.COLUMN, "orders"))
    counted = found.plan.charts[0]
    assert counted.values.from_zero
    assert not any(s.spacer and len(shown(found, s.values)) > 1 for s in counted.series)
    # An amount may be negative: told to begin at 0 the axis would hide that, so zeros are among the series.
    for kind, by in (
        (ChartType.COLUMN, BY_MONTH),
        (ChartType.BAR, BY_REGION),
        (ChartType.WATERFALL, BY_REGION),
    ):
        found = book(chart(kind, by=by))
        drawn = found.plan.charts[0]
        zeros = drawn.series[-1]
        assert not drawn.values.from_zero
        assert zeros.spacer
        assert set(shown(found, zeros.values)) == {0}
        assert len(shown(found, zeros.values)) == len(labels(found))
        # Side by side the zeros would take a place of their own; stacked they take none.
        assert zeros.overlay or drawn.overlaid or drawn.stacked


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (ChartType.LINE, BY_MONTH),
        (ChartType.COLUMN, BY_MONTH),
        (ChartType.BAR, BY_REGION),
        (ChartType.COMBO, BY_MONTH),
        (ChartType.SCATTER, BY_CUSTOMER),
    ],
)
def test_axes_have_a_scale_while_there_is_nothing(kind: ChartType, by: Dimension) -> None:
    metrics = ("revenue", "mean") if kind in (ChartType.COMBO, ChartType.SCATTER) else ("revenue",)
    block = replace(chart(kind, *metrics, by=by), line=("mean",) if kind is ChartType.COMBO else ())

    def reach(found: Book) -> list[Value]:
        unseen = [s for s in found.plan.charts[0].series if s.spacer]
        return [shown(found, s.values)[0] for s in unseen]

    # Revenue is told in thousands, the mean is not.
    nothing = reach(book(block, state=empty_state()))
    assert nothing == {ChartType.COMBO: [5000, 5], ChartType.SCATTER: [5]}.get(kind, [5000])
    assert all(v in (0, NA) for v in reach(book(block)))


def test_what_is_known_never_to_be_below_zero() -> None:
    known = {m.id: never_negative(model(), m) for m in METRICS}
    assert [m for m, zero in known.items() if zero] == [
        "orders",
        "buyers",
        "numbers",
        "all_customers",
        "won",
        "ended",
        "win_rate",
    ]
    # A sum over customers of what each has: it has no field of its own.
    per_customer = Metric(
        "m",
        Label.same("m"),
        MetricType.SIMPLE,
        table="customers",
        agg=Aggregation.SUM,
        expr=Measure("revenue"),
    )
    assert not never_negative(model(), per_customer)


# Two dimensions


def test_quarters_of_years_side_by_side() -> None:
    found = book(replace(chart(ChartType.COLUMN, by=BY_QUARTER, last=8), series=BY_YEAR))
    assert labels(found) == ["Q1", "Q2", "Q3", "Q4"]
    assert series(found) == {"2025": [500, 0, 0, 0], "2026": [278, NA, NA, NA]}
    assert [s.color for s in found.plan.charts[0].series if not s.spacer][-1] == "0072B2"


def test_fiscal_years_begin_with_their_first_quarter() -> None:
    found = book(replace(chart(ChartType.COLUMN, by=BY_QUARTER, last=8), series=BY_YEAR), fiscal=4)
    # The year from April 2025 is the running one; March 2025 belongs to the one before.
    assert [*series(found).values()] == [[0, 0, 0, 500], [0, 0, 0, 278]]


def test_months_by_owner_with_the_rest() -> None:
    found = book(replace(chart(ChartType.COLUMN, last=2), series=BY_OWNER))
    assert labels(found) == ["26-02", "26-03"]
    assert series(found) == {"Ann": [0, 137], "Bob": [80, 50.5], "Other / unlisted": [20, -9.5]}


def test_two_fields_add_up_in_rows_and_columns() -> None:
    found = book(replace(chart(ChartType.COLUMN, by=BY_REGION), series=BY_OWNER))
    assert labels(found) == ["华东", "华北", "A*?~", "Other / unlisted"]
    assert series(found) == {
        "Ann": [100, 0, 30, 7],
        "Bob": [0, 50.5, 0, 0],
        "Other / unlisted": [0, 0, 0, -9.5],
    }


def test_a_heat_map_shows_numbers_and_where_there_are_none() -> None:
    found = book(HeatBlock("heat", "mean", BY_REGION, BY_MONTH, last=2), selectors=(PERIOD,))
    assert found.shown("heat")[1:5] == [
        ["Region", "26-02", "26-03"],
        ["华东", 80, 100],
        ["华北", "—", 50.5],
        ["A*?~", 20, 30],
    ]
    (scale,) = [h for h in found.plan.block("board.heat").highlights if h.scale]
    assert (scale.row, scale.bottom) == (2, 5)


@pytest.mark.parametrize(("metric", "colors"), [("orders", 3), ("revenue", 2)])
def test_where_a_figure_may_be_below_zero_the_palest_is_zero_and_what_is_below_is_red(
    metric: str, colors: int
) -> None:
    found = book(HeatBlock("heat", metric, BY_REGION, BY_MONTH, last=2), selectors=(PERIOD,))
    rules = found.plan.block("board.heat").highlights
    assert [len(r.scale) for r in rules if r.scale] == [colors]
    assert any(r.look == BAD_TEXT for r in rules) == (colors == 2)


# Words


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.ZH, "win rate：n 不足 3 时不显示"), (Language.EN, "Win Rate: not shown where n is below 3")],
)
@pytest.mark.parametrize("kind", [ChartType.LINE, ChartType.COMBO, ChartType.BAR])
def test_what_few_cases_leave_out_is_told(kind: ChartType, language: Language, said: str) -> None:
    by = BY_OWNER if kind is ChartType.BAR else BY_MONTH
    metrics = ("revenue", "win_rate") if kind is ChartType.COMBO else ("win_rate",)
    block = replace(chart(kind, *metrics, by=by), line=("win_rate",) if kind is ChartType.COMBO else ())
    assert said in note(book(block, language=language))
    assert said not in note(book(replace(block, metrics=("revenue",), line=()), language=language))


@pytest.mark.parametrize(
    ("language", "said"), [(Language.ZH, "没有对应的目标"), (Language.EN, "no matching target")]
)
@pytest.mark.parametrize(
    "block", [chart(ChartType.BULLET, by=BY_OWNER), chart(ChartType.LINE), chart(ChartType.BULLET)]
)
def test_where_no_target_is_drawn_it_is_told(block: ChartBlock, language: Language, said: str) -> None:
    assert said not in note(book(block, language=language))
    assert said in note(book(block, language=language, state=empty_state()))


def test_a_legend_names_its_places_while_they_have_nothing() -> None:
    block = replace(chart(ChartType.COLUMN), series=BY_CUSTOMER, top=2)
    found = book(block, chosen={"owner": "Nobody at all"})
    assert [name(found, s) for s in found.plan.charts[0].series if not s.spacer] == [
        "甲",
        "乙",
        "Other / unlisted",
    ]
    assert "–" in [name(book(block, state=empty_state()), s) for s in found.plan.charts[0].series]


@pytest.mark.parametrize("language", list(Language))
def test_notes_say_what_when_how_many_and_as_of(language: Language) -> None:
    found = book(chart(ChartType.COLUMN, last=2), language=language)
    assert "2026-02 – 2026-03" in note(found)
    assert "n=7" in note(found)
    assert "2026-03-31" in note(found)
    state = full_state()
    kinds = [
        chart(ChartType.CONTROL),
        replace(chart(ChartType.PARETO, by=BY_CUSTOMER), top=5),
        chart(ChartType.WATERFALL, by=BY_REGION),
        chart(ChartType.FUNNEL, "orders", "won", by=None),
    ]
    for block in kinds:
        text = note(book(block, state=state, language=language))
        assert any("\u4e00" <= c <= "\u9fff" for c in text) == (language is Language.ZH)


@pytest.mark.parametrize("kind", [ChartType.BAR, ChartType.PARETO])
def test_a_rest_that_dwarfs_the_values_is_told_and_not_drawn(kind: ChartType) -> None:
    state = orders(*((day(2026, 3, 2), f"C{i}", None, 10.0 + i) for i in range(9)))
    found = book(replace(chart(kind, by=BY_CUSTOMER), top=2), state=state)
    assert [x for x in labels(found) if x] == ["C8", "C7"]
    assert sum(_number(v) for v in next(iter(series(found).values()))) == 35
    assert "the rest, 0K, is not drawn" in note(found)
    drawn = book(replace(chart(kind, by=BY_CUSTOMER), top=6), state=state)
    assert labels(drawn)[-1] == "Other / unlisted"
    assert "not drawn" not in note(drawn)


def test_small_shares_go_into_the_rest() -> None:
    block = replace(chart(ChartType.BAR, by=BY_CUSTOMER), top=4, min_share=0.2)
    found = book(block)
    assert [x for x in labels(found) if x] == ["甲", "乙", "Other / unlisted"]
    # Places that nobody takes are 0, so that Excel writes no #N/A beside them.
    assert series(found) == {"Revenue": [100, 50.5, 0, 0, 0], "Other / unlisted": [0, 0, 27.5, 0, 0]}


def test_an_axis_counts_in_the_unit_of_all_its_metrics_or_in_none() -> None:
    money = book(chart(ChartType.LINE, "mean", "aov")).plan.charts[0]
    mixed = book(chart(ChartType.LINE, "revenue", "orders")).plan.charts[0]
    shares = book(replace(chart(ChartType.COLUMN, "revenue", "orders"), share=True)).plan.charts[0]
    assert "CNY" in money.title
    assert "CNY" not in mixed.title
    assert mixed.values.number_format == "#,##0"
    assert shares.values.number_format == "0%"


@pytest.mark.parametrize("count", [3, 9, 30])
def test_charts_stay_as_large_as_they_were_built(count: int) -> None:
    """A chart in use shows ranges; however many customers there are later, these stay as large. Only what ranks all of
    them, and nobody sees, grows."""

    def customers(number: int) -> State:
        return orders(*((day(2026, 3, 2), f"C{i:02}", None, 10.0 + i) for i in range(number)))

    blocks = (
        ChartBlock("bar", ChartType.BAR, ("revenue",), BY_CUSTOMER),
        ChartBlock("ring", ChartType.DOUGHNUT, ("revenue",), BY_CUSTOMER),
        ChartBlock("pareto", ChartType.PARETO, ("revenue",), BY_CUSTOMER),
        ChartBlock("funnel", ChartType.FUNNEL, ("orders",), BY_CUSTOMER),
        ChartBlock("bullet", ChartType.BULLET, ("revenue",), BY_CUSTOMER),
        ChartBlock("waterfall", ChartType.WATERFALL, ("revenue",), BY_CUSTOMER),
        ChartBlock("scatter", ChartType.SCATTER, ("revenue", "orders"), BY_CUSTOMER),
        ChartBlock("combo", ChartType.COMBO, ("revenue", "mean"), BY_CUSTOMER, line=("mean",)),
        ChartBlock("rows", ChartType.COLUMN, ("revenue",), BY_CUSTOMER, series=BY_REGION),
        ChartBlock("columns", ChartType.COLUMN, ("revenue",), BY_MONTH, last=2, series=BY_CUSTOMER),
        HeatBlock("heat", "revenue", BY_CUSTOMER, BY_MONTH, last=2),
    )

    def sizes(found: Book) -> dict[str, tuple[int, int]]:
        shown = [b for b in found.plan.blocks if b.sheet in ("board", "_calc")]
        return {b.anchor: (b.rows, b.columns) for b in shown}

    def shown_rows(found: Book) -> list[list[int]]:
        areas = [[s.values for s in c.series] for c in found.plan.charts]
        return [[area.bottom - area.top for area in some] for some in areas]

    built = book(*blocks, state=customers(count), selectors=(PERIOD,))
    everything = {b.anchor: (b.rows, b.columns) for b in built.plan.blocks}
    for other in (1, 12, 45):
        later = book(*blocks, state=customers(other), sizes=everything, selectors=(PERIOD,))
        before, after = sizes(built), sizes(later)
        assert all(after[a][0] >= before[a][0] and after[a][1] == before[a][1] for a in before)
        grown = {a.split(".")[2] for a in before if after[a] != before[a]}
        assert not grown or other == 45
        assert grown.isdisjoint({"heat"}) or count > 20
        assert shown_rows(later) == shown_rows(built)


# What is left out, and nothing at all


def says_nothing(found: Book) -> bool:
    """Whether it is read behind the chart that there is nothing to show."""
    return any("Nothing to show" in row for row in found.shown("chart"))


def test_items_left_out_have_no_bar_and_what_they_have_is_the_rest() -> None:
    whole = book(chart(ChartType.BAR, by=BY_REGION))
    part = book(replace(chart(ChartType.BAR, by=BY_REGION), omit=("east",)))
    assert series(whole) == {"Revenue": [100, 50.5, 30, 0], "Other / unlisted": [0, 0, 0, -2.5]}
    assert labels(part) == ["华北", "A*?~", "Other / unlisted"]
    assert series(part) == {"Revenue": [50.5, 30, 0], "Other / unlisted": [0, 0, 97.5]}


@pytest.mark.parametrize("kind", [ChartType.BAR, ChartType.DOUGHNUT, ChartType.LINE, ChartType.PARETO])
def test_a_chart_of_nothing_says_so(kind: ChartType) -> None:
    block = chart(kind, by=BY_MONTH if kind is ChartType.LINE else BY_CUSTOMER)
    assert says_nothing(book(block, state=empty_state()))
    assert not says_nothing(book(block))


def test_places_of_a_ring_go_to_those_who_have_nothing_while_there_are_any() -> None:
    state = orders(
        (day(2026, 3, 2), "A", None, 5.0),
        (day(2026, 3, 2), "B", None, 0.0),
        (day(2026, 3, 2), "C", None, -1.0),
    )
    found = book(replace(chart(ChartType.DOUGHNUT, by=BY_CUSTOMER), top=4), state=state)
    assert labels(found) == ["A", "B", "C", "–", "Other / unlisted"]
    assert series(found) == {"Revenue": [5, 0, 0, 0, 0]}
    nothing = book(
        replace(chart(ChartType.DOUGHNUT, by=BY_CUSTOMER), top=2),
        state=state,
        chosen={"period": "Last month"},
    )
    assert labels(nothing) == ["A", "B", "Other / unlisted"]


def test_a_free_place_of_a_ranking_has_a_name_in_the_legend() -> None:
    state = orders((day(2026, 3, 2), "A", None, 5.0), (day(2026, 3, 2), "B", None, 3.0))
    found = book(replace(chart(ChartType.DOUGHNUT, by=BY_CUSTOMER), top=4), state=state)
    assert labels(found) == ["A", "B", "–", "–", "Other / unlisted"]
