"""Why a workbook that opens is not served all the same: one code for each reason."""

from __future__ import annotations

from enum import Enum
from typing import final

from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused

_RESTORE = "Undo that in the workbook, or take the last backup, and run again."


@final
class Refusal(Enum):
    """(code, message, remedy); `{}` in the message are filled in."""

    NOT_OURS = (
        "W201",
        "this workbook was not built by crmsheet",
        "Build one with:  crmsheet build follow-up --demo",
    )
    DAMAGED_RECORD = (
        "W202",
        "the hidden sheet '_crmsheet' is damaged: {}",
        "Take the last backup, from the folder .crmsheet-backups beside the workbook.",
    )
    NEWER = ("W203", "this workbook was written by a newer crmsheet ({})", "Update crmsheet and run again.")
    TABLE_GONE = ("W204", "the table '{}' is gone", _RESTORE)
    COLUMN_GONE = ("W205", "the column '{}' of the table '{}' is gone{}", _RESTORE)
    COLUMN_TWICE = (
        "W206",
        "two columns of the table '{}' could be '{}': '{}' and '{}'",
        "Give one of them another header.",
    )
    ROWS_MIXED = (
        "W208",
        "{} of {} rows of the table '{}' no longer agree with their hidden ids",
        "It seems that columns were sorted or pasted apart from each other. " + _RESTORE,
    )
    ROWS_DELETED = (
        "W209",
        "{} of {} rows of the table '{}' were deleted since the last refresh",
        "If that was on purpose, run again with --accept-deletions.",
    )

    TABLE_EMPTY = (
        "W215",
        "the table '{}' ends with {} empty rows",
        "Drag the table's corner up to its last filled row.",
    )

    @property
    def code(self) -> str:
        return self.value[0]

    def error(self, place: FilePlace | CellPlace, *details: str) -> WorkbookRefused:
        """The exception to raise."""
        code, message, remedy = self.value
        return WorkbookRefused(Diagnostic(code, message.format(*details), place, remedy=remedy))
