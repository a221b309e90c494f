"""How forecasts did, by hand."""

from __future__ import annotations

import pytest

from crmsheet.analysis.accuracy import Pair, accuracy
from crmsheet.analysis.gates import Gate


def test_errors_are_summed_before_they_are_divided() -> None:
    found = accuracy([Pair(110, 100, 90), Pair(80, 100, 100), Pair(0, 0, 100)])
    assert found.wape.value == pytest.approx(30 / 200)
    assert found.bias.value == pytest.approx(-10 / 200)
    assert found.naive.value == pytest.approx(110 / 200)
    assert (found.wape.n, found.wape.gate) == (3, Gate.FEW)


def test_nothing_is_said_of_few_or_of_nothing() -> None:
    assert accuracy([Pair(1, 1), Pair(1, 2)]).wape.gate is Gate.SMALL_N
    assert accuracy([Pair(1, 0)] * 3).wape.value is None


def test_the_naive_forecast_counts_where_it_is_known() -> None:
    found = accuracy([Pair(1, 2), Pair(2, 2, 2), Pair(3, 2, 2)])
    assert (found.naive.value, found.naive.n) == (None, 2)
