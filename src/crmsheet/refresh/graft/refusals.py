"""Why something cannot be put into a workbook: one code for each reason."""

from __future__ import annotations

from enum import Enum
from typing import final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused


@final
class Refusal(Enum):
    """(code, message, remedy); `{}` are filled in."""

    NAME_TAKEN = (
        "W231",
        "the {} '{}' is needed, but the workbook has {} of that name already",
        "Give yours another name in Excel and run again.",
    )
    OTHER_EDITION = (
        "W232",
        "the workbook is saved in an edition of the format into which nothing new can be put",
        "Save it in Excel as 'Excel Workbook (*.xlsx)' and run again.",
    )
    FULL = (
        "W233",
        "the workbook has as many {} as Excel allows",
        "Copy its sheets into a new workbook, which leaves unused ones behind, and run again.",
    )

    @property
    def code(self) -> str:
        return self.value[0]

    def error(self, file: str, *details: str, part: str = "") -> WorkbookRefused:
        """The exception to raise."""
        code, message, remedy = self.value
        return WorkbookRefused(
            Diagnostic(code, message.format(*details), FilePlace(file, part), remedy=remedy)
        )
