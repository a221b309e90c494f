"""The simulated market of the demo: the customers, their deals, what they bought.

Knows customers, deals and orders as figures, without a word of text: the same in both languages. Does
not know conversations (`talking`), names (`words`), or the spec's tables (`follow_up`). Days are ordinals.

Three things happen that boards reveal (`story`): a region declines, a person gives discounts too freely, and
key accounts of one trade stop buying.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import accumulate

from crmsheet.starters.catalogue import PRODUCTS, REPS
from crmsheet.starters.days import back_to_workday, on_to_workday, season
from crmsheet.starters.dice import Dice
from crmsheet.starters.places import PLACES, Place
from crmsheet.starters.story import DISCOUNTS, SLEEPING_REP, declines, discounter, falls_asleep
from crmsheet.structs import dataclass, replace

_SOURCES = ("website", "phone", "social", "referral", "expo", "ads", "partner", "outbound", "other")
_SOURCE_WEIGHTS = (22, 8, 13, 18, 12, 10, 7, 8, 2)
_INDUSTRIES = (
    *("retail", "ecommerce", "manufacturing", "it", "education", "hospitality"),
    *("logistics", "finance", "health", "real_estate", "government", "other"),
)
_INDUSTRY_WEIGHTS = (24, 18, 14, 12, 8, 6, 5, 4, 4, 2, 2, 1)
_LOST_REASONS = (
    *(
        "price",
        "competitor",
        "budget",
        "features",
        "long_cycle",
        "no_decision_maker",
        "silent",
        "poor_fit",
        "other",
    ),
)
_LOST_WEIGHTS = (24, 18, 15, 9, 9, 8, 9, 6, 2)
_OPEN_STAGES = ("new", "qualified", "proposal", "negotiation")


@dataclass(frozen=True, slots=True)
class Customer:
    """`size` scales its orders, `interval` is the mean number of days between them, and after `quits` there
    are none. One that never `buys` stays a lead."""

    number: int
    created: int
    rep: int
    place: Place
    source: str
    industry: str
    size: float
    buys: bool
    interval: float
    quits: int


@dataclass(frozen=True, slots=True)
class Deal:
    """`closed` is 0 while the deal is open. `key` orders deals and identifies them."""

    key: int
    customer: int
    created: int
    closed: int
    stage: str
    product: int
    quantity: int
    price: int
    expected: int
    lost_reason: str = ""

    @property
    def amount(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Order:
    """A sale, or a return when `returns` is the position of the sale it takes back; `deal` is a key or -1."""

    day: int
    customer: int
    product: int
    quantity: int
    price: int
    type: str
    status: str
    deal: int = -1
    returns: int = -1


@dataclass(frozen=True, slots=True)
class Market:
    first: int
    last: int
    """The as-of day; nothing has happened after it."""
    customers: tuple[Customer, ...]
    deals: tuple[Deal, ...]
    orders: tuple[Order, ...]


def market(rng: Dice, first: int, last: int, count: int) -> Market:
    """A history from `first` to `last` with so many customers."""
    customers = _customers(rng, first, last, count)
    deals = _deals(rng, customers, first, last)
    return Market(first, last, customers, deals, _orders(rng, customers, deals, first, last))


def _customers(rng: Dice, first: int, last: int, count: int) -> tuple[Customer, ...]:
    """Nearly half of them stand in the first weeks, the others come evenly."""
    span = last - first
    days = []
    for i in range(count):
        share = rng.random() * 0.03 if i < count * 0.45 else 0.03 + 0.96 * rng.random()
        days.append(back_to_workday(first + 6 + int(share * (span - 6))))
    days.sort()
    lead_chance = [0.14 if day < last - 270 else 0.45 for day in days]
    place_weights = tuple(accumulate(p.weight for p in PLACES))
    found = []
    for number, day in enumerate(days, 1):
        buys = rng.random() >= lead_chance[number - 1]
        quits = last + 1
        if buys and rng.random() < 0.2 and day + 150 < last:
            quits = rng.randint(day + 60, last - 80)
        customer = Customer(
            number=number,
            created=day,
            rep=rng.randrange(len(REPS)),
            place=rng.choices(PLACES, cum_weights=place_weights)[0],
            source=rng.choices(_SOURCES, _SOURCE_WEIGHTS)[0],
            industry=rng.choices(_INDUSTRIES, _INDUSTRY_WEIGHTS)[0],
            size=math.exp(rng.gauss(0.0, 0.5)),
            buys=buys,
            interval=min(260.0, max(30.0, 94.0 * math.exp(rng.gauss(0.0, 0.42)))),
            quits=quits,
        )
        if falls_asleep(customer.industry, customer.size):
            quits = min(quits, last - 105 - number * 7 % 60) if day < last - 300 else quits
            customer = replace(customer, rep=SLEEPING_REP, quits=quits)
        if number == 1:  # sheets about one customer begin with the first
            customer = replace(
                customer, buys=True, quits=last + 1, size=1.8, interval=60.0, industry="retail"
            )
        found.append(customer)
    return tuple(found)


@cache
def _shares(fortieth: int) -> tuple[float, ...]:
    """How much each product sells at a point of the history, cumulated."""
    return tuple(accumulate(p.share * p.growth ** (fortieth / 40 - 1) for p in PRODUCTS))


def _product(rng: Dice, first: int, last: int, day: int) -> int:
    shares = _shares(40 * (day - first) // max(1, last - first))
    return rng.choices(range(len(PRODUCTS)), cum_weights=shares)[0]


def _price(rng: Dice, product: int, rep: int, ago: int) -> int:
    """The list price less a discount, so many days ago."""
    price = PRODUCTS[product].price
    return max(1, round(price * (1 - rng.choice(DISCOUNTS[discounter(rep, ago)]))))


def _quantity(rng: Dice, size: float, price: int, worth: float) -> int:
    """So many that the order is worth about `worth`, scattered; round numbers when there are many."""
    quantity = worth * size * math.exp(rng.gauss(0.0, 0.25)) / price
    return max(1, round(quantity / 5) * 5 if quantity > 20 else round(quantity))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A deal before its outcome is known; it is open when it would close after the last day."""

    customer: int
    created: int
    closes: int


