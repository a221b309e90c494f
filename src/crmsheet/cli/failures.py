"""Exceptions as messages and exit codes.

Knows which failure is whose fault. Does not know how any of them comes about.
"""

from __future__ import annotations

from crmsheet.cli.exits import Exit
from crmsheet.cli.render import show_diagnostics
from crmsheet.cli.speech import tell
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import CrmsheetError, InternalError, SpecError, UsageError, WorkbookRefused
from crmsheet.messages import say


def reported(problem: Exception) -> Exit:
    """Say on stderr what happened and what to do; the exit code that goes with it."""
    show_diagnostics(diagnostics(problem))
    match problem:
        case SpecError() | UsageError() | OSError() | MemoryError():
            return Exit.USAGE
        case WorkbookRefused():
            tell(say("The workbook was not touched."), err=True)
            return Exit.REFUSED
        case InternalError():
            pass
        case CrmsheetError():
            return Exit.USAGE
        case _:
            pass
    from crmsheet.cli.reports import written

    report = written(problem)
    if report is not None:
        tell(say("     Please report it with this file: {report}", report=report), err=True)
    return Exit.BUG


def diagnostics(problem: Exception) -> tuple[Diagnostic, ...]:
    """What there is to say of an exception."""
    match problem:
        case CrmsheetError():
            return problem.diagnostics
        case OSError():
            return (
                Diagnostic(
                    "U100",
                    say("the system refused: {strerror}", strerror=problem.strerror or problem),
                    FilePlace(str(problem.filename)) if problem.filename else None,
                    remedy=say("Nothing was changed."),
                ),
            )
        case MemoryError():
            return (
                Diagnostic(
                    "U100",
                    say("the system refused: there is not enough memory"),
                    remedy=say("Nothing was changed. Close other programs and run again."),
                ),
            )
        case _:
            return (
                Diagnostic(
                    "B100",
                    say("crmsheet met a case it was not written for ({name})", name=type(problem).__name__),
                    remedy=say("Your file is untouched."),
                ),
            )
