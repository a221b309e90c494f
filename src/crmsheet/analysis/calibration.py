"""Calibrated chances: how many of the deals that reached a stage were won, held towards the chance assumed.

Knows counts of deals that are closed. Does not know stages nor their order.

Source: the posterior mean of a beta distribution whose prior is the assumed chance, worth so many deals.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.structs import dataclass

PRIOR_DEALS: Final = 10
RELIABLE: Final = 30


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance to use, the share seen (None when nothing closed), and the closed deals behind it."""

    value: float
    seen: float | None
    n: int
    gate: Gate


def chance(won: int, lost: int, assumed: float, prior_deals: float = PRIOR_DEALS) -> Chance:
    """The chance to win from a stage on; with few deals it stays near the one assumed.

    Raises ValueError when a count is negative or the chance is not between 0 and 1.
    """
    if won < 0 or lost < 0 or not 0 <= assumed <= 1:
        raise ValueError("counts are 0 or more, a chance is between 0 and 1")
    n = won + lost
    value = (won + assumed * prior_deals) / (n + prior_deals)
    gate = Gate.OK if n >= RELIABLE else Gate.FEW if n else Gate.SMALL_N
    return Chance(value, won / n if n else None, n, gate)
