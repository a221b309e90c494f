"""Times ours against the peers, alternating, in one run; prints medians and ratios and writes RESULTS.md.

Three comparisons: start-up (`crmsheet --help` against `import click`), the build of 20,000 rows against a
plain typed XlsxWriter script that writes the same cells, the refresh of that workbook against openpyxl's
load and save. With `--large` instead: the refresh of 100,000 rows after 100 edits, after another choice on the
board, when nothing changed but how the file is packed (which breaks the seal), when nobody touched it, and for the
next day, each against openpyxl; and what some hundreds of changed indicators
cost beyond reading, against a copy of the file. What it prints stands in RESULTS.md below the rest.
Each run is a process of its own; CPU time and peak memory are the operating system's.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from results import RESULTS, write_section

HERE = Path(__file__).resolve().parent
ROWS = 20_000
LARGE = 100_000
RUNS = 3
_LARGE_TITLE = "## 100,000 rows"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of wall and CPU time, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


_BYTECODE: Final = tempfile.TemporaryDirectory()
_ENVIRONMENT: Final = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": _BYTECODE.name,
}
"""Modules of a checkout are compiled once, as those of an installed package are."""


@dataclass(frozen=True, slots=True)
class Comparison:
    title: str
    ours: tuple[str, ...]
    peer_title: str
    peer: tuple[str, ...]
    restore: tuple[Path, Path] | None = None
    """A file to copy back before each run of ours: (original, working copy)."""


def timed(command: tuple[str, ...]) -> Run:
    """Run a command to its end; raises when it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_ENVIRONMENT)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    assert child.stderr is not None
    message = child.stderr.read().decode("utf-8", "replace")
    child.stderr.close()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {message}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compared(comparison: Comparison) -> tuple[list[Run], list[Run]]:
    """Both commands in turn, after a warm-up of each."""
    ours: list[Run] = []
    peers: list[Run] = []
    for number in range(RUNS + 1):
        if comparison.restore is not None:
            shutil.copyfile(*comparison.restore)
        mine, other = timed(comparison.ours), timed(comparison.peer)
        if number:
            ours.append(mine)
            peers.append(other)
    return ours, peers


def row(title: str, runs: list[Run], peers: list[Run] | None = None) -> str:
    cpu = statistics.median(r.cpu for r in runs)
    wall = statistics.median(r.wall for r in runs)
    memory = statistics.median(r.memory for r in runs)
    ratio = ""
    if peers is not None:
        cpu_ratio = statistics.median(a.cpu / b.cpu for a, b in zip(runs, peers, strict=True))
        memory_ratio = statistics.median(a.memory / b.memory for a, b in zip(runs, peers, strict=True))
        ratio = f"{cpu_ratio:.2f} | {memory_ratio:.2f}"
    else:
        ratio = "1 | 1"
    return f"| {title} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {ratio} |"


def comparisons(work: Path) -> list[Comparison]:
    python = sys.executable
    crmsheet = (python, "-m", "crmsheet")
    built, filled, copy = work / "built.xlsx", work / "filled.xlsx", work / "copy.xlsx"
    build = (python, str(HERE / "build_rows.py"), str(built), str(ROWS))
    timed(build)
    timed((python, str(HERE / "edit_rows.py"), str(built), str(filled)))
    return [
        Comparison(
            "crmsheet --help",
            (*crmsheet, "--help"),
            "python -c 'import click'",
            (python, "-c", "import click"),
        ),
        Comparison(
            f"build {ROWS:,} rows × 15 columns",
            build,
            "the same cells by a typed XlsxWriter script",
            (python, str(HERE / "peer_xlsxwriter.py"), str(built), str(work / "peer.xlsx")),
        ),
        Comparison(
            f"refresh that book after {100} edits",
            (*crmsheet, "refresh", str(copy), "--no-backup", "--as-of", "2026-03-31"),
            "openpyxl load + save",
            (python, str(HERE / "peer_openpyxl.py"), str(filled), str(work / "saved.xlsx")),
            (filled, copy),
        ),
    ]


