"""`crmsheet diff`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import output_format, quiet, verbose
from crmsheet.cli.passwords import password_file
from crmsheet.cli.speech import tell
from crmsheet.messages import say

if TYPE_CHECKING:
    from crmsheet.api import Compared


@click.command("diff")
@click.argument("books", metavar="[OLD] BOOK", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--table", "tables", metavar="NAME", multiple=True, help="Only this table; may be given several times."
)
@click.option(
    "--field",
    "fields",
    metavar="NAME",
    multiple=True,
    help="Only this field, in rows that both have; may be given several times.",
)
@click.option("--computed", is_flag=True, help="List computed cells too; by default they are counted.")
@click.option(
    "--backup-dir", type=click.Path(path_type=Path), help="Where the backups are; as given to refresh."
)
@password_file
@quiet
@verbose
@output_format
def command(
    books: tuple[Path, ...],
    tables: tuple[str, ...],
    fields: tuple[str, ...],
    computed: bool,
    backup_dir: Path | None,
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """What changed from OLD to BOOK, two states of a workbook: by row and field, wherever they stand by now.

    \b
    With BOOK alone: from its newest backup that differs. Writes nothing.
    Exit code 0: nothing differs. 1: something does.
    Example:
      crmsheet diff follow-up.xlsx
      crmsheet diff monday.xlsx friday.xlsx --table customers -v
    """
    from crmsheet import api
    from crmsheet.cli import differences, passwords, render
    from crmsheet.cli.progress import working
    from crmsheet.cli.replacing import real_book

    if len(books) > 2:
        raise click.UsageError(say("diff takes two workbooks, or one and its newest backup."))
    book = books[-1]
    for file in books:
        real_book(file)
    old = books[0] if len(books) == 2 else _newest_backup(book, backup_dir)
    with working(say("Comparing {book}", book=book), quiet=quiet):
        found = api.compare(
            passwords.read(old),
            passwords.read(book),
            old_name=str(old),
            new_name=str(book),
            tables=tables,
            fields=fields,
            computed=computed,
            today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
        )
    if output == "json":
        render.show_json(differences.as_json(found))
    elif not quiet:
        _show(found, verbose=verbose)
    return Exit.DONE if found.same else Exit.NO


def _newest_backup(book: Path, backup_dir: Path | None) -> Path:
    """The newest backup that differs; when all are as the book is, the newest."""
    from crmsheet.cli import backups
    from crmsheet.errors import UsageError

    real = book.resolve()
    folder = backups.folder_of(real, backup_dir)
    found = backups.listed(folder)
    if not found:
        raise UsageError(backups.none_there(book, folder))
    present = real.read_bytes()
    return next((b for b in reversed(found) if not b.holds(present)), found[-1]).file


def _show(found: Compared, *, verbose: bool) -> None:
    from crmsheet.cli import differences

    old, new = found.old, found.new
    if found.by_key:
        tell(say("These are not two states of one book: rows are paired by their keys."))
    if found.same:
        tell(say("{old} → {new}: nothing differs.", old=old.name, new=new.name))
    else:
        click.echo(f"{old.name} → {new.name}")
    if old.as_of and new.as_of and old.as_of != new.as_of:
        tell(say("Figures as of {old} → {new}", old=old.as_of, new=new.as_of))
    differences.show(found, verbose=verbose)
