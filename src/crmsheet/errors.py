"""The exceptions crmsheet raises on purpose; everything else is a bug.

Each carries diagnostics for the user. The command line turns them into exit codes in one place.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsheet.diagnostics import Diagnostic


class CrmsheetError(Exception):
    """Root of all expected failures; `diagnostics` say what, where and what to do."""

    def __init__(self, diagnostics: Iterable[Diagnostic] | Diagnostic) -> None:
        if isinstance(diagnostics, Diagnostic):
            diagnostics = (diagnostics,)
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(d.text() for d in self.diagnostics))


class SpecError(CrmsheetError):
    """The spec is invalid (exit 2)."""


class UsageError(CrmsheetError):
    """The call cannot be carried out as given: a missing file, an existing target (exit 2)."""


class WorkbookRefused(CrmsheetError):
    """This workbook cannot be served safely; it was not touched (exit 3)."""


class InternalError(CrmsheetError):
    """A promise of ours did not hold; the user's file is untouched (exit 70)."""
