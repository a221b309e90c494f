"""Writes the cells of a workbook again with XlsxWriter's typed calls: IN OUT.

The hand-written script one would make for the same sheet: a table, computed columns with their values,
a validation and a conditional format. Reads IN once, outside the time that matters least: the values are
taken from a side file so that only the writing is measured.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import xlsxwriter

source, target = Path(sys.argv[1]), Path(sys.argv[2])
side = source.with_suffix(".pickle")
if not side.exists():
    from crmsheet.opc.package import Package
    from crmsheet.sheetml.contents import Contents

    sheet = Contents(Package.open(source)).sheet("Orders")
    assert sheet is not None
    header = next(r for r, cells in sheet.rows.items() if any(c.value == "Quantity" for c in cells))
    headers = [str(c.value) for c in sheet.rows[header]]
    body = [
        [(c.column, c.formula, c.value) for c in cells]
        for r, cells in sorted(sheet.rows.items())
        if r > header
    ]
    side.write_bytes(pickle.dumps((headers, body)))
headers, body = pickle.loads(side.read_bytes())

book = xlsxwriter.Workbook(target)
page = book.add_worksheet("Orders")
date_format = book.add_format({"num_format": "yyyy-mm-dd"})
columns = [{"header": h} for h in headers]
page.add_table(0, 0, len(body), len(headers) - 1, {"name": "orders", "columns": columns})
for row, cells in enumerate(body, start=1):
    for column, formula, value in cells:
        if formula is not None:
            page.write_formula(row, column, "=" + formula, None, value)
        elif isinstance(value, bool):
            page.write_boolean(row, column, value)
        elif isinstance(value, str):
            page.write_string(row, column, value)
        elif value is not None:
            page.write_number(row, column, value, date_format if column == 1 else None)
page.data_validation(
    1, 2, len(body), 2, {"validate": "list", "source": ["North", "East", "South", "West", "Centre"]}
)
page.conditional_format(
    1, 0, len(body), len(headers) - 1, {"type": "formula", "criteria": '=$D2="Won"', "format": date_format}
)
book.close()
