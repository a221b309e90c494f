"""Demo data of the starter `follow-up`: a small seller of electronics over three years.

Knows the spec's tables and how the simulated market becomes their rows. Does not know workbooks.

Rows hold input fields only, every one of them (`None` where the cell is blank): choices as list item ids,
several joined by `SEPARATOR`, references as the key text of the row referred to, days as `date`. The same
seed gives the same figures in both languages; only the words differ.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from crmsheet.model.words import Language
from crmsheet.starters.catalogue import COMPETITORS, PRODUCTS, REPS
from crmsheet.starters.days import SEASON, as_date, months, years_before
from crmsheet.starters.demo import SEPARATOR, Row, Rows
from crmsheet.starters.dice import Dice
from crmsheet.starters.naming import Named, Names
from crmsheet.starters.talking import Activity, Mood, activities, events, feedback
from crmsheet.starters.trading import Deal, Market, market
from crmsheet.starters.words import Words
from crmsheet.starters.words_en import WORDS as ENGLISH
from crmsheet.starters.words_zh import WORDS as CHINESE

_YEARS = 3
_PREFERENCES = ("smart_watch", "audio", "office", "battery", "price", "service", "delivery", "custom")
_LIKES = {
    "wearable": "smart_watch",
    "audio": "audio",
    "meeting": "office",
    "computing": "office",
    "network": "office",
}
_SIZES = ((0.5, "s10"), (0.8, "s50"), (1.2, "s200"), (1.9, "s500"), (2.8, "s1000"))
_LEVELS = ((0.6, "c"), (1.15, "b"), (1.9, "a"))
_AGES = ("u25", "a25", "a35", "a45", "a55")


def demo(language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows:
    """Table id to rows, a history of three years that ends on `as_of`.

    Later than `as_of` are only planned next steps and expected closing days.
    """
    first = years_before(as_of, _YEARS).toordinal()
    world = market(Dice(f"{seed}:market"), first, as_of.toordinal(), customers)
    contacts = activities(Dice(f"{seed}:talk"), world)
    words = CHINESE if language is Language.ZH else ENGLISH
    teller = _Teller(language, words, world, seed)
    return {
        "customers": teller.customers(),
        "activities": teller.activities(contacts),
        "deals": teller.deals(),
        "transactions": teller.transactions(),
        "feedback": teller.feedback(),
        "competitors": teller.competitors(),
        "products": teller.products(),
        "lead_events": teller.events(),
        "targets": _targets(teller, world, contacts),
        "users": teller.users(),
        "contacts": teller.contacts(),
    }


class _Teller:
    """Puts figures into words, row by row. Words are drawn from a stream of their own, so that figures do
    not depend on the language."""

    def __init__(self, language: Language, words: Words, world: Market, seed: int) -> None:
        self._language = language
        self._words = words
        self._market = world
        self._seed = seed
        self._rng = rng = Dice(f"{seed}:words")
        self._products = [p.name.text(language) for p in PRODUCTS]
        self._reps = [r.name.text(language) for r in REPS]
        self._names = Names(language, words, rng)
        self._customers: tuple[Named, ...] = self._names.customers(world.customers)
        self._deal_names = self._names.deals(world.deals, self._customers, self._products)
        self._order_numbers = _order_numbers(world)

    def _stream(self, purpose: str) -> Dice:
        return Dice(f"{self._seed}:{purpose}")

    def _owner(self, customer: int) -> str:
        return self._reps[self._market.customers[customer].rep]

    def _said(
        self, texts: tuple[str, ...], customer: int, product: int, quantity: int = 0, price: int = 0
    ) -> str:
        named = self._customers[customer]
        return self._rng.choice(texts).format(
            product=self._products[product],
            contact=named.contact,
            city=named.city,
            quantity=quantity or self._rng.choice((10, 20, 30, 50, 80, 100)),
            amount=f"{quantity * price:,}",
        )

    def customers(self) -> list[Row]:
        rng = self._stream("customers")
        last_order: dict[int, int] = {}
        bought: dict[int, int] = {}
        for order in self._market.orders:
            if order.type != "return" and order.status != "cancelled":
                last_order[order.customer] = order.day
                bought[order.customer] = order.product
        hot = {d.customer for d in self._market.deals if d.stage in ("proposal", "negotiation")}
        in_play = {d.customer for d in self._market.deals if not d.closed}
        rows: list[Row] = []
        for position, (customer, named) in enumerate(
            zip(self._market.customers, self._customers, strict=True)
        ):
            idle = self._market.last - last_order.get(position, 0)
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
            needs = self._said(self._words.needs, position, product) if rng.random() < 0.86 else None
            rows.append(
                {
                    "name": named.name,
                    "contact_name": named.contact,
                    "phone": named.phone,
                    "source": customer.source,
                    "owner": self._reps[customer.rep],
                    "region": customer.place.region,
                    "province": customer.place.province,
                    "address": named.address,
                    "title": named.title,
                    "email": named.email,
                    "wechat": named.wechat,
                    "industry": customer.industry,
                    "company_size": next((s for limit, s in _SIZES if customer.size < limit), "more"),
                    "level": _level(customer.size),
                    "created": as_date(customer.created),
                    "customer_no": f"C{customer.number:04}",
                    "lifecycle": lifecycle,
                    "priority": priority,
                    "budget": max(1, round(customer.size * 18)) * 10_000 if rng.random() < 0.55 else None,
                    "locked": rng.random() < 0.06,
                    "needs": needs,
                    "preferences": SEPARATOR.join(dict.fromkeys(likes)) if rng.random() < 0.7 else None,
                    "age_band": rng.choices(_AGES, (6, 32, 36, 20, 6))[0] if rng.random() < 0.6 else None,
                    "consent": rng.choices((True, False, None), (78, 8, 14))[0],
                    "remark": self._said(self._words.remarks, position, product)
                    if rng.random() < 0.15
                    else None,
                }
            )
        return rows

    def activities(self, found: tuple[Activity, ...]) -> list[Row]:
        deals = self._market.deals
        rows: list[Row] = []
        for number, contact in enumerate(found, 1):
            deal = deals[contact.deal] if contact.deal >= 0 else None
            product = deal.product if deal else self._rng.randrange(len(PRODUCTS))
            quantity, price = (deal.quantity, deal.price) if deal else (0, 0)
            plan = self._rng.choice(self._words.plans[contact.plan]) if contact.plan else None
            rows.append(
                {
                    "date": as_date(contact.day),
                    "customer": self._customers[contact.customer].name,
                    "type": contact.type,
                    "content": self._said(
                        self._texts(contact, deal), contact.customer, product, quantity, price
                    ),
                    "result": contact.result,
                    "owner": self._owner(contact.customer),
                    "next_action": plan,
                    "next_date": as_date(contact.due) if contact.due else None,
                    "done_date": as_date(contact.done) if contact.done else None,
                    "deal": self._deal_names[contact.deal] if deal else None,
                    "minutes": contact.minutes or None,
                    "quote_amount": deal.amount if deal and contact.type == "quote" else None,
                    "link": None,
                    "activity_no": f"A{number:05}",
                }
            )
        return rows

    def _texts(self, contact: Activity, deal: Deal | None) -> tuple[str, ...]:
        match contact.mood:
            case Mood.UNREACHED:
                return self._words.unreached
            case Mood.COMPLAINT:
                return self._words.complaint
            case Mood.WON:
                return self._words.won
            case Mood.LOST if deal:
                return self._words.lost[deal.lost_reason]
            case Mood.TALK:
                return self._words.talk[contact.type]
            case _:
                return self._words.care[contact.type]

    def deals(self) -> list[Row]:
        rng = self._stream("deals")
        rows: list[Row] = []
        for deal, name in zip(self._market.deals, self._deal_names, strict=True):
            rival = deal.lost_reason == "competitor" or rng.random() < 0.12
            early = deal.stage in ("new", "qualified") and rng.random() < 0.3
            closed = deal.closed > 0
            rows.append(
                {
                    "name": name,
                    "customer": self._customers[deal.customer].name,
                    "product": self._products[deal.product],
                    "owner": self._owner(deal.customer),
                    "amount": None if early else deal.amount,
                    "created": as_date(deal.created),
                    "stage": deal.stage,
                    "expected_close": as_date(deal.expected),
                    "closed_date": as_date(deal.closed) if closed else None,
                    "lost_reason": deal.lost_reason or None,
                    "competitor": rng.choice(COMPETITORS).name.text(self._language) if rival else None,
                    "probability_manual": rng.choice((0.3, 0.6, 0.9))
                    if not closed and rng.random() < 0.12
                    else None,
                    "deal_no": f"D{deal.key + 1:04}",
                    "remark": None,
                }
            )
        return rows

    def transactions(self) -> list[Row]:
        rows: list[Row] = []
        for order, number in zip(self._market.orders, self._order_numbers, strict=True):
            is_return = order.returns >= 0
            rows.append(
                {
                    "order_no": number,
                    "date": as_date(order.day),
                    "customer": self._customers[order.customer].name,
                    "product": self._products[order.product],
                    "type": order.type,
                    "quantity": order.quantity,
                    "price": order.price,
                    "owner": self._owner(order.customer),
                    "status": order.status,
                    "original": self._order_numbers[order.returns] if is_return else None,
                    "return_reason": self._rng.choice(self._words.return_reasons) if is_return else None,
                    "deal": self._deal_names[order.deal] if order.deal >= 0 else None,
                    "remark": None,
                }
            )
        return rows

    def feedback(self) -> list[Row]:
        rows: list[Row] = []
        for number, voice in enumerate(feedback(self._stream("feedback"), self._market), 1):
            opinion = self._words.opinions[voice.topic]
            solved = voice.resolved and not voice.glad
            rows.append(
                {
                    "date": as_date(voice.day),
                    "customer": self._customers[voice.customer].name,
                    "product": self._products[voice.product],
                    "topic": voice.topic,
                    "rating": voice.rating or None,
                    "text": self._said(
                        opinion.glad if voice.glad else opinion.cross, voice.customer, voice.product
                    ),
                    "owner": self._owner(voice.customer),
                    "status": voice.status,
                    "resolved_date": as_date(voice.resolved) if voice.resolved else None,
                    "feedback_no": f"F{number:04}",
                    "solution": self._rng.choice(self._words.solutions) if solved else None,
                }
            )
        return rows

    def events(self) -> list[Row]:
        return [
            {
                "date": as_date(event.day),
                "customer": self._customers[event.customer].name,
                "event": event.kind,
                "product": self._products[event.product],
                "detail": self._said(self._words.events[event.kind], event.customer, event.product),
                "event_no": f"E{number:05}",
            }
            for number, event in enumerate(events(self._stream("events"), self._market), 1)
        ]

    def contacts(self) -> list[Row]:
        """Second contacts of some customers."""
        rng = self._stream("contacts")
        rows: list[Row] = []
        roles = ("decision_maker", "evaluator", "influencer", "user", "buyer")
        for customer, named in zip(self._market.customers, self._customers, strict=True):
            if rng.random() < 0.4:
                person = self._words.person(self._rng)
                age = rng.randint(24 * 365, 56 * 365)
                rows.append(
                    {
                        "customer": named.name,
                        "name": person.name,
                        "title": self._rng.choice(self._words.titles),
                        "role": rng.choices(roles, (15, 20, 15, 20, 30))[0],
                        "phone": self._names.mobile(),
                        "email": f"{person.mailbox}@{named.domain}" if rng.random() < 0.6 else None,
                        "birthday": as_date(customer.created - age) if rng.random() < 0.35 else None,
                        "contact_no": f"K{len(rows) + 1:04}",
                        "remark": None,
                    }
                )
        return rows

    def products(self) -> list[Row]:
        return [
            {"name": name, "code": p.code, "category": p.category, "price": p.price, "on_sale": True}
            for p, name in zip(PRODUCTS, self._products, strict=True)
        ]

    def competitors(self) -> list[Row]:
        text = self._language
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

    def users(self) -> list[Row]:
        return [
            {
                "name": name,
                "team": rep.team.text(self._language),
                "role": rep.role,
                "email": f"{rep.mailbox}@example.com",
                "active": True,
            }
            for rep, name in zip(REPS, self._reps, strict=True)
        ]

    def rep(self, position: int) -> str:
        return self._reps[position]


def _level(size: float) -> str:
    return next((level for limit, level in _LEVELS if size < limit), "ka")


def _order_numbers(world: Market) -> tuple[str, ...]:
    """`SO` and for returns `RT`, the day, and a number within the day."""
    used: Counter[str] = Counter()
    numbers = []
    for order in world.orders:
        stem = f"{'RT' if order.returns >= 0 else 'SO'}{as_date(order.day):%Y%m%d}"
        used[stem] += 1
        numbers.append(f"{stem}-{used[stem]:02}")
    return tuple(numbers)


def _targets(teller: _Teller, world: Market, contacts: tuple[Activity, ...]) -> list[Row]:
    """Monthly targets of each person: their average, rising over the years, with the season."""
    revenue, newcomers, touches = [0] * len(REPS), [0] * len(REPS), [0] * len(REPS)
    known: set[int] = set()
    for order in world.orders:
        rep = world.customers[order.customer].rep
        if order.status != "cancelled":
            revenue[rep] += order.quantity * order.price * (-1 if order.returns >= 0 else 1)
            newcomers[rep] += order.customer not in known
            known.add(order.customer)
    for contact in contacts:
        touches[world.customers[contact.customer].rep] += 1
    span = months(as_date(world.first), as_date(world.last))
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
                        "owner": teller.rep(rep),
                        "metric": metric,
                        "value": value,
                        "target_no": f"T{len(rows) + 1:04}",
                    }
                )
    return rows
