"""How unlikely the last values of a series are: by hand, and as often as they say."""

from __future__ import annotations

import random
from math import sqrt

import pytest

from crmsheet.analysis.special import student_tails
from crmsheet.analysis.steadiness import steady

ONES = (1.0,) * 12
UP_AND_DOWN = (9.0, 11.0) * 6


def test_a_value_and_a_mean_by_hand() -> None:
    found = steady(UP_AND_DOWN, ONES, rooted=False)
    assert found is not None
    # Ranges of 2 are 1.773 deviations of 1.128, more than the deviation of all (the root of 12 / 11).
    spread = 2 / 1.128
    assert (found.centre, found.carried) == (10, 0)
    assert found.spread == pytest.approx(spread)
    assert found.chance(6, 1) == pytest.approx(student_tails(4 / spread / sqrt(13 / 12), 11) / 2)
    assert found.chance_of_mean([7, 9], [1, 1]) == pytest.approx(
        student_tails(2 / spread / sqrt(1 / 2 + 1 / 12), 11) / 2
    )
    assert found.chance_of_step(14, 1, 8, 1) == pytest.approx(student_tails(6 / spread / sqrt(2), 11) / 2)


def test_roots_and_cases_by_hand() -> None:
    squares = tuple(v * v for v in UP_AND_DOWN)
    by_root, plain = steady(squares, ONES, rooted=True), steady(UP_AND_DOWN, ONES, rooted=False)
    assert by_root is not None
    assert plain is not None
    assert by_root.chance(36, 1) == plain.chance(6, 1)
    # Four times the cases: half the scatter of each, so twice the spread of one case.
    many = steady(UP_AND_DOWN, (4.0,) * 12, rooted=False)
    assert many is not None
    assert many.spread == pytest.approx(2 * plain.spread)
    assert many.chance(6, 4) == pytest.approx(plain.chance(6, 1))
    assert many.chance(6, 1) > many.chance(6, 4)


def test_what_does_not_scatter_says_nothing() -> None:
    assert steady((5.0,) * 12, ONES, rooted=True) is None
    assert steady((0.0,) * 12, ONES, rooted=True) is None


def test_a_slow_swing_makes_a_run_less_telling() -> None:
    """The same values, in steps up and down or in one long wave: months that follow each other are alike there."""
    wave = (10.0, 11, 12, 13, 12, 11, 10, 9, 8, 7, 8, 9)
    mixed = (10.0, 12, 8, 13, 9, 11, 7, 12, 9, 11, 8, 10)
    slow, quick = steady(wave, ONES, rooted=False), steady(mixed, ONES, rooted=False)
    assert slow is not None
    assert quick is not None
    assert slow.carried > quick.carried == 0
    low = [8.0] * 8
    assert slow.chance_of_mean(low, [1.0] * 8) > quick.chance_of_mean(low, [1.0] * 8)


@pytest.mark.parametrize("orders", [3, 12])
def test_chances_are_as_often_small_as_they_say(orders: int) -> None:
    """Sums of so many orders a month, some large: a month in a hundred is as low as one in a hundred, or fewer."""
    chance = random.Random(5)

    def month() -> float:
        count = sum(chance.random() < orders / 24 for _ in range(24))
        return sum(chance.lognormvariate(0, 0.6) for _ in range(count))

    low = high = 0
    for _ in range(1500):
        found = steady([month() for _ in range(24)], (1.0,) * 24, rooted=True)
        assert found is not None
        value = month()
        if found.chance(value, 1) < 0.01:
            low, high = (low + 1, high) if sqrt(value) < found.centre else (low, high + 1)
    assert low <= 30
    assert high <= 30
    assert low + high >= 5
