"""Chart blocks: from their form to the Model.

Knows what each chart type takes. Does not know how charts look.
"""

from __future__ import annotations

from crmsheet.model.boards import (
    ChartBlock,
    ChartType,
)
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, MOST_PERIODS, BoardGround
from crmsheet.spec.shapes.boards import (
    BlockShape,
    ChartShape,
)


def chart_block(ground: BoardGround, block: BlockShape, shape: ChartShape, path: Path) -> ChartBlock | None:
    metrics = ground.metrics_of(shape, path)
    by = ground.dimensions.dimension(shape.by, ground.facts(metrics), (*path, "by"))
    ignores = ground.ignored(shape.ignores, path)
    ground.within(shape.last, MOST_PERIODS, "last", path)
    ground.within(shape.top, MOST_LIVE_ROWS, "top", path)
    if by is None or not metrics:
        return None
    ground.check_time(metrics, by.grain, path)
    if shape.type is ChartType.DOUGHNUT and len(metrics) > 1:
        ground.problems.error(
            Code.BLOCK,
            (*path, "metrics"),
            "a doughnut shows one metric",
            remedy="Use a bar or column chart.",
        )
    return ChartBlock(
        ground.id(block, "chart", (*metrics, by.id)),
        shape.type,
        metrics,
        by,
        ground.title(block, shape.title, path[:-1]),
        shape.last,
        shape.top,
        ignores,
        shape.stacked,
    )
