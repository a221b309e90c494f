"""The simulated follow-up of the demo: who talked to whom, what was planned next, what customers said.

Knows activities, feedback and website events as figures, without a word of text. Does not know the words
(`words`), nor the spec's tables (`follow_up`). Days are ordinals.

Contacts form chains: each plans a next step, which the following one carries out. The last of a chain is left
in one of five states, in fixed shares, so that every list of the Today sheet has rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from crmsheet.starters.catalogue import PRODUCTS, REPS
from crmsheet.starters.days import back_to_workday, on_to_workday, workdays
from crmsheet.starters.dice import Dice
from crmsheet.starters.trading import Customer, Deal, Market, Order
from crmsheet.structs import dataclass

_FIRST_TYPES = ("call", "wechat", "email", "visit")
_MIDDLE_TYPES = ("call", "meeting", "visit", "demo", "sample", "wechat", "email")
_MIDDLE_WEIGHTS = (20, 15, 16, 17, 10, 14, 8)
_CARE_TYPES = ("call", "wechat", "visit", "email", "service", "meeting")
_CARE_WEIGHTS = (36, 28, 13, 12, 8, 3)
_MINUTES = {"call": (3, 25), "meeting": (30, 90), "visit": (40, 150), "demo": (30, 75), "service": (10, 60)}
_TOPICS = ("quality", "function", "price", "delivery", "attitude", "aftersale", "other")


class Ending(StrEnum):
    """What became of the last next step of a chain."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    DONE = "done"


_DEAL_ENDINGS = {Ending.OVERDUE: 0.16, Ending.TODAY: 0.05, Ending.SOON: 0.20, Ending.LATER: 0.38}
_CARE_ENDINGS = {Ending.OVERDUE: 0.085, Ending.TODAY: 0.012, Ending.SOON: 0.06, Ending.LATER: 0.16}


class Mood(StrEnum):
    """Which texts fit a contact."""

    TALK = "talk"
    CARE = "care"
    UNREACHED = "unreached"
    COMPLAINT = "complaint"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Activity:
    """`deal` is a key or -1. `plan` is the type of the next step, empty for none; `due` and `done` are days
    or 0."""

    day: int
    customer: int
    deal: int
    type: str
    result: str
    mood: Mood
    plan: str
    due: int
    done: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """`rating` and `resolved` are 0 for none."""

    day: int
    customer: int
    product: int
    topic: str
    rating: int
    glad: bool
    status: str
    resolved: int


@dataclass(frozen=True, slots=True)
class Event:
    day: int
    customer: int
    kind: str
    product: int


def activities(rng: Dice, market: Market) -> tuple[Activity, ...]:
    found: list[Activity] = []
    open_deals = [d for d in market.deals if not d.closed]
    endings = _endings(rng, [market.customers[d.customer].rep for d in open_deals], _DEAL_ENDINGS)
    for deal, ending in zip(open_deals, endings, strict=True):
        found += _open_chain(rng, market, deal, ending)
    for deal in market.deals:
        if deal.closed:
            found += _closed_chain(rng, market, deal)
    busy = {d.customer for d in open_deals}
    cared = [p for p, c in enumerate(market.customers) if p not in busy and c.created < market.last - 14]
    endings = _endings(rng, [market.customers[p].rep for p in cared], _CARE_ENDINGS)
    for position, ending in zip(cared, endings, strict=True):
        found += _care_chain(rng, market, position, ending)
    for position in sorted(busy):
        found += _care_chain(rng, market, position, Ending.DONE)
    found.sort(key=lambda a: (a.day, a.customer, a.deal))
    return tuple(found)


def _endings(rng: Dice, reps: Sequence[int], shares: dict[Ending, float]) -> list[Ending]:
    """An ending for each chain in fixed shares, at least one of each; unpunctual people get the overdue."""
    queue = sorted(range(len(reps)), key=lambda i: rng.random() * REPS[reps[i]].punctual ** 2)
    ordered: list[Ending] = []
    for ending, share in shares.items():
        ordered += [ending] * max(1, round(share * len(reps)))
    ordered = (ordered + [Ending.DONE] * len(reps))[: len(reps)]
    overdue = sum(e is Ending.OVERDUE for e in ordered)
    others = ordered[overdue:]
    rng.shuffle(others)
    result = [Ending.DONE] * len(reps)
    for position, ending in zip(queue, ordered[:overdue] + others, strict=True):
        result[position] = ending
    return result


