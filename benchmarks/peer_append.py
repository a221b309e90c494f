"""openpyxl, appending the rows of a CSV file to a table of a workbook: `python benchmarks/peer_append.py FOLDER`.

Prints CPU seconds and the peak memory in MB.
"""

from __future__ import annotations

import csv
import datetime as dt
import resource
import sys
import time
from pathlib import Path

from openpyxl import load_workbook


def main(folder: Path) -> None:
    before = time.process_time()
    book = load_workbook(folder / "book.xlsx")
    sheet = book["Orders"]
    table = sheet.tables["orders"]
    first, last = table.ref.split(":")
    bottom = sheet[last].row
    with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            bottom += 1
            texts = [row[0], dt.date.fromisoformat(row[1]), *row[2:5], *map(float, row[5:])]
            for column, value in enumerate(texts, start=1):
                sheet.cell(bottom, column, value)
    table.ref = f"{first}:{sheet[last].column_letter}{bottom}"
    book.save(folder / "peer.xlsx")
    print(time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
