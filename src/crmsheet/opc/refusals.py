"""Why a workbook file is not served: one diagnostic code for each reason.

Knows codes, reasons and remedies. Does not know how a reason is found.
"""

from __future__ import annotations

from enum import Enum
from typing import final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused


@final
class Refusal(Enum):
    """(code, message, remedy); what was found in this file is added as the reason."""

    NOT_ZIP = ("W101", "this is not an Excel workbook", "Open it in Excel and save it as .xlsx.")
    ENCRYPTED = (
        "W102",
        "the workbook is protected by a password",
        "Remove the password in Excel (File, Info, Protect Workbook) and save it again.",
    )
    OLD_XLS = ("W103", "this is an old .xls workbook", "Save it as .xlsx in Excel or LibreOffice.")
    BINARY_XLSB = ("W104", "this is a binary .xlsb workbook", "Save it as .xlsx in Excel.")
    NOT_WORKBOOK = ("W105", "this file is no Excel workbook", "Give a workbook saved as .xlsx.")
    DAMAGED = (
        "W106",
        "the workbook is damaged",
        "Open it in Excel, let it repair the file, and save a copy.",
    )
    SIGNED = (
        "W107",
        "the workbook is digitally signed; any change would break the signature",
        "Remove the signature in Excel (File, Info) or work on an unsigned copy.",
    )
    SHARED = (
        "W108",
        "the workbook is shared in the old way, with a log of revisions",
        "Stop sharing it in Excel (Review, Unshare Workbook) and save it.",
    )
    TOO_LARGE = ("W109", "the workbook is larger than crmsheet reads", "Move old data to another workbook.")
    HOSTILE_ZIP = (
        "W110",
        "the zip container is built in a way no spreadsheet program builds it",
        "Open it in Excel and save a copy, if you trust where it comes from.",
    )
    BOMB = (
        "W111",
        "a part of the workbook inflates to far more than it should",
        "Open it in Excel and save a copy, if you trust where it comes from.",
    )
    DOCTYPE = (
        "W112",
        "a part of the workbook declares a document type",
        "Open it in Excel and save a copy, if you trust where it comes from.",
    )
    TOO_DEEP = (
        "W113",
        "a part of the workbook is nested deeper or has more elements than any program writes",
        "Open it in Excel and save a copy, if you trust where it comes from.",
    )
    ENCODING = ("W114", "a part of the workbook has an unreadable encoding", "Save a copy with Excel.")
    BAD_REFERENCE = (
        "W115",
        "a cell or row of the workbook has an impossible address",
        "Open it in Excel, let it repair the file, and save a copy.",
    )
    DISORDER = (
        "W116",
        "rows or cells of a sheet are out of order or occur twice",
        "Open it in Excel and save it; Excel puts them in order.",
    )
    PROTECTED_CELL = (
        "W117",
        "a cell that has to change may not be written",
        "Move it out of the way, or undo the merge, array or pivot table there.",
    )
    NOT_SERVED = (
        "W118",
        "the workbook uses something crmsheet cannot change safely",
        "Save a copy with Excel.",
    )

    @property
    def code(self) -> str:
        return self.value[0]

    def diagnostic(self, file: str, part: str = "", reason: str = "", remedy: str = "") -> Diagnostic:
        _, message, usual = self.value
        return Diagnostic(self.code, message, FilePlace(file, part), reason=reason, remedy=remedy or usual)

    def error(self, file: str, part: str = "", reason: str = "", remedy: str = "") -> WorkbookRefused:
        """The exception to raise."""
        return WorkbookRefused(self.diagnostic(file, part, reason, remedy))
