"""`crmsheet access`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.options import output_format
from crmsheet.cli.passwords import password_file
from crmsheet.cli.speech import tell, told
from crmsheet.messages import listed, phrase, say
from crmsheet.model.roles import Access
from crmsheet.structs import asdict

if TYPE_CHECKING:
    from crmsheet.api import RoleRow


_ACCESS = {
    Access.WRITE: phrase("write"),
    Access.READ: phrase("read"),
    Access.MASK: phrase("mask"),
    Access.DROP: phrase("drop"),
}


@click.command("access")
@click.argument("file", metavar="SPEC-or-BOOK", type=click.Path(path_type=Path))
@click.option("--role", help="This role only, by id.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="The language of the labels.")
@password_file
@output_format
def command(file: Path, role: str | None, lang: str | None, output: str) -> None:
    """Print who sees what: for each role and table whose rows, and which fields are written, read, masked or dropped.

    \b
    Example:
      crmsheet access follow-up.yaml
      crmsheet access follow-up.xlsx --role manager
    """
    from crmsheet import api
    from crmsheet.cli import passwords, render

    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant
    password = passwords.password_of(file) if api.is_encrypted(file) else ""
    roles = api.access(file, today=today, language=lang, password=password)
    if role is not None:
        if role not in {r.role for r in roles}:
            raise click.UsageError(
                say(
                    "There is no role '{role}'. Roles: {roles}.",
                    role=role,
                    roles=listed(r.role for r in roles),
                )
            )
        roles = tuple(r for r in roles if r.role == role)
    if output == "json":
        render.show_json({"file": str(file), "roles": [asdict(r) for r in roles]})
        return
    if not roles:
        tell(say("{file}: no roles. Add `roles:` to the spec; docs/team.md shows how.", file=file))
    for one in roles:
        _show(one)


def _show(role: RoleRow) -> None:
    click.echo(f"{role.role} ({role.label})")
    for table in role.tables:
        whose = say("{whose} rows", whose=say(table.rows)) + (
            say(" by {owner}", owner=table.owner) if table.owner else ""
        )
        tell(
            say(
                "  {table} ({id}): {whose}",
                table=table.label,
                id=table.table,
                whose=whose if table.rows != "none" else say("not there"),
            )
        )
        if table.rows == "none":
            continue
        whole = {found for _, _, found in table.fields}
        for access in Access:
            names = table.of(access)
            if names:
                shown = say("all fields") if len(whole) == 1 else listed(names)
                click.echo(f"    {told(say(_ACCESS[access])):<6} {told(shown)}")
    tell(
        say(
            "  boards: {sheets}",
            sheets=listed(label for _, label in role.sheets) if role.sheets else say("none"),
        )
    )
