"""How forecasts did: what was expected of a month before it began, and what came.

Knows pairs of numbers. Does not know how anything was forecast.

Source: Hyndman and Koehler (2006): errors are summed before they are divided, since single months may be zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from typing import Final

from crmsheet.analysis.gates import Estimate, Gate, closed
from crmsheet.structs import dataclass

LEAST: Final = 3
_FIRM: Final = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """A month: what was expected of it, what came, and what the naive forecast would have said (None: not known)."""

    expected: float
    actual: float
    naive: float | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors of several months over what came in them: of any sign (`wape`), with their signs (`bias`: above 0 when too
    much was expected), and those of the naive forecast for the same months."""

    wape: Estimate
    bias: Estimate
    naive: Estimate


def accuracy(pairs: Iterable[Pair]) -> Accuracy:
    """No number below three months, and none where nothing came at all."""
    known = list(pairs)
    return Accuracy(
        _share([(abs(p.expected - p.actual), p.actual) for p in known]),
        _share([(p.expected - p.actual, p.actual) for p in known]),
        _share([(abs(p.naive - p.actual), p.actual) for p in known if p.naive is not None]),
    )


def _share(errors: list[tuple[float, float]]) -> Estimate:
    total = fsum(abs(actual) for _, actual in errors)
    n = len(errors)
    if n < LEAST or not total:
        return closed(n)
    return Estimate(fsum(error for error, _ in errors) / total, n, Gate.OK if n >= _FIRM else Gate.FEW)
