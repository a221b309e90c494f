"""Analyses: from their form to the Model.

Knows what each analysis takes, in one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.messages import phrase, say
from crmsheet.model.boards import AnalysisBlock, AnalysisType, Dimension
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.charts import adds_up
from crmsheet.spec.resolve.effects import chosen_figures, narrowed, unusable
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, MOST_PERIODS, BoardGround
from crmsheet.spec.resolve.history import remembers
from crmsheet.spec.shapes.analyses import AnalysisShape
from crmsheet.spec.shapes.boards import BlockShape
from crmsheet.spec.shapes.dimensions import DimensionShape
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class Takes:
    """What an analysis takes: how many metrics, and what these must be (`remembered` by history, sums or counts: `rows`,
    a ratio of two counts: `shares`), whether it needs an entity (None: takes none), how many dimensions at least and at
    most, whether it crosses them; months at most and usually, rows at most and usually."""

    metrics: int = 1
    remembered: bool = False
    rows: bool = False
    shares: bool = False
    entity: bool | None = None
    by: tuple[int, int] = (0, 0)
    across: bool = False
    last: tuple[int, int] = (MOST_PERIODS, 36)
    top: tuple[int, int] = (MOST_LIVE_ROWS, 10)


_TAKES: Final[Mapping[AnalysisType, Takes]] = {
    AnalysisType.INSIGHTS: Takes(metrics=6, entity=False, by=(0, 6), last=(MOST_PERIODS, 36), top=(12, 6)),
    AnalysisType.COHORT_RETENTION: Takes(rows=True, entity=True, last=(12, 12)),
    AnalysisType.FORECAST: Takes(last=(MOST_PERIODS, 36)),
    AnalysisType.ALARMS: Takes(metrics=6, entity=False, by=(0, 6), last=(MOST_PERIODS, 36)),
    AnalysisType.DECOMPOSITION: Takes(
        metrics=2, rows=True, entity=True, by=(0, 1), last=(12, 3), top=(20, 5)
    ),
    AnalysisType.WHITE_SPACE: Takes(rows=True, entity=True, by=(1, 1), last=(MOST_PERIODS, 24), top=(40, 15)),
    AnalysisType.ASSOCIATION: Takes(
        rows=True, entity=False, by=(1, 1), across=True, last=(MOST_PERIODS, 36), top=(20, 8)
    ),
    AnalysisType.CLV: Takes(rows=True, entity=True, last=(24, 12), top=(40, 15)),
    AnalysisType.SURVIVAL: Takes(rows=True, entity=True, last=(24, 6)),
    AnalysisType.WIN_LOSS: Takes(shares=True, by=(1, 1), last=(MOST_PERIODS, 24)),
    AnalysisType.STAGES: Takes(rows=True, by=(1, 1)),
    AnalysisType.SLIP: Takes(rows=True, by=(0, 1)),
    AnalysisType.STAGE_CHANCES: Takes(rows=True, by=(1, 1)),
    AnalysisType.STAGE_CONVERSION: Takes(rows=True, by=(1, 1), last=(24, 12)),
    AnalysisType.TIMELINESS: Takes(rows=True, by=(0, 1), last=(12, 3)),
    AnalysisType.CORRELATION: Takes(metrics=6, entity=False, last=(MOST_PERIODS, 36), top=(15, 8)),
    AnalysisType.FORECAST_ACCURACY: Takes(last=(24, 12)),
    AnalysisType.CHANGES: Takes(metrics=12, remembered=True, top=(30, 12)),
    AnalysisType.EFFECTS: Takes(rows=True, by=(1, 4), last=(12, 3), top=(20, 10)),
}


def analysis_block(
    ground: BoardGround, block: BlockShape, shape: AnalysisShape, path: Path
) -> AnalysisBlock | None:
    takes = _TAKES[shape.type]
    metrics = ground.known_metrics(shape.metrics, path)
    if len(metrics) < len(shape.metrics):
        return None
    if len(metrics) > takes.metrics:
        ground.problems.error(
            Code.BLOCK,
            (*path, "metrics"),
            say(
                "{type} takes {count}; here are {count2}",
                type=shape.type,
                count=_count(takes.metrics, "metric"),
                count2=len(metrics),
            ),
            remedy=say("Make another block for each of the others."),
        )
        return None
    if shape.type is AnalysisType.CORRELATION:
        takes = replace(takes, rows=shape.entity is not None)
        if len(metrics) < 2:
            ground.problems.error(
                Code.BLOCK,
                (*path, "metrics"),
                say("a correlation is one of two metrics or more"),
                remedy=say("Name another one."),
            )
    if shape.type is AnalysisType.FORECAST_ACCURACY and ground.paths.kinds.shape.history is None:
        ground.problems.error(
            Code.BLOCK,
            (*path, "type"),
            say("forecasts are not written down without a history"),
            remedy=say("Write  history: {{}}"),
        )
    for index, metric in enumerate(metrics):
        # Quantities may be what was sold less what came back.
        parts = shape.type is AnalysisType.DECOMPOSITION and index > 0
        _check_metric(ground, shape.type, metric, takes, (*path, "metrics", index), of_parts=parts)
    _check_given(ground, shape, takes, path)
    _check_logged(ground, shape, metrics[0], path)
    facts = ground.facts(metrics)
    ground.within(shape.last, takes.last[0], "last", path)
    ground.within(shape.top, takes.top[0], "top", path)
    if shape.type is AnalysisType.EFFECTS:
        told = narrowed(ground, shape, ground.metrics[metrics[0]].table, path)
        return AnalysisBlock(
            ground.id(block, shape.type.value, metrics),
            shape.type,
            metrics,
            by=told,
            title=ground.title(block, shape.title, path[:-1]),
            last=shape.last or takes.last[1],
            top=shape.top or takes.top[1],
            figures=chosen_figures(ground, shape, told, path),
        )
    entity = _dimension(ground, shape.entity, facts, (*path, "entity"))
    by = [_dimension(ground, one, facts, (*path, "by", i)) for i, one in enumerate(shape.by)]
    across = _dimension(ground, shape.across, facts, (*path, "across"))
    return AnalysisBlock(
        ground.id(block, shape.type.value, (*metrics, *(d.id for d in by if d is not None))),
        shape.type,
        metrics,
        entity,
        tuple(d for d in by if d is not None),
        across,
        ground.title(block, shape.title, path[:-1]),
        shape.last or takes.last[1],
        shape.top or takes.top[1],
    )


def _count(number: int, what: str) -> str:
    thing = say(what)
    if number == 1:
        return say("one {thing}", thing=thing)
    return say("at most {count} {thing}s", count=number, thing=thing)


def _check_given(ground: BoardGround, shape: AnalysisShape, takes: Takes, path: Path) -> None:
    """What is missing, and what the analysis has no use for."""
    least, most = takes.by
    effects = shape.type is AnalysisType.EFFECTS
    wanted = (
        ("entity", shape.entity is not None, takes.entity is True, takes.entity is not None),
        ("by", bool(shape.by), least > 0, most > 0),
        ("across", shape.across is not None, takes.across, takes.across),
        ("figures", bool(shape.figures), effects, effects),
    )
    for key, given, needed, possible in wanted:
        if needed and not given:
            ground.problems.error(
                Code.BLOCK,
                path,
                say("{type} needs `{key}`", type=shape.type, key=key),
                remedy=say(_EXAMPLES[key]),
                key=True,
            )
        if given and not possible:
            ground.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, key),
                say("{type} takes no `{key}`", type=shape.type, key=key),
                remedy=say("Leave out `{key}`.", key=key),
                key=True,
            )
    if most and len(shape.by) > most:
        ground.problems.error(
            Code.BLOCK,
            (*path, "by"),
            say("{type} takes {count}", type=shape.type, count=_count(most, "dimension")),
            remedy=say("Leave out some."),
        )


_STAGED: Final = (AnalysisType.STAGES, AnalysisType.STAGE_CHANCES, AnalysisType.STAGE_CONVERSION)
_LOGGED: Final = (*_STAGED, AnalysisType.SLIP, AnalysisType.TIMELINESS)


def _check_logged(ground: BoardGround, shape: AnalysisShape, metric: str, path: Path) -> None:
    """What is told by the change log is audited."""
    table = ground.metrics[metric].table
    given = ground.paths.kinds.shape.tables.get(table)
    if given is None or shape.type not in _LOGGED:
        return
    audited = {name: field for name, field in given.fields.items() if field.audit}
    if shape.type in _STAGED and shape.by:
        name = shape.by[0].name or shape.by[0].paths.get(table, "")
        if name not in audited or audited[name].type is not FieldType.CHOICE:
            ground.problems.error(
                Code.BLOCK,
                (*path, "by", 0),
                say(
                    "the changes of '{name}' are not logged: stages are a choice of '{table}' with `audit: "
                    "true`",
                    name=name,
                    table=table,
                ),
                remedy=say("Write  audit: true  for {table}.{name}.", table=table, name=name),
            )
        elif shape.type is AnalysisType.STAGE_CHANCES:
            _check_chances(ground, audited[name].list or name, (*path, "by", 0))
    days = [name for name, field in audited.items() if field.type is FieldType.DATE]
    if shape.type is AnalysisType.SLIP and len(days) != 1:
        ground.problems.error(
            Code.BLOCK,
            (*path, "metrics"),
            say(
                "slip follows the one date of '{table}' with `audit: true`; here are {count}",
                table=table,
                count=len(days),
            ),
            remedy=say("Write  audit: true  for the day that is promised, and for no other date."),
        )
    if shape.type is AnalysisType.TIMELINESS and not audited:
        ground.problems.error(
            Code.BLOCK,
            (*path, "metrics"),
            say("no changes of '{table}' are logged", table=table),
            remedy=say("Write  audit: true  at the fields of '{table}' that are kept up.", table=table),
        )


def _check_chances(ground: BoardGround, name: str, path: Path) -> None:
    """A list of stages says how likely each is, and which ones are an end."""
    items = ground.paths.kinds.lists[name].items if name in ground.paths.kinds.lists else ()
    kinds = {item.attribute("kind") for item in items}
    if items and (
        not {"won", "lost"} <= kinds or all(item.attribute("probability") is None for item in items)
    ):
        ground.problems.error(
            Code.BLOCK,
            path,
            say(
                "the list '{name}' does not say how likely its items are, or which are won and lost",
                name=name,
            ),
            remedy=say(
                "Write  {{id: offer, probability: 0.5}}  and  {{id: won, kind: won}}, {{id: lost, kind: "
                "lost}}"
            ),
        )


_EXAMPLES: Final = {
    "entity": phrase("Say whose rows belong together:  entity: customer"),
    "by": phrase("Name a field of the metric's table or a path:  by: product"),
    "across": phrase("Name what it is crossed with:  across: product"),
    "figures": phrase("Say which metric each choice stands for:  figures: {{revenue: net_revenue}}"),
}


def _dimension(
    ground: BoardGround, shape: DimensionShape | None, facts: Mapping[str, str], path: Path
) -> Dimension | None:
    """A dimension that is not time: an analysis has months of its own."""
    if shape is None:
        return None
    found = ground.dimensions.dimension(shape, facts, path)
    if found is not None and found.grain is not None:
        ground.problems.error(
            Code.BLOCK,
            path,
            say("an analysis counts in months by itself"),
            remedy=say("Name a field or a path through a reference."),
        )
        return None
    return found


def _check_metric(
    ground: BoardGround, kind: AnalysisType, metric_id: str, takes: Takes, path: Path, *, of_parts: bool
) -> None:
    metric = ground.metrics[metric_id]
    if takes.remembered:
        if not remembers(ground.paths.kinds.shape, metric_id):
            ground.problems.error(
                Code.BLOCK,
                path,
                say(
                    "{kind} cannot use '{metric}': history does not remember it", kind=kind, metric=metric_id
                ),
                remedy=say("Write  history: {{metrics: [{metric}, …]}}", metric=metric_id),
            )
        return
    wrong = unusable(ground.metrics, metric)
    whole = adds_up(ground.metrics, metric) if of_parts else _adds_up(metric)
    if not wrong and takes.rows and not whole:
        wrong = say("it is no sum and no count")
    if not wrong and takes.shares and not _is_share(ground.metrics, metric):
        wrong = say("it is no ratio of two counts")
    if wrong:
        ground.problems.error(
            Code.BLOCK,
            path,
            say("{kind} cannot use '{metric_id}': {wrong}", kind=kind, metric_id=metric_id, wrong=wrong),
            remedy=say("Name a sum or a count with a `time`")
            + ("." if takes.rows else say(", or a ratio of such metrics.")),
        )


def _adds_up(metric: Metric) -> bool:
    return metric.type is MetricType.SIMPLE and metric.agg in (Aggregation.SUM, Aggregation.COUNT)


def _is_share(metrics: Mapping[str, Metric], metric: Metric) -> bool:
    parts = [metrics.get(part) for part in (metric.numerator, metric.denominator)]
    return metric.type is MetricType.RATIO and all(
        part is not None and part.type is MetricType.SIMPLE and part.agg is Aggregation.COUNT
        for part in parts
    )
