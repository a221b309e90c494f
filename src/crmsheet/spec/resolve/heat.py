"""Heat maps: from their form to the Model.

Knows which dimensions can cross. Does not know how cells are coloured.
"""

from __future__ import annotations

from typing import Final

from crmsheet.messages import say
from crmsheet.model.boards import Grain, HeatBlock
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.charts import limit
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, MOST_PERIODS, BoardGround
from crmsheet.spec.shapes.boards import BlockShape
from crmsheet.spec.shapes.charts import HeatShape

MOST_ACROSS: Final = 13
"""Columns of a heat map."""


def heat_block(ground: BoardGround, block: BlockShape, shape: HeatShape, path: Path) -> HeatBlock | None:
    if not ground.known(shape.metric, (*path, "metric")):
        return None
    facts = ground.facts((shape.metric,))
    by = ground.dimensions.dimension(shape.by, facts, (*path, "by"))
    across = ground.dimensions.dimension(shape.across, facts, (*path, "across"))
    top = limit(ground, shape.top, MOST_LIVE_ROWS, "top", path)
    if by is None or across is None:
        return None
    yearly = across.grain is Grain.YEAR and by.grain in (Grain.QUARTER, Grain.MONTH)
    most = MOST_ACROSS if across.grain is not None and not yearly else MOST_PERIODS
    ground.within(shape.last, most, "last", path)
    ground.check_time((shape.metric,), by.grain or across.grain, path)
    if by.id == across.id or (by.grain is not None and across.grain is not None and not yearly):
        ground.problems.error(
            Code.BLOCK,
            (*path, "across"),
            say("'{by}' by '{across}' makes no table", by=by.id, across=across.id),
            remedy=say("Cross a field with a period or another field, or month with year."),
        )
        return None
    return HeatBlock(
        ground.id(block, "heat", (shape.metric, by.id, across.id)),
        shape.metric,
        by,
        across,
        ground.title(block, shape.title, path[:-1]),
        shape.last,
        top,
        ground.ignored(shape.ignores, path),
    )
