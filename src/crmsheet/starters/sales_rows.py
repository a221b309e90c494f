"""Rows of what is sold: the tables products, deals, transactions, competitors, targets.

Knows these tables' input fields, those of all packs. Does not know which of them a starter has (`packs`).
"""

from __future__ import annotations

from crmsheet.starters.catalogue import COMPETITORS, PRODUCTS, REPS
from crmsheet.starters.days import SEASON, as_date, months
from crmsheet.starters.demo import Row
from crmsheet.starters.story import KEY_SIZE
from crmsheet.starters.world import World


def products(world: World) -> list[Row]:
    return [
        {
            "name": name,
            "code": p.code,
            "category": p.category,
            "price": p.price,
            "on_sale": True,
            "cost": round(p.price * p.cost),
        }
        for p, name in zip(PRODUCTS, world.products, strict=True)
    ]


def competitors(world: World) -> list[Row]:
    text = world.language
    return [
        {
            "name": c.name.text(text),
            "product": c.product.text(text),
            "strengths": c.strengths.text(text),
            "weaknesses": c.weaknesses.text(text),
            "price_note": c.price_note.text(text),
        }
        for c in COMPETITORS
    ]


def deals(world: World) -> list[Row]:
    rng = world.stream("deals")
    rows: list[Row] = []
    for deal, name in zip(world.market.deals, world.deal_names, strict=True):
        rival = deal.lost_reason == "competitor" or rng.random() < 0.12
        early = deal.stage in ("new", "qualified") and rng.random() < 0.3
        closed = deal.closed > 0
        row: Row = {
            "name": name,
            "customer": world.customers[deal.customer].name,
            "product": world.products[deal.product],
            "owner": world.owner(deal.customer),
            "amount": None if early else deal.amount,
            "created": as_date(deal.created),
            "stage": deal.stage,
            "expected_close": as_date(deal.expected),
            "closed_date": as_date(deal.closed) if closed else None,
            "lost_reason": deal.lost_reason or None,
            "competitor": rng.choice(COMPETITORS).name.text(world.language) if rival else None,
            "probability_manual": rng.choice((0.3, 0.6, 0.9)) if not closed and rng.random() < 0.12 else None,
            "deal_no": f"D{deal.key + 1:04}",
            "remark": None,
        }
        if deal.customer in world.kept:
            rows.append(row)
    return rows


def transactions(world: World) -> list[Row]:
    rng = world.stream("payments")
    market = world.market
    rows: list[Row] = []
    for order, number in zip(market.orders, world.order_numbers, strict=True):
        is_return = order.returns >= 0
        counts = not is_return and order.status != "cancelled"
        key = market.customers[order.customer].size >= KEY_SIZE
        due = order.day + (60 if key else 30)
        late = 0 if rng.random() < 0.72 else int(rng.expovariate(1 / (55 if key else 25)))
        owed = order.quantity * order.price
        paid = owed if due - int(12 * rng.random()) + late <= market.last else 0
        row: Row = {
            "order_no": number,
            "date": as_date(order.day),
            "customer": world.customers[order.customer].name,
            "product": world.products[order.product],
            "type": order.type,
            "quantity": order.quantity,
            "price": order.price,
            "owner": world.owner(order.customer),
            "status": order.status,
            "original": world.order_numbers[order.returns] if is_return else None,
            "return_reason": world.rng.choice(world.words.return_reasons) if is_return else None,
            "deal": world.deal_names[order.deal] if order.deal >= 0 else None,
            "remark": None,
            "unit_cost": None,
            "due_date": as_date(due) if counts else None,
            "paid": (paid if paid or rng.random() > 0.2 else owed // 3) if counts else None,
        }
        if order.customer in world.kept:
            rows.append(row)
    return rows


def targets(world: World) -> list[Row]:
    """Monthly targets of each person: their average, rising over the years, with the season."""
    market = world.market
    revenue, newcomers, touches = [0] * len(REPS), [0] * len(REPS), [0] * len(REPS)
    known: set[int] = set()
    for order in market.orders:
        rep = market.customers[order.customer].rep
        if order.status != "cancelled" and order.customer in world.kept:
            revenue[rep] += order.quantity * order.price * (-1 if order.returns >= 0 else 1)
            newcomers[rep] += order.customer not in known
            known.add(order.customer)
    for contact in world.talks:
        touches[market.customers[contact.customer].rep] += contact.customer in world.kept
    span = months(as_date(market.first), as_date(market.last))
    rows: list[Row] = []
    for number, month in enumerate(span):
        rise = 0.65 + 0.85 * number / len(span)
        season = SEASON[month.month - 1]
        for rep in range(len(REPS)):
            ask = {
                "revenue": max(1, round(revenue[rep] / len(span) * rise * season / 1_000)) * 1_000,
                "new_customers": max(1, round(newcomers[rep] / len(span))),
                "touches": max(2, round(touches[rep] / len(span) * (rise + 1) / 2)),
            }
            for metric, value in ask.items():
                rows.append(
                    {
                        "month": month,
                        "owner": world.reps[rep],
                        "metric": metric,
                        "value": value,
                        "target_no": f"T{len(rows) + 1:04}",
                    }
                )
    return rows
