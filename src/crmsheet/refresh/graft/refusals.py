"""Why something cannot be put into a workbook: one code for each reason."""

from __future__ import annotations

from enum import Enum
from typing import final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import phrase, say


@final
class Refusal(Enum):
    """(code, message, remedy); the places are filled in."""

    NAME_TAKEN = (
        "W231",
        phrase("the {what} '{name}' is needed, but the workbook has {by} of that name already"),
        phrase("Give yours another name in Excel and run again."),
    )
    OTHER_EDITION = (
        "W232",
        phrase("the workbook is saved in an edition of the format into which nothing new can be put"),
        phrase("Save it in Excel as 'Excel Workbook (*.xlsx)' and run again."),
    )
    FULL = (
        "W233",
        phrase("the workbook has as many {things} as Excel allows"),
        phrase("Copy its sheets into a new workbook, which leaves unused ones behind, and run again."),
    )

    @property
    def code(self) -> str:
        return self.value[0]

    def error(self, file: str, *, part: str = "", **details: object) -> WorkbookRefused:
        """The exception to raise."""
        code, message, remedy = self.value
        return WorkbookRefused(
            Diagnostic(code, say(message, **details), FilePlace(file, part), remedy=say(remedy))
        )
