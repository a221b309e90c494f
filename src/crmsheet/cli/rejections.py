"""Rows that an import did not take, as a CSV file to correct and import again.

Knows the file: the columns as they came, behind them where the row stood and why it was not taken.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from crmsheet.cli.speech import told
from crmsheet.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsheet.api import Rejection


def rejected_text(headers: Sequence[str], rejected: Sequence[Rejection]) -> str:
    """The file's content, to be written as UTF-8 with a BOM, which Excel needs."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    width = len(headers)
    writer.writerow([*headers, told(say("where it stood")), told(say("why it was not taken"))])
    for row in rejected:
        cells = [*row.values, *("" for _ in range(width - len(row.values)))]
        writer.writerow([*cells[:width], str(row.place), told(row.reason)])
    return stream.getvalue()


def free_name(source: Path) -> Path:
    """`orders-rejected.csv` beside `orders.xlsx`; with a number where that exists already."""
    plain = source.with_name(f"{source.stem}-rejected.csv")
    number = 2
    found = plain
    while found.exists():
        found = plain.with_name(f"{source.stem}-rejected-{number}.csv")
        number += 1
    return found
