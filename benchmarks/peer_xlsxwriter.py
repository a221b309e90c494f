"""Writes the cells of a workbook again with XlsxWriter's typed calls: CELLS OUT; CELLS is what `cells_of.py` wrote.

The hand-written script one would make for the same sheet: a table, computed columns with their values,
a validation and a conditional format.

XlsxWriter looks through each formula with some thirty patterns, for functions newer than 2010; in the long formula that
checks a row that takes seven times as long as all the rest together. The formulas of a table's column are one text in
all rows, so a careful script has each looked through once, as this one does.
"""

from __future__ import annotations

import pickle
import sys
from functools import lru_cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

looked_through = Worksheet._prepare_formula


@lru_cache(maxsize=64)
def prepared(formula: str, expand: bool) -> str:
    return str(looked_through(page, formula, expand))


Worksheet._prepare_formula = lambda _, formula, expand=False: prepared(formula, expand)
headers, body = pickle.loads(Path(sys.argv[1]).read_bytes())

book = xlsxwriter.Workbook(sys.argv[2])
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
