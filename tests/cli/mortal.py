"""A process that refreshes a book again and again, and is killed each time when it is told to be.

Run as a program: reads one order a line, `{"arguments": [...], "folder": ..., "delay": seconds}` or with
`"event": number` instead of the delay, answers with `{"status": ..., "events": ..., "seconds": ...}`. Each order is
carried out by a fork, so that everything is imported but once. `delay` kills from outside, at any instant;
`event` kills from inside just before the numbered call that touches the file system.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time

import crmsheet.api.refreshing
import crmsheet.checks.words
import crmsheet.cli.backups
import crmsheet.cli.failures
import crmsheet.cli.locks
import crmsheet.cli.receipts
import crmsheet.cli.refresh
import crmsheet.cli.render  # noqa: F401 - imported here, so that the forks need not
from crmsheet.cli import main

TOUCHING = frozenset(
    (
        "open",
        "os.remove",
        "os.rename",
        "os.link",
        "os.mkdir",
        "os.chmod",
        "os.chown",
        "os.utime",
        "fcntl.flock",
    )
)


def _carried_out(order: dict[str, object], count: int) -> None:
    """Inside the fork: the command, up to its end or to the numbered event."""
    seen = 0
    wanted = order.get("event")

    def hook(name: str, _arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if name in TOUCHING:
            seen += 1
            if seen == wanted:
                os.kill(os.getpid(), signal.SIGKILL)

    os.chdir(str(order["folder"]))
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(null, stream)
    arguments = order["arguments"]
    assert isinstance(arguments, list)
    sys.addaudithook(hook)
    with contextlib.suppress(SystemExit):
        main(arguments)
    os.write(count, str(seen).encode())
    os._exit(0)


def _answered(order: dict[str, object]) -> dict[str, object]:
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        _carried_out(order, writing)
    os.close(writing)
    delay = order.get("delay")
    if isinstance(delay, float):
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    seconds = time.perf_counter() - began
    with os.fdopen(reading, "rb") as pipe:
        events = int(pipe.read() or b"0")
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"status": "killed" if killed else "ended", "events": events, "seconds": seconds}


if __name__ == "__main__":
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(_answered(json.loads(line))), flush=True)
