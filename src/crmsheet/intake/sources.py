"""Files from outside, whatever their form: CSV and its kin, workbooks, JSON.

Knows which reader a file needs, by its first bytes rather than by its ending. Does not know tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.intake.grids import Sheet
from crmsheet.intake.refusals import no_such_sheet, unreadable
from crmsheet.messages import say

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLE2: Final = b"\xd0\xcf\x11\xe0"
ENDINGS: Final = (
    ".csv",
    ".tsv",
    ".txt",
    ".tab",
    ".xlsx",
    ".xlsm",
    ".xltx",
    ".xltm",
    ".xls",
    ".json",
    ".jsonl",
    ".ndjson",
)
"""Of files that a folder is searched for."""


def read_source(path: Path, *, sheet: str = "", encoding: str = "", delimiter: str = "") -> tuple[Sheet, ...]:
    """All sheets of a file that hold rows; with `sheet`, only the one of that name.

    Encoding and delimiter concern text files and are found out without. Raises UsageError, WorkbookRefused
    or OSError.
    """
    if not path.is_file():
        raise UsageError(
            Diagnostic(
                "U101",
                say("there is no such file"),
                FilePlace(str(path)),
                remedy=say("Check the name and the folder."),
            )
        )
    sheets = _read(path, encoding, delimiter)
    if not sheet:
        return sheets
    chosen = tuple(s for s in sheets if s.name.casefold() == sheet.strip().casefold())
    if not chosen:
        raise no_such_sheet(str(path), sheet, tuple(s.name for s in sheets))
    return chosen


def _read(path: Path, encoding: str, delimiter: str) -> tuple[Sheet, ...]:
    with path.open("rb") as handle:
        head = handle.read(8)
    if head.startswith((_ZIP, _EMPTY_ZIP, _OLE2)):
        from crmsheet.intake.workbooks import read_workbook

        return read_workbook(path)
    if head.startswith(b"%PDF"):
        raise unreadable(str(path), say("It is a PDF."), say("Export the data as CSV or XLSX."))
    data = path.read_bytes()
    ending = path.suffix.lower()
    if ending in (".json", ".jsonl", ".ndjson"):
        from crmsheet.intake.records import read_records

        return read_records(data, str(path))
    if ending in (".xlsx", ".xlsm", ".xltx", ".xltm") and data:
        from crmsheet.intake.workbooks import read_workbook

        return read_workbook(path)  # says what is wrong with it
    from crmsheet.intake.delimited import read_delimited

    found = read_delimited(data, str(path), encoding=encoding, delimiter=delimiter)
    return (found,) if found.rows else ()