def _deals(rng: Dice, customers: tuple[Customer, ...], first: int, last: int) -> tuple[Deal, ...]:
    """Deals as they come: a first one when a customer is new, others later, a little over one on average.

    How many of the closed ones are won follows each person's share; customers that never buy lose theirs.
    """
    slots: list[list[_Slot]] = [[] for _ in REPS]
    for position, customer in enumerate(customers):
        slots[customer.rep] += _slots(rng, customer, position, first, last)
    found: list[Deal] = []
    for rep, own in zip(REPS, slots, strict=True):
        won = _won(customers, own, rep.wins, last)
        for slot in own:
            stage = _open_stage(rng, slot, last)
            if slot.closes <= last:
                stage = "won" if slot in won else "lost"
            found.append(_deal(rng, customers[slot.customer], slot, stage, (first, last)))
    found.sort(key=lambda d: (d.created, d.customer, d.closed))
    return tuple(replace(deal, key=key) for key, deal in enumerate(found))


def _won(customers: tuple[Customer, ...], slots: list[_Slot], share: float, last: int) -> set[_Slot]:
    """Wins spread evenly over the years, so that the share holds in every window of some months."""
    won: set[_Slot] = set()
    due = 0.5
    for slot in sorted(
        (s for s in slots if s.closes <= last), key=lambda s: (s.closes, s.customer, s.created)
    ):
        customer = customers[slot.customer]
        due += share
        if due >= 1 and customer.buys and slot.closes <= customer.quits:
            won.add(slot)
            due -= 1
    return won


def _slots(rng: Dice, customer: Customer, position: int, first: int, last: int) -> list[_Slot]:
    known = customer.created < first + 60
    found = []
    until = min(customer.quits, last - 3)
    for number in range(int(0.36 + 0.45 * (last - customer.created) / 365 + rng.random())):
        length = max(6, int(105 * REPS[customer.rep].pace * math.exp(rng.gauss(0.0, 0.6))))
        begin = customer.created
        if number or known:
            begin += int((max(begin, until) - begin) * rng.random() ** 0.8)
        elif begin < last - 14:
            begin += rng.randint(0, 10)
        created = max(customer.created, back_to_workday(begin))
        if created < last - 1:
            found.append(_Slot(position, created, back_to_workday(created + length)))
    return found


def _open_stage(rng: Dice, slot: _Slot, last: int) -> str:
    """How far an open deal has come."""
    progress = (last - slot.created) / max(1, slot.closes - slot.created) + rng.uniform(-0.15, 0.25)
    return _OPEN_STAGES[min(3, max(0, int(progress * 4)))]


