"""A file of events, a line of JSON each: events are appended, each once.

Knows what such a file looks like after a crash or by another program's hand. Does not know what events say.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say


def ensure_writable(file: Path) -> None:
    """Raise UsageError when events cannot go to a file: a folder, or one that holds something else."""
    if file.is_dir():
        raise UsageError(
            Diagnostic(
                "U102", say("this is a folder"), FilePlace(str(file)), remedy=say("Name a file in it.")
            )
        )
    if file.exists():
        with file.open("rb") as stream:
            first = stream.read(1)
        if first not in (b"", b"{"):
            raise UsageError(
                Diagnostic(
                    "U156",
                    say("this file holds no events"),
                    FilePlace(str(file)),
                    reason=say("Every line of such a file is a JSON object."),
                    remedy=say("Name another file."),
                )
            )


def appended(file: Path, lines: Sequence[str]) -> int:
    """Append those events that the file does not hold; how many. The file is made when there is none."""
    known = set(_ids(file)) if lines and file.exists() else set()
    fresh = [line for line in lines if _id(line) not in known]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as stream:
        if fresh:
            # A line that a crash cut short stays by itself.
            begin = "" if _ends_with_line(file) else "\n"
            stream.write((begin + "".join(f"{line}\n" for line in fresh)).encode("utf-8", "replace"))
            stream.flush()
            os.fsync(stream.fileno())
    return len(fresh)


def _ids(file: Path) -> Iterator[str]:
    with file.open("r", encoding="utf-8", errors="replace") as stream:
        yield from _of(stream)


def _of(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if found := _id(line):
            yield found


def _id(line: str) -> str:
    try:
        event = json.loads(line)
    except ValueError:
        return ""
    return str(event.get("id", "")) if isinstance(event, dict) else ""


def _ends_with_line(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        if stream.tell() == 0:
            return True
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"
