"""Times 50,000 rows taken into a filled workbook, beside openpyxl: `python benchmarks/taking.py [ROWS]`.

The workbook has 2,000 customers, 20,000 orders and three rollups on each customer. Ours reads the CSV file, matches
each row, enters it, recomputes everything and proves the result; openpyxl loads the workbook, appends the same values
below the table, widens it and saves: no matching, no computed values. Then duplicates among 20,000 names. CPU seconds
and the peak memory of a process each. With the usual number it writes its section of RESULTS.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from analyses import AS_OF, HERE, rows
from results import write_section

from crmsheet.api.building import built_from
from crmsheet.api.importing import Wanted, import_rows
from crmsheet.intake.likeness import alike, company_form
from crmsheet.intake.sources import read_source
from crmsheet.model.words import Language
from crmsheet.spec import load

ROWS = 50_000
ORDERS, CUSTOMERS = 20_000, 2_000
NAMES = 20_000
PEER = "append"
TITLE = "## Taking rows in"
ROLLUPS: Final = """\
      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}
      orders: {type: rollup, table: orders, agg: count, label: Orders}
      last_order: {type: rollup, table: orders, agg: max, field: date, label: Last order}
"""


def prepare(folder: Path, count: int) -> None:
    """A filled workbook, and the rows that are to come."""
    spec = (HERE / "trade.yaml").read_text("utf-8")
    head, key, rest = spec.partition("  orders:\n    label: Orders\n")
    path = folder / "trade.yaml"
    path.write_text(head + ROLLUPS + key + rest, "utf-8")
    given = rows(ORDERS + count, CUSTOMERS)
    some = {"customers": given["customers"], "orders": given["orders"][:ORDERS]}
    made = built_from(load(path), some, Language.EN, today=AS_OF, as_of=AS_OF)
    (folder / "book.xlsx").write_bytes(made.content)
    with (folder / "orders.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Order no.", "Date", "Customer", "Product", "Seller", "Quantity", "Amount", "Discount"]
        )
        for row in given["orders"][ORDERS:]:
            writer.writerow([v.isoformat() if isinstance(v, dt.date) else v for v in row.values()])


def ours(folder: Path) -> None:
    done = import_rows(
        (folder / "book.xlsx").read_bytes(),
        read_source(folder / "orders.csv"),
        name="book.xlsx",
        today=AS_OF,
        wanted=Wanted("orders", match=(("order_no",),)),
    )
    assert done.content is not None
    assert not done.rejected, done.rejected[:3]
    (folder / "ours.xlsx").write_bytes(done.content)


def names(folder: Path) -> None:
    """Pairs that are alike among many names."""
    chance = random.Random(5)
    signs = "宏远大海蓝机电图安洋联航百货云岭咨询瑞丰泰德信诚华美利达康佳新北辰星光明天河润泽"
    trades = ("科技", "贸易", "电子", "机械", "食品", "物流", "咨询", "实业", "医药", "建材")
    places = ("北京", "上海", "青岛", "深圳", "武汉", "成都")
    found = [
        chance.choice(places)
        + "".join(chance.choice(signs) for _ in range(chance.choice((2, 3))))
        + chance.choice(trades)
        + "有限公司"
        for _ in range(NAMES)
    ]
    assert folder.is_dir()
    assert sum(1 for _ in alike([company_form(n) for n in found], 0.88)) > 0


STEPS: Final = {"import": ours, "names": names}


def measured(step: str, folder: Path) -> tuple[float, float]:
    """CPU seconds and megabytes of a step in a process of its own."""
    script = [__file__, "--measure", step] if step in STEPS else [str(HERE / f"peer_{step}.py")]
    command = [sys.executable, *script, str(folder)]
    cpu, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(cpu), float(memory)


def main() -> int:
    if sys.argv[1:2] == ["--measure"]:
        before = time.process_time()
        STEPS[sys.argv[2]](Path(sys.argv[3]))
        spent = time.process_time() - before
        print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    count = int(sys.argv[1]) if sys.argv[1:] else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, count)
        found = {step: measured(step, folder) for step in (*STEPS, PEER)}
    ratio = found["import"][0] / found[PEER][0]
    lines = [
        TITLE,
        "",
        f"{count:,} rows of CSV into a workbook of {CUSTOMERS:,} customers and {ORDERS:,} orders; one run each. Ours "
        "matches, recomputes and proves; openpyxl only appends, and leaves the rollups without values.",
        "",
        "| | CPU | memory |",
        "|---|--:|--:|",
        f"| crmsheet import | {found['import'][0]:.1f} s ({ratio:.1f} of openpyxl) | {found['import'][1]:.0f} MB |",
        f"| openpyxl load, append, save | {found[PEER][0]:.1f} s | {found[PEER][1]:.0f} MB |",
        f"| names alike among {NAMES:,} | {found['names'][0]:.1f} s | {found['names'][1]:.0f} MB |",
    ]
    print("\n".join(lines), flush=True)
    if count == ROWS:
        write_section(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
