"""Why a workbook that opens is not served all the same: one code for each reason."""

from __future__ import annotations

from enum import Enum
from typing import final

from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import phrase, say

_RESTORE = phrase("Undo that in the workbook, or take the last backup (crmsheet restore), and run again.")
_COLUMN_BACK = phrase(
    "Undo that in the workbook, or take the last backup (crmsheet restore), and run again.\n"
    "A column that nobody needs any more: take its field out of the spec as well, and run  "
    "crmsheet refresh BOOK --spec SPEC .\n"
    "For another header type it over the old one; a field that gets another id says  renamed_from  in the spec."
)


@final
class Refusal(Enum):
    """(code, message, remedy); the places in the message are filled in."""

    NOT_OURS = (
        "W201",
        phrase("this workbook was not built by crmsheet"),
        phrase("To make one of it that crmsheet can refresh:  crmsheet adopt BOOK"),
    )
    DAMAGED_RECORD = (
        "W202",
        phrase("the hidden sheet '_crmsheet' is damaged: {damage}"),
        phrase("Take the last backup, from the folder .crmsheet-backups beside the workbook."),
    )
    NEWER = (
        "W203",
        phrase("this workbook was written by a newer crmsheet ({version})"),
        phrase("Update crmsheet and run again."),
    )
    TABLE_GONE = ("W204", phrase("the table '{table}' is gone"), _RESTORE)
    COLUMN_GONE = (
        "W205",
        phrase("the column '{column}' of the table '{table}' is gone{others}"),
        _COLUMN_BACK,
    )
    COLUMN_TWICE = (
        "W206",
        phrase("two columns of the table '{table}' could be '{field}': '{one}' and '{other}'"),
        phrase("Give one of them another header."),
    )
    ROWS_MIXED = (
        "W208",
        phrase("{count} of {known} rows of the table '{table}' no longer agree with their hidden ids"),
        phrase(
            "It seems that columns were sorted or pasted apart from each other. "
            "Undo that in the workbook, or take the last backup, and run again."
        ),
    )
    ROWS_DELETED = (
        "W209",
        phrase("{count} of {known} rows of the table '{table}' were deleted since the last refresh"),
        phrase("If that was on purpose, run again with --accept-deletions."),
    )

    TABLE_EMPTY = (
        "W215",
        phrase("the table '{table}' ends with {count:,} empty rows"),
        phrase("Drag the table's corner up to its last filled row."),
    )

    @property
    def code(self) -> str:
        return self.value[0]

    def error(self, place: FilePlace | CellPlace, **details: object) -> WorkbookRefused:
        """The exception to raise."""
        code, message, remedy = self.value
        return WorkbookRefused(Diagnostic(code, say(message, **details), place, remedy=say(remedy)))
