"""`crmsheet adopt`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import output_format, quiet
from crmsheet.messages import say


@click.command("adopt")
@click.argument("old", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "spec",
    type=click.Path(path_type=Path),
    help="The spec to write; default: OLD's name as .yaml.",
)
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="The new workbook to write, with the data of OLD; default: OLD's name with -crm.",
)
@click.option("--no-book", is_flag=True, help="Write the spec only.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="The workbook's language; default: the headers'."
)
@click.option("--dry-run", is_flag=True, help="Say what would be understood; write nothing.")
@quiet
@output_format
def command(
    old: Path,
    spec: Path | None,
    book: Path | None,
    no_book: bool,
    lang: str | None,
    dry_run: bool,
    quiet: bool,
    output: str,
) -> int:
    """Make a spec and a new workbook of OLD, a spreadsheet you already have; OLD stays as it is.

    \b
    Tells for each sheet what was understood and what was not. Never overwrites a file.
    Example:
      crmsheet adopt customers.xlsx
      crmsheet adopt 客户表.xlsx -o crm.yaml --book crm.xlsx
    """
    from crmsheet import api
    from crmsheet.cli import adopting, render, replacing
    from crmsheet.cli.progress import working
    from crmsheet.cli.speech import tell

    spec_file = spec if spec is not None else Path(f"{old.stem}.yaml")
    book_file = book if book is not None else Path(f"{old.stem}-crm.xlsx")
    if no_book and book is not None:
        raise click.UsageError(say("--book and --no-book cannot go together."))
    if not dry_run:
        replacing.ensure_new(spec_file)
        if not no_book:
            replacing.ensure_new(book_file)
    with working(say("Reading {book}", book=old), quiet=quiet):
        done = api.adopt(
            old,
            today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
            language=lang,
            name=spec_file.stem,
        )
    if not dry_run:
        replacing.created(spec_file, done.spec.encode("utf-8"))
        if not no_book:
            replacing.created(book_file, done.workbook)
    if not quiet:
        render.show_diagnostics(done.findings)
    written = () if dry_run else (spec_file,) if no_book else (spec_file, book_file)
    if output == "json":
        render.show_json(adopting.as_json(done, written))
        return Exit.DONE
    adopting.show(done)
    for file in written:
        click.echo(str(file))
    if written and not quiet:
        tell(say("Next: crmsheet check {spec}", spec=spec_file), err=True)
    return Exit.DONE
