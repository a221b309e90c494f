"""Correlation, ranks, categories, baskets and white space."""

from __future__ import annotations

from itertools import product

import pytest

from crmsheet.analysis.association import bought_together, cramers_v, pearson, spearman
from crmsheet.analysis.calibration import chance
from crmsheet.analysis.gates import Gate
from crmsheet.analysis.whitespace import Opening, openings

# Anscombe's first set.
XS = [10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
YS = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]


def test_the_published_correlation() -> None:
    found = pearson(XS, YS)
    assert found.value == pytest.approx(0.81642, abs=5e-6)
    assert found.p == pytest.approx(0.00217, abs=5e-6)
    assert (found.n, found.gate) == (11, Gate.OK)


def test_ranks_by_hand() -> None:
    # One swap of neighbours among five: 1 - 6 * 2 / (5 * 24).
    assert spearman([1, 2, 3, 4, 5], [10, 30, 20, 40, 50]).value == pytest.approx(0.9)
    # The first two of three xs are equal and share the rank 1.5.
    assert spearman([1, 1, 2], [1, 2, 3]).value == pytest.approx(0.866025, abs=1e-6)


def test_correlation_needs_three_pairs_that_vary() -> None:
    assert pearson([1, 2], [1, 2]).gate is Gate.SMALL_N
    assert pearson([1, 1, 1], [1, 2, 3]).gate is Gate.NO_VARIANCE
    exact = pearson([1, 2, 3], [2, 4, 6])
    assert exact.value == pytest.approx(1)
    assert (exact.p, exact.gate) == (0, Gate.FEW)


def test_categories_by_hand() -> None:
    # 2 x 2 with 30, 10, 10, 30: chi-square 20 of 80, so V is 0.5.
    cells = {("young", "online"): 30, ("young", "shop"): 10, ("old", "online"): 10, ("old", "shop"): 30}
    pairs = [pair for pair, n in cells.items() for _ in range(n)]
    found = cramers_v([a for a, _ in pairs], [b for _, b in pairs])
    assert found.value == pytest.approx(0.5)
    assert found.p == pytest.approx(7.744e-6, rel=1e-3)
    assert found.gate is Gate.OK


def test_thin_cells_and_constant_columns() -> None:
    assert cramers_v(["a", "b", "a", "b"], ["x", "y", "x", "y"]).gate is Gate.FEW
    assert cramers_v(["a", "a"], ["x", "y"]).gate is Gate.NO_VARIANCE
    assert cramers_v([], []).gate is Gate.SMALL_N


def test_baskets_by_hand() -> None:
    baskets = [{"tea", "cup"}] * 6 + [{"tea"}] * 2 + [{"rice"}] * 12
    found = bought_together(baskets)
    assert [(t.one, t.other) for t in found] == [("cup", "tea"), ("tea", "cup")]
    first, second = found
    assert (first.joint, first.baskets, first.confidence, second.confidence) == (6, 20, 1, 0.75)
    assert first.lift == pytest.approx(6 * 20 / (6 * 8))
    assert first.leverage == pytest.approx(6 / 20 - 6 * 8 / 400)


def test_rare_and_ordinary_pairs_are_not_reported() -> None:
    assert bought_together([{"a", "b"}] * 4 + [{"c"}] * 90) == []
    everything = [set(things) for things in product("ab", "cd")] * 10
    assert bought_together(everything) == []


def test_openings_by_hand() -> None:
    bought = {f"c{i}": {"tea", "cup"} for i in range(6)} | {"x": {"tea"}, "y": {"rice"}}
    assert openings(bought) == [Opening("x", "cup", "tea", 6 / 7, 6)]
    assert openings(bought, least=7) == []


def test_chances_are_held_towards_the_one_assumed() -> None:
    assert chance(0, 0, 0.4) == chance(0, 0, 0.4, prior_deals=99)
    assert chance(0, 0, 0.4).value == 0.4
    assert chance(0, 0, 0.4).gate is Gate.SMALL_N
    few = chance(5, 5, 0.3)
    assert few.value == pytest.approx(0.4)
    assert (few.seen, few.gate) == (0.5, Gate.FEW)
    many = chance(600, 400, 0.3)
    assert many.value == pytest.approx(0.597, abs=1e-3)
    assert many.gate is Gate.OK
    with pytest.raises(ValueError, match="counts"):
        chance(-1, 0, 0.5)
