"""Which tables the world can tell, and which of their fields belong to packs that a starter may lack.

Knows tables and packs by name. Does not know the rows (`customer_rows`, …) nor the starters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from crmsheet.starters import customer_rows, office_rows, sales_rows, talk_rows
from crmsheet.starters.demo import Row, Rows
from crmsheet.starters.world import World

_TABLES: Final[Mapping[str, Callable[[World], list[Row]]]] = {
    "customers": customer_rows.customers,
    "contacts": customer_rows.contacts,
    "users": customer_rows.users,
    "activities": talk_rows.activities,
    "feedback": talk_rows.voices,
    "lead_events": talk_rows.lead_events,
    "surveys": talk_rows.surveys,
    "deals": sales_rows.deals,
    "transactions": sales_rows.transactions,
    "products": sales_rows.products,
    "competitors": sales_rows.competitors,
    "targets": sales_rows.targets,
    "costs": office_rows.costs,
    "market": office_rows.market,
    "campaigns": office_rows.campaigns,
    "actions": office_rows.actions,
    "staff_feedback": office_rows.staff_feedback,
    "policy": office_rows.policy,
    "access_reviews": office_rows.access_reviews,
    "strategies": office_rows.strategies,
}
_PACKS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "demand": {"customers": ("age_band", "budget")},
    "preferences": {"customers": ("preferences", "consent")},
    "profit": {"products": ("cost",), "transactions": ("unit_cost",)},
    "payments": {"transactions": ("due_date", "paid")},
    "campaigns": {"customers": ("campaign",)},
    "deals": {"activities": ("deal",), "transactions": ("deal",)},
    "competitors": {"deals": ("competitor",)},
    # of single starters
    "pool": {"customers": ("locked", "interest")},
    "performance": {"customers": ("customer_type",)},
    "profile": {
        "customers": (
            "company",
            "purchase_date",
            "contact_date",
            "product_detail",
            "social",
            "hobby",
            "city",
        ),
    },
    "contract": {
        "customers": (
            "contract_start",
            "contract_end",
            "annual_target",
            "wallet",
            "seats_licensed",
            "seats_active",
        ),
    },
}
"""By pack, table and fields that no starter without the pack has."""


def told(world: World, tables: Iterable[str], packs: Iterable[str]) -> Rows:
    """The rows of these tables, with the fields of these packs and without those of the others."""
    chosen = set(packs)
    gone: dict[str, set[str]] = {}
    for pack, found in _PACKS.items():
        if pack not in chosen:
            for table, fields in found.items():
                gone.setdefault(table, set()).update(fields)
    return {
        table: [
            {field: value for field, value in row.items() if field not in gone.get(table, ())}
            for row in _TABLES[table](world)
        ]
        for table in tables
    }
