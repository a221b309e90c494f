"""`crmsheet schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the spec, for editors.

    \b
    Example:
      crmsheet schema > crmsheet.schema.json
    """
    from crmsheet import api

    click.echo(json.dumps(api.schema(), ensure_ascii=True, indent=2))
