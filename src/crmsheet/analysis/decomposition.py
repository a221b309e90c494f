"""Where a change of revenue comes from: customers gained and lost, or price, volume and mix.

Knows two windows of equal length. Does not know which customers or products count.

The parts are sums of exact differences, so they add up to the change to the last cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """Revenue of customers who are new, lost, who buy more or buy less; with how many each."""

    new: float
    lost: float
    expanded: float
    shrunk: float
    counts: tuple[int, int, int, int]

    @property
    def total(self) -> float:
        return float(sum(map(Fraction, (self.new, self.lost, self.expanded, self.shrunk))))


@dataclass(frozen=True, slots=True)
class PriceVolumeMix:
    """Revenue change by prices, by the quantity as a whole, and by what it consists of."""

    price: float
    volume: float
    mix: float

    @property
    def total(self) -> float:
        return float(sum(map(Fraction, (self.price, self.volume, self.mix))))


def by_customers(before: Mapping[str, float], after: Mapping[str, float]) -> CustomerChange:
    """The change from one window to the next, by customer; a customer without revenue in a window is absent there.

    An amount of zero is no revenue: who comes from or goes to zero is new or lost.
    """
    parts = [Fraction(0)] * 4
    counts = [0] * 4
    for customer in sorted({*before, *after}):
        was, now = Fraction(before.get(customer, 0)), Fraction(after.get(customer, 0))
        if was == now:
            continue
        part = 0 if not was else 1 if not now else 2 if now > was else 3
        parts[part] += now - was
        counts[part] += 1
    new, lost, expanded, shrunk = map(float, parts)
    return CustomerChange(new, lost, expanded, shrunk, (counts[0], counts[1], counts[2], counts[3]))


def by_price_volume_mix(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]
) -> PriceVolumeMix | None:
    """The change by product, each with (quantity, revenue) in a window.

    Price: the new quantity at the change of its price; a product of one window only has no change of price.
    Volume: the change of the whole quantity at the old average price. Mix: the rest. None when nothing was sold
    before, as there is no old price then.
    """
    quantity_before = sum((Fraction(q) for q, _ in before.values()), Fraction(0))
    quantity_after = sum((Fraction(q) for q, _ in after.values()), Fraction(0))
    revenue_before = sum((Fraction(r) for _, r in before.values()), Fraction(0))
    revenue_after = sum((Fraction(r) for _, r in after.values()), Fraction(0))
    if quantity_before <= 0:
        return None
    price = Fraction(0)
    for product, (quantity, revenue) in after.items():
        old_quantity, old_revenue = before.get(product, (0.0, 0.0))
        if old_quantity > 0 and quantity > 0:
            price += Fraction(revenue) - Fraction(quantity) * Fraction(old_revenue) / Fraction(old_quantity)
    volume = (quantity_after - quantity_before) * revenue_before / quantity_before
    return PriceVolumeMix(float(price), float(volume), float(revenue_after - revenue_before - price - volume))