def _between(rng: Dice, first: int, last: int, count: int) -> list[int]:
    """Working days in order; `first` is one."""
    return sorted(max(first, back_to_workday(rng.randint(first, max(first, last)))) for _ in range(count))


def _deal_types(rng: Dice, count: int, last: str) -> list[str]:
    """A first contact, some work, a quote before the end."""
    types = [rng.choice(_FIRST_TYPES)]
    types += rng.choices(_MIDDLE_TYPES, _MIDDLE_WEIGHTS, k=max(0, count - 3))
    if count > 2:
        types.append("quote")
    if count > 1:
        types.append(last)
    return types[:count]


def _closed_chain(rng: Dice, market: Market, deal: Deal) -> list[Activity]:
    count = rng.choices((2, 3, 4, 5), (34, 38, 20, 8))[0]
    days = [*_between(rng, deal.created, deal.closed, count - 1), deal.closed]
    won = deal.stage == "won"
    types = _deal_types(rng, count, "contract" if won and count > 2 else "call")
    found = _links(rng, market, deal.customer, deal.key, days, types)
    result, mood = ("closed", Mood.WON) if won else ("not_interested", Mood.LOST)
    kind = types[-1]
    found.append(
        Activity(deal.closed, deal.customer, deal.key, kind, result, mood, "", 0, 0, _minutes(rng, kind))
    )
    return found


def _open_chain(rng: Dice, market: Market, deal: Deal, ending: Ending) -> list[Activity]:
    age = market.last - deal.created
    quiet = rng.randint(2, 9) if rng.random() < 0.4 else rng.randint(8, 50)
    last_day = max(deal.created, back_to_workday(market.last - min(age, quiet)))
    count = {"new": 1, "qualified": 2, "proposal": 3, "negotiation": 4}[deal.stage]
    days = [*_between(rng, deal.created, last_day, count - 1), last_day]
    types = _deal_types(rng, max(count, 3), "meeting")[:count]
    found = _links(rng, market, deal.customer, deal.key, days, types)
    plan = {"new": "visit", "qualified": "quote", "proposal": "call", "negotiation": "contract"}[deal.stage]
    found.append(_last(rng, market, deal.customer, deal.key, last_day, types[-1], plan, ending))
    return found


def _care_chain(rng: Dice, market: Market, position: int, ending: Ending) -> list[Activity]:
    """Contacts between sales: a few at the beginning, then now and then."""
    customer = market.customers[position]
    latest = back_to_workday(market.last - rng.randint(3, 80))
    if ending is Ending.DONE:
        latest = back_to_workday(market.last - rng.randint(8, 420))
    if latest <= customer.created:
        latest = max(customer.created, back_to_workday(market.last - 3))
    welcome = min(latest, on_to_workday(customer.created + rng.choice((0, 1, 1, 2, 3, 6))))
    years = (latest - welcome) / 365
    count = sum(rng.random() < 0.5 for _ in range(round(1.1 * years)))
    days = [welcome, *_between(rng, welcome, latest, count), latest]
    if welcome == latest:
        days = [latest]
    types = rng.choices(_CARE_TYPES, _CARE_WEIGHTS, k=len(days))
    found = _links(rng, market, position, -1, days, types)
    plan = rng.choice(("call", "wechat", "visit", "email"))
    if ending is Ending.DONE and rng.random() < 0.25:
        kind = types[-1]
        found.append(
            Activity(latest, position, -1, kind, "not_interested", Mood.CARE, "", 0, 0, _minutes(rng, kind))
        )
    else:
        found.append(_last(rng, market, position, -1, latest, types[-1], plan, ending))
    return found


def _links(
    rng: Dice, market: Market, customer: int, deal: int, days: list[int], types: list[str]
) -> list[Activity]:
    """All contacts of a chain but its last: each plans the next one, which is done on its day."""
    punctual = REPS[market.customers[customer].rep].punctual
    found = []
    for here, there, kind, following in zip(days, days[1:], types, types[1:], strict=False):
        if rng.random() < punctual:
            due = on_to_workday(there + rng.choice((0, 0, 0, 1, 2)))
        else:
            due = max(here, back_to_workday(there - rng.randint(1, 7)))
        result, mood = _result(rng, kind, following, deal)
        found.append(
            Activity(here, customer, deal, kind, result, mood, following, due, there, _minutes(rng, kind))
        )
    return found


