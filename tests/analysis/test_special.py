"""Tails of distributions against tables, identities and closed forms."""

from __future__ import annotations

from math import atan, exp, log, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.special import chi_square_tail, hypergeometric, incomplete_beta, student_tails


@pytest.mark.parametrize(
    ("x", "freedom", "tail"),
    # The critical values of every table of the distribution.
    [
        (3.841459, 1, 0.05),
        (5.991465, 2, 0.05),
        (18.307038, 10, 0.05),
        (6.634897, 1, 0.01),
        (43.772972, 30, 0.05),
    ],
)
def test_chi_square(x: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(x, freedom) == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize(
    ("t", "freedom", "tails"), [(12.706205, 1, 0.05), (2.228139, 10, 0.05), (2.750000, 30, 0.01), (0, 5, 1)]
)
def test_student(t: float, freedom: int, tails: float) -> None:
    assert student_tails(t, freedom) == pytest.approx(tails, rel=2e-5)


@given(st.floats(0.001, 200))
def test_two_degrees_of_freedom_are_an_exponential(x: float) -> None:
    assert chi_square_tail(x, 2) == pytest.approx(exp(-x / 2), rel=1e-11, abs=1e-300)


@given(st.floats(-1e3, 1e3))
def test_one_degree_of_freedom_is_cauchy(t: float) -> None:
    assert student_tails(t, 1) == pytest.approx(1 - 2 / pi * atan(abs(t)), rel=1e-9, abs=1e-12)


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.integers(0, 64).map(lambda n: n / 64))
def test_beta_is_symmetric(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(1 - incomplete_beta(b, a, 1 - x), abs=1e-9)


@given(st.floats(0.001, 0.95))
def test_closed_forms_of_the_series(z: float) -> None:
    assert hypergeometric(1, 1, 2, z) == pytest.approx(-log(1 - z) / z, rel=1e-10)
    assert hypergeometric(2.5, 3, 3, z) == pytest.approx((1 - z) ** -2.5, rel=1e-9)


def test_the_series_says_where_it_ends() -> None:
    with pytest.raises(ValueError, match="z < 1"):
        hypergeometric(1, 1, 2, 1)
    with pytest.raises(ValueError, match="settle"):
        hypergeometric(1, 1, 2, 1 - 1e-12)
