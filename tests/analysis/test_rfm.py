"""Scores among buyers, the grid that names every cell, the eight segments."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.rfm import (
    Buyer,
    Eight,
    Score,
    Segment,
    Thresholds,
    Tier,
    bins,
    eight_segments,
    ranked,
    scored,
)

LIMITS = Thresholds((30, 60, 90, 180), (2, 3, 5, 8), (1_000, 5_000, 10_000, 50_000))


def test_five_distinct_buyers_score_one_to_five() -> None:
    assert ranked([10, 50, 20, 40, 30]) == [1, 5, 2, 4, 3]
    assert ranked([10, 50, 20, 40, 30], low_is_good=True) == [5, 1, 4, 2, 3]


def test_heavy_ties_score_the_same_and_compress_the_scale() -> None:
    frequencies = [1.0] * 8 + [2.0, 3.0]
    assert ranked(frequencies) == [1] * 8 + [5, 5]
    assert bins(frequencies, ranked(frequencies)) == [(1, 8, 1, 1), (5, 2, 2, 3)]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_scores_do_not_depend_on_the_order_of_rows(values: list[int]) -> None:
    scores = dict(zip(values, ranked(values), strict=True))
    assert ranked(sorted(values)) == [scores[v] for v in sorted(values)]
    n = len(values)
    for value in values:
        worse = sum(other < value for other in values)
        assert scores[value] == min(5, 5 * worse // n + 1)


def test_each_of_the_125_cells_has_one_name() -> None:
    cells = [Score(r, f, m) for r, f, m in product(range(1, 6), repeat=3)]
    names = [cell.segment for cell in cells]
    assert len(names) == 125
    assert set(names) == set(Segment)
    assert {(c.recency, c.frequency): c.segment for c in cells}[5, 5] is Segment.CHAMPIONS
    by_hand = {(5, 1): Segment.NEW, (4, 1): Segment.PROMISING, (1, 5): Segment.CANT_LOSE}
    by_hand |= {(3, 3): Segment.NEED_ATTENTION, (2, 3): Segment.AT_RISK, (3, 2): Segment.ABOUT_TO_SLEEP}
    assert all(Score(r, f, 1).segment is name for (r, f), name in by_hand.items())


@pytest.mark.parametrize(("money", "tier"), [(5, Tier.HIGH), (4, Tier.HIGH), (3, Tier.MIDDLE), (1, Tier.LOW)])
def test_the_tier_is_that_of_the_monetary_score(money: int, tier: Tier) -> None:
    assert Score(1, 1, money).tier is tier


def test_fewer_than_five_buyers_are_scored_by_thresholds() -> None:
    found = scored([Buyer(30, 1, 999), Buyer(31, 2, 1_000), Buyer(181, 8, 50_000)], LIMITS)
    assert found.gate is Gate.SMALL_N
    assert found.scores == (Score(5, 1, 1), Score(4, 2, 2), Score(1, 5, 5))


def test_five_buyers_are_scored_among_themselves() -> None:
    buyers = [Buyer(days, n, n * 100.0) for days, n in ((9, 1), (8, 2), (7, 3), (6, 4), (5, 5))]
    found = scored(buyers, LIMITS)
    assert found.gate is Gate.OK
    assert found.scores == tuple(Score(n, n, n) for n in range(1, 6))


def test_the_eight_segments_stand_on_the_good_or_bad_side_of_each_mean() -> None:
    # The means are 20 days, 3 purchases, 300.
    buyers = [Buyer(10, 4, 400), Buyer(30, 2, 200), Buyer(10, 2, 400), Buyer(30, 4, 200)]
    expected = [Eight.KEY_VALUE, Eight.RECOVERY, Eight.KEY_GROWTH, Eight.RETENTION]
    assert eight_segments(buyers) == expected
    assert eight_segments([Buyer(1, 1, 1)]) == [Eight.KEY_VALUE]
    assert eight_segments([]) == []
