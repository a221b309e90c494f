"""Rows of the company's own work: costs, market, campaigns, actions, ideas, rules, access, strategies.

Knows these tables' input fields. Does not know the texts (`office`).
"""

from __future__ import annotations

from datetime import date

from crmsheet.starters.campaigns import CAMPAIGNS
from crmsheet.starters.days import as_date, months, season
from crmsheet.starters.demo import Row
from crmsheet.starters.office import (
    ACCESS,
    ACTIONS,
    COST_NOTES,
    IDEAS,
    MARKET_SOURCE,
    RULES,
    STRATEGIES,
)
from crmsheet.starters.places import PLACES
from crmsheet.starters.story import falls_asleep
from crmsheet.starters.world import World


def campaigns(world: World) -> list[Row]:
    text = world.language
    return [
        {
            "name": c.name.text(text),
            "kind": c.kind,
            "industry": c.industry or None,
            "goal": c.goal.text(text),
            "owner": world.reps[c.rep],
            "start": world.day(c.begin),
            "end": world.day(c.begin - c.days),
            "budget": c.budget,
            "spent": round(c.budget * c.spent),
            "result": c.result.text(text) if c.result else None,
        }
        for c in CAMPAIGNS
    ]


def _months(world: World) -> tuple[date, ...]:
    return months(as_date(world.market.first), as_date(world.market.last))


def costs(world: World) -> list[Row]:
    """Each month's costs. Advertising grows dearer in the last half year."""
    rng = world.stream("costs")
    span = _months(world)
    rows: list[Row] = []
    for number, month in enumerate(span):
        late = number >= len(span) - 6
        course = season(month.toordinal())
        kinds = [
            ("campaign", None, 5_000 * course),
            ("ads", "ads", 9_000 * course * (1.5 if late else 1)),
            ("ads", "social", 4_000 * (1.4 if late else 1)),
            ("promotion", None, 3_000 * course),
            ("salary", None, 60_000),
            ("tools", None, 2_500),
        ]
        if month.month in (4, 9):
            kinds.append(("expo", "expo", 22_000))
        for kind, channel, amount in kinds:
            rows.append(
                {
                    "month": month,
                    "cost_type": kind,
                    "channel": channel,
                    "amount": round(amount * rng.uniform(0.85, 1.15) / 100) * 100,
                    "remark": COST_NOTES[kind].text(world.language),
                    "cost_no": f"X{len(rows) + 1:04}",
                }
            )
    return rows


def market(world: World) -> list[Row]:
    """Each month's market by region; it grows, also where our sales fall."""
    rng = world.stream("market")
    sold: dict[str, int] = {}
    for order in world.market.orders:
        if order.customer in world.kept and world.market.last - order.day > 330:
            customer = world.market.customers[order.customer]
            sign = 0 if order.status == "cancelled" else -1 if order.returns >= 0 else 1
            sold[customer.place.region] = (
                sold.get(customer.place.region, 0) + sign * order.quantity * order.price
            )
    regions = list(dict.fromkeys(p.region for p in PLACES))
    share = {region: rng.uniform(0.02, 0.05) for region in regions}
    rows: list[Row] = []
    for number, month in enumerate(_months(world)):
        for region in regions:
            base = max(20_000, sold.get(region, 0) / 25) / share[region]
            size = base * season(month.toordinal()) * (0.9 + 0.006 * number) * rng.uniform(0.95, 1.05)
            rows.append(
                {
                    "month": month,
                    "region": region,
                    "market_size": round(size / 10_000) * 10_000,
                    "data_source": MARKET_SOURCE.text(world.language),
                    "remark": None,
                    "market_no": f"M{len(rows) + 1:04}",
                }
            )
    return rows


def actions(world: World) -> list[Row]:
    text = world.language
    sleepers = [
        world.customers[p].name
        for p, c in enumerate(world.market.customers)
        if p in world.kept and c.buys and falls_asleep(c.industry, c.size)
    ]
    rows: list[Row] = []
    for a in ACTIONS:
        customer = sleepers[len(rows) % len(sleepers)] if a.sleeper and sleepers else None
        status = "done" if a.done is not None else "todo" if a.begin < 25 else "doing"
        rows.append(
            {
                "problem": a.problem.text(text),
                "area": a.area,
                "customer": customer,
                "region": a.region,
                "plan": a.plan.text(text),
                "owner": world.reps[a.rep],
                "start": world.day(a.begin),
                "due": world.day(a.due),
                "status": status,
                "before": a.before,
                "after": a.after,
                "done_date": world.day(a.done) if a.done is not None else None,
                "best_practice": a.best,
                "note": a.note.text(text) if a.note else None,
                "action_no": f"P{len(rows) + 1:04}",
            }
        )
    return rows


def staff_feedback(world: World) -> list[Row]:
    text = world.language
    return [
        {
            "date": world.day(i.ago),
            "person": world.reps[i.rep],
            "about": i.about.text(text),
            "text": i.text.text(text),
            "status": i.status,
            "answer": i.answer.text(text) if i.answer else None,
            "idea_no": f"S{number:04}",
        }
        for number, i in enumerate(IDEAS, 1)
    ]


def policy(world: World) -> list[Row]:
    text = world.language
    return [
        {
            "topic": r.topic.text(text),
            "rule": r.text.text(text),
            "applies_to": r.people.text(text),
            "owner": world.reps[r.rep],
            "review_date": world.day(-r.review),
        }
        for r in RULES
    ]


def access_reviews(world: World) -> list[Row]:
    return [
        {
            "person": name,
            "level": level,
            "reason": reason.text(world.language),
            "reviewed": world.day(ago),
            "reviewer": world.reps[0],
            "review_no": f"R{number:04}",
        }
        for number, (name, (level, ago, reason)) in enumerate(zip(world.reps, ACCESS, strict=True), 1)
    ]


def strategies(world: World) -> list[Row]:
    return [
        {
            "industry": industry,
            "strategy": strategy.text(world.language),
            "offer": offer.text(world.language),
            "owner": world.reps[number % len(world.reps)],
            "strategy_no": f"G{number:02}",
        }
        for number, (industry, (strategy, offer)) in enumerate(STRATEGIES.items(), 1)
    ]
