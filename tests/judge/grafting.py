"""Workbooks of other people with a whole crmsheet book put into them.

Knows the small book and how all of it is put into another workbook: `into`. Does not judge the result.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from tests.refresh.small_world import CUSTOMERS, ORDERS, built

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.dates import SHIFT_1904, date_system
from crmsheet.opc.package import Package
from crmsheet.refresh import Patch, Patched, applied
from crmsheet.refresh.graft.transplant import Transplant
from crmsheet.sheetml.contents import Contents


@cache
def small_book(*, since_1904: bool = False) -> bytes:
    """The small book, built once in a process, with the dates of one date system."""
    shift = SHIFT_1904 if since_1904 else 0
    customers = [r | {"since": float(str(r["since"])) - shift} for r in map(dict, CUSTOMERS)]
    orders = [r | {"date": float(str(r["date"])) - shift} for r in map(dict, ORDERS)]
    with tempfile.TemporaryDirectory() as folder, date_system(since_1904=since_1904):
        return built(Path(folder), customers=customers, orders=orders)


def grafting(foreign: bytes, name: str = "foreign.xlsx", book: bytes | None = None) -> tuple[Contents, Patch]:
    """The patch that puts all sheets and names of a book (the small one) into a workbook. Raises
    WorkbookRefused."""
    target = Contents(Package.of(foreign, name))
    if book is None:
        book = small_book(since_1904=target.package.workbook.date1904)
    scratch = Contents(Package.of(book, "scratch.xlsx"))
    transplant = Transplant(target, scratch)
    for sheet in scratch.package.workbook.sheets:
        transplant.sheet(sheet.name)
    transplant.names()
    return target, transplant.patch()


def grafted(
    foreign: bytes, name: str = "foreign.xlsx", book: bytes | None = None
) -> tuple[Contents, Patched]:
    """The same, carried out."""
    target, patch = grafting(foreign, name, book)
    return target, applied(target, patch)


def into(foreign: bytes, name: str = "foreign.xlsx", book: bytes | None = None) -> bytes | WorkbookRefused:
    """A workbook with the small crmsheet book put into it (its sheets, tables, board, charts, names and hidden
    record), ready for `crmsheet refresh`; or why it is refused."""
    try:
        return grafted(foreign, name, book)[1].data
    except WorkbookRefused as refusal:
        return refusal
