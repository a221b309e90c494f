"""Times building beside what others need to write the same cells: `python benchmarks/building.py [ROWS…]`.

Rows of 15 columns with a table, computed columns with their values, validations and rules. XlsxWriter by a typed script
writes the same; pyexcelerate, rustpy-xlsxwriter and openpyxl (write-only) write the values alone, as plain cells. Writes
its section of RESULTS.md when run with the usual numbers of rows.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from measuring import HEAD, Case, Found, in_turn, script, timed, told
from results import Target, with_targets, write_section

SIZES: Final = (0, 1_000, 10_000, 100_000)
PLAIN: Final = ("pyexcelerate", "rustpy_xlsxwriter", "openpyxl", "xlsxwriter")
TITLE: Final = "## Building"


def cases(work: Path, rows: int) -> list[Case]:
    """Ours, the typed script, and the writers of plain cells."""
    built, cells, ready = work / f"built{rows}.xlsx", work / f"cells{rows}", work / f"rows{rows}"
    timed(script("rows_of.py", rows, ready))
    timed(script("build_rows.py", built, ready))
    timed(script("cells_of.py", built, cells))
    plain = [
        Case(f"… {name}, plain values", script("peer_plain.py", name, cells, work / f"{name}.xlsx"))
        for name in PLAIN
    ]
    return [
        Case(f"build {rows:,} rows × 15 columns", script("build_rows.py", built, ready)),
        Case(
            "… the same cells by a typed XlsxWriter script",
            script("peer_xlsxwriter.py", cells, work / "peer.xlsx"),
        ),
        *(plain if rows else ()),
    ]


def targets(rows: int, ours: Found, typed: Found, rust: Found) -> list[Target]:
    return [
        Target(f"{rows:,} rows: CPU, of the typed XlsxWriter script", 0.25, ours.ratio(typed)),
        Target(f"{rows:,} rows: the same, aimed at", 0.15, ours.ratio(typed)),
        Target(f"{rows:,} rows: memory, of the typed XlsxWriter script", 0.35, ours.ratio(typed, "memory")),
        Target(f"{rows:,} rows: CPU, of the Rust writer's plain values", 1, ours.ratio(rust)),
    ]


def main() -> int:
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    lines = [
        TITLE,
        "",
        "Medians of three rounds, everything in turn. The ratios are to the typed XlsxWriter script.",
        "",
        *HEAD,
    ]
    reached: list[Target] = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            found = in_turn(cases(Path(folder), rows), 3, warm=rows <= 1_000)
            ours, typed = found[:2]
            lines += [told(f, typed) for f in found]
            print("\n".join(lines[-len(found) :]), flush=True)
            if rows == max(sizes):
                reached = targets(rows, ours, typed, found[2 + PLAIN.index("rustpy_xlsxwriter")])
    lines = with_targets(lines, reached)
    print("\n".join(lines[-len(reached) :]), flush=True)
    if sizes == SIZES:
        write_section(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
