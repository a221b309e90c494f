"""Shares of few cases: Wilson's limits by published examples, none below five."""

from __future__ import annotations

import pytest

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.proportions import share


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe (1998), table I, method 3: the score interval without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_limits_are_wilson_s(hits: int, n: int, low: float, high: float) -> None:
    found = share(hits, n)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_few_cases_have_no_share() -> None:
    assert (share(2, 4).value, share(2, 4).gate) == (None, Gate.SMALL_N)
    assert share(3, 10).gate is Gate.FEW
    with pytest.raises(ValueError, match="between"):
        share(5, 4)
