"""Demo data of the starter `account-manager`: the customers of the seller of electronics, by the names people use.

Knows which tables of the world this starter has. Does not know their rows.
"""

from __future__ import annotations

from datetime import date

from crmsheet.model.words import Language
from crmsheet.starters.demo import Rows
from crmsheet.starters.telling import told
from crmsheet.starters.world import world

_TABLES = ("customers", "transactions", "activities", "deals", "surveys", "strategies", "products", "users")


def demo(language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows:
    """Table id to rows; see `world`."""
    told_of = world(language, as_of, customers, seed, short_names=True)
    return told(told_of, _TABLES, ("demand", "preferences", "deals", "profit", "profile"))
