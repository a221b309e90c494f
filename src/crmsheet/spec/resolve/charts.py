"""Chart blocks: from their form to the Model.

Knows what each chart type takes, needs and cannot show. Does not know how charts look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.formulas.tree import Binary, Measure, Node, Number, Unary
from crmsheet.messages import listed, phrase, say
from crmsheet.model.boards import ChartBlock, ChartType, Dimension, Grain
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, MOST_PERIODS, BoardGround
from crmsheet.spec.shapes.boards import BlockShape
from crmsheet.spec.shapes.charts import ChartShape, Limit, Scale, Stacking
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass

MOST_POINTS: Final = 200
"""Points of a scatter chart."""
MOST_FORECAST: Final = 12
_STANDING = (ChartType.COLUMN, ChartType.BAR)
_OPTIONS: Final[Mapping[str, tuple[ChartType, ...]]] = {
    "series": (*_STANDING, ChartType.LINE),
    "stacked": (*_STANDING, ChartType.COMBO),
    "line": (ChartType.COMBO,),
    "forecast": (ChartType.LINE,),
    "moving_average": (ChartType.LINE,),
    "axis": (ChartType.LINE, ChartType.SCATTER),
    "trendline": (ChartType.SCATTER,),
    "omit": (*_STANDING, ChartType.DOUGHNUT),
    "min_share": (*_STANDING, ChartType.DOUGHNUT, ChartType.PARETO),
}
"""Options that only some types of charts take."""
_WHY_NOT: Final[Mapping[str, str]] = {
    "axis": phrase("bars and columns begin at 0, which no logarithmic axis has")
}
_ONE: Final = (
    ChartType.DOUGHNUT,
    ChartType.PARETO,
    ChartType.BULLET,
    ChartType.WATERFALL,
    ChartType.CONTROL,
)
"""Types that show one metric."""
_BY_VALUE: Final = (ChartType.SCATTER, ChartType.PARETO, ChartType.WATERFALL, ChartType.FUNNEL)
_ADDING_UP: Final = (ChartType.PARETO, ChartType.WATERFALL)
_WITHOUT_BY: Final = (ChartType.FUNNEL, ChartType.HISTORY)
_YEARLY: Final = (Grain.QUARTER, Grain.MONTH)


def chart_block(ground: BoardGround, block: BlockShape, shape: ChartShape, path: Path) -> ChartBlock | None:
    metrics = ground.metrics_of(shape, path)
    lines = tuple(m for i, m in enumerate(shape.line) if ground.known(m, (*path, "line", i)))
    every = tuple(dict.fromkeys((*metrics, *lines)))
    check = _Check(ground, shape, path)
    check.options()
    facts = ground.facts(every)
    by = ground.dimensions.dimension(shape.by, facts, (*path, "by")) if shape.by is not None else None
    series = None
    if shape.series is not None:
        series = ground.dimensions.dimension(shape.series, facts, (*path, "series"))
    ignores = ground.ignored(shape.ignores, path)
    ground.within(shape.last, MOST_PERIODS, "last", path)
    most = MOST_POINTS if shape.type is ChartType.SCATTER else MOST_LIVE_ROWS
    top = limit(ground, shape.top, most, "top", path)
    if shape.type is ChartType.HISTORY:
        check.history(metrics)
    elif shape.by is None and shape.type is not ChartType.FUNNEL:
        check.error(
            "", say("the chart does not say by what it shows its metrics"), say("Add  by: month  or a field.")
        )
    if not metrics or (by is None and shape.by is not None) or (series is None and shape.series is not None):
        return None
    if by is None and shape.type not in _WITHOUT_BY:
        return None
    for dimension in (by, series):
        if dimension is not None:
            ground.check_time(every, dimension.grain, path)
    check.metrics(metrics)
    check.adding(metrics)
    check.dimensions(metrics, by, series)
    check.periods(by, series)
    if shape.top is not None and check.all_timed(by, series):
        check.unsuitable("top", say("periods are all shown, as many as `last` says"), say("Remove `top`."))
    return ChartBlock(
        ground.id(block, "chart", (*every, *(d.id for d in (by, series) if d is not None))),
        shape.type,
        every,
        by,
        ground.title(block, shape.title, path[:-1]),
        shape.last,
        top,
        ignores,
        stacked=shape.stacked is Stacking.STACKED,
        share=shape.stacked is Stacking.SHARE,
        series=series,
        line=lines,
        forecast=shape.forecast or 0,
        moving_average=shape.moving_average or 0,
        log=shape.axis is Scale.LOG,
        trendline=shape.trendline,
        min_share=check.least(),
        omit=ground.omitted(shape.omit, by, path),
    )


def limit(ground: BoardGround, given: Limit | None, most: int, name: str, path: Path) -> int | str | None:
    """How many values are shown: a number, or a setting that says at most how many."""
    if given is None:
        return None
    if isinstance(given, str):
        found = _setting(ground, given, name, path)
        if not found:
            return None
        highest = ground.expressions.settings[given].maximum
        if highest is None or not 1 <= highest <= most or highest != int(highest):
            ground.problems.error(
                Code.BLOCK,
                (*path, name),
                say("the setting '{given}' does not say how many there may be at most", given=given),
                remedy=say(
                    "Give it a `max` of 1 to {most}; the chart keeps room for so many:\n{given}: {{value: 10, "
                    "min: 1, max: 15}}",
                    most=most,
                    given=given,
                ),
            )
        return given
    if given != int(given):
        ground.problems.error(
            Code.BLOCK,
            (*path, name),
            say("`{name}` is {value:g}", name=name, value=given),
            remedy=say("Write a whole number."),
        )
        return None
    ground.within(int(given), most, name, path)
    return int(given)


def _setting(ground: BoardGround, name: str, option: str, path: Path) -> bool:
    """Whether a setting of this name holds a number."""
    settings = ground.expressions.settings
    if name not in settings:
        if not ground.problems.is_broken("settings", name):
            remedy, allowed = did_you_mean(name, settings)
            ground.problems.error(
                Code.BLOCK,
                (*path, option),
                say("'{name}' is neither a number nor a setting", name=name),
                remedy=remedy or say("Write a number, or the id of a setting."),
                allowed=allowed,
            )
        return False
    value = settings[name].value
    if not settings[name].editable or isinstance(value, bool) or not isinstance(value, int | float):
        ground.problems.error(
            Code.BLOCK,
            (*path, option),
            say("the setting '{name}' is no number", name=name),
            remedy=say("Name a setting that is a number."),
        )
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Check:
    """What is wrong with a chart, in words."""

    ground: BoardGround
    shape: ChartShape
    path: Path

    def error(self, at: str, message: str, remedy: str) -> None:
        where = (*self.path, at) if at else self.path
        self.ground.problems.error(Code.BLOCK, where, message, remedy=remedy, key=not at)

    def unsuitable(self, option: str, message: str, remedy: str) -> None:
        self.ground.problems.error(
            Code.DOES_NOT_APPLY, (*self.path, option), message, remedy=remedy, key=True
        )

    def options(self) -> None:
        """Options of other types."""
        for option, types in _OPTIONS.items():
            if option in self.shape.model_fields_set and self.shape.type not in types:
                given = getattr(self.shape, option)
                if given in (Stacking.NONE, Scale.LINEAR, False):
                    continue
                kinds = listed(types)
                self.unsuitable(
                    option,
                    say(_WHY_NOT[option])
                    if option in _WHY_NOT
                    else say("a {type} chart takes no `{option}`", type=self.shape.type, option=option),
                    say("Remove it, or use one of these types: {kinds}.", kinds=kinds),
                )

    def metrics(self, metrics: tuple[str, ...]) -> None:
        """How many metrics, and of which kind."""
        shape, kind = self.shape, self.shape.type
        if kind in _ONE and len(metrics) > 1:
            self.error(
                "metrics",
                say("a {kind} shows one metric", kind=kind),
                say("Use a bar or column chart, or a chart for each."),
            )
        if kind is ChartType.SCATTER and len(metrics) != 2:
            self.error(
                "metrics",
                say("a scatter shows one metric against another"),
                say("Name two metrics: x, then y."),
            )
        if kind is ChartType.COMBO and not shape.line:
            self.error(
                "",
                say("a combo needs a metric for its line"),
                say("Add  line: [metric]  for the second axis."),
            )
        if kind is ChartType.FUNNEL:
            if shape.by is None and len(metrics) < 2:
                self.error(
                    "metrics",
                    say("a funnel has at least two steps"),
                    say("Name a metric for each, or add `by`."),
                )
            if shape.by is not None and len(metrics) > 1:
                self.error(
                    "metrics",
                    say("a funnel by a dimension shows one metric"),
                    say("Remove `by`, or all but one."),
                )
        for option, given in (
            ("series", shape.series),
            ("forecast", shape.forecast),
            ("moving_average", shape.moving_average),
        ):
            if given is not None and len(metrics) > 1:
                self.error(
                    "metrics",
                    say("with `{option}` a chart shows one metric", option=option),
                    say("Keep one, or remove `{option}`.", option=option),
                )

    def history(self, metrics: tuple[str, ...]) -> None:
        """What was written down has dates of its own, and is nothing without `history`."""
        if self.shape.by is not None:
            self.unsuitable(
                "by", say("figures of a history stand at the dates of refreshes"), say("Remove `by`.")
            )
        if self.ground.paths.kinds.shape.history is None and metrics:
            self.error(
                "type",
                say("the spec does not say that figures are to be remembered"),
                say("Add  history: {{}}  to the spec, beside `sheets`."),
            )

    def adding(self, metrics: tuple[str, ...]) -> None:
        """Shares of a whole need metrics whose parts make it up."""
        shape, kind = self.shape, self.shape.type
        adding = kind in _ADDING_UP or shape.min_share is not None or shape.stacked is Stacking.SHARE
        adding = adding or (kind is ChartType.FUNNEL and shape.by is not None)
        for metric in metrics:
            found = self.ground.metrics.get(metric)
            if adding and found is not None and not adds_up(self.ground.metrics, found):
                self.error(
                    "metrics",
                    say("'{metric}' does not add up: its parts are no shares of the whole", metric=metric),
                    say("Use a sum or a count, or another type of chart."),
                )

    def dimensions(self, metrics: tuple[str, ...], by: Dimension | None, series: Dimension | None) -> None:
        """Time or values, as the type needs; targets by them."""
        kind = self.shape.type
        timed = by is not None and by.grain is not None
        if kind in _BY_VALUE and timed:
            self.error(
                "by",
                say("a {kind} shows values of a field, not periods", kind=kind),
                say("Name a field or a path."),
            )
        if kind is ChartType.CONTROL and not timed:
            self.error("by", say("a control chart shows periods"), say("Write  by: month."))
        if series is not None and by is not None:
            both = timed and series.grain is not None
            if both and (series.grain is not Grain.YEAR or by.grain not in _YEARLY):
                self.error(
                    "series",
                    say(
                        "{grain} by {grain2} cannot be laid side by side", grain=by.grain, grain2=series.grain
                    ),
                    say("Write  by: quarter  or  by: month, and  series: year."),
                )
            if series.id == by.id:
                self.error(
                    "series", say("the chart is by '{by}' already", by=by.id), say("Name another dimension.")
                )
        if kind is not ChartType.BULLET or by is None:
            return
        metric = self.ground.metrics.get(metrics[0])
        if metric is None:
            return
        if metric.target is None:
            self.error(
                "metrics",
                say("'{metric}' has no target to mark", metric=metric.id),
                say("Give the metric a `target`."),
            )
        elif not timed and by.id not in dict(metric.target.by):
            self.error(
                "by",
                say("the targets of '{metric}' are not kept by '{by}'", metric=metric.id, by=by.id),
                say("Say under `target` which field names it:  by: {{{by}: …}}", by=by.id),
            )

    def periods(self, by: Dimension | None, series: Dimension | None) -> None:
        """Forecast and moving average need periods, and enough of them."""
        shape = self.shape
        timed = by is not None and by.grain is not None and series is None
        for option, given, low, high in (
            ("forecast", shape.forecast, 1, min(MOST_FORECAST, shape.last // 2)),
            ("moving_average", shape.moving_average, 2, shape.last),
        ):
            if given is None or shape.type is not ChartType.LINE:
                continue
            if not timed:
                self.unsuitable(
                    option,
                    say("`{option}` needs periods", option=option),
                    say("Write  by: month, without `series`."),
                )
            elif not low <= given <= high:
                self.error(
                    option,
                    say(
                        "`{option}` is {given}; with `last: {last}` it can be {low} to {low2}",
                        option=option,
                        given=given,
                        last=shape.last,
                        low=low,
                        low2=max(low, high),
                    ),
                    say("Show more periods (`last`), or write a smaller number."),
                )

    def all_timed(self, by: Dimension | None, series: Dimension | None) -> bool:
        found = [d for d in (by, series) if d is not None]
        return bool(found) and all(d.grain is not None for d in found)

    def least(self) -> float | str | None:
        """The smallest share shown."""
        given = self.shape.min_share
        if given is None:
            return None
        if isinstance(given, str):
            return given if _setting(self.ground, given, "min_share", self.path) else None
        if not 0 < given < 1:
            self.error(
                "min_share",
                say("`min_share` is {given:g}", given=given),
                say("Write a share such as 0.02 or 2%."),
            )
            return None
        return float(given)


def adds_up(metrics: Mapping[str, Metric], metric: Metric) -> bool:
    """Whether the values of disjoint groups make up the value of all: sums, counts, and what is added or
    subtracted of them."""
    match metric.type:
        case MetricType.SIMPLE:
            # What rows are for other metrics is not split by what those are split by.
            return metric.agg in (Aggregation.SUM, Aggregation.COUNT) and not metric.per_row
        case MetricType.DERIVED:
            return metric.expr is not None and _linear(metrics, metric.expr)
        case _:
            return False


def _linear(metrics: Mapping[str, Metric], tree: Node) -> bool:
    match tree:
        case Measure(id):
            return id in metrics and adds_up(metrics, metrics[id])
        case Unary("-" | "+", inner):
            return _linear(metrics, inner)
        case Binary("+" | "-", left, right):
            return _linear(metrics, left) and _linear(metrics, right)
        case Binary("*", Number(), right):
            return _linear(metrics, right)
        case Binary("*" | "/", left, Number()):
            return _linear(metrics, left)
        case _:
            return False
