"""What is remembered from one refresh to the next: from its form to the Model.

Knows which metrics are meant without being named, and which dimensions reach them. Does not know what a history
looks like.
"""

from __future__ import annotations

from typing import Final

from crmsheet.messages import say
from crmsheet.model.boards import ChartType, Dimension
from crmsheet.model.history import HistoryRules
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.boards import PERIODS
from crmsheet.spec.resolve.ground import BoardGround
from crmsheet.spec.shapes.dimensions import DimensionShape
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.history import HistoryShape
from crmsheet.spec.shapes.suggestions import did_you_mean

_PATH: Final[Path] = ("history",)
_MOST: Final = {"days": 366, "months": 120, "changes": 10_000}


def remembers(shape: SpecShape, metric: str) -> bool:
    """Whether figures of a metric are written down at each refresh."""
    return metric in history_metrics(shape)


def history_metrics(shape: SpecShape) -> tuple[str, ...]:
    """The metrics that are remembered, as far as the spec names them somewhere."""
    if shape.history is None:
        return ()
    blocks = [block for board in shape.sheets.values() for block in board.blocks]
    cards = [card.metric for block in blocks if block.cards for card in block.cards.metrics]
    rows = [metric for block in blocks if block.kpis for metric in block.kpis.metrics]
    charted = [
        metric
        for block in blocks
        if block.chart and block.chart.type is ChartType.HISTORY
        for metric in block.chart.metrics
    ]
    return tuple(dict.fromkeys((*(shape.history.metrics or cards or rows), *charted)))


def resolved_history(shape: SpecShape, ground: BoardGround) -> HistoryRules | None:
    """What a spec says of history; None when it says nothing, or nothing that can be kept."""
    given = shape.history
    if given is None:
        return None
    metrics = history_metrics(shape)
    for i, metric in enumerate(given.metrics):
        ground.known(metric, (*_PATH, "metrics", i))
    known = tuple(m for m in metrics if m in ground.metrics)
    if not metrics and not ground.problems.is_broken("history"):
        ground.problems.error(
            Code.BLOCK,
            _PATH,
            say("there is no figure to remember: no board has cards"),
            remedy=say("Name some:  history: {{metrics: [...]}}"),
            key=True,
        )
    by = tuple(
        found
        for i, one in enumerate(given.by)
        if (found := _dimension(ground, one, known, (*_PATH, "by", i))) is not None
    )
    _check(ground, given)
    if not known:
        return None
    keep = given.keep
    return HistoryRules(known, by, given.period or "this_month", keep.days, keep.months, keep.changes)


def _dimension(
    ground: BoardGround, shape: DimensionShape, metrics: tuple[str, ...], path: Path
) -> Dimension | None:
    """A dimension with a path in each table that has one; metrics of other tables are remembered in all only."""
    found = ground.partly(shape, ground.facts(metrics), path)
    if found is not None and found.grain is not None:
        ground.problems.error(
            Code.DOES_NOT_APPLY,
            path,
            say(
                "figures are remembered by date; they are not broken down by {grain} besides",
                grain=found.grain.value,
            ),
            remedy=say("Name a field, or leave it out."),
        )
        return None
    return found


def _check(ground: BoardGround, given: HistoryShape) -> None:
    if given.period is not None and given.period not in PERIODS:
        remedy, allowed = did_you_mean(given.period, PERIODS)
        ground.problems.error(
            Code.UNKNOWN_WORD,
            (*_PATH, "period"),
            say("'{period}' is no period", period=given.period),
            remedy=remedy,
            allowed=allowed,
        )
    for name, most in _MOST.items():
        ground.within(getattr(given.keep, name), most, name, (*_PATH, "keep"))
