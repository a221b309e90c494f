"""Table blocks, metrics by a dimension: from their form to the Model.

Knows which options suit which rows. Does not know how a table looks.
"""

from __future__ import annotations

from typing import Final

from crmsheet.messages import say
from crmsheet.model.boards import Figure, Ranking, TableBlock
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, MOST_PERIODS, BoardGround
from crmsheet.spec.shapes.boards import (
    BlockShape,
    TableBlockShape,
)
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import number_of

_RANKING: Final = ("rank", "share", "cumulative", "abc")
_CLASSES: Final = 2
_MOST_COLUMNS: Final = 11


def table_block(
    ground: BoardGround, block: BlockShape, shape: TableBlockShape, path: Path
) -> TableBlock | None:
    metrics = ground.known_metrics(shape.ids, path)
    by = ground.dimensions.dimension(shape.by, ground.facts(metrics), (*path, "by"))
    ignores = ground.ignored(shape.ignores, path)
    ground.within(shape.last, MOST_PERIODS, "last", path)
    ground.within(shape.top, MOST_LIVE_ROWS, "top", path)
    if by is None or not metrics:
        return None
    ground.check_time(metrics, by.grain, path)
    _check_rows(ground, shape, by.grain is not None, path)
    sort = (shape.sort or "").lstrip("-+")
    return TableBlock(
        ground.id(block, "table", (*metrics[:1], by.id)),
        metrics,
        by,
        ground.title(block, shape.title, path[:-1]),
        shape.totals,
        shape.last,
        shape.top,
        ignores,
        tuple(
            (one.metric, one.show)
            for one in shape.metrics
            if one.metric in metrics and one.show != (Figure.VALUE,)
        ),
        sort if sort in metrics else "",
        (shape.sort or "").startswith("-"),
        Ranking(shape.rank, shape.share, shape.cumulative, _limits(ground, shape, path)),
        ground.omitted(shape.omit, by, path),
    )


def _check_rows(ground: BoardGround, shape: TableBlockShape, by_time: bool, path: Path) -> None:
    """Rows of time have their own order; classes and running shares need one."""
    ranked = [name for name in _RANKING if getattr(shape, name)]
    if by_time and (ranked or shape.sort):
        name = ranked[0] if ranked else "sort"
        ground.problems.error(
            Code.DOES_NOT_APPLY,
            (*path, name),
            say("rows of time stand in the order of time and take no `{name}`", name=name),
            remedy=say("Leave it out, or break down by a field."),
            key=True,
        )
    sort = (shape.sort or "").lstrip("-+")
    parted = next((name for name in ("share", "cumulative", "abc") if getattr(shape, name)), "")
    ranked_by = ground.metrics.get(sort or shape.ids[0])
    if parted and ranked_by is not None and not _adds_up(ranked_by):
        ground.problems.error(
            Code.BLOCK,
            (*path, parted),
            say(
                "'{ranked_by}' does not add up, so that a row has no share of its total",
                ranked_by=ranked_by.id,
            ),
            remedy=say("Sort by a metric that is a sum or a count:  sort: -…"),
            key=True,
        )
    columns = sum(len(one.show) for one in shape.metrics) + len(ranked)
    if columns > _MOST_COLUMNS:
        ground.problems.error(
            Code.BLOCK,
            (*path, "metrics"),
            say("the table has {columns} columns", columns=columns),
            remedy=say(
                "A board is wide enough for {most_columns}; make two tables of it.",
                most_columns=_MOST_COLUMNS,
            ),
        )
    if sort and sort not in shape.ids:
        remedy, allowed = did_you_mean(sort, shape.ids)
        ground.problems.error(
            Code.UNKNOWN_METRIC,
            (*path, "sort"),
            say("the table has no metric '{sort}' to sort by", sort=sort),
            remedy=remedy,
            allowed=allowed,
        )
    for index, one in enumerate(shape.metrics):
        if by_time and one.show != (Figure.VALUE,):
            ground.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, "metrics", index, "show"),
                say("rows of time show values only"),
                remedy=say("Leave out `show`."),
                key=True,
            )
        metric = ground.metrics.get(one.metric)
        aims = [figure for figure in one.show if figure in (Figure.TARGET, Figure.ATTAINMENT)]
        if aims and metric is not None and metric.target is None:
            ground.problems.error(
                Code.BLOCK,
                (*path, "metrics", index, "show"),
                say("'{metric}' has no target", metric=one.metric),
                remedy=say("Give the metric a `target`, or leave out {aims}.", aims=aims[0]),
            )


def _adds_up(metric: Metric) -> bool:
    return metric.type is MetricType.SIMPLE and metric.agg in (Aggregation.SUM, Aggregation.COUNT)


def _limits(ground: BoardGround, shape: TableBlockShape, path: Path) -> tuple[float | str, ...]:
    """The two limits of the classes: shares, or settings that hold shares."""
    if not shape.abc:
        return ()
    found: list[float | str] = []
    for index, text in enumerate(shape.abc):
        number = number_of(text)
        if number is not None and 0 < number <= 1:
            found.append(number)
        elif number is None and text in ground.expressions.settings:
            found.append(text)
        else:
            remedy, allowed = did_you_mean(text, ground.expressions.settings)
            ground.problems.error(
                Code.BLOCK,
                (*path, "abc", index),
                say("'{text}' is no share and no setting", text=text),
                remedy=remedy if number is None else say("Write a share such as 0.8 or 80%."),
                allowed=allowed if number is None else (),
            )
    numbers = [n for n in found if not isinstance(n, str)]
    if len(shape.abc) != _CLASSES or numbers != sorted(numbers):
        ground.problems.error(
            Code.BLOCK,
            (*path, "abc"),
            say("`abc` takes the two shares at which A and B end, the smaller first"),
            remedy=say("Write:  abc: [0.8, 0.95]"),
        )
        return ()
    return tuple(found)
