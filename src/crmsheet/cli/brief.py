"""`crmsheet brief`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import AsOf, quiet
from crmsheet.cli.passwords import password_file
from crmsheet.messages import say

_SUFFIXES = {".md": "md", ".markdown": "md", ".txt": "md", ".html": "html", ".htm": "html", ".json": "json"}


@click.command("brief")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "output",
    type=click.Choice(["md", "html", "json"]),
    help="Markdown, a page to print, or JSON; default: by the name of FILE, else Markdown.",
)
@click.option(
    "-o", "--output", "file", metavar="FILE", type=click.Path(path_type=Path), help="Write it here."
)
@click.option(
    "--as-of", "as_of", type=AsOf(), metavar="DATE", help="Figures as of another day; BOOK stays as it is."
)
@password_file
@quiet
def command(book: Path, output: str | None, file: Path | None, as_of: date | str | None, quiet: bool) -> int:
    """What BOOK says, for a meeting: main figures, findings, alarms, risks, what is overdue or open.

    \b
    The spec names what is told (brief:), in the words of the boards. Writes nothing but FILE.
    Example:
      crmsheet brief follow-up.xlsx
      crmsheet brief follow-up.xlsx -o brief.html
    """
    from crmsheet import api
    from crmsheet.cli import briefs, passwords
    from crmsheet.cli.progress import working
    from crmsheet.cli.replacing import real_book

    kind = output or _SUFFIXES.get(file.suffix.lower() if file else "", "md")
    if file is not None and file.suffix.lower() not in _SUFFIXES:
        raise click.UsageError(
            say("'{file}' is no name for a brief. Name it .md, .html or .json.", file=file)
        )
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant
    day = today if as_of == "today" else as_of
    assert not isinstance(day, str)
    real_book(book)
    with working(say("Reading {book}", book=book), quiet=quiet):
        found = api.brief(passwords.read(book), name=str(book), today=today, as_of=day)
    text = briefs.PAGES[kind](found)
    if file is None:
        click.echo(text)
        return Exit.DONE
    file.write_text(text + "\n", encoding="utf-8")
    if not quiet:
        click.echo(f"{file}: {briefs.counted(found)}")
    return Exit.DONE
