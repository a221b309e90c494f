"""`crmsheet new`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("template", required=False)
@click.argument("dest", required=False, type=click.Path(path_type=Path))
def command(template: str | None, dest: Path | None) -> None:
    """Copy a starter spec to DEST (a folder, default: here); without arguments, list the starters.

    \b
    Example:
      crmsheet new follow-up my-team
    """
    from crmsheet import api

    if template is None:
        for name, title in api.starters():
            click.echo(f"{name:<18} {title}")
        return
    written = api.new(template, dest or Path())
    for file in written:
        click.echo(str(file))
    click.echo(f"Next: crmsheet build {written[0]}", err=True)
