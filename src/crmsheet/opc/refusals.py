"""Why a workbook file is not served: one diagnostic code for each reason.

Knows codes, reasons and remedies. Does not know how a reason is found.
"""

from __future__ import annotations

from enum import Enum
from typing import final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import phrase, say


@final
class Refusal(Enum):
    """(code, message, remedy); what was found in this file is added as the reason."""

    NOT_ZIP = (
        "W101",
        phrase("this is not an Excel workbook"),
        phrase("Open it in Excel and save it as .xlsx."),
    )
    ENCRYPTED = (
        "W102",
        phrase("the workbook is protected by a password"),
        phrase("Put the password on the first line of a file, and name it:  --password-file FILE"),
    )
    OLD_XLS = (
        "W103",
        phrase("this is an old .xls workbook"),
        phrase("Save it as .xlsx in Excel or LibreOffice."),
    )
    BINARY_XLSB = ("W104", phrase("this is a binary .xlsb workbook"), phrase("Save it as .xlsx in Excel."))
    NOT_WORKBOOK = (
        "W105",
        phrase("this file is no Excel workbook"),
        phrase("Give a workbook saved as .xlsx."),
    )
    DAMAGED = (
        "W106",
        phrase("the workbook is damaged"),
        phrase("Open it in Excel, let it repair the file, and save a copy."),
    )
    SIGNED = (
        "W107",
        phrase("the workbook is digitally signed; any change would break the signature"),
        phrase("Remove the signature in Excel (File, Info) or work on an unsigned copy."),
    )
    SHARED = (
        "W108",
        phrase("the workbook is shared in the old way, with a log of revisions"),
        phrase("Stop sharing it in Excel (Review, Unshare Workbook) and save it."),
    )
    TOO_LARGE = (
        "W109",
        phrase("the workbook is larger than crmsheet reads"),
        phrase("Move old data to another workbook."),
    )
    HOSTILE_ZIP = (
        "W110",
        phrase("the zip container is built in a way no spreadsheet program builds it"),
        phrase("Open it in Excel and save a copy, if you trust where it comes from."),
    )
    BOMB = (
        "W111",
        phrase("a part of the workbook inflates to far more than it should"),
        phrase("Open it in Excel and save a copy, if you trust where it comes from."),
    )
    DOCTYPE = (
        "W112",
        phrase("a part of the workbook declares a document type"),
        phrase("Open it in Excel and save a copy, if you trust where it comes from."),
    )
    TOO_DEEP = (
        "W113",
        phrase("a part of the workbook is nested deeper or has more elements than any program writes"),
        phrase("Open it in Excel and save a copy, if you trust where it comes from."),
    )
    ENCODING = (
        "W114",
        phrase("a part of the workbook has an unreadable encoding"),
        phrase("Save a copy with Excel."),
    )
    BAD_REFERENCE = (
        "W115",
        phrase("a cell or row of the workbook has an impossible address"),
        phrase("Open it in Excel, let it repair the file, and save a copy."),
    )
    DISORDER = (
        "W116",
        phrase("rows or cells of a sheet are out of order or occur twice"),
        phrase("Open it in Excel and save it; Excel puts them in order."),
    )
    PROTECTED_CELL = (
        "W117",
        phrase("a cell that has to change may not be written"),
        phrase("Move it out of the way, or undo the merge, array or pivot table there."),
    )
    NOT_SERVED = (
        "W118",
        phrase("the workbook uses something crmsheet cannot change safely"),
        phrase("Save a copy with Excel."),
    )

    @property
    def code(self) -> str:
        return self.value[0]

    def diagnostic(self, file: str, part: str = "", reason: str = "", remedy: str = "") -> Diagnostic:
        _, message, usual = self.value
        return Diagnostic(
            self.code, say(message), FilePlace(file, part), reason=reason, remedy=remedy or say(usual)
        )

    def error(self, file: str, part: str = "", reason: str = "", remedy: str = "") -> WorkbookRefused:
        """The exception to raise."""
        return WorkbookRefused(self.diagnostic(file, part, reason, remedy))
