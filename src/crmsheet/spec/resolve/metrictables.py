"""Table blocks, metrics by a dimension: from their form to the Model."""

from __future__ import annotations

from crmsheet.model.boards import (
    TableBlock,
)
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, MOST_PERIODS, BoardGround
from crmsheet.spec.shapes.boards import (
    BlockShape,
    TableBlockShape,
)


def table_block(
    ground: BoardGround, block: BlockShape, shape: TableBlockShape, path: Path
) -> TableBlock | None:
    metrics = ground.metrics_of(shape, path)
    by = ground.dimensions.dimension(shape.by, ground.facts(metrics), (*path, "by"))
    ignores = ground.ignored(shape.ignores, path)
    ground.within(shape.last, MOST_PERIODS, "last", path)
    ground.within(shape.top, MOST_LIVE_ROWS, "top", path)
    if by is None or not metrics:
        return None
    ground.check_time(metrics, by.grain, path)
    return TableBlock(
        ground.id(block, "table", (*metrics[:1], by.id)),
        metrics,
        by,
        ground.title(block, shape.title, path[:-1]),
        shape.totals,
        shape.last,
        shape.top,
        ignores,
    )
