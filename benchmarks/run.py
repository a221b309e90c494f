"""Runs every benchmark in one session and writes RESULTS.md: `python benchmarks/run.py [NAME…]`, all unless named.

Each is a script of its own with a section of its own; this one writes what they have in common, the machine and the
versions, and runs them one after the other, so that nothing runs beside them.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from results import RESULTS

from crmsheet import __version__

ALL: Final = (
    "startup",
    "building",
    "refreshing",
    "growth",
    "taking",
    "evaluation",
    "analyses",
    "recalculation",
    "recalculation_growth",
)
PEERS: Final = ("xlsxwriter", "openpyxl", "pyexcelerate", "rustpy-xlsxwriter", "python-calamine", "zlib-ng")


def memory() -> str:
    """Of the machine, in GB; empty where the system does not say."""
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB, "
    except (ValueError, OSError):
        return ""


def head() -> str:
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    return (
        "# Measured\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, crmsheet {__version__}. {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, {memory()}Python {platform.python_version()}; {peers}.\n"
        "Each run is a process of its own; seconds of wall clock and of CPU, peak memory in MB, as the operating system "
        "counts them.\nRatios are medians of pairs measured in turn, ours to the peer's.\n"
    )


def main() -> int:
    chosen = tuple(sys.argv[1:]) or ALL
    _, _, sections = RESULTS.read_text("utf-8").partition("\n## ")
    RESULTS.write_text(head() + ("\n## " + sections if sections else ""), "utf-8")
    for name in chosen:
        print(f"{name}:", flush=True)
        subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py"))], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
