"""Exceptions as messages and exit codes.

Knows which failure is whose fault. Does not know how any of them comes about.
"""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

import click

from crmsheet import __version__
from crmsheet.cli.exits import Exit
from crmsheet.cli.render import show_diagnostics
from crmsheet.errors import CrmsheetError, InternalError, SpecError, UsageError, WorkbookRefused


def reported(problem: Exception) -> Exit:
    """Say on stderr what happened and what to do; the exit code that goes with it."""
    if isinstance(problem, CrmsheetError):
        show_diagnostics(problem.diagnostics)
        match problem:
            case SpecError() | UsageError():
                return Exit.USAGE
            case WorkbookRefused():
                click.echo("The workbook was not touched.", err=True)
                return Exit.REFUSED
            case InternalError():
                _keep_report(problem)
                return Exit.BUG
            case _:
                return Exit.USAGE
    if isinstance(problem, OSError):
        name = f" '{problem.filename}'" if problem.filename else ""
        click.echo(f"U100 error: the system refused{name}: {problem.strerror or problem}", err=True)
        click.echo("     Nothing was changed.", err=True)
        return Exit.USAGE
    click.echo(
        f"B100 error: crmsheet met a case it was not written for ({type(problem).__name__}).", err=True
    )
    click.echo("     Your file is untouched.", err=True)
    _keep_report(problem)
    return Exit.BUG


def _keep_report(problem: Exception) -> None:
    """Write what a maintainer needs to a file, and name it."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="crmsheet-report-", suffix=".txt", delete=False
        ) as file:
            file.write(f"crmsheet {__version__}\n\n")
            file.write("".join(traceback.format_exception(problem)))
    except OSError:
        return
    click.echo(f"     Please report it with this file: {Path(file.name)}", err=True)
