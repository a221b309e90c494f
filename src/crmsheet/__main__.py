"""The process: `crmsheet` and `python -m crmsheet`.

Knows how it begins and ends quickly. Does not know what it does: `cli` does.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

# What is loaded, and the cells of a workbook, live as long as the run: looking among them for garbage again and again
# finds none.
gc.set_threshold(1_000_000, 20, 20)


def run() -> NoReturn:
    """Run the command line, and leave without taking everything apart first: the system does that sooner."""
    from crmsheet.cli import main

    code: object = 1
    try:
        main()
    except SystemExit as stop:
        code = stop.code
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    run()
