"""What actions are about: from their form to the Model.

Knows that the first dimension chooses the figure and the others narrow it. Does not know how figures are compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.formulas.tree import Measure, walk
from crmsheet.messages import say
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Metric, MetricType
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import BoardGround
from crmsheet.spec.resolve.history import remembers
from crmsheet.spec.shapes.analyses import AnalysisShape
from crmsheet.spec.shapes.suggestions import did_you_mean


def narrowed(ground: BoardGround, shape: AnalysisShape, table: str, path: Path) -> tuple[Dimension, ...]:
    """The choice of the figure, by the table of actions alone, and what narrows figures, as far as these are known by
    it."""
    own = {table: shape.metrics[0]}
    facts = own | ground.facts(shape.figures.values())
    found: list[Dimension] = []
    for index, one in enumerate(shape.by):
        at = (*path, "by", index)
        dimension = (
            ground.partly(one, facts, at, table) if index else ground.dimensions.dimension(one, own, at)
        )
        if dimension is not None and (dimension.grain is not None or not (index or dimension.list)):
            ground.problems.error(
                Code.BLOCK,
                at,
                say("the figure of an action is a choice, what narrows it a field or a path"),
                remedy=say("Name a choice field of the actions first:  by: [area, customer]"),
            )
            return ()
        if dimension is not None:
            found.append(dimension)
    return tuple(found)


def chosen_figures(
    ground: BoardGround, shape: AnalysisShape, by: tuple[Dimension, ...], path: Path
) -> tuple[tuple[str, str], ...]:
    """Items of the list with the metrics they stand for."""
    definition = ground.paths.kinds.lists.get(by[0].list) if by else None
    found: list[tuple[str, str]] = []
    for item, metric in shape.figures.items():
        at = (*path, "figures", item)
        if definition is not None and item not in (ids := [one.id for one in definition.items]):
            remedy, allowed = did_you_mean(item, ids)
            ground.problems.error(
                Code.BLOCK,
                at,
                say("'{item}' is no item of '{definition}'", item=item, definition=definition.id),
                remedy=remedy,
                allowed=allowed,
                key=True,
            )
        elif ground.known(metric, at):
            wrong = unusable(ground.metrics, ground.metrics[metric])
            if wrong and not remembers(ground.paths.kinds.shape, metric):
                ground.problems.error(
                    Code.BLOCK,
                    at,
                    say(
                        "'{metric}' has no value before a day and after it: {wrong}, and history does not "
                        "remember it",
                        metric=metric,
                        wrong=wrong,
                    ),
                    remedy=say(
                        "Write  history: {{metrics: [{metric}, …]}}, or name a metric with a `time`.",
                        metric=metric,
                    ),
                )
            else:
                found.append((item, metric))
    return tuple(found)


def unusable(metrics: Mapping[str, Metric], metric: Metric) -> str:
    """Why a metric has no value of a single month; empty when it has."""
    match metric.type:
        case MetricType.SIMPLE if metric.per_row:
            return say("'{metric}' counts what other metrics are for each row", metric=metric.id)
        case MetricType.SIMPLE:
            return "" if metric.time else say("'{metric}' has no time", metric=metric.id)
        case MetricType.RATIO:
            parts: tuple[str, ...] = (metric.numerator, metric.denominator)
        case MetricType.DERIVED if metric.offset_window is None and metric.expr is not None:
            parts = tuple(node.metric for node in walk(metric.expr) if isinstance(node, Measure))
        case _:
            return say("'{metric}' looks back over a window of its own", metric=metric.id)
    found = (unusable(metrics, metrics[part]) for part in parts if part in metrics)
    return next((why for why in found if why), "")
