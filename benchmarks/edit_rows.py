"""Changes a hundred cells of the benchmark workbook as another program would: IN OUT."""

from __future__ import annotations

import sys
from pathlib import Path

from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.splice import CellEdit, EditKind, patched_sheet

contents = Contents(Package.open(Path(sys.argv[1])))
sheet = contents.sheet("Orders")
assert sheet is not None
header = next(r for r, cells in sheet.rows.items() if any(c.value == "Quantity" for c in cells))
column = next(c.column for c in sheet.rows[header] if c.value == "Quantity")
edits = [CellEdit(header + 1 + 150 * i, column, EditKind.VALUE, 60 + i) for i in range(100)]
done = patched_sheet(sheet.scan, edits)
Path(sys.argv[2]).write_bytes(assemble(contents.package, {sheet.sheet.part: done.data}))
