"""Times how cost grows with rows: `python benchmarks/growth.py [ROWS…]`.

Builds the benchmark workbook of 15 columns, checks it, and imports as many rows again, each in a process of its own, at
several sizes. CPU seconds and peak memory; the exponents are the slopes of lines through them on log-log paper: 1 is
twice as much for twice as many rows. They are of what is beyond ten rows, so that what every run costs does not flatten
them, and from 10,000 rows on, because below that this difference is smaller than what two runs differ by. A cell is
edited before the check, which would only look at the seal otherwise. With the usual sizes it writes its section of
RESULTS.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from build_rows import rows
from measuring import PYTHON, Run, script, timed
from results import Target, with_targets, write_section

SIZES: Final = (1_000, 3_000, 10_000, 30_000, 100_000)
FITTED: Final = 10_000
STEPS: Final = ("build", "check", "import")
TITLE: Final = "## Growth"
MOST: Final = 1.1
HEADERS: Final = {
    "code": "Code",
    "date": "Date",
    "region": "Region",
    "stage": "Stage",
    "customer": "Customer",
    "quantity": "Quantity",
    "price": "Price",
    "discount": "Discount",
    "paid": "Paid",
    "contact": "Contact",
    "note": "Note",
}


def write_rows(path: Path, count: int) -> None:
    """As many rows as the workbook has, under other codes."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS.values())
        for row in rows(count)["orders"]:
            values = [row[name] for name in HEADERS]
            values[0] = f"N{values[0]}"
            writer.writerow([v.isoformat() if isinstance(v, dt.date) else v for v in values])


def measured(work: Path, count: int) -> dict[str, Run]:
    """Each step at this number of rows."""
    book, edited, more = work / f"book{count}.xlsx", work / f"edited{count}.xlsx", work / f"more{count}.csv"
    write_rows(more, count)
    crmsheet = (PYTHON, "-m", "crmsheet")
    commands = {
        "build": script("build_rows.py", book, count),
        "check": (*crmsheet, "check", str(edited)),
        "import": (
            *(*crmsheet, "import", str(book), str(more)),
            *("--table", "orders", "--mode", "create", "--yes", "--no-backup"),
        ),
    }
    found = {"build": timed(commands["build"])}
    timed(script("edit_rows.py", book, edited, 1))
    return found | {step: timed(commands[step]) for step in STEPS[1:]}


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The slope of the line through the logarithms, by least squares, of the sizes that count."""
    points = [(math.log(n), math.log(c)) for n, c in zip(sizes, costs, strict=True) if n >= FITTED and c > 0]
    across = sum(x for x, _ in points) / len(points)
    up = sum(y for _, y in points) / len(points)
    return sum((x - across) * (y - up) for x, y in points) / sum((x - across) ** 2 for x, _ in points)


def main() -> int:
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    lines = [
        TITLE,
        "",
        "The workbook of 15 columns built, checked, and given as many rows again; one run each: CPU seconds, peak memory",
        "in MB. The exponents are of what is beyond a workbook of ten rows, from 10,000 rows on.",
        "",
        "| rows | " + " | ".join(f"{step} | memory" for step in STEPS) + " |",
        "|--:|" + "--:|--:|" * len(STEPS),
    ]
    print("\n".join(lines), flush=True)
    found: list[dict[str, Run]] = []
    with tempfile.TemporaryDirectory() as folder:
        # The first run compiles the modules, once for all.
        measured(Path(folder), 10)
        fixed = measured(Path(folder), 10)
        for count in sizes:
            found.append(measured(Path(folder), count))
            cells = (f"{run.cpu:.2f} | {run.memory:.0f}" for run in found[-1].values())
            lines.append(f"| {count:,} | " + " | ".join(cells) + " |")
            print(lines[-1], flush=True)
    time = {s: exponent(sizes, [f[s].cpu - fixed[s].cpu for f in found]) for s in STEPS}
    room = {s: exponent(sizes, [f[s].memory - fixed[s].memory for f in found]) for s in STEPS}
    lines.append("| exponent | " + " | ".join(f"{time[s]:.2f} | {room[s]:.2f}" for s in STEPS) + " |")
    targets = [Target(f"{s}: exponent of CPU", MOST, time[s]) for s in STEPS]
    targets += [Target(f"{s}: exponent of memory", MOST, room[s]) for s in STEPS]
    told = with_targets(lines, targets)
    print("\n".join(told[len(lines) - 1 :]), flush=True)
    if sizes == SIZES:
        write_section(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
