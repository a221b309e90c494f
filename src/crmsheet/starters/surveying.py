"""The simulated surveys of the demo: who answered what, and how that got worse where business did.

Knows answers as figures. Does not know the words. Days are ordinals.
"""

from __future__ import annotations

from crmsheet.starters.catalogue import PRODUCTS
from crmsheet.starters.days import on_to_workday
from crmsheet.starters.dice import Dice
from crmsheet.starters.story import declines, falls_asleep
from crmsheet.starters.trading import Customer, Market, Order
from crmsheet.structs import dataclass

_TOPICS = ("quality", "function", "price", "delivery", "attitude", "aftersale", "other")


@dataclass(frozen=True, slots=True)
class Answer:
    """`speaks`: a comment was left."""

    day: int
    customer: int
    product: int
    kind: str
    score: int
    topic: str
    glad: bool
    speaks: bool


def answers(rng: Dice, market: Market) -> tuple[Answer, ...]:
    """Some orders are followed by a question, in turn about recommending and about satisfaction."""
    found: list[Answer] = []
    for number, order in enumerate(market.orders):
        asked = rng.random() < 0.4
        wait, mood, topic, speech = (rng.random() for _ in range(4))
        day = on_to_workday(order.day + 5 + int(25 * wait))
        if order.status == "cancelled" or not asked or day > market.last:
            continue
        customer = market.customers[order.customer]
        content = mood - _trouble(order, customer, market.last - day)
        kind = "nps" if number % 2 else "csat"
        if kind == "nps":
            score = next(
                s
                for s, least in (
                    (10, 0.68),
                    (9, 0.44),
                    (8, 0.28),
                    (7, 0.18),
                    (6, 0.1),
                    (5, 0.04),
                    (3, -0.2),
                    (0, -9),
                )
                if content >= least
            )
            glad = score >= 7
        else:
            score = next(
                s for s, least in ((5, 0.56), (4, 0.22), (3, 0.1), (2, 0.0), (1, -9)) if content >= least
            )
            glad = score >= 4
        found.append(
            Answer(
                day,
                order.customer,
                order.product,
                kind,
                score,
                _TOPICS[int(topic * len(_TOPICS))],
                glad,
                speech < 0.35,
            )
        )
    found.sort(key=lambda a: (a.day, a.customer, a.kind))
    return tuple(found)


def _trouble(order: Order, customer: Customer, ago: int) -> float:
    """What makes an answer worse: a return, a product that often comes back, a region left alone, an account
    about to leave."""
    found = 0.5 if order.type == "return" else 0.8 * PRODUCTS[order.product].returns
    found += 0.5 * (1 - declines(customer.place.region, ago))
    if falls_asleep(customer.industry, customer.size) and ago < 330:
        found += 0.3
    return found