def large(work: Path) -> list[Comparison]:
    """The refreshes of a large workbook; each changes something else."""
    python = sys.executable
    names = ("built", "again", "filled", "chosen", "sealed", "copy")
    built, again, filled, chosen, sealed, copy = (work / f"{n}.xlsx" for n in names)
    timed((python, str(HERE / "build_rows.py"), str(built), str(LARGE)))
    timed((python, str(HERE / "peer_copy.py"), str(built), str(again), "1"))
    timed((python, str(HERE / "edit_rows.py"), str(built), str(filled)))
    timed((python, str(HERE / "edit_board.py"), str(built), str(chosen)))
    refresh = (python, "-m", "crmsheet", "refresh", str(copy), "--no-backup", "--as-of")
    shutil.copyfile(filled, copy)
    timed((*refresh, "2026-03-31"))
    shutil.copyfile(copy, sealed)
    peer = (python, str(HERE / "peer_openpyxl.py"), str(filled), str(work / "saved.xlsx"))
    title = f"refresh of {LARGE:,} rows × 15 columns"
    return [
        Comparison(f"{title} {what}", (*refresh, day), "openpyxl", peer, (book, copy))
        for what, book, day in (
            ("after 100 edits", filled, "2026-03-31"),
            ("after another choice on the board", chosen, "2026-03-31"),
            ("when another program saved it, with nothing changed", again, "2026-03-31"),
            ("when nobody touched it since a build", built, "2026-03-31"),
            ("when nobody touched it since a refresh", sealed, "2026-03-31"),
            ("for the next day", built, "2026-04-01"),
        )
    ]


def indicators(work: Path) -> list[str]:
    """What it costs to change some hundreds of indicators of a large workbook, beyond reading it."""
    python = sys.executable
    built, plain, chosen, copy = (work / f"{n}.xlsx" for n in ("kpis", "plain", "chosen", "copy"))
    timed((python, str(HERE / "build_rows.py"), str(built), str(LARGE), "kpis.yaml"))
    timed((python, str(HERE / "peer_copy.py"), str(built), str(plain), "1"))
    timed((python, str(HERE / "edit_board.py"), str(built), str(chosen), "kpis"))
    refresh = (python, "-m", "crmsheet", "refresh", str(copy), "--no-backup", "--as-of", "2026-03-31")
    peer = (python, str(HERE / "peer_copy.py"), str(chosen), str(work / "again.xlsx"))
    runs: list[tuple[Run, Run, Run]] = []
    for _ in range(RUNS):
        shutil.copyfile(plain, copy)
        unchanged = timed(refresh)
        shutil.copyfile(chosen, copy)
        runs.append((unchanged, timed(refresh), timed(peer)))
    reading, changing, copying = (list(column) for column in zip(*runs, strict=True))
    beyond = statistics.median(b.cpu - a.cpu for a, b, _ in runs)
    ratio = statistics.median((b.cpu - a.cpu) / c.cpu for a, b, c in runs)
    return [
        "",
        "| | wall | CPU | memory | CPU ratio to the copy | memory ratio |",
        "|---|--:|--:|--:|--:|--:|",
        row(
            f"refresh of {LARGE:,} rows with a board of 393 indicators when nothing changed", reading, copying
        ),
        row("refresh of the same after a choice that changes all 393", changing, copying),
        row("the file copied with zipfile", copying),
        "",
        f"Beyond reading, the 393 indicators cost {beyond:.2f} s of CPU: {ratio:.2f} of a copy.",
    ]


def main_large() -> int:
    """Few runs: the peer takes minutes. One of the peer stands for all of ours that follow it."""
    with tempfile.TemporaryDirectory() as folder:
        cases = large(Path(folder))
        runs: list[list[Run]] = [[] for _ in cases]
        peers: list[Run] = []
        for _ in range(RUNS):
            peers.append(timed(cases[0].peer))
            for case, found in zip(cases, runs, strict=True):
                assert case.restore is not None
                shutil.copyfile(*case.restore)
                found.append(timed(case.ours))
        board = indicators(Path(folder))
    lines = [
        _LARGE_TITLE,
        "",
        "| | wall | CPU | memory | CPU ratio | memory ratio |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    lines += [row(case.title, found, peers) for case, found in zip(cases, runs, strict=True)]
    lines.append(row("openpyxl load + save", peers))
    lines += board
    print("\n".join(lines), flush=True)
    write_section(lines)
    return 0


def main() -> int:
    if sys.argv[1:] == ["--large"]:
        return main_large()
    lines = [
        "# Measured",
        "",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; medians of {RUNS} runs,",
        "ours and the peer in turn. Seconds and MB; the ratios are medians of pairs, ours to the peer's.",
        "",
        "| | wall | CPU | memory | CPU ratio | memory ratio |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for comparison in comparisons(Path(folder)):
            ours, peers = compared(comparison)
            lines += [row(comparison.title, ours, peers), row(comparison.peer_title, peers)]
            print("\n".join(lines[-2:]), flush=True)
    _, title, rest = RESULTS.read_text("utf-8").partition(_LARGE_TITLE)
    RESULTS.write_text("\n".join(lines) + "\n" + (f"\n{title}{rest}" if title else ""), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
