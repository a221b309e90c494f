"""`crmsheet refresh`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit, worst
from crmsheet.cli.keeping import Keeping, changed, keeping_options
from crmsheet.cli.options import Span, as_of, output_format, quiet, verbose
from crmsheet.messages import say
from crmsheet.structs import dataclass

if TYPE_CHECKING:
    from crmsheet.api import Refreshed
    from crmsheet.cli.receipts import Report


@click.command("refresh")
@click.argument("books", metavar="BOOK...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--spec", type=click.Path(path_type=Path), help="A changed spec; default: the one the workbook holds."
)
@as_of
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print what would change and write nothing; exit code 1 if something would.",
)
@click.option("--strict", is_flag=True, help="Exit code 1 when the data have problems.")
@keeping_options
@click.option(
    "--accept-deletions", is_flag=True, help="More than a fifth of a table's rows were deleted on purpose."
)
@click.option(
    "--restore-sheets",
    is_flag=True,
    help="Bring back sheets, blocks and charts of ours that were deleted.",
)
@click.option(
    "--apply-renames",
    is_flag=True,
    help="Write the new names of renamed rows into the rows that hold the old ones.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Stay, and refresh each BOOK, or the books of a folder, when somebody saves it.",
)
@click.option(
    "--interval",
    type=Span(),
    default=5.0,
    metavar="TIME",
    help="How often --watch looks, such as 30s; default: 5s.",
)
@click.option(
    "--events",
    "events",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Append what happened since the last such run to FILE, a line of JSON each.",
)
@quiet
@verbose
@output_format
def command(
    books: tuple[Path, ...],
    spec: Path | None,
    as_of: date | str | None,
    dry_run: bool,
    strict: bool,
    wait: float,
    copy: Path | None,
    backup_dir: Path | None,
    no_backup: bool,
    ignore_lock: bool,
    accept_deletions: bool,
    apply_renames: bool,
    restore_sheets: bool,
    watch: bool,
    interval: float,
    events: Path | None,
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """Recompute every summary in BOOK, in that same file; nothing that people put there is lost.

    \b
    Of several books each is served for itself; the exit code is that of the worst.
    Example:
      crmsheet refresh follow-up.xlsx
      crmsheet refresh follow-up.xlsx --as-of 2026-03-31 --dry-run
      crmsheet refresh /shared/sales --watch
    """
    from crmsheet.cli import receipts, replacing
    from crmsheet.errors import SpecError

    if copy is not None:
        if len(books) > 1:
            raise click.UsageError(say("-o takes one workbook at a time."))
        replacing.ensure_new(copy, books[0])
    if events is not None:
        from crmsheet.cli import eventfiles

        eventfiles.ensure_writable(events)
    options = _Options(
        spec,
        as_of,
        accept_deletions,
        apply_renames,
        restore_sheets,
        events,
        Keeping(dry_run, copy, wait, ignore_lock, not no_backup, backup_dir, quiet),
    )
    if watch:
        from crmsheet.cli.watched import watched

        for given, name in ((dry_run, "--dry-run"), (copy, "-o"), (spec, "--spec"), (strict, "--strict")):
            if given:
                raise click.UsageError(say("{option} and --watch cannot go together.", option=name))
        watched(
            books,
            lambda book: _refreshed(book, options),
            interval=max(1.0, interval),
            ignore_lock=ignore_lock,
            quiet=quiet,
            verbose=verbose,
            as_json=output == "json",
        )
    codes = [Exit.DONE]
    entries: list[dict[str, object]] = []
    for book in books:
        try:
            report = _refreshed(book, options)
        except Exception as problem:  # noqa: BLE001 - the next book may be served all the same
            from crmsheet.cli import failures

            codes.append(failures.reported(problem))
            entries.append(receipts.failure_as_json(str(book), failures.diagnostics(problem)))
            if isinstance(problem, SpecError):
                # The same spec would fail for every other book.
                break
            continue
        entries.append(receipts.as_json(report))
        if output == "text":
            receipts.show(report, quiet=quiet, verbose=verbose)
        if (dry_run and report.done.content is not None) or (strict and report.done.problems):
            codes.append(Exit.NO)
    if output == "json":
        from crmsheet.cli.render import show_json

        show_json({"workbooks": entries})
    return worst(codes)


@dataclass(frozen=True, slots=True)
class _Options:
    spec: Path | None
    as_of: date | str | None
    accept_deletions: bool
    apply_renames: bool
    restore_sheets: bool
    events: Path | None
    keeping: Keeping


def _refreshed(book: Path, options: _Options) -> Report:
    """Refresh one book. Raises CrmsheetError or OSError, with the book as it was."""
    from crmsheet import api
    from crmsheet.cli import receipts

    keeping = options.keeping
    told = 0

    def work(content: bytes) -> Refreshed:
        nonlocal told
        done = api.refresh(
            content,
            name=str(book),
            spec=options.spec,
            as_of=options.as_of,
            accept_deletions=options.accept_deletions,
            apply_renames=options.apply_renames,
            restore_sheets=options.restore_sheets,
            events=options.events is not None,
            today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
        )
        if options.events is not None:
            from crmsheet.cli import eventfiles

            # Before the workbook forgets them: told twice they have the same ids.
            told = len(done.events) if keeping.dry_run else eventfiles.appended(options.events, done.events)
        return done

    kept = changed(
        book,
        keeping,
        say("Refreshing {book}", book=book),
        work,
    )
    return receipts.Report(
        str(book),
        kept.done,
        keeping.dry_run,
        str(kept.backup or ""),
        str(keeping.copy or ""),
        kept.compared,
        kept.left,
        told if options.events is not None else None,
    )
