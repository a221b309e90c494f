"""Room for new columns at the right end of a table.

Knows that the cells there must be free, and that headers differ. Does not know what the columns hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import RangeRef, a1
from crmsheet.messages import say
from crmsheet.model.layout import TablePlace
from crmsheet.refresh.structure.ground import Ground
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.tables import parse_table
from crmsheet.structs import replace


def with_columns(
    place: TablePlace, missing: Sequence[str], headers: Mapping[str, str], contents: Contents
) -> TablePlace:
    """The place of a table with the columns it lacks. Raises WorkbookRefused when there is no room."""
    if not missing:
        return place
    ground = Ground.of(contents, place.sheet, [])
    held = contents.sheet(place.sheet)
    assert held is not None
    part = next(
        p
        for p in contents.package.related(held.sheet.part, "table")
        if parse_table(contents.package, p).name.casefold() == place.name.casefold()
    )
    table = parse_table(contents.package, part)
    ref = table.ref
    first = place.last_column + 1
    last = place.last_column + len(missing)
    # A title above the table may reach to the right: only the table's own rows count.
    area = RangeRef(ref.top, first, max(ref.bottom, *place.rows, ref.top), last)
    if not ground.free(area):
        taken = ground.first_taken(area)
        raise WorkbookRefused(
            Diagnostic(
                "W216",
                say(
                    "there is no room for the new column '{headers}' at the right of the table",
                    headers=headers[missing[0]],
                ),
                CellPlace(place.sheet, a1(*taken) if taken else a1(area.top, area.left)),
                reason=say(
                    "New columns go to {area}; what people put beside the table is never shifted.", area=area
                ),
                remedy=say("Move what stands in {area} to another place, and run again.", area=area),
            )
        )
    columns = dict(place.columns) | {c: first + i for i, c in enumerate(missing)}
    taken_headers = {c.name.casefold() for c in table.columns}
    names = dict(place.headers)
    for column in missing:
        names[column] = _unlike(headers[column], taken_headers)
    return replace(place, columns=columns, headers=names, last_column=last)


def _unlike(header: str, taken: set[str]) -> str:
    result, number = header, 2
    while result.casefold() in taken:
        result, number = f"{header} ({number})", number + 1
    taken.add(result.casefold())
    return result
