"""A share of few: how far it can be trusted.

Knows counts. Does not know what is counted.

Source: Wilson (1927), the score interval, which stays between 0 and 1 and holds for small samples.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.structs import dataclass

LEAST: Final = 5
_RELIABLE: Final = 30
_Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """The share seen with its 95 % limits; None below five cases."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    gate: Gate


def share(hits: int, n: int) -> Share:
    """So many hits of so many cases. Raises ValueError when that cannot be."""
    if not 0 <= hits <= n:
        raise ValueError("hits are between 0 and the number of cases")
    if n < LEAST:
        return Share(None, None, None, n, Gate.SMALL_N)
    seen, square = hits / n, _Z95 * _Z95
    middle = (seen + square / (2 * n)) / (1 + square / n)
    reach = _Z95 / (1 + square / n) * sqrt(seen * (1 - seen) / n + square / (4 * n * n))
    return Share(
        seen, max(0.0, middle - reach), min(1.0, middle + reach), n, Gate.OK if n >= _RELIABLE else Gate.FEW
    )
