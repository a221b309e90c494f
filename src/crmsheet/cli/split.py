"""`crmsheet split`."""

from __future__ import annotations

import contextlib
import secrets
from datetime import date, datetime
from pathlib import Path

import click

from crmsheet.cli.options import output_format, quiet, verbose
from crmsheet.cli.passwords import copy_password_file, password_file
from crmsheet.cli.speech import tell, told
from crmsheet.messages import say


@click.command("split")
@click.argument("book", metavar="BOOK", type=click.Path(path_type=Path))
@click.option(
    "--by", required=True, metavar="FIELD", help="The field that names a row's person, such as owner."
)
@click.option(
    "--role", default="", help="The role of the spec that says which rows and fields each copy holds."
)
@click.option(
    "--person", "people", multiple=True, metavar="NAME", help="For this person only; may be repeated."
)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder of the copies.",
)
@password_file
@copy_password_file
@quiet
@verbose
@output_format
def command(
    book: Path,
    by: str,
    role: str,
    people: tuple[str, ...],
    folder: Path,
    quiet: bool,
    verbose: bool,
    output: str,
) -> None:
    """Write a copy of BOOK for each person, with their rows and what these refer to.

    \b
    Copies are filled in and refreshed like any workbook; crmsheet merge brings back what was done to them. Without
    --role private fields are masked or left out. BOOK changes only if rows were added to it since its last refresh.
    Example:
      crmsheet split follow-up.xlsx --by owner --role account_manager -o copies
    """
    from crmsheet import api
    from crmsheet.cli import backups, copyreceipts, locks, passwords, render, replacing
    from crmsheet.cli.progress import working

    real = replacing.real_book(book)
    backup: Path | None = None
    with contextlib.ExitStack() as stack:
        stack.enter_context(locks.held(real, wait=0, ignore=False))
        there = passwords.opened(real, book)
        password = passwords.password_of_copies(book, there.password)
        with working(say("Splitting {book}", book=book), quiet=quiet):
            done = api.split(
                there.content,
                name=str(book),
                stem=book.stem,
                by=by,
                role=role,
                people=people,
                today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
                salt=secrets.token_hex(16),
            )
        targets = [folder / part.file for part in done.parts]
        for target in targets:
            replacing.ensure_new(target)
        if done.content is not None:
            backup = backups.kept(real, there.raw, None, datetime.now().astimezone())
            replacing.replaced(real, there.raw, there.written(done.content))
        for target, part in zip(targets, done.parts, strict=True):
            replacing.created(target, passwords.written(part.shared.content, password))
    if output == "json":
        render.show_json(
            {
                "workbook": str(book),
                "refreshed": done.content is not None,
                "backup": str(backup or ""),
                "copies": [
                    copyreceipts.as_json(part.shared, str(target))
                    for target, part in zip(targets, done.parts, strict=True)
                ],
                "rows_of_nobody": dict(done.nobodys),
            }
        )
        return
    for target, part in zip(targets, done.parts, strict=True):
        click.echo(f"{target}: {told(copyreceipts.rows_text(part.shared))}")
    if quiet:
        return
    for line in copyreceipts.lines(done.parts[0].shared, rows=False, verbose=verbose):
        click.echo(f"  {told(line)}", err=True)
    if done.nobodys:
        rows = ", ".join(f"{label} {count:,}" for label, count in done.nobodys)
        tell(say("  in no copy, because nobody is named: {rows}", rows=rows), err=True)
    if backup is not None:
        tell(
            say(
                "  {book} was refreshed first, so that new rows have ids; backup: {backup}",
                book=book,
                backup=backup,
            ),
            err=True,
        )
