"""Why a file from outside is not read: one diagnostic for each reason."""

from __future__ import annotations

from crmsheet.diagnostics import Diagnostic, FilePlace, TextPlace
from crmsheet.errors import UsageError
from crmsheet.messages import listed, say


def unreadable(file: str, reason: str, remedy: str, line: int = 0) -> UsageError:
    """The file does not hold what its form promises."""
    place = TextPlace(file, line, 1) if line else FilePlace(file)
    return UsageError(
        Diagnostic("U130", say("this file cannot be read as a table"), place, reason=reason, remedy=remedy)
    )


def too_large(file: str, reason: str) -> UsageError:
    return UsageError(
        Diagnostic(
            "U130",
            say("this file is larger than crmsheet reads"),
            FilePlace(file),
            reason=reason,
            remedy=say("Divide it into several files."),
        )
    )


def no_such_sheet(file: str, wanted: str, names: tuple[str, ...]) -> UsageError:
    return UsageError(
        Diagnostic(
            "U132",
            say("there is no sheet '{wanted}' in this file", wanted=wanted),
            FilePlace(file),
            remedy=say("Its sheets: {names}.", names=listed(names))
            if names
            else say("It has no sheet with rows."),
            allowed=names,
        )
    )
