"""What becomes of a shared formula when its master is overwritten.

Knows that the first remaining dependant has to take over the text, moved to where it stands, with the
same index and range. Does not edit: it says which `<f>` has to be written where.
"""

from __future__ import annotations

from collections.abc import Sequence

from crmsheet.sheetml.cells import formula_element
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.shift import shifted
from crmsheet.sheetml.spans import CellSpan


def kept_formulas(scan: SheetScan, losing: Sequence[CellSpan]) -> dict[tuple[int, int], str]:
    """For the cells that lose their formula: the new `<f>` of each dependant that becomes a master."""
    if not scan.special_formulas.masters:
        return {}
    gone = {(cell.row, cell.column) for cell in losing}
    found: dict[tuple[int, int], str] = {}
    for master in (m for masters in scan.special_formulas.masters.values() for m in masters):
        if (master.row, master.column) not in gone:
            continue
        index = master.shared_index
        heir = next(
            (
                cell
                for cell in scan.shared_cells(index)
                if (cell.row, cell.column) not in gone
                and (tag := scan.raw(cell).formula) is not None
                and not tag.text
                and scan.special_formulas.master_of(index, cell.row, cell.column) == master
            ),
            None,
        )
        if heir is None:
            continue
        text = shifted(master.text, heir.row - master.row, heir.column - master.column)
        plain = formula_element(text, scan.prefix + "f")
        area = f' ref="{master.area}"' if master.area is not None else ""
        start = f"<{scan.prefix}f"
        found[heir.row, heir.column] = f'{start} t="shared"{area} si="{index}"{plain[len(start) :]}'
    return found
