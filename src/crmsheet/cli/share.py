"""`crmsheet share`."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

import click

from crmsheet.cli.options import output_format, quiet, verbose
from crmsheet.cli.passwords import copy_password_file, password_file
from crmsheet.cli.speech import told


@click.command("share")
@click.argument("book", metavar="BOOK", type=click.Path(path_type=Path))
@click.option("--role", required=True, help="The role of the spec whose rows and fields the copy holds.")
@click.option(
    "--person", default="", metavar="NAME", help="Whose rows, where the role sees its own or its team's."
)
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="The copy to write."
)
@password_file
@copy_password_file
@quiet
@verbose
@output_format
def command(
    book: Path, role: str, person: str, target: Path, quiet: bool, verbose: bool, output: str
) -> None:
    """Write a copy of BOOK that holds what a role may see, and nothing else. BOOK stays as it is.

    \b
    The copy is built anew: what the role must not see is nowhere in it. It is a workbook like any other, and can be
    refreshed; what is filled in there does not come back (split and merge do that).
    Example:
      crmsheet share follow-up.xlsx --role manager --person 王建国 -o for-wang.xlsx
    """
    from crmsheet import api
    from crmsheet.cli import copyreceipts, passwords, render, replacing
    from crmsheet.cli.progress import working

    replacing.ensure_new(target)
    real = replacing.real_book(book)
    there = passwords.opened(real, book)
    password = passwords.password_of_copies(book, there.password)
    with working(f"Sharing {book}", quiet=quiet):
        copy = api.share(
            there.content,
            name=str(book),
            role=role,
            person=person,
            today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
            salt=secrets.token_hex(16),
        )
    replacing.created(target, passwords.written(copy.content, password))
    if output == "json":
        render.show_json(copyreceipts.as_json(copy, str(target)))
        return
    click.echo(str(target))
    if not quiet:
        for line in copyreceipts.lines(copy, verbose=verbose):
            click.echo(f"  {told(line)}", err=True)
