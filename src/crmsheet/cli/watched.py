"""`crmsheet refresh --watch`: stays, and says a line for each refresh.

Knows how a watch reads to a person, and how it ends. Does not know when a workbook wants refreshing (`watching`).
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from crmsheet.cli import failures, receipts, watching
from crmsheet.cli.render import counted
from crmsheet.cli.speech import tell
from crmsheet.messages import Said, listed, say

if TYPE_CHECKING:
    from crmsheet.cli.lockfiles import LockFile
    from crmsheet.cli.receipts import Report


def watched(
    books: Sequence[Path],
    refreshed: Callable[[Path], Report],
    *,
    interval: float,
    ignore_lock: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> NoReturn:
    """Watch books and folders until the user ends it. Raises KeyboardInterrupt then, and when asked to terminate."""
    from crmsheet import api

    def serve(book: Path) -> watching.Served | watching.Failed:
        try:
            report = refreshed(book)
        except Exception as problem:  # noqa: BLE001 - a watch survives whatever happens to one book
            failed = watching.Failed(failures.diagnostics(problem))
            if not failed.passes:
                _say_failure(book, problem, as_json=as_json)
            return failed
        _say(report, verbose=verbose, as_json=as_json)
        return watching.Served(report.left)

    def told(book: Path, word: watching.Word, lock: LockFile | None) -> None:
        if not quiet:
            _say_waiting(book, word, lock)

    watch = watching.Watch(tuple(books), serve, api.is_ours, told)
    if ignore_lock:
        watch.locked = _nobody
    if not quiet:
        names = listed(str(book) for book in books)
        tell(say("Watching {books}; Ctrl-C ends it.", books=names), err=True)
    signal.signal(signal.SIGTERM, _interrupt)
    watching.run(watch, interval=interval, today=_today, sleep=time.sleep, looks=repeat(None))
    raise AssertionError("a watch goes on until it is ended")


def _interrupt(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - as signals are handed over
    raise KeyboardInterrupt


def _nobody(book: Path) -> None:  # noqa: ARG001 - where locks are left from crashes
    return None


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's own calendar day is meant


def _now() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"


def _say(report: Report, *, verbose: bool, as_json: bool) -> None:
    """The receipt on one line; as JSON one object a line."""
    if as_json:
        click.echo(json.dumps(receipts.as_json(report), ensure_ascii=True))
        return
    line: Said = say("{time}  {line}", time=_now(), line=receipts.headline(report))
    if report.done.problems:
        line += say("  {problems} in the data.", problems=counted(len(report.done.problems), "problem"))
    tell(line)
    if verbose:
        receipts.show(report, quiet=False, verbose=True)


def _say_failure(book: Path, problem: Exception, *, as_json: bool) -> None:
    tell(say("{time}  {book}: not refreshed.", time=_now(), book=book), err=True)
    failures.reported(problem)
    if as_json:
        entry = receipts.failure_as_json(str(book), failures.diagnostics(problem))
        click.echo(json.dumps(entry, ensure_ascii=True))


def _say_waiting(book: Path, word: watching.Word, lock: LockFile | None) -> None:
    match word:
        case watching.Word.OPEN if lock is not None:
            text = say(
                "{time}  {book}: open in {program} ({who}); it is refreshed when it is closed.",
                time=_now(),
                book=book,
                program=lock.program.value,
                who=lock.holder or say("someone"),
            )
        case watching.Word.OPEN:
            text = say("{time}  {book}: in use; it is refreshed when it is free.", time=_now(), book=book)
        case watching.Word.GONE:
            text = say(
                "{time}  {book}: not there; it is refreshed when it comes back.", time=_now(), book=book
            )
    tell(text, err=True)
