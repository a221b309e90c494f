"""`crmsheet remind`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import AsOf, quiet
from crmsheet.cli.passwords import password_file
from crmsheet.messages import say

if TYPE_CHECKING:
    from crmsheet.api import Reminded

_SUFFIXES = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json", ".txt": "text"}


class Alarm(click.ParamType[time | str]):
    """A time of day such as `09:00`, or `none`."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> time | str:
        if isinstance(value, time) or value == "none":
            return value if isinstance(value, time) else "none"
        try:
            return time.fromisoformat(str(value).strip().rjust(5, "0"))
        except ValueError:
            self.fail(
                say("'{value}' is no time of day. Write it as 09:00, or 'none'.", value=value), param, ctx
            )


@click.command("remind")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--owner", "owners", multiple=True, metavar="NAME", help="Only what is this person's; repeatable."
)
@click.option(
    "--only", "kinds", multiple=True, metavar="REMINDER", help="Only this reminder (id or label); repeatable."
)
@click.option("--days", type=click.IntRange(0, 366), help="So many days ahead; default: as the spec says.")
@click.option("--as-of", "as_of", type=AsOf(), metavar="DATE", help="As of another day; BOOK stays as it is.")
@click.option(
    "--format", "output", type=click.Choice(["text", "md", "html", "json"]), help="How it is printed."
)
@click.option("--md", "output", flag_value="md", help="Markdown, a list of tasks.")
@click.option("--html", "output", flag_value="html", help="A page to print.")
@click.option("--json", "output", flag_value="json", help="JSON.")
@click.option(
    "-o", "--output", "file", metavar="FILE", type=click.Path(path_type=Path), help="Write it here instead."
)
@click.option(
    "--ics",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A calendar; the same file again updates it, and calendars that import it.",
)
@click.option(
    "--per-owner",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A calendar for each owner, in this folder.",
)
@click.option("--todo", is_flag=True, help="Calendars hold tasks instead of events.")
@click.option(
    "--alarm",
    type=Alarm(),
    default="09:00",
    show_default=True,
    metavar="TIME",
    help="When calendars ring; or 'none'.",
)
@click.option("--exit-code", is_flag=True, help="Exit code 1 when something is overdue.")
@click.option("--force", is_flag=True, help="Replace FILE of -o.")
@password_file
@quiet
def command(
    book: Path,
    owners: tuple[str, ...],
    kinds: tuple[str, ...],
    days: int | None,
    as_of: date | str | None,
    output: str | None,
    file: Path | None,
    ics: Path | None,
    per_owner: Path | None,
    todo: bool,
    alarm: time | str,
    exit_code: bool,
    force: bool,
    quiet: bool,
) -> int:
    """What is due in BOOK, by owner: overdue, today, in the days to come.

    \b
    The spec says what counts (reminders:). BOOK is not changed.
    Example:
      crmsheet remind follow-up.xlsx
      crmsheet remind follow-up.xlsx --owner "Li Na" --ics li-na.ics
      crmsheet remind follow-up.xlsx --html -o today.html --force --exit-code
    """
    from crmsheet import api
    from crmsheet.cli import calendarfiles, passwords, reminders, targets
    from crmsheet.cli.progress import working
    from crmsheet.cli.replacing import real_book

    kind = output or (_SUFFIXES.get(file.suffix.lower(), "") if file is not None else "text")
    if not kind or (file is not None and file.suffix.lower() not in _SUFFIXES):
        raise click.UsageError(
            say("'{file}' is no name for reminders. Name it .md, .html, .json or .txt.", file=file)
        )
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant
    day = today if as_of == "today" else as_of
    assert not isinstance(day, str)
    real_book(book)
    if file is not None:
        targets.ensure_free(file, force=force, folder=False)
    with working(say("Reading {book}", book=book), quiet=quiet):
        found: Reminded = api.remind(
            passwords.read(book),
            name=str(book),
            today=today,
            as_of=day,
            days=days,
            owners=owners,
            kinds=kinds,
        )
    settings = calendarfiles.Settings(datetime.now(UTC), todo, alarm if isinstance(alarm, time) else None)
    written: list[Path] = []
    if ics is not None:
        calendarfiles.written(ics, found, settings)
        written.append(ics)
    if per_owner is not None:
        written += calendarfiles.written_for_each(per_owner, found, settings, some=bool(owners))
    if file is not None:
        targets.file_written(
            file, (reminders.FORMS[kind](found) + "\n").encode("utf-8", "replace"), force=force
        )
        written.append(file)
    if (not written or output is not None) and file is None:
        click.echo(reminders.FORMS[kind](found))
    if written and not quiet:
        for path in written:
            click.echo(str(path), err=output is not None and file is None)
        click.echo(f"{reminders.as_of(found)} · {reminders.counts(found)}", err=True)
    return Exit.NO if exit_code and found.overdue else Exit.DONE
