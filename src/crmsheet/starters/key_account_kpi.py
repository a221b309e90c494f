"""Demo data of the starter `key-account-kpi`: the key and important accounts of the seller of electronics.

Knows which tables of the world this starter has. Does not know their rows.
"""

from __future__ import annotations

from datetime import date

from crmsheet.model.words import Language
from crmsheet.starters.demo import Rows
from crmsheet.starters.telling import told
from crmsheet.starters.world import world

_TABLES = (
    *("customers", "contacts", "transactions", "surveys", "deals", "activities", "costs", "market"),
    *("actions", "targets", "products", "users"),
)


def demo(language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows:
    """Table id to rows; of so many customers in all, those who are key or important accounts. See `world`."""
    found = world(language, as_of, customers, seed, key_accounts=True)
    return told(found, _TABLES, ("deals", "profit", "payments", "contract"))
