"""How LibreOffice's full recalculation grows with the rows of a table that is counted, its customers fixed.

`python benchmarks/recalculation_growth.py [ORDERS…]` builds workbooks of 1,000 customers with six rollups each over
more and more orders, has each computed once, and after one edited order, and tells the exponent: the slope of the line
through the CPU seconds where both axes are logarithmic. With the usual sizes it writes its section of RESULTS.md.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from math import log
from pathlib import Path
from typing import Final

from analyses import AS_OF, HERE, rows
from recalculation import Steps, seconds
from results import Target, with_targets, write_section

from crmsheet.api.building import built_from
from crmsheet.model.words import Language
from crmsheet.spec import load

CUSTOMERS: Final = 1_000
SIZES: Final = (2_500, 5_000, 10_000, 20_000, 40_000)
EXPONENT: Final = 1.2
EDITED: Final = "orders: a quantity"
TITLE: Final = "## Recalculation as orders grow"
ROLLUPS: Final = """\
      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}
      orders: {type: rollup, table: orders, agg: count, label: Orders}
      large: {type: rollup, table: orders, agg: count, where: '[amount]>1000', label: Large orders}
      first_order: {type: rollup, table: orders, agg: min, field: date, label: First order}
      last_order: {type: rollup, table: orders, agg: max, field: date, label: Last order}
      recent: {type: rollup, table: orders, agg: sum, field: amount, where: '[date]>EDATE(as_of,-12)', label: Recent}
"""


def workbook(folder: Path, orders: int) -> bytes:
    head, key, rest = (HERE / "trade.yaml").read_text("utf-8").partition("  orders:\n    label: Orders\n")
    path = folder / "trade.yaml"
    path.write_text(head + ROLLUPS + key + rest, "utf-8")
    return built_from(load(path), rows(orders, CUSTOMERS), Language.EN, today=AS_OF, as_of=AS_OF).content


def exponent(found: Mapping[int, float]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    points = [(log(size), log(taken)) for size, taken in found.items()]
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    rise = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return rise / sum((x - middle[0]) ** 2 for x, _ in points)


def lines(found: Mapping[int, Steps]) -> list[str]:
    shown = [
        f"| {orders:,} | {steps['open'][1]:.1f} | {steps['everything'][1]:.2f} | {steps[EDITED][1]:.2f} |"
        for orders, steps in found.items()
    ]
    measured = exponent({orders: steps["everything"][1] for orders, steps in found.items()})
    section = [
        TITLE,
        "",
        f"{CUSTOMERS:,} customers with six rollups each over their orders, a small board; one run of LibreOffice each, "
        "CPU seconds.",
        "",
        "| orders | open, nothing computed | compute everything | after one edited order |",
        "|--:|--:|--:|--:|",
        *shown,
    ]
    return with_targets(section, [Target("exponent of computing everything", EXPONENT, measured)])


def main() -> int:
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice (soffice) is not installed")
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    found: dict[int, Steps] = {}
    with tempfile.TemporaryDirectory() as folder:
        for orders in sizes:
            found[orders] = seconds(workbook(Path(folder), orders), (("Orders", ("Quantity",), EDITED),))
            print(orders, found[orders], flush=True)
    section = lines(found)
    print("\n".join(section), flush=True)
    if sizes == SIZES:
        write_section(section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
