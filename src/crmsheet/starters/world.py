"""The world of the demo data: one simulated market, named in one language, told by all starters.

Knows who is who and how figures become words. Does not know any table (`customer_rows`, `sales_rows`,
`talk_rows`, `office_rows`). The same seed gives the same figures in both languages; only the words differ:
words are drawn from a stream of their own.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from crmsheet.model.words import Language
from crmsheet.starters.catalogue import PRODUCTS, REPS
from crmsheet.starters.days import as_date, years_before
from crmsheet.starters.dice import Dice
from crmsheet.starters.naming import Named, Names
from crmsheet.starters.story import IMPORTANT_SIZE
from crmsheet.starters.talking import Activity, activities
from crmsheet.starters.trading import Market, market
from crmsheet.starters.words import Words
from crmsheet.starters.words_en import WORDS as ENGLISH
from crmsheet.starters.words_zh import WORDS as CHINESE
from crmsheet.structs import dataclass, replace

_YEARS = 3


@dataclass(frozen=True, slots=True)
class World:
    """`kept` are the customers a starter tells of; the others' rows are left out."""

    language: Language
    words: Words
    seed: int
    market: Market
    talks: tuple[Activity, ...]
    rng: Dice
    """The stream of words."""
    names: Names
    customers: tuple[Named, ...]
    """By position, as the market's."""
    products: tuple[str, ...]
    reps: tuple[str, ...]
    deal_names: tuple[str, ...]
    order_numbers: tuple[str, ...]
    kept: frozenset[int]

    def stream(self, purpose: str) -> Dice:
        """Draws that do not depend on the language nor on other purposes."""
        return Dice(f"{self.seed}:{purpose}")

    def owner(self, customer: int) -> str:
        return self.reps[self.market.customers[customer].rep]

    def said(
        self, texts: tuple[str, ...], customer: int, product: int, quantity: int = 0, price: int = 0
    ) -> str:
        """One of some texts, filled in."""
        named = self.customers[customer]
        return self.rng.choice(texts).format(
            product=self.products[product],
            contact=named.contact,
            city=named.city,
            quantity=quantity or self.rng.choice((10, 20, 30, 50, 80, 100)),
            amount=f"{quantity * price:,}",
        )

    def day(self, ago: int) -> date:
        """The day so many days before the last one."""
        return as_date(self.market.last - ago)


def world(
    language: Language,
    as_of: date,
    customers: int,
    seed: int,
    *,
    key_accounts: bool = False,
    short_names: bool = False,
) -> World:
    """A history of three years that ends on `as_of`. Later are only plans.

    `key_accounts` tells only of key and important accounts; `short_names` calls customers without their
    legal form.
    """
    first = years_before(as_of, _YEARS).toordinal()
    found = market(Dice(f"{seed}:market"), first, as_of.toordinal(), customers)
    words = CHINESE if language is Language.ZH else ENGLISH
    rng = Dice(f"{seed}:words")
    names = Names(language, words, rng)
    products = tuple(p.name.text(language) for p in PRODUCTS)
    named = names.customers(found.customers)
    if short_names:
        named = tuple(replace(n, name=n.short) for n in named)
    kept = frozenset(p for p, c in enumerate(found.customers) if not key_accounts or c.size >= IMPORTANT_SIZE)
    return World(
        language=language,
        words=words,
        seed=seed,
        market=found,
        talks=activities(Dice(f"{seed}:talk"), found),
        rng=rng,
        names=names,
        customers=named,
        products=products,
        reps=tuple(r.name.text(language) for r in REPS),
        deal_names=names.deals(found.deals, named, products),
        order_numbers=_order_numbers(found),
        kept=kept or frozenset(range(len(named))),
    )


def _order_numbers(found: Market) -> tuple[str, ...]:
    """`SO` and for returns `RT`, the day, and a number within the day."""
    used: Counter[str] = Counter()
    numbers = []
    for order in found.orders:
        stem = f"{'RT' if order.returns >= 0 else 'SO'}{as_date(order.day):%Y%m%d}"
        used[stem] += 1
        numbers.append(f"{stem}-{used[stem]:02}")
    return tuple(numbers)
