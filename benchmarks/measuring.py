"""One process at a time, timed by the operating system: wall clock, CPU seconds, peak memory; ours and peers in turn.

Knows how commands are run and compared. Does not know what they do.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PYTHON: Final = sys.executable
CRMSHEET: Final = (PYTHON, "-m", "crmsheet")
HEAD: Final = ("| | wall | CPU | memory | CPU ratio | memory ratio |", "|---|--:|--:|--:|--:|--:|")
"""Of the tables whose rows `told` makes."""

_BYTECODE: Final = tempfile.TemporaryDirectory()
_ENVIRONMENT: Final = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": _BYTECODE.name,
}
"""Modules of a checkout are compiled once, as those of an installed package are."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of wall and CPU time, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Case:
    """A command, and what is put in its place before each run of it."""

    title: str
    command: tuple[str, ...]
    before: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The runs of a case, in the order of the rounds."""

    case: Case
    runs: tuple[Run, ...]

    @property
    def wall(self) -> float:
        return statistics.median(r.wall for r in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(r.cpu for r in self.runs)

    @property
    def memory(self) -> float:
        return statistics.median(r.memory for r in self.runs)

    def ratio(self, peer: Found, what: str = "cpu") -> float:
        """The median of the rounds' ratios, ours to the peer's; `what` is wall, cpu or memory."""
        pairs = zip(self.runs, peer.runs, strict=True)
        return statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs)


def timed(command: Sequence[str]) -> Run:
    """Runs a command to its end; stops everything when it fails."""
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


def script(name: str, *arguments: object) -> tuple[str, ...]:
    """The command of a script that stands beside this module."""
    return (PYTHON, str(HERE / name), *map(str, arguments))


def in_turn(cases: Sequence[Case], rounds: int, *, warm: bool = True) -> list[Found]:
    """Every case once a round, one after the other; a first round warms up and does not count."""
    runs: list[list[Run]] = [[] for _ in cases]
    for number in range(-1 if warm else 0, rounds):
        for case, found in zip(cases, runs, strict=True):
            if case.before is not None:
                case.before()
            run = timed(case.command)
            if number >= 0:
                found.append(run)
    return [Found(case, tuple(found)) for case, found in zip(cases, runs, strict=True)]


def told(found: Found, peer: Found | None = None) -> str:
    """A row of the table: medians, and the ratios to the peer where there is one."""
    ratios = (
        "1 | 1" if peer in (None, found) else f"{found.ratio(peer):.2f} | {found.ratio(peer, 'memory'):.2f}"
    )
    return f"| {found.case.title} | {found.wall:.2f} | {found.cpu:.2f} | {found.memory:.0f} | {ratios} |"
