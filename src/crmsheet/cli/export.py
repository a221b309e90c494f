"""`crmsheet export`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import AsOf, output_format, quiet, verbose
from crmsheet.cli.passwords import password_file
from crmsheet.messages import listed, say

if TYPE_CHECKING:
    from crmsheet.api import Exported

_FOLDERS = ("csv", "parquet")
_SUFFIXES = {"json": (".json",), "sqlite": (".sqlite", ".sqlite3", ".db"), "duckdb": (".duckdb", ".db")}
_SHOWN = 5


@click.command("export")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--to",
    required=True,
    type=click.Choice(["csv", "json", "parquet", "sqlite", "duckdb"]),
    help="The format: csv and parquet are folders, the others one file.",
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="DEST",
    type=click.Path(path_type=Path),
    help="The file or folder to write; default: BOOK's name, here.",
)
@click.option(
    "--table", "tables", multiple=True, metavar="T", help="Only this table (id or label); repeatable."
)
@click.option(
    "--shape",
    "shapes",
    multiple=True,
    type=click.Choice(["tables", "star", "flat"]),
    help="Tables as they are, facts with dimensions, or facts joined with them; default: all three, for json tables.",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="The language of list values; default: the workbook's."
)
@click.option(
    "--as-of", "as_of", type=AsOf(), metavar="DATE", help="Compute for another day; BOOK stays as it is."
)
@click.option("--private", is_flag=True, help="With the fields that the spec calls private.")
@click.option("--include-without-consent", is_flag=True, help="With rows of people who did not consent.")
@click.option("--force", is_flag=True, help="Replace what an earlier export wrote to DEST.")
@password_file
@quiet
@verbose
@output_format
def command(
    book: Path,
    to: str,
    target: Path | None,
    tables: tuple[str, ...],
    shapes: tuple[str, ...],
    lang: str | None,
    as_of: date | str | None,
    private: bool,
    include_without_consent: bool,
    force: bool,
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """The rows of BOOK for other programs, computed columns as a refresh would compute them now.

    \b
    With row ids, list item ids, a data dictionary, and for BI tools a star and a flat shape.
    BOOK is not changed.
    Example:
      crmsheet export follow-up.xlsx --to csv
      crmsheet export follow-up.xlsx --to sqlite -o crm.sqlite --force
    """
    from crmsheet import api
    from crmsheet.cli import passwords, render, targets
    from crmsheet.cli.progress import working
    from crmsheet.cli.replacing import real_book

    folder = to in _FOLDERS
    dest = (
        target
        if target is not None
        else Path(f"{book.stem}-{to}" if folder else book.stem + _SUFFIXES[to][0])
    )
    if not folder and dest.suffix.lower() not in _SUFFIXES[to]:
        raise click.UsageError(
            say(
                "'{dest}' is no name for {format}. Name it {endings}.",
                dest=dest,
                format=to,
                endings=listed(_SUFFIXES[to], " or "),
            )
        )
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant
    day = today if as_of == "today" else as_of
    assert not isinstance(day, str)
    real_book(book)
    targets.ensure_free(dest, force=force, folder=folder)
    with working(say("Exporting {book}", book=book), quiet=quiet):
        done = api.export(
            passwords.read(book),
            name=str(book),
            to=to,
            today=today,
            as_of=day,
            tables=tables,
            shapes=shapes,
            language=lang,
            private=private,
            include_without_consent=include_without_consent,
        )
        if folder:
            targets.folder_written(dest, done.files, force=force)
        else:
            targets.file_written(dest, done.files[""], force=force)
    if output == "json":
        render.show_json(_as_json(dest, done))
    else:
        click.echo(str(dest))
        if not quiet:
            _tell(done, verbose=verbose)
    return Exit.DONE


def _as_json(dest: Path, done: Exported) -> dict[str, object]:
    return {
        "destination": str(dest),
        "files": sorted(name for name in done.files if name),
        "language": done.language,
        "as_of": done.as_of.isoformat(),
        "rows": dict(done.rows),
        "left_out": {"without_consent": dict(done.left_out), "private_fields": done.private},
        "misfits": [
            {"table": m.table, "row": m.row, "field": m.field, "value": m.value} for m in done.misfits
        ],
    }


def _tell(done: Exported, *, verbose: bool) -> None:
    """What went out and what did not, on stderr."""
    from crmsheet.cli.render import counted
    from crmsheet.cli.speech import tell

    rows = listed(f"{label} {count:,}" for label, count in done.tables.items())
    others = counted(len(done.rows) - len(done.tables), "other table")
    what = say("{rows}, and {others}", rows=rows, others=others) if done.tables else others
    tell(say("As of {day}: {what}.", day=done.as_of, what=what), err=True)
    for table, count in done.left_out.items():
        tell(
            say(
                "{table}: {rows} without consent left out; --include-without-consent takes them.",
                table=table,
                rows=counted(count, "row"),
            ),
            err=True,
        )
    if done.private:
        tell(
            say("{fields} left out; --private takes them.", fields=counted(done.private, "private field")),
            err=True,
        )
    if done.misfits:
        many = counted(len(done.misfits), "cell does not", "cells do not")
        tell(
            say("{cells} fit the type of the column and went out as text in _misfits:", cells=many), err=True
        )
        for m in done.misfits if verbose else done.misfits[:_SHOWN]:
            click.echo(f"  {m.table} {m.row} {m.field}: {m.value}", err=True)
        if len(done.misfits) > _SHOWN and not verbose:
            tell(say("  … -v lists them all."), err=True)
