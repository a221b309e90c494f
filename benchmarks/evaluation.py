"""Times what computing costs, without reading or writing: `python benchmarks/evaluation.py [ORDERS CUSTOMERS]`.

100,000 orders of 10,000 customers; sixty metrics, each by month over a year and by three dimensions (a customer's region,
the product, the seller), so that each is 12 × 9 figures; and six rollups of each customer. The same workbook without
metrics and rollups is timed as well, and taken off. Each in a process of its own: seconds of CPU of the whole plan, and
the peak memory of the process. With the usual numbers it writes its section of RESULTS.md.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import Final

from analyses import AS_OF, CUSTOMERS, HERE, ORDERS, rows
from results import Target, with_targets, write_section

from crmsheet.api.rows import initial_state
from crmsheet.compile import compiled
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load

TITLE: Final = "## Evaluation"
SECONDS: Final = 3
WAYS: Final = (
    "agg: sum, field: amount",
    "agg: count",
    "agg: avg, field: amount",
    "agg: max, field: amount",
    "agg: min, field: amount",
    "agg: sum, field: quantity",
)
FILTERS: Final = (
    "",
    *(f", filter: '[product]=\"{one}\"'" for one in "ABCD"),
    *(f", filter: '[seller]=\"{one}\"'" for one in ("Ann", "Bob")),
    ", filter: '[amount]>1000'",
    ", filter: '[amount]<=200'",
    ", filter: '[discount]>50'",
)
DIMENSIONS: Final = ("customer.region", "product", "seller")
ROLLUPS: Final = (
    "agg: sum, field: amount",
    "agg: count",
    "agg: max, field: date",
    "agg: min, field: date",
    "agg: avg, field: amount",
    "agg: count, where: '[amount]>1000'",
)
PARTS: Final = ("metrics", "rollups", "metrics and rollups")


def spec(part: str) -> str:
    """The spec with what is to be timed."""
    text = (HERE / "trade.yaml").read_text("utf-8")
    if "rollups" in part:
        lines = "".join(
            f"      rollup{n}: {{type: rollup, table: orders, {way}, label: Rollup {n}}}\n"
            for n, way in enumerate(ROLLUPS)
        )
        text = text.replace("  orders:\n    label: Orders\n", f"{lines}  orders:\n    label: Orders\n")
    if "metrics" in part:
        names = [f"figure_{n}" for n in range(len(WAYS) * len(FILTERS))]
        metrics = "".join(
            f"  {name}: {{type: simple, table: orders, {way}{only}, time: date, label: {name}}}\n"
            for name, (way, only) in zip(names, product(WAYS, FILTERS), strict=True)
        )
        blocks = "".join(
            f"      - heat: {{metric: {name}, by: {by}, across: month, last: 12}}\n"
            for name, by in product(names, DIMENSIONS)
        )
        text += f"{metrics}sheets:\n  board:\n    label: Board\n    blocks:\n{blocks}"
    return text


def measured(part: str, orders: int, customers: int) -> tuple[float, float]:
    """CPU seconds of computing the workbook, and the peak memory of the process in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trade.yaml"
        path.write_text(spec(part), "utf-8")
        model = load(path)
    gc.set_threshold(200_000, 20, 20)  # as the command line has it
    state, _, _ = initial_state(model, Language.EN, rows(orders, customers), "abcd")
    before = time.process_time()
    compiled(Context(model, Language.EN, state, serial_of_date(AS_OF)))
    spent = time.process_time() - before
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(part: str, orders: int, customers: int) -> tuple[float, float]:
    command = [sys.executable, __file__, "--measure", part, str(orders), str(customers)]
    cpu, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(cpu), float(memory)


def main() -> int:
    if sys.argv[1:2] == ["--measure"]:
        print(*measured(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
        return 0
    orders, customers = (int(a) for a in sys.argv[1:3]) if sys.argv[2:] else (ORDERS, CUSTOMERS)
    nothing, _ = run("", orders, customers)
    found = {part: run(part, orders, customers) for part in PARTS}
    lines = [
        TITLE,
        "",
        f"{orders:,} orders of {customers:,} customers; one run each: CPU seconds of the whole plan of a workbook beyond",
        f"those of the same without metrics and rollups ({nothing:.1f}), peak memory of the process in MB.",
        "",
        "| | CPU | memory |",
        "|---|--:|--:|",
        *(
            f"| {part.replace('metrics', '60 metrics × 12 months × 3 dimensions').replace('rollups', '6 rollups')} "
            f"| {cpu - nothing:.1f} s | {memory:.0f} |"
            for part, (cpu, memory) in found.items()
        ),
    ]
    spent = found["metrics and rollups"][0] - nothing
    lines = with_targets(lines, [Target("all of it", SECONDS, spent, "s")])
    print("\n".join(lines), flush=True)
    if (orders, customers) == (ORDERS, CUSTOMERS):
        write_section(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
