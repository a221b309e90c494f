"""Takes the cells of the benchmark workbook's table out of it, for the peers to write: IN OUT.

OUT is a pickle of the headers and of each row's (column from 0, formula, value).
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from crmsheet.opc.package import Package
from crmsheet.sheetml.contents import Contents

sheet = Contents(Package.open(Path(sys.argv[1]))).sheet("Orders")
assert sheet is not None
header = next(r for r, cells in sheet.rows.items() if any(c.value == "Quantity" for c in cells))
headers = [str(c.value) for c in sheet.rows[header]]
body = [
    [(c.column, c.formula, c.value) for c in cells] for r, cells in sorted(sheet.rows.items()) if r > header
]
Path(sys.argv[2]).write_bytes(pickle.dumps((headers, body)))
