"""What the demo data tell: three things that went wrong, for the boards to reveal.

Knows who and since when. Does not know how the market works (`trading`). `ago` counts days before the last one.
"""

from __future__ import annotations

from typing import Final

KEY_SIZE: Final = 1.6
"""A customer of this size or more is a key account."""
IMPORTANT_SIZE: Final = 1.15
DECLINING_REGION: Final = "south"
DECLINE_DAYS: Final = 360
LOW_DAYS: Final = 180
DISCOUNTING_REP: Final = 4
DISCOUNT_DAYS: Final = 380
SLEEPING_REP: Final = 5
SLEEPING_INDUSTRY: Final = "ecommerce"

DISCOUNTS: Final = {
    False: (0, 0, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12),
    True: (0.1, 0.12, 0.15, 0.18, 0.18, 0.2, 0.22, 0.25),
}
"""What is given usually, and by someone who gives too freely."""


def declines(region: str, ago: int) -> float:
    """How much of its usual orders and sizes a region still has: they fall for half a year, then stay low."""
    if region != DECLINING_REGION:
        return 1.0
    fallen = (DECLINE_DAYS - max(0, ago)) / (DECLINE_DAYS - LOW_DAYS)
    return 1 - 0.5 * min(1.0, max(0.0, fallen))


def discounter(rep: int, ago: int) -> bool:
    """Whether a person gives discounts too freely by then."""
    return rep == DISCOUNTING_REP and ago <= DISCOUNT_DAYS


def falls_asleep(industry: str, size: float) -> bool:
    """Key accounts of one trade: they belong to one person and stop buying some months ago."""
    return industry == SLEEPING_INDUSTRY and size >= KEY_SIZE


def level(size: float) -> str:
    """The level of a customer, an item of the list of that name."""
    if size >= KEY_SIZE:
        return "ka"
    if size >= IMPORTANT_SIZE:
        return "a"
    return "b" if size >= 0.6 else "c"
