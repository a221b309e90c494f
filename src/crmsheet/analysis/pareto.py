"""ABC classes by cumulated share.

Knows the rule "share before the item". Does not know what the amounts are.

Source: the Pareto or ABC analysis as SAP and Megaladata document it; limits 70/90 or 80/95.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Final

from crmsheet.structs import dataclass

LIMITS: Final = (0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one item stands: rank from 1, share of the total, share up to and with the item, class from 0 (A)."""

    rank: int
    share: float
    cumulative: float
    group: int


def places(amounts: Sequence[float], ids: Sequence[str], limits: Sequence[float] = LIMITS) -> list[Place]:
    """The place of each item, in the order given.

    An item's class is that of the first limit above the cumulated share *before* it: one item that alone
    exceeds the first limit is an A. Amounts of zero and less are of the last class and no part of the total.
    Equal amounts stand by id.
    """
    order = sorted(range(len(amounts)), key=lambda i: (-amounts[i], ids[i]))
    total = fsum(a for a in amounts if a > 0)
    found: list[Place | None] = [None] * len(amounts)
    reached = 0.0
    for rank, at in enumerate(order, 1):
        amount = amounts[at]
        if amount <= 0:
            found[at] = Place(rank, 0.0, 1.0 if total else 0.0, len(limits))
            continue
        group = next((g for g, limit in enumerate(limits) if reached < limit), len(limits))
        reached += amount / total
        found[at] = Place(rank, amount / total, min(1.0, reached), group)
    return [place for place in found if place is not None]
