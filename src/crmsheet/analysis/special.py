"""Special functions that the standard library lacks: tails of distributions, the hypergeometric series.

Knows numbers only. Accurate to about twelve digits where the tests say so.

Sources: NIST Digital Library of Mathematical Functions 8.7, 8.9 (incomplete gamma), 8.17 (incomplete beta),
15.2 (hypergeometric series); continued fractions are evaluated by Lentz's method.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p
from typing import Final

_TINY: Final = 1e-300
_ENOUGH: Final = 1e-15
_STEPS: Final = 10_000


def chi_square_tail(x: float, freedom: int) -> float:
    """The chance of a chi-square value above `x` with so many degrees of freedom."""
    if x <= 0:
        return 1.0
    return _upper_gamma(freedom / 2, x / 2)


def student_tails(t: float, freedom: float) -> float:
    """The two-sided chance of a Student's t beyond `t` in size."""
    square = t * t
    if square < freedom:
        # The small argument is exact where the large one would be rounded to 1.
        return 1 - incomplete_beta(0.5, freedom / 2, square / (freedom + square))
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function for 0 <= x <= 1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def hypergeometric(a: float, b: float, c: float, z: float) -> float:
    """Gauss's 2F1 by its series, for 0 <= z < 1 and a `c` that is no whole number below 1.

    Raises ValueError outside and when the series does not settle.
    """
    if not 0 <= z < 1:
        raise ValueError("the series needs 0 <= z < 1")
    term = total = 1.0
    for k in range(_STEPS):
        term *= (a + k) * (b + k) / ((c + k) * (k + 1)) * z
        total += term
        if abs(term) < _ENOUGH * abs(total):
            return total
    raise ValueError("the series does not settle")


def _upper_gamma(a: float, x: float) -> float:
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for k in range(1, _STEPS):
            term *= x / (a + k)
            total += term
            if term < _ENOUGH * total:
                break
        return 1 - front * total
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    fraction = d
    for k in range(1, _STEPS):
        step = -k * (k - a)
        b += 2
        d = 1 / _away_from_zero(step * d + b)
        c = _away_from_zero(b + step / c)
        fraction *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return front * fraction


def _beta_fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            fraction *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return fraction


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
