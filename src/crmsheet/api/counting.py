"""How many rows the tables of a workbook have, at a glance.

Knows tables' ranges. Does not read rows: those typed just below a table are not counted, nor is it looked
whether the workbook could be served.
"""

from __future__ import annotations

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.read import read_record
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.tables import tables_of


def row_counts(content: bytes, name: str) -> tuple[tuple[str, int], ...]:
    """Label and number of rows of each table, in the order of the spec; nothing for what is no book of ours."""
    try:
        package = Package.of(content, name)
        record, _ = read_record(Contents(package))
        sizes = {
            t.name.casefold(): t.body.bottom - t.body.top + 1
            for s in package.workbook.sheets
            for t in tables_of(package, s.part)
        }
    except WorkbookRefused:
        return ()
    return tuple(
        (table.label.text(record.language), sizes[mark.name.casefold()])
        for table in record.model.tables
        if (mark := record.tables.get(table.id)) is not None and mark.name.casefold() in sizes
    )
