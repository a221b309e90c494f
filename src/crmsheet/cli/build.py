"""`crmsheet build`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from crmsheet.cli.options import as_of, output_format, quiet
from crmsheet.cli.passwords import new_password_file
from crmsheet.cli.speech import tell
from crmsheet.messages import listed, say


@click.command("build")
@click.argument("spec")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="The workbook to write.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="The workbook's language; default: the spec's.")
@click.option("--demo", is_flag=True, help="Fill it with demo data that ends at the as-of date.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    metavar="DIR",
    help="Fill it with rows from CSV, XLSX or JSON files in DIR (or one file), named after the tables.",
)
@as_of
@click.option("--open", "open_it", is_flag=True, help="Open the workbook afterwards.")
@click.option("--launcher", is_flag=True, help="Put scripts beside it that refresh it on a double-click.")
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite an existing workbook that crmsheet built; never one that was filled in.",
)
@new_password_file
@quiet
@output_format
def command(
    spec: str,
    target: Path | None,
    lang: str | None,
    demo: bool,
    data: Path | None,
    as_of: date | str | None,
    open_it: bool,
    launcher: bool,
    force: bool,
    quiet: bool,
    output: str,
) -> None:
    """Build a workbook from SPEC, a YAML file or a starter's name.

    \b
    Example:
      crmsheet build follow-up --demo --lang en -o demo.xlsx
    """
    from crmsheet import api
    from crmsheet.cli import launchers, locks, passwords, render, replacing
    from crmsheet.cli.progress import working

    if demo and data is not None:
        raise click.UsageError(say("--demo and --data cannot go together."))
    password = passwords.password_of_new()
    with working(say("Building {spec}", spec=spec), quiet=quiet):
        built = api.build(
            spec,
            language=lang,
            demo=demo,
            data=data,
            as_of=as_of if isinstance(as_of, date) else None,
            today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
        )
    content = passwords.written(built.content, password)
    book = target if target is not None else Path(f"{built.name}.xlsx")
    scripts = launchers.launchers(book.parent, built.language) if launcher else ()
    launchers.ensure_ours(scripts)
    if not book.exists():
        replacing.created(book, content)
    else:
        if not force:
            api.ensure_replaceable(book, force=False)
        real = replacing.real_book(book)
        with locks.held(real, wait=0, ignore=False):
            before = real.read_bytes()
            api.ensure_replaceable(book, force=force)
            replacing.replaced(real, before, content)
    launchers.placed(scripts)
    if not quiet:
        render.show_diagnostics(built.findings)
    if output == "json":
        render.show_json(
            {
                "workbook": str(book),
                "language": built.language,
                "as_of": built.as_of.isoformat(),
                "rows": dict(built.rows),
                "launchers": [str(script.path) for script in scripts],
                "diagnostics": render.as_json(built.findings),
            }
        )
    else:
        click.echo(str(book))
        if not quiet:
            rows = listed(f"{label} {count:,}" for label, count in built.row_labels)
            tell(say("Built with {rows}.", rows=rows), err=True)
            if scripts:
                names = listed((script.path.name for script in scripts), " or ")
                tell(say("A double-click on {names} refreshes it.", names=names), err=True)
    if open_it:
        click.launch(str(book))
