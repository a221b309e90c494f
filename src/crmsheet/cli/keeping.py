"""A command that changes a workbook: how its file is kept safe meanwhile, the same for each of them.

Knows the order: lock, read, work, backup, replace. Does not know what is changed, nor how any of these is done.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import click

from crmsheet.cli.options import Span
from crmsheet.cli.passwords import password_file
from crmsheet.messages import say
from crmsheet.structs import dataclass

if TYPE_CHECKING:
    from crmsheet.api import Compared

_F = TypeVar("_F", bound=Callable[..., object])


class Result(Protocol):
    """What a change comes to; without `content` there is nothing to write."""

    @property
    def content(self) -> bytes | None: ...


_R = TypeVar("_R", bound=Result)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a book is kept safe. A dry run writes nothing; with a `copy` the result goes there, and the book stays."""

    dry_run: bool = False
    copy: Path | None = None
    wait: float = 0.0
    ignore_lock: bool = False
    backup: bool = True
    backup_dir: Path | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Kept(Generic[_R]):
    """What a change came to, and what became of the files."""

    done: _R
    backup: Path | None = None
    compared: Compared | None = None
    """Of a dry run that would change something: the book as it is against what it would be."""
    left: bytes = b""
    """The SHA-256 of the book's file as it was left."""


def changed(
    book: Path, keeping: Keeping, doing: str, work: Callable[[bytes], _R], *, compare: bool = True
) -> Kept[_R]:
    """Do `work` on a book's content and write what it comes to. `doing` is told while it goes on.

    Raises CrmsheetError or OSError, with the book as it was.
    """
    from crmsheet import api
    from crmsheet.cli import locks, passwords, replacing
    from crmsheet.cli.progress import working

    real = replacing.real_book(book)
    backup: Path | None = None
    compared: Compared | None = None
    with contextlib.ExitStack() as stack:
        if not keeping.dry_run and keeping.copy is None:
            with working(say("Waiting for {book}", book=book), quiet=keeping.quiet):
                stack.enter_context(locks.held(real, wait=keeping.wait, ignore=keeping.ignore_lock))
            replacing.sweep(real.parent)
        there = passwords.opened(real, book)
        content = there.content
        with working(doing, quiet=keeping.quiet):
            done = work(content)
        if keeping.dry_run:
            if done.content is not None and compare:
                compared = api.compare(
                    content,
                    done.content,
                    old_name=str(book),
                    new_name=str(book),
                    today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
                )
        elif keeping.copy is not None:
            result = there.raw if done.content is None else there.written(done.content)
            replacing.created(keeping.copy, result)
        elif done.content is not None:
            if keeping.backup:
                from crmsheet.cli import backups

                backup = backups.kept(real, there.raw, keeping.backup_dir, datetime.now().astimezone())
            result = there.written(done.content)
            replacing.replaced(real, there.raw, result)
            return Kept(done, backup, compared, sha256(result).digest())
    return Kept(done, backup, compared, sha256(there.raw).digest())


def keeping_options(command: _F) -> _F:
    """`--wait`, `-o`, `--backup-dir`, `--no-backup`, `--ignore-lock`, `--password-file`."""
    command = password_file(command)
    for option in reversed(
        (
            click.option(
                "--wait",
                type=Span(),
                default=0.0,
                metavar="TIME",
                help="Wait so long for an open workbook, such as 30m.",
            ),
            click.option(
                "-o",
                "--output",
                "copy",
                type=click.Path(path_type=Path),
                help="Write the result here, leave BOOK alone.",
            ),
            click.option(
                "--backup-dir",
                type=click.Path(path_type=Path),
                help="Where backups go; default: a folder beside BOOK.",
            ),
            click.option("--no-backup", is_flag=True, help="Keep no backup."),
            click.option(
                "--ignore-lock", is_flag=True, help="The lock file beside BOOK is left from a crash."
            ),
        )
    ):
        command = option(command)
    return command
