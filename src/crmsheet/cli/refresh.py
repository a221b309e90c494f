"""`crmsheet refresh`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import Span, as_of, output_format, quiet, verbose


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
@click.option(
    "--wait", type=Span(), default=0.0, metavar="TIME", help="Wait so long for an open workbook, such as 30m."
)
@click.option(
    "-o", "--output", "copy", type=click.Path(path_type=Path), help="Write the result here, leave BOOK alone."
)
@click.option(
    "--backup-dir", type=click.Path(path_type=Path), help="Where backups go; default: a folder beside BOOK."
)
@click.option("--no-backup", is_flag=True, help="Keep no backup.")
@click.option("--ignore-lock", is_flag=True, help="The lock file beside BOOK is left from a crash.")
@click.option(
    "--accept-deletions", is_flag=True, help="More than a fifth of a table's rows were deleted on purpose."
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
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """Recompute every summary in BOOK, in that same file; nothing that people put there is lost.

    \b
    Example:
      crmsheet refresh follow-up.xlsx
      crmsheet refresh follow-up.xlsx --as-of 2026-03-31 --dry-run
    """
    from crmsheet import api
    from crmsheet.cli import files, receipts, render
    from crmsheet.cli.progress import working

    if copy is not None and len(books) > 1:
        raise click.UsageError("-o takes one workbook at a time.")
    code = Exit.DONE
    reports = []
    for book in books:
        real, content = files.read_book(book)
        if not dry_run and copy is None:
            files.ensure_unlocked(real, wait=wait, ignore=ignore_lock)
            content = real.read_bytes()
        with working(f"Refreshing {book}", quiet=quiet):
            done = api.refresh(
                content,
                name=str(book),
                spec=spec,
                as_of=as_of,
                accept_deletions=accept_deletions,
                today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
            )
        backup: Path | None = None
        if done.content is not None and not dry_run:
            if copy is not None:
                files.created(copy, done.content, force=False)
            else:
                if not no_backup:
                    backup = files.backed_up(real, content, backup_dir, datetime.now().astimezone())
                files.replaced(real, content, done.content)
        elif copy is not None and not dry_run:
            files.created(copy, content, force=False)
        report = receipts.Report(str(book), done, dry_run, str(backup or ""), str(copy or ""))
        reports.append(report)
        if output == "text":
            receipts.show(report, quiet=quiet, verbose=verbose)
        if (dry_run and done.content is not None) or (strict and done.problems):
            code = Exit.NO
    if output == "json":
        render.show_json({"workbooks": [receipts.as_json(r) for r in reports]})
    return code
