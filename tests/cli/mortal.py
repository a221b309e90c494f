"""A process that runs the command line again and again, and is killed or short of something each time.

Run as a program: reads one order a line, `{"arguments": [...], "folder": ...}`, answers with `{"status": ...,
"events": ..., "seconds": ...}`; the status is the exit code or the signal that ended it, as a negative number. Each
order is carried out by a fork, so that everything is imported but once. With `"delay": seconds` it is killed from
outside, at any instant; with `"event": number` from inside, just before the numbered call that touches the file
system; with `"limits": [megabytes, seconds]` it has no more address space and CPU time; `"messages": file` is where
stderr goes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time

import crmsheet.api.following
import crmsheet.api.refreshing
import crmsheet.api.seals
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
    messages = os.open(str(order.get("messages", os.devnull)), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(messages, 2)
    arguments = order["arguments"]
    assert isinstance(arguments, list)
    sys.addaudithook(hook)
    limits = order.get("limits")
    if isinstance(limits, list):
        megabytes, seconds = limits
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    code = 0
    try:
        main(arguments)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:  # noqa: BLE001 - what gets past `main` is what the test is for
        code = 99
    sys.stderr.flush()
    os.write(count, str(seen).encode())
    os._exit(code)


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
    return {"status": os.waitstatus_to_exitcode(status), "events": events, "seconds": seconds}


if __name__ == "__main__":
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(_answered(json.loads(line))), flush=True)
