"""Where pivot tables stand: cells that programs fill anew, so that nobody else may write there.

Knows their ranges. Does not know what they sum up.
"""

from __future__ import annotations

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.opc.package import Package


def pivot_ranges(package: Package, sheet_part: str) -> tuple[tuple[RangeRef, str], ...]:
    """(range, name) of each pivot table on a sheet."""
    found: list[tuple[RangeRef, str]] = []
    for part in package.related(sheet_part, "pivotTable"):
        root = package.tree(part)
        location = root.child("location")
        try:
            area = parse_range(location.get("ref") if location is not None else "")
        except ValueError:
            continue
        found.append((area, root.get("name")))
    return tuple(found)