def _last(
    rng: Dice, market: Market, customer: int, deal: int, day: int, kind: str, plan: str, ending: Ending
) -> Activity:
    last = market.last
    done = 0
    match ending:
        case Ending.OVERDUE:
            due = max(day, rng.choice(workdays(last - 18, last - 1)))
        case Ending.TODAY:
            due = last
        case Ending.SOON:
            due = rng.choice(workdays(last + 1, last + 7))
        case Ending.LATER:
            due = on_to_workday(last + rng.randint(8, 40))
        case Ending.DONE:
            due = on_to_workday(day + rng.randint(1, 10))
            done = max(day, min(back_to_workday(last), on_to_workday(due + rng.choice((-1, 0, 0, 1, 4)))))
    result, mood = _result(rng, kind, plan, deal)
    return Activity(day, customer, deal, kind, result, mood, plan, due, done, _minutes(rng, kind))


def _result(rng: Dice, kind: str, following: str, deal: int) -> tuple[str, Mood]:
    usual = Mood.TALK if deal >= 0 else Mood.CARE
    draw = rng.random()
    if kind == "call" and draw < 0.14:
        return "no_answer", Mood.UNREACHED
    if deal < 0 and kind in ("call", "service") and draw > 0.93:
        return "complaint", Mood.COMPLAINT
    if following == "quote" and draw < 0.7:
        return "asked_quote", usual
    if draw < 0.30:
        return "later", usual
    return ("interested" if draw < (0.62 if deal >= 0 else 0.38) else "reached"), usual


def _minutes(rng: Dice, kind: str) -> int:
    """0 for contacts whose length nobody writes down."""
    span = _MINUTES.get(kind)
    return rng.randint(*span) // 5 * 5 or 3 if span else 0


def feedback(rng: Dice, market: Market) -> tuple[Feedback, ...]:
    """What came back after orders; returns are often followed by a complaint."""
    found: list[Feedback] = []
    last = back_to_workday(market.last)
    for order in market.orders:
        chance = 0.35 if order.type == "return" else 0.13
        if order.status != "cancelled" and rng.random() < chance:
            day = on_to_workday(order.day + rng.randint(0 if order.type == "return" else 4, 40))
            if day <= last:
                found.append(_feedback(rng, order, day, last))
    found.sort(key=lambda f: (f.day, f.customer))
    return tuple(found)


def _feedback(rng: Dice, order: Order, day: int, last: int) -> Feedback:
    if order.type == "return":
        rating = rng.choices((1, 2, 3), (4, 5, 2))[0]
        topic = rng.choices(_TOPICS, (9, 8, 0, 4, 0, 3, 1))[0]
    else:
        trouble = PRODUCTS[order.product].returns
        rating = rng.choices((1, 2, 3, 4, 5), (3 + 30 * trouble, 5 + 40 * trouble, 14, 34, 42))[0]
        topic = rng.choices(_TOPICS, (22, 22, 14, 16, 10, 12, 4))[0]
    glad = rating > 3 or (rating == 3 and rng.random() < 0.4)
    resolved = on_to_workday(day + (rng.randint(0, 2) if glad else rng.randint(1, 16)))
    if resolved > last or rng.random() < (0.02 if last - day > 60 else 0.08 if glad else 0.6):
        return Feedback(
            day, order.customer, order.product, topic, rating, glad, rng.choice(("open", "doing")), 0
        )
    status = "closed" if last - day > 60 or glad else "resolved"
    shown = 0 if rng.random() < 0.06 else rating
    return Feedback(day, order.customer, order.product, topic, shown, glad, status, resolved)


def events(rng: Dice, market: Market) -> tuple[Event, ...]:
    """Website visits and the like: when a lead is new, and lately by those still interested."""
    found: list[Event] = []
    kinds, weights = ("visit", "download", "form", "webinar", "trial"), (46, 22, 16, 10, 6)
    for position, customer in enumerate(market.customers):
        for day in _event_days(rng, customer, market.last):
            kind = rng.choices(kinds, weights)[0]
            found.append(Event(day, position, kind, rng.randrange(len(PRODUCTS))))
    found.sort(key=lambda e: (e.day, e.customer))
    return tuple(found)


def _event_days(rng: Dice, customer: Customer, last: int) -> list[int]:
    online = customer.source in ("website", "social", "ads")
    days = [
        customer.created + rng.randint(0, 40)
        for _ in range(rng.randint(1, 4) if online else rng.randint(0, 1))
    ]
    if not customer.buys and rng.random() < 0.5:
        days += [last - rng.randint(0, 75) for _ in range(rng.randint(1, 4))]
    return [day for day in days if customer.created <= day <= last]
