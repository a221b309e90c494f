"""ABC classes by the share before the item."""

from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.pareto import places

PUBLISHED = [27_000, 24_000, 18_000, 16_000, 6_000, 5_000, 4_000]


def classes(amounts: list[float], limits: tuple[float, ...]) -> str:
    return "".join("ABC"[p.group] for p in places(amounts, [f"{i:03}" for i in range(len(amounts))], limits))


def test_the_published_example_by_the_share_before() -> None:
    assert classes(list(map(float, PUBLISHED)), (0.7, 0.9)) == "AAAABCC"


def test_one_customer_above_the_limit_is_an_a() -> None:
    assert classes([95, 5], (0.8, 0.95)) == "AC"


def test_nothing_and_less_are_of_the_last_class_and_no_part_of_the_total() -> None:
    found = places([100, 0, -50], ["a", "b", "c"], (0.8, 0.95))
    assert [p.group for p in found] == [0, 2, 2]
    assert [p.share for p in found] == [1, 0, 0]
    assert [p.group for p in places([0, -1], ["a", "b"])] == [2, 2]


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40))
def test_shares_sum_to_one_and_ranks_do_not_depend_on_the_order(amounts: list[int]) -> None:
    ids = [f"{i:03}" for i in range(len(amounts))]
    found = places(list(map(float, amounts)), ids)
    assert isclose(sum(p.share for p in found), 1)
    assert sorted(p.rank for p in found) == list(range(1, len(amounts) + 1))
    backwards = places([float(a) for a in reversed(amounts)], ids[::-1])
    assert backwards[::-1] == found
    assert max(p.cumulative for p in found) <= 1
