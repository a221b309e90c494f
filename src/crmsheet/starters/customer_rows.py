"""Rows of customers and people: the tables customers, contacts, users.

Knows these tables' input fields, those of all packs. Does not know which of them a starter has (`packs`).
Choices are list item ids, several joined by `SEPARATOR`, references the key text of the row referred to.
"""

from __future__ import annotations

from crmsheet.starters.campaigns import campaign_of
from crmsheet.starters.catalogue import PRODUCTS, REPS
from crmsheet.starters.days import as_date
from crmsheet.starters.demo import SEPARATOR, Row
from crmsheet.starters.story import level
from crmsheet.starters.trading import Market
from crmsheet.starters.world import World

_PREFERENCES = ("smart_watch", "audio", "office", "battery", "price", "service", "delivery", "custom")
_LIKES = {
    "wearable": "smart_watch",
    "audio": "audio",
    "meeting": "office",
    "computing": "office",
    "network": "office",
}
_SIZES = ((0.5, "s10"), (0.8, "s50"), (1.2, "s200"), (1.9, "s500"), (2.8, "s1000"))
_AGES = ("u25", "a25", "a35", "a45", "a55")


def customers(world: World) -> list[Row]:
    market = world.market
    rng = world.stream("customers")
    more = world.stream("profiles")
    last_order, bought = _last_orders(market)
    revenue = _yearly(market)
    hot = {d.customer for d in market.deals if d.stage in ("proposal", "negotiation")}
    in_play = {d.customer for d in market.deals if not d.closed}
    rows: list[Row] = []
    for position, (customer, named) in enumerate(zip(market.customers, world.customers, strict=True)):
        idle = market.last - last_order.get(position, 0)
        if position in last_order:
            gone = idle > 240 and position not in in_play and rng.random() < 0.5
            lifecycle = ("blocked" if rng.random() < 0.1 else "lost") if gone else "active"
        else:
            lifecycle = "prospect" if position in in_play or rng.random() < 0.3 else "lead"
        if customer.size > 1.9 or (position in hot and rng.random() < 0.45):
            priority = "high"
        else:
            priority = "low" if customer.size < 0.6 else "medium"
        product = bought.get(position, position % len(PRODUCTS))
        likes = [
            _LIKES.get(PRODUCTS[product].category, "price"),
            *rng.sample(_PREFERENCES, rng.randint(0, 2)),
        ]
        row: Row = {
            "name": named.name,
            "contact_name": named.contact,
            "phone": named.phone,
            "source": customer.source,
            "owner": world.reps[customer.rep],
            "region": customer.place.region,
            "province": customer.place.province,
            "address": named.address,
            "title": named.title,
            "email": named.email,
            "wechat": named.wechat,
            "industry": customer.industry,
            "company_size": next((s for limit, s in _SIZES if customer.size < limit), "more"),
            "level": level(customer.size),
            "created": as_date(customer.created),
            "customer_no": f"C{customer.number:04}",
            "lifecycle": lifecycle,
            "priority": priority,
            "budget": max(1, round(customer.size * 18)) * 10_000 if rng.random() < 0.55 else None,
            "locked": rng.random() < 0.06,
            "needs": world.said(world.words.needs, position, product) if rng.random() < 0.86 else None,
            "preferences": SEPARATOR.join(dict.fromkeys(likes)) if rng.random() < 0.7 else None,
            "age_band": rng.choices(_AGES, (6, 32, 36, 20, 6))[0] if rng.random() < 0.6 else None,
            "consent": rng.choices((True, False, None), (78, 8, 14))[0],
            "remark": world.said(world.words.remarks, position, product) if rng.random() < 0.15 else None,
            "campaign": campaign_of(world, customer, more.random()),
        }
        row |= {
            "customer_type": _type(market, position, last_order, customer.source),
            "interest": world.products[product] if more.random() < 0.75 else None,
        }
        draws = [more.random() for _ in range(6)]
        row |= {
            "company": named.full,
            "purchase_date": None,
            "contact_date": None,
            "product_detail": world.products[product] if position in last_order else None,
            "social": named.wechat if draws[0] < 0.3 else None,
            "hobby": world.words.hobbies[int(draws[1] * len(world.words.hobbies))]
            if draws[2] < 0.3
            else None,
            "city": named.city,
        }
        row |= _contract(market, position, last_order, revenue.get(position, 0), draws[3:])
        if position in world.kept:
            rows.append(row)
    return rows