def _deal(rng: Dice, customer: Customer, slot: _Slot, stage: str, span: tuple[int, int]) -> Deal:
    first, last = span
    product = _product(rng, first, last, slot.created)
    price = _price(rng, product, customer.rep, last - slot.created)
    expected = on_to_workday(max(slot.created + 5, slot.closes + rng.randint(-20, 15)))
    if slot.closes > last and rng.random() < 0.15:
        expected = max(slot.created, back_to_workday(last - rng.randint(1, 20)))
    return Deal(
        key=0,
        customer=slot.customer,
        created=slot.created,
        closed=slot.closes if slot.closes <= last else 0,
        stage=stage,
        product=product,
        quantity=_quantity(
            rng, customer.size, price, 34_000 * declines(customer.place.region, last - slot.created)
        ),
        price=price,
        expected=expected,
        lost_reason=rng.choices(_LOST_REASONS, _LOST_WEIGHTS)[0] if stage == "lost" else "",
    )


def _orders(
    rng: Dice, customers: tuple[Customer, ...], deals: tuple[Deal, ...], first: int, last: int
) -> tuple[Order, ...]:
    """An order for each deal won, and repeat orders in the customer's own rhythm; then the returns."""
    found: list[Order] = []
    wins: dict[int, list[int]] = {}
    for deal in deals:
        if deal.stage == "won":
            wins.setdefault(deal.customer, []).append(deal.closed)
            status = "confirmed" if deal.closed > last - 10 else "delivered"
            found.append(
                Order(
                    deal.closed,
                    deal.customer,
                    deal.product,
                    deal.quantity,
                    deal.price,
                    "sale",
                    status,
                    deal.key,
                )
            )
    for position, customer in enumerate(customers):
        if customer.buys:
            start = min(wins.get(position, (customer.created + rng.randint(4, 70),)))
            found.extend(_repeats(rng, customer, position, start, (first, last), skip=position in wins))
    found.sort(key=lambda o: (o.day, o.customer, o.product))
    return _with_returns(rng, found, last)


def _repeats(
    rng: Dice, customer: Customer, position: int, start: int, span: tuple[int, int], *, skip: bool
) -> list[Order]:
    first, last = span
    found: list[Order] = []
    day = start
    while True:
        if not (skip and day == start):
            if rng.random() > season(min(day, last)) + 0.35:
                day += 21
            if day > min(last, customer.quits):
                return found
            found.append(
                _sale(rng, customer, position, back_to_workday(day), (first, last), again=bool(found))
            )
        pause = rng.gammavariate(5.0, customer.interval / 5.0)
        day += max(4, int(pause / declines(customer.place.region, last - day)))


def _sale(
    rng: Dice, customer: Customer, position: int, day: int, span: tuple[int, int], *, again: bool
) -> Order:
    first, last = span
    product = _product(rng, first, last, day)
    price = _price(rng, product, customer.rep, last - day)
    growth = 0.92 + 0.2 * (day - first) / max(1, last - first)
    fall = declines(customer.place.region, last - day)
    quantity = _quantity(rng, customer.size, price, 15_500 * season(day) ** 1.2 * growth * fall)
    draw = rng.random()
    status = (
        "cancelled" if draw < 0.035 and day < last - 7 else "confirmed" if day > last - 10 else "delivered"
    )
    if PRODUCTS[product].category == "service" and again:
        kind = "renewal"
    else:
        kind = "upsell" if again and draw > 0.86 else "sale"
    return Order(day, position, product, quantity, price, kind, status)


def _with_returns(rng: Dice, sales: list[Order], last: int) -> tuple[Order, ...]:
    """The sales and, merged by day, what came back of them; a return always follows its sale."""
    back: list[tuple[int, int, int]] = []
    for position, order in enumerate(sales):
        if order.status == "delivered" and rng.random() < PRODUCTS[order.product].returns:
            day = on_to_workday(order.day + rng.randint(5, 28))
            if day <= last:
                part = max(1, round(order.quantity * rng.choice((0.2, 0.3, 0.4, 0.5, 1.0))))
                back.append((day, position, part))
    merged = sorted(
        [(order.day, 0, position, 0) for position, order in enumerate(sales)]
        + [(day, 1, position, part) for day, position, part in back]
    )
    placed: dict[int, int] = {}
    found: list[Order] = []
    for day, is_return, position, part in merged:
        order = sales[position]
        if is_return:
            found.append(
                Order(
                    day,
                    order.customer,
                    order.product,
                    part,
                    order.price,
                    "return",
                    "delivered",
                    returns=placed[position],
                )
            )
        else:
            placed[position] = len(found)
            found.append(order)
    return tuple(found)
