"""Whether a workbook is still as a build left it.

Knows what shows that people or programs have been at it. Changes nothing.
"""

from __future__ import annotations

import re

from crmsheet.api.marks import row_hashes
from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.read import read_book, read_record
from crmsheet.sheetml.contents import Contents


def is_untouched(content: bytes, name: str) -> bool:
    """Whether a file is a workbook as a build left it: ours, never saved by another program, no row changed."""
    try:
        contents = Contents(Package.of(content, name))
        record, _ = read_record(contents)
        reading = read_book(contents)
    except WorkbookRefused:
        return False
    core = next(iter(contents.package.related("", "core-properties")), "")
    text = contents.package.xml(core).decode("utf-8") if core else ""
    stamps = re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", text)
    return len(set(stamps)) == 1 and all(
        {i: known[0] for i, known in record.tables[table.id].rows.items()}
        == dict(
            zip(
                reading.rows[table.id].state.ids,
                row_hashes(table, reading.rows[table.id].state, record.book_code),
                strict=True,
            )
        )
        for table in record.model.tables
    )
