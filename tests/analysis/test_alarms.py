"""Alarms: limits, outliers, runs and drops; and silence where nothing happened."""

from __future__ import annotations

import random
from math import sqrt

import pytest

from crmsheet.analysis.alarms import (
    Alarm,
    Limits,
    Rule,
    Silence,
    beyond_limits,
    drop,
    lag,
    natural_limits,
    outliers,
    run_down,
    silence,
    silence_chances,
)
from crmsheet.analysis.special import student_tails

STEADY = [100.0, 104, 98, 102, 97, 103, 101, 99, 105, 96, 102, 100]


def test_natural_limits_by_hand() -> None:
    limits = natural_limits(STEADY)
    assert limits is not None
    ranges = [4, 6, 4, 5, 6, 2, 2, 6, 9, 6, 2]
    assert limits.centre == pytest.approx(sum(STEADY) / 12)
    assert limits.upper == pytest.approx(sum(STEADY) / 12 + 2.66 * sum(ranges) / 11)
    assert limits.n == 12
    assert natural_limits(STEADY[:11]) is None


def test_the_lower_limit_of_sales_is_not_below_nothing() -> None:
    wild = [0.0, 50] * 6
    limits, free = natural_limits(wild), natural_limits(wild, floor=None)
    assert limits is not None
    assert free is not None
    assert limits.lower == 0
    assert free.lower < 0


def test_a_steady_series_raises_nothing() -> None:
    limits = natural_limits(STEADY)
    assert limits is not None
    assert beyond_limits(STEADY, limits) == []
    assert outliers(STEADY) == []
    assert run_down(STEADY) is None
    assert drop(STEADY, 0.1, limits) is None


def test_values_beyond_the_limits_and_the_eighth_of_a_run() -> None:
    limits = Limits(100, 85, 115, 12)
    assert beyond_limits([100, 84, 116, 115], limits) == [
        Alarm(Rule.BELOW_LIMIT, 1, 84, 85),
        Alarm(Rule.ABOVE_LIMIT, 2, 116, 115),
    ]
    assert beyond_limits([99.0] * 9, limits) == [Alarm(Rule.RUN_BELOW, 7, 99, 100)]
    assert beyond_limits([99.0] * 7 + [100.0, 99.0], limits) == []
    assert beyond_limits([84.0, 100, 84], limits, start=2) == [Alarm(Rule.BELOW_LIMIT, 2, 84, 85)]


def test_outliers_by_the_median_deviation() -> None:
    # Median 7, median deviation 1.5: z of 55 is 0.6745 * 48 / 1.5.
    values = [5.0, 7, 6, 8, 9, 7, 4, 55]
    (found,) = outliers(values)
    assert (found.rule, found.at, found.value) == (Rule.OUTLIER, 7, 55)
    assert found.bound == pytest.approx(7 + 3.5 * 1.5 / 0.6745)


def test_when_more_than_half_are_equal_the_mean_deviation_decides() -> None:
    assert [a.at for a in outliers([10.0] * 30 + [90.0])] == [30]
    assert outliers([10.0] * 9) == []
    assert outliers([1.0, 1, 1, 1, 1, 99]) == []


def test_a_tie_breaks_a_run_of_falls() -> None:
    assert run_down([9, 8, 7, 6]) == Alarm(Rule.RUN_DOWN, 3, 6, 9)
    assert run_down([9, 8, 8, 7, 6]) is None
    assert run_down([9, 8, 7, 6, 6]) is None
    assert run_down([3, 9, 8, 7, 6, 5], steps=4) == Alarm(Rule.RUN_DOWN, 5, 5, 9)
    assert run_down([]) is None


def test_a_drop_needs_its_share_and_the_limit() -> None:
    limits = Limits(100, 85, 115, 12)
    assert drop([100, 80], 0.15, limits) == Alarm(Rule.DROP, 1, 80, 100)
    assert drop([100, 84], 0.2, limits) is None
    assert drop([110, 90], 0.15, limits) is None
    assert drop([0, 0], 0.15, limits) is None


# -- groups and customers ----------------------------------------------------------------------------------


def test_a_group_behind_the_rest_by_hand() -> None:
    before = {f"c{n}": 10.0 for n in range(10)}
    after = {f"c{n}": 6.0 if n < 9 else 11.0 for n in range(10)}
    found = lag(before, after, 1.0)
    assert found is not None
    # Nine changes of -4 and one of +1: -35 over the root of 145.
    assert found.z == pytest.approx(-35 / 145**0.5)
    assert (found.before, found.after, found.n) == (100, 65, 10)
    assert found.p == pytest.approx(0.00183, abs=0.0001)


def test_a_group_that_moves_with_the_rest_is_not_behind() -> None:
    before = {f"c{n}": 10.0 + n for n in range(12)}
    assert lag(before, {k: v * 1.2 for k, v in before.items()}, 1.2) is None
    grown = lag(before, {k: v * 1.2 for k, v in before.items()}, 1.0)
    assert grown is not None
    assert grown.z > 3


def test_few_customers_say_nothing_of_a_group() -> None:
    before = {f"c{n}": 10.0 for n in range(9)}
    assert lag(before, {}, 1.0) is None


def test_silence_is_measured_by_the_own_rhythm() -> None:
    found = silence([0, 30, 60, 60, 95, 120], 200)
    assert found == Silence(80, 30, 35, 4)
    assert silence([0, 30, 60, 90], 200) is None


def test_silence_by_the_own_rhythm_and_the_regularity_of_all() -> None:
    """Pauses of 8 and 27 days, and of 1 and 27: cube roots of 2 and 3 (0.8 and 1.2 of their mean), of 1 and 3."""
    rhythm = {"slow": [0.0, 8, 35, 43, 70], "quick": [0.0, 1, 28, 29, 56], "few": [0.0, 50]}
    spread = sqrt((4 * 0.2**2 + 4 * 0.5**2) / 6) * sqrt(1.25)
    # 64 days are a root of 4: 1.6 and twice the means of 2.5 and 2.
    assert silence_chances(
        {"slow": rhythm["slow"], "quick": [d + 14 for d in rhythm["quick"]]}, 134
    ) == pytest.approx(
        {"slow": student_tails(0.6 / spread, 6) / 2, "quick": student_tails(1 / spread, 6) / 2}
    )
    assert set(silence_chances(rhythm, 134)) == {"slow", "quick"}
    assert silence_chances(rhythm, 100_000)["quick"] < 0.001


@pytest.mark.parametrize("shape", [2.0, 5.0])
def test_chances_are_as_often_small_as_they_say(shape: float) -> None:
    """Of customers who buy at random, about so many are that silent."""
    chance = random.Random(4)
    customers: dict[str, list[float]] = {}
    for who in range(800):
        usual, day = chance.uniform(20, 120), 0.0
        days = [day := day + chance.gammavariate(shape, usual / shape) for _ in range(chance.randint(5, 20))]
        # One more pause is under way until the day that they are looked at.
        today = day + chance.gammavariate(shape, usual / shape)
        customers[str(who)] = [d - today + 5000 for d in days]
    found = sorted(silence_chances(customers, 5000).values())
    for share in (0.02, 0.1, 0.5):
        seen = sum(p < share for p in found) / len(found)
        assert seen == pytest.approx(share, abs=0.02 + share * 0.15)


def test_a_pause_like_the_others_is_likely() -> None:
    days = [0.0, 20, 50, 70, 100, 120]
    assert silence_chances({"a": days}, 140)["a"] > 0.5
    assert silence_chances({"a": [0.0, 10, 20, 30, 40, 50]}, 500) == {}
