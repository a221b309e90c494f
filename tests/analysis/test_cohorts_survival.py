"""The retention triangle and the survival curve."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.cohorts import pooled, triangle
from crmsheet.analysis.gates import Gate
from crmsheet.analysis.survival import curve, median, share_at

PURCHASES = [
    *(("a", 0), ("a", 0), ("a", 1), ("a", 2)),
    *(("b", 0), ("b", 2)),
    *(("c", 1), ("c", 3)),
    ("d", 3),
]


def test_a_triangle_by_hand() -> None:
    found = triangle(PURCHASES, last=2)
    assert [(c.month, c.size, c.active) for c in found] == [(0, 2, (2, 1, 2)), (1, 1, (1, 0))]
    assert found[0].retention(1).value == 0.5
    assert found[0].retention(1).gate is Gate.FEW
    assert found[1].retention(2).value is None


def test_cohorts_are_pooled_by_their_size_where_the_age_is_reached() -> None:
    found = triangle(PURCHASES, last=2)
    assert pooled(found, 1).value == pytest.approx(1 / 3)
    assert pooled(found, 1).n == 3
    assert pooled(found, 2).value == 1
    assert pooled(found, 3).value is None
    assert triangle([], last=5) == []


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 9)), max_size=60))
def test_everybody_is_active_at_age_nought_and_counted_once(purchases: list[tuple[str, int]]) -> None:
    found = triangle(purchases, last=9)
    assert sum(c.size for c in found) == len({customer for customer, _ in purchases})
    assert all(c.active[0] == c.size and max(c.active) <= c.size for c in found)
    assert sum(sum(c.active) for c in found) == len(set(purchases))


# Remission times of the 6-MP group of Freireich and others (1963), as textbooks of survival analysis print them.
TIMES = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_published_curve() -> None:
    steps = curve(TIMES, list(map(bool, ENDED)))
    published = [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)]
    assert [(s.time, round(s.share, 3)) for s in steps] == published
    assert [s.at_risk for s in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert median(steps) == 23
    assert share_at(steps, 5) == 1
    assert share_at(steps, 15) == pytest.approx(0.690, abs=5e-4)
    assert (steps[0].low, steps[0].high) == pytest.approx((0.620, 0.952), abs=5e-4)


def test_nobody_lost_and_all_lost() -> None:
    assert curve([3, 4], [False, False]) == []
    assert median([]) is None
    (step,) = curve([3, 3], [True, True])
    assert (step.share, step.low, step.high) == (0, 0, 0)
    with pytest.raises(ValueError, match="negative"):
        curve([-1], [True])
