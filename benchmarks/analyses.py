"""Times each analysis over 100,000 orders of 10,000 customers: `python benchmarks/analyses.py [ORDERS CUSTOMERS]`.

Each is computed on a board of its own in a process of its own, then all together on one; the time of the same workbook
without any is taken off. Seconds of CPU, and the peak memory of the whole process. With the usual numbers it writes its
section of RESULTS.md.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Final

from results import write_section

from crmsheet.api.rows import initial_state
from crmsheet.compile import compiled
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import Row, Rows

HERE = Path(__file__).resolve().parent
ORDERS, CUSTOMERS = 100_000, 10_000
AS_OF = date(2026, 3, 31)
DAYS = 1095
TITLE = "## Analyses"
SECONDS, MEGABYTES = 10, 600
"""What all analyses may take in one refresh."""
_WATCHED = (
    "metrics: [revenue, discount_rate], entity: customer, by: [customer.region, seller, product, customer]"
)
ANALYSES: Final = {
    "insights": _WATCHED,
    "alarms": _WATCHED,
    "forecast": "metrics: revenue",
    "cohort_retention": "metrics: orders_count, entity: customer",
    "decomposition": "metrics: [revenue, units], entity: customer, by: product",
    "white_space": "metrics: revenue, entity: customer, by: product",
    "association": "metrics: orders_count, entity: customer, by: customer.age, across: product",
    "clv": "metrics: revenue, entity: customer",
    "survival": "metrics: orders_count, entity: customer",
    "win_loss": "metrics: large_share, by: seller",
    "correlation": "metrics: [revenue, orders_count, units], entity: customer",
}


def spec(kinds: tuple[str, ...]) -> str:
    """The spec with these analyses on a board; without any there is no board."""
    text = (HERE / "trade.yaml").read_text("utf-8")
    if kinds:
        blocks = "".join(f"      - {{id: {k}, analysis: {{type: {k}, {ANALYSES[k]}}}}}\n" for k in kinds)
        text += f"sheets:\n  board:\n    label: Board\n    blocks:\n{blocks}"
    return text


def rows(orders: int, customers: int) -> Rows:
    """Seeded rows; a few customers buy much, most a little."""
    chance = random.Random(7)
    bought: list[Row] = []
    for number in range(orders):
        quantity = chance.randint(1, 20)
        bought.append(
            {
                "order_no": f"O{number}",
                "date": date.fromordinal(AS_OF.toordinal() - chance.randrange(DAYS)),
                "customer": f"C{min(customers - 1, int(chance.expovariate(3) * customers))}",
                "product": chance.choice("ABCD"),
                "seller": chance.choice(("Ann", "Bob")),
                "quantity": quantity,
                "amount": round(quantity * chance.uniform(50, 150), 2),
                "discount": round(quantity * chance.uniform(1, 9), 2),
            }
        )
    people: list[Row] = [
        {
            "name": f"C{n}",
            "region": chance.choice(("North", "East", "South")),
            "age": chance.choice(("under 40", "over 40")),
        }
        for n in range(customers)
    ]
    return {"customers": people, "orders": bought}


def measured(kinds: tuple[str, ...], orders: int, customers: int) -> tuple[float, float]:
    """CPU seconds of computing the workbook, and the peak memory of the process in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trade.yaml"
        path.write_text(spec(kinds), "utf-8")
        model = load(path)
    state, _, _ = initial_state(model, Language.EN, rows(orders, customers), "abcd")
    before = time.process_time()
    compiled(Context(model, Language.EN, state, serial_of_date(AS_OF)))
    spent = time.process_time() - before
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(kinds: tuple[str, ...], orders: int, customers: int) -> tuple[float, float]:
    command = [sys.executable, __file__, "--measure", ",".join(kinds), str(orders), str(customers)]
    cpu, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(cpu), float(memory)


def main() -> int:
    if sys.argv[1:2] == ["--measure"]:
        kinds = tuple(filter(None, sys.argv[2].split(",")))
        print(*measured(kinds, int(sys.argv[3]), int(sys.argv[4])))
        return 0
    orders, customers = (int(a) for a in sys.argv[1:3]) if sys.argv[2:] else (ORDERS, CUSTOMERS)
    plain, _ = run((), orders, customers)
    lines = [
        TITLE,
        "",
        f"{orders:,} orders of {customers:,} customers, three years; one run each, CPU seconds beyond the "
        f"workbook without analyses ({plain:.1f} s), peak memory of the whole process in MB.",
        "",
        "| | CPU | memory | target |",
        "|---|--:|--:|---|",
    ]
    for kind in ANALYSES:
        cpu, memory = run((kind,), orders, customers)
        lines.append(f"| {kind} | {cpu - plain:.1f} | {memory:.0f} | |")
        print(lines[-1], flush=True)
    cpu, memory = run(tuple(ANALYSES), orders, customers)
    lines.append(
        f"| all together | {cpu - plain:.1f} | {memory:.0f} | below {SECONDS} s and {MEGABYTES} MB |"
    )
    print("\n".join(lines), flush=True)
    if (orders, customers) == (ORDERS, CUSTOMERS):
        write_section(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