def _last_orders(market: Market) -> tuple[dict[int, int], dict[int, int]]:
    """By customer, the day of the last real order, and its product."""
    day: dict[int, int] = {}
    product: dict[int, int] = {}
    for order in market.orders:
        if order.type != "return" and order.status != "cancelled":
            day[order.customer] = order.day
            product[order.customer] = order.product
    return day, product


def _yearly(market: Market) -> dict[int, int]:
    """By customer, what it bought in the year before the last."""
    found: dict[int, int] = {}
    for order in market.orders:
        if order.status != "cancelled" and 365 < market.last - order.day <= 730:
            sign = -1 if order.returns >= 0 else 1
            found[order.customer] = found.get(order.customer, 0) + sign * order.quantity * order.price
    return found


def _type(market: Market, position: int, last_order: dict[int, int], source: str) -> str:
    if source == "partner":
        return "partner"
    if position not in last_order:
        return "potential"
    return "new" if market.last - market.customers[position].created < 180 else "existing"


def _contract(
    market: Market, position: int, last_order: dict[int, int], revenue: int, draws: list[float]
) -> Row:
    """What is agreed with a key account: contract, target, and how much of what it has it uses."""
    customer = market.customers[position]
    if position not in last_order:
        return dict.fromkeys(
            ("contract_start", "contract_end", "annual_target", "wallet", "seats_licensed", "seats_active")
        )
    start = market.last - int(30 + draws[0] * 640)
    owned = max(5, round(customer.size * 60))
    use = 0.45 + 0.5 * draws[1] if market.last - last_order[position] < 100 else 0.2 + 0.35 * draws[1]
    year = max(revenue, 20_000)
    return {
        "contract_start": as_date(max(customer.created, start)),
        "contract_end": as_date(max(customer.created, start) + 730),
        "annual_target": round(year * 1.1 / 10_000) * 10_000 or 10_000,
        "wallet": round(year * (1.3 + 2.5 * draws[2]) / 10_000) * 10_000 or 10_000,
        "seats_licensed": owned,
        "seats_active": round(owned * use),
    }


def contacts(world: World) -> list[Row]:
    """Second contacts of some customers."""
    rng = world.stream("contacts")
    rows: list[Row] = []
    roles = ("decision_maker", "evaluator", "influencer", "user", "buyer")
    for position, (customer, named) in enumerate(zip(world.market.customers, world.customers, strict=True)):
        if rng.random() < 0.4:
            person = world.words.person(world.rng)
            age = rng.randint(24 * 365, 56 * 365)
            row: Row = {
                "customer": named.name,
                "name": person.name,
                "title": world.rng.choice(world.words.titles),
                "role": rng.choices(roles, (15, 20, 15, 20, 30))[0],
                "phone": world.names.mobile(),
                "email": f"{person.mailbox}@{named.domain}" if rng.random() < 0.6 else None,
                "birthday": as_date(customer.created - age) if rng.random() < 0.35 else None,
                "contact_no": f"K{len(rows) + 1:04}",
                "remark": None,
            }
            if position in world.kept:
                rows.append(row)
    return rows


def users(world: World) -> list[Row]:
    return [
        {
            "name": name,
            "team": rep.team.text(world.language),
            "role": rep.role,
            "email": f"{rep.mailbox}@example.com",
            "active": True,
        }
        for rep, name in zip(REPS, world.reps, strict=True)
    ]
