"""Changes some cells of the benchmark workbook as another program would, a hundred unless told: IN OUT [COUNT]."""

from __future__ import annotations

import sys
from pathlib import Path

from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.splice import patched_sheet

contents = Contents(Package.open(Path(sys.argv[1])))
sheet = contents.sheet("Orders")
assert sheet is not None
header = next(r for r, cells in sheet.rows.items() if any(c.value == "Quantity" for c in cells))
column = next(c.column for c in sheet.rows[header] if c.value == "Quantity")
count = int(sys.argv[3]) if len(sys.argv) > 3 else 100
filled = [r for r, cells in sheet.rows.items() if r > header and any(c.column == column for c in cells)]
chosen = sorted(filled)[:: len(filled) // count][:count]
edits = [CellEdit(row, column, EditKind.VALUE, 60 + i) for i, row in enumerate(chosen)]
done = patched_sheet(sheet.scan, edits)
Path(sys.argv[2]).write_bytes(assemble(contents.package, {sheet.sheet.part: done.data}))
