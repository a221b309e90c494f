"""White space: what each customer does not buy yet, by how likely customers like them buy it.

Knows who bought what. Does not know amounts nor what a customer may buy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from itertools import combinations

from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Opening:
    """A product a customer lacks: the product that speaks for it most, the confidence, and the customers behind it."""

    customer: str
    product: str
    because: str
    confidence: float
    n: int


def openings(bought: Mapping[str, Set[str]], least: int = 5) -> list[Opening]:
    """For every customer and product not bought: the greatest share of buyers of something they have who have it.

    Only shares of at least `least` customers who have both; the surest first, then by customer and product.
    """
    owners: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for products in bought.values():
        ordered = sorted(products)
        owners.update(ordered)
        for a, b in combinations(ordered, 2):
            both[a, b] += 1
            both[b, a] += 1
    reasons: dict[str, list[tuple[float, str, str, int]]] = {}
    for (have, lack), n in both.items():
        if n >= least:
            reasons.setdefault(have, []).append((n / owners[have], have, lack, n))
    found: list[Opening] = []
    for customer in sorted(bought):
        products = bought[customer]
        best: dict[str, tuple[float, str, int]] = {}
        for have in sorted(products):
            for confidence, because, lack, n in reasons.get(have, ()):
                if lack not in products and (lack not in best or confidence > best[lack][0]):
                    best[lack] = (confidence, because, n)
        found += [
            Opening(customer, product, because, confidence, n)
            for product, (confidence, because, n) in best.items()
        ]
    return sorted(found, key=lambda o: (-o.confidence, o.customer, o.product))
