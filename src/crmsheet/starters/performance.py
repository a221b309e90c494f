"""Demo data of the starter `performance`: what the seller of electronics sold, earned and aimed at.

Knows which tables of the world this starter has. Does not know their rows.
"""

from __future__ import annotations

from datetime import date

from crmsheet.model.words import Language
from crmsheet.starters.demo import Rows
from crmsheet.starters.telling import told
from crmsheet.starters.world import world

_TABLES = (
    *("customers", "transactions", "deals", "activities", "surveys", "targets", "products"),
    *("actions", "users", "access_reviews", "staff_feedback"),
)


def demo(language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows:
    """Table id to rows; see `world`."""
    return told(world(language, as_of, customers, seed), _TABLES, ("deals", "profit", "performance"))
