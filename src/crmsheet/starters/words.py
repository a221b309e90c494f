"""The words demo data are made of, in one language.

Knows the shape of a word list and how a name is put together from it. Does not know the world that is
simulated (`trading`, `talking`), nor any word (`words_zh`, `words_en`).
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.starters.dice import Dice
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a name, and its spelling in an e-mail address."""

    text: str
    latin: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What customers write about a topic, when they are happy and when they are not."""

    glad: tuple[str, ...]
    cross: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Texts in braces are filled in: {product}, {contact}, {quantity}, {amount}, {city}."""

    surnames: tuple[Part, ...]
    given: tuple[Part, ...]
    surname_first: bool
    brands_first: tuple[Part, ...]
    brands_second: tuple[Part, ...]
    trades: Mapping[str, tuple[str, ...]]
    """By industry: what a company of it calls itself."""
    company: str
    """How city, brand and trade make a company name."""
    deal: str
    """How customer, product and month make a deal's name."""
    address: str
    roads: tuple[str, ...]
    titles: tuple[str, ...]
    needs: tuple[str, ...]
    talk: Mapping[str, tuple[str, ...]]
    """By activity type: what was said during a sale."""
    care: Mapping[str, tuple[str, ...]]
    """By activity type: what was said to a customer between sales."""
    unreached: tuple[str, ...]
    won: tuple[str, ...]
    lost: Mapping[str, tuple[str, ...]]
    """By lost reason."""
    complaint: tuple[str, ...]
    plans: Mapping[str, tuple[str, ...]]
    """By type of the activity planned: how a salesperson writes it down."""
    opinions: Mapping[str, Opinion]
    """By feedback topic."""
    solutions: tuple[str, ...]
    return_reasons: tuple[str, ...]
    events: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]
    hobbies: tuple[str, ...]

    def person(self, rng: Dice) -> Person:
        surname, given = rng.choice(self.surnames), rng.choice(self.given)
        if self.surname_first:
            return Person(surname.text + given.text, f"{surname.latin}.{given.latin}")
        return Person(f"{given.text} {surname.text}", f"{given.latin}.{surname.latin}")
