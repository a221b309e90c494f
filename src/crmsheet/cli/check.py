"""`crmsheet check`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import output_format
from crmsheet.cli.passwords import password_file
from crmsheet.cli.speech import tell
from crmsheet.messages import say


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--limit", default=50, show_default=True, help="Problems listed in text; 0 for all.")
@password_file
@output_format
def command(file: Path, limit: int, output: str) -> int:
    """Check FILE: a spec (YAML, or a starter's name) or a filled workbook (.xlsx). Writes nothing.

    \b
    Exit code 0: nothing to report. 1: problems in the data. 2: the spec is invalid.
    Example:
      crmsheet check follow-up.xlsx
    """
    from crmsheet import api
    from crmsheet.cli import passwords, render
    from crmsheet.diagnostics import Severity

    password = passwords.password_of(file) if api.is_encrypted(file) else ""
    result = api.check(file, password=password, today=date.today())  # noqa: DTZ011 - the user's own calendar day is meant
    errors = sum(d.severity is Severity.ERROR for d in result.diagnostics)
    warnings = len(result.diagnostics) - errors
    if output == "json":
        render.show_json(
            {
                "file": str(file),
                "kind": result.kind,
                "errors": errors,
                "warnings": warnings,
                "diagnostics": render.as_json(result.diagnostics),
            }
        )
    else:
        shown = result.diagnostics if limit == 0 else result.diagnostics[:limit]
        render.show_diagnostics(shown, err=False)
        if len(shown) < len(result.diagnostics):
            left = len(result.diagnostics) - len(shown)
            tell(say("… and {left:,} more (--limit 0 lists all).", left=left))
        tell(
            say(
                "{file}: {problems}, {warnings}.",
                file=file,
                problems=render.counted(errors, "problem"),
                warnings=render.counted(warnings, "warning"),
            )
            if result.diagnostics
            else say("{file}: nothing to report.", file=file)
        )
    if errors and result.kind == "spec":
        return Exit.USAGE
    return Exit.NO if errors else Exit.DONE
