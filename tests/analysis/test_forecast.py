"""The ladder of methods, the backtest, the limits."""

from __future__ import annotations

from math import pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.forecast import Method, backtest, forecast, line


@pytest.mark.parametrize(
    ("n", "method"), [(3, Method.MEAN_OF_THREE), (5, Method.MEAN_OF_THREE), (2, None), (0, None)]
)
def test_short_series(n: int, method: Method | None) -> None:
    found = forecast([10.0 + i for i in range(n)], 3)
    assert (found and found.method) == method


def test_a_straight_line_goes_on_and_stops_at_half_its_length() -> None:
    found = forecast([float(10 + 2 * i) for i in range(10)], 12)
    assert found is not None
    assert found.method is Method.LINEAR
    assert found.points == pytest.approx((30, 32, 34, 36, 38))
    assert found.chosen.mase == pytest.approx(0, abs=1e-9)
    assert found.low == pytest.approx(found.points)
    assert found.naive == 28


def test_a_season_with_a_trend_is_followed_by_seasonal_smoothing() -> None:
    series = [100 + 2 * t + 30 * sin(2 * pi * t / 12) for t in range(48)]
    found = forecast(series, 12)
    assert found is not None
    assert found.method in (Method.HOLT_WINTERS, Method.SEASONAL_NAIVE)
    truth = [100 + 2 * t + 30 * sin(2 * pi * t / 12) for t in range(48, 60)]
    assert found.points == pytest.approx(truth, abs=1)
    smoothed = backtest(series, Method.HOLT_WINTERS)
    assert smoothed.mase is not None
    assert smoothed.mase < 0.05


def test_the_year_before_moved_by_its_growth() -> None:
    series = [float(10 + t % 12) for t in range(12)] + [float(13 + t % 12) for t in range(11)]
    found = backtest(series, Method.SEASONAL_NAIVE)
    # From the second origin on a growth of 3 is known; the first sees none.
    assert found.origins == 11
    assert found.wape == pytest.approx(3 / sum(series[12:]))


def test_slope_and_r_squared_by_hand() -> None:
    # Anscombe's first set in its order of x from 4 to 14: 3.0001 + 0.5001 x, R squared 0.67.
    ys = [4.26, 5.68, 7.24, 4.82, 6.95, 8.81, 8.04, 8.33, 10.84, 7.58, 9.96]
    intercept, slope, fit = line(ys)
    assert (intercept - 4 * slope, slope, fit) == pytest.approx((3.0001, 0.5001, 0.6665), abs=1e-4)
    assert line([5, 5, 5]) == (5, 0, 1)


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=30), st.integers(1, 12))
def test_limits_hold_the_forecast_and_nothing_is_below_zero(series: list[float], horizon: int) -> None:
    found = forecast(series, horizon)
    assert found is not None
    assert 1 <= len(found.points) <= horizon
    for low, point, high in zip(found.low, found.points, found.high, strict=True):
        assert 0 <= low <= point <= high


def test_a_constant_series_has_no_scaled_error_and_stays() -> None:
    found = forecast([7.0] * 30, 2)
    assert found is not None
    assert found.points == pytest.approx((7, 7), abs=1e-6)
    assert found.chosen.mase is None
    assert found.chosen.wape == pytest.approx(0, abs=1e-6)
