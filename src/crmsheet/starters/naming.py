"""Names, addresses and numbers of demo customers: invented, unique, plainly fictitious.

Knows how names are made unique and which numbers nobody has: mobiles with the block 0000 after the prefix,
landlines that begin with 555, mailboxes under example.com. Does not know what the named ones do.
"""

from __future__ import annotations

from collections.abc import Sequence

from crmsheet.model.words import Language
from crmsheet.starters.days import as_date
from crmsheet.starters.dice import Dice
from crmsheet.starters.trading import Customer, Deal
from crmsheet.starters.words import Words
from crmsheet.structs import dataclass

_PREFIXES = (
    *(
        "130",
        "131",
        "132",
        "133",
        "135",
        "136",
        "137",
        "138",
        "139",
        "150",
        "151",
        "152",
        "153",
        "155",
        "156",
    ),
    *(
        "157",
        "158",
        "159",
        "166",
        "173",
        "176",
        "177",
        "178",
        "180",
        "181",
        "182",
        "183",
        "185",
        "186",
        "187",
    ),
    *("188", "189", "198", "199"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A customer in words. `short` is the name without its legal form, `full` with it."""

    name: str
    full: str
    short: str
    contact: str
    title: str
    phone: str
    email: str | None
    wechat: str | None
    address: str
    city: str
    domain: str


class Names:
    """Gives out names and numbers; never one twice."""

    def __init__(self, language: Language, words: Words, rng: Dice) -> None:
        self._language = language
        self._words = words
        self._rng = rng
        self._used: set[str] = set()
        self._phones = 0

    def customers(self, customers: Sequence[Customer]) -> tuple[Named, ...]:
        return tuple(self._customer(c) for c in customers)

    def mobile(self) -> str:
        number = self._phones
        self._phones += 1
        prefix = _PREFIXES[number * 7 % len(_PREFIXES)]
        return f"{prefix}0000{(number // len(_PREFIXES) * 7919 + number * 37) % 10_000:04}"

    def _customer(self, customer: Customer) -> Named:
        rng, words = self._rng, self._words
        city = customer.place.city.text(self._language)
        name, domain = self._company(city, customer.industry)
        person = words.person(rng)
        address = words.address.format(
            city=city,
            road=rng.choice(words.roads),
            number=rng.randint(1, 399),
            building=rng.randint(1, 12),
            room=rng.randint(1, 28) * 100 + rng.randint(1, 12),
        )
        phone = self.mobile()
        if rng.random() < 0.12:
            width = 8 if len(customer.place.code) == 3 else 7
            phone = f"{customer.place.code}-555{customer.number % 10 ** (width - 3):0{width - 3}}"
        return Named(
            name=name,
            full=name,
            short=name.removesuffix("有限公司").removesuffix(" Co., Ltd."),
            contact=person.name,
            title=rng.choice(words.titles),
            phone=phone,
            email=f"{person.mailbox}@{domain}" if rng.random() < 0.72 else None,
            wechat=f"wx_{person.mailbox.replace('.', '_')}" if rng.random() < 0.5 else None,
            address=address,
            city=city,
            domain=domain,
        )

    def _company(self, city: str, industry: str) -> tuple[str, str]:
        """A name nobody has yet, and the domain of its mail."""
        rng, words = self._rng, self._words
        while True:
            first, second = rng.choice(words.brands_first), rng.choice(words.brands_second)
            if first.text == second.text:
                continue
            name = words.company.format(
                city=city, brand=first.text + second.text, trade=rng.choice(words.trades[industry])
            )
            if name not in self._used:
                self._used.add(name)
                return name, f"{first.latin}{second.latin}.example.com"

    def deals(
        self, deals: Sequence[Deal], customers: Sequence[Named], products: Sequence[str]
    ) -> tuple[str, ...]:
        """`customer·product·month`, with a number when there is another of that name."""
        count: dict[str, int] = {}
        names = []
        for deal in deals:
            name = self._words.deal.format(
                customer=customers[deal.customer].short,
                product=products[deal.product],
                month=f"{as_date(deal.created):%Y-%m}",
            )
            count[name] = count.get(name, 0) + 1
            names.append(name if count[name] == 1 else f"{name} ({count[name]})")
        return tuple(names)
