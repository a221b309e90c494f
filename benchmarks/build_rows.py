"""Builds the benchmark workbook: BOOK ROWS [SPEC]; ROWS is how many, or a file of `rows_of.py` that holds them."""

from __future__ import annotations

import pickle
import random
import sys
from datetime import date, timedelta
from pathlib import Path

from crmsheet.api.building import built_from
from crmsheet.model.words import Language
from crmsheet.spec import load

AS_OF = date(2026, 3, 31)


def rows(count: int) -> dict[str, list[dict[str, object]]]:
    """Seeded rows of the table `orders`."""
    chance = random.Random(7)
    regions = ["North", "East", "South", "West", "Centre"]
    stages = ["New", "Qualified", "Proposal", "Won", "Lost"]
    return {
        "orders": [
            {
                "code": f"A{i:06}",
                "date": AS_OF - timedelta(days=chance.randrange(1000)),
                "region": chance.choice(regions),
                "stage": chance.choice(stages),
                "customer": f"Customer {chance.randrange(3000):04} & Sons Ltd",
                "quantity": chance.randrange(1, 50),
                "price": round(chance.uniform(5, 900), 2),
                "discount": chance.choice([0, 0, 0.05, 0.1]),
                "paid": chance.random() < 0.7,
                "contact": f"Contact {chance.randrange(500)}",
                "note": "call again next week" if chance.random() < 0.3 else None,
            }
            for i in range(count)
        ]
    }


def given_rows(told: str) -> dict[str, list[dict[str, object]]]:
    """The rows of a file that holds them, or as many as told."""
    if told.isdigit():
        return rows(int(told))
    found: list[dict[str, object]] = []
    with Path(told).open("rb") as file:
        while file.peek():
            found += pickle.load(file)
    return {"orders": found}


if __name__ == "__main__":
    spec = Path(__file__).with_name(sys.argv[3] if len(sys.argv) > 3 else "rows.yaml")
    # The rows are held by nobody else, so that they can go once they are converted.
    built = built_from(load(spec), given_rows(sys.argv[2]), Language.EN, today=AS_OF, as_of=AS_OF)
    Path(sys.argv[1]).write_bytes(built.content)
