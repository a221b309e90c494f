"""`crmsheet new`."""

from __future__ import annotations

from pathlib import Path

import click

from crmsheet.cli.speech import tell
from crmsheet.messages import say


@click.command("new")
@click.argument("template", required=False)
@click.argument("dest", required=False, type=click.Path(path_type=Path))
@click.option(
    "--with", "packs", multiple=True, metavar="PACK", help="Include this pack of columns; repeatable."
)
def command(template: str | None, dest: Path | None, packs: tuple[str, ...]) -> None:
    """Copy a starter spec to DEST (a folder, default: here); without arguments, list starters and packs.

    \b
    Example:
      crmsheet new follow-up my-team --with contract
    """
    from crmsheet import api

    if template is None:
        for name, title in api.starters():
            click.echo(f"{name:<18} {title}")
        for name, title in api.packs():
            click.echo(f"--with {name:<18} {title}")
        return
    written = api.new(template, dest or Path(), packs)
    for file in written:
        click.echo(str(file))
    tell(say("Next: crmsheet build {spec}", spec=written[0]), err=True)
