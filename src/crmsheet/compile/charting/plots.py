"""What every kind of chart is given and gives.

Knows a chart block being compiled, its limits, the areas of a grid as series, the axis of a metric. Does not
know any kind of chart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.columns import path_field
from crmsheet.compile.dimensions import values
from crmsheet.compile.grids import FIXED, Grid, GridRequest, grid
from crmsheet.compile.number_formats import Shown, metric_format, unit
from crmsheet.compile.pieces import Context, Filling
from crmsheet.compile.shorthand import call, if_, joined, op
from crmsheet.compile.windows import Window
from crmsheet.formulas.tree import Area, Name, Node, Number, Spot
from crmsheet.model.boards import Board, ChartBlock, ChartType, Dimension
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import Axis, Mark, Series
from crmsheet.structs import dataclass

_PLAIN: Final = "#,##0"
SLICES: Final = 5
BARS: Final = 12
"""Values shown where the spec does not say how many."""
_LONGEST: Final = {Language.ZH: 7, Language.EN: 12}
PALE: Final = "8FC1E3"
"""The accent, lighter: what is not yet, or was before."""
GREY: Final = "9CA3AF"
DARK_GREY: Final = "6B7280"
LOSS: Final = "D55E00"
NO_AXIS: Final = Axis()


@dataclass(frozen=True, slots=True)
class Plot:
    """How a chart shows its block: the hidden cells behind it, its series, and what its note says.

    `window` is the time shown, in words; `n` the number of cases. `pairs` is what `calc[0]` costs.
    """

    mark: Mark
    series: tuple[Series, ...]
    calc: tuple[Block, ...]
    window: Node | str
    values: Axis
    pairs: int = 0
    second: Axis = NO_AXIS
    across: Axis = NO_AXIS
    stacked: bool = False
    share: bool = False
    overlaid: bool = False
    legend: bool = False
    data_labels: bool = False
    gap: int = 60
    remarks: tuple[Node | str, ...] = ()
    n: Node | None = None
    fillings: tuple[tuple[str, Filling], ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A chart block being compiled."""

    context: Context
    board: Board
    block: ChartBlock

    @property
    def by(self) -> Dimension:
        assert self.block.by is not None
        return self.block.by

    @property
    def timed(self) -> bool:
        return self.block.by is not None and self.block.by.grain is not None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(self.context.model.metric(m) for m in self.block.metrics)

    def anchor(self, part: str = "") -> str:
        """The hidden block behind the chart, or a further one."""
        base = calc_anchor(self.board.id, self.block.id)
        return f"{base}.{part}" if part else base

    def format(self, metric: Metric) -> str:
        return metric_format(self.context, metric, Shown.AXIS)

    def axis(self, metrics: Iterable[Metric] = (), *, bars: bool = True, title: str = "") -> Axis:
        """The axis of values of these metrics, or of all; bars begin at 0."""
        shown = tuple(metrics) or self.metrics
        if self.block.share:
            return Axis("0%", title)
        codes = {self.format(m) for m in shown}
        # Money and counts on one axis: neither's unit would be true of the other.
        code = codes.pop() if len(codes) == 1 else _PLAIN
        zero = bars and all(never_negative(self.context.model, m) for m in shown)
        return Axis(code, title, from_zero=zero, log=self.block.log)

    def grid(
        self,
        *,
        metrics: tuple[str, ...] = (),
        top: int | None = None,
        positive: bool = False,
        filled: bool = False,
        window: Window | None = None,
        part: str = "",
    ) -> Grid:
        """The numbers by the chart's dimension."""
        block = self.block
        request = GridRequest(
            self.anchor(part),
            metrics or block.metrics,
            self.by,
            block.ignores,
            top=top,
            last=block.last,
            positive=positive,
            filled=filled,
            limit=Name(block.top) if isinstance(block.top, str) else None,
            omit=block.omit,
            least=Name(block.min_share) if isinstance(block.min_share, str) else block.min_share,
            window=window,
        )
        return grid(self.context, self.board, request)


def shown_values(
    context: Context, anchor: str, by: Dimension, top: int | str | None, most: int
) -> int | None:
    """How many values are shown at most; None for all, in their own order.

    What is not said follows from the number of values: a ranking when there are more than `most`.
    """
    if by.grain is not None:
        return None
    if isinstance(top, str):
        return room(context.model, top)
    if top is not None:
        return top
    built = context.sizes.get(anchor, (0, 0))[0]
    if built:
        # As it was built, whatever the number of values is by now: only a ranking is as high as this.
        return most if built > 2 * most + FIXED else None
    return most if values(context, by).known > most else None


def room(model: Model, setting_id: str) -> int:
    """How many values a chart must have room for whose number is a setting."""
    setting = next(s for s in model.settings if s.id == setting_id)
    return int(setting.maximum or 1)


def ranked(sketch: Sketch, most: int) -> int | None:
    """As `shown_values`, for the chart's own dimension; whoever leaves out small shares ranks."""
    found = shown_values(sketch.context, sketch.anchor(), sketch.by, sketch.block.top, most)
    return most if found is None and sketch.block.min_share is not None and not sketch.timed else found


def never_negative(model: Model, metric: Metric) -> bool:
    """Whether a metric cannot be below 0 by its definition, so that its axis may be cut there."""
    match metric.type:
        case MetricType.SIMPLE if metric.agg in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
            return True
        case MetricType.SIMPLE if metric.field:
            low = path_field(model, metric.table, metric.field).minimum
            return isinstance(low, Number) and low.value >= 0
        case MetricType.RATIO:
            pair = (model.metric(metric.numerator), model.metric(metric.denominator))
            return all(never_negative(model, m) for m in pair)
        case _:
            return False


def cut(sketch: Sketch, name: Node, times: int = 1) -> Node:
    """A name as it fits below a column, or `times` as long: long ones would leave no room for the columns."""
    most = _LONGEST[sketch.context.language] * times
    return if_(op(call("LEN", name), ">", most), joined(call("LEFT", name, most - 1), "…"), name)


def color_of(index: int) -> str:
    """The colour of one of several series that are alike in rank."""
    return theme.CATEGORICAL[index % len(theme.CATEGORICAL)]


def last_row(sketch: Sketch, numbers: Grid) -> int:
    """The last row a chart shows: by values the rest is shown as well."""
    return numbers.bottom if sketch.timed else numbers.other


def label_format(code: str) -> str:
    """A format for labels beside bars: nothing where there is nothing."""
    return code if ";" in code else f"{code};-{code};"


def axis_unit(context: Context, metric: Metric) -> str:
    """The unit in which the axis counts."""
    name = unit(context, metric)
    code = metric_format(context, metric, Shown.AXIS)
    if name and "万" in code:
        return "万" + name
    return "thousand " + name if name and '"K"' in code else name


def metric_series(sketch: Sketch, numbers: Grid, metric: Metric, color: str, bottom: int) -> Series:
    """A metric's column of a grid."""
    return Series(
        numbers.head(metric.id),
        numbers.labels(bottom),
        numbers.values(metric.id, bottom),
        color,
        number_format=label_format(sketch.format(metric)),
    )


def accented(numbers: Grid, color: str = ACCENT) -> tuple[str, ...]:
    """One colour for all values, grey for the rest."""
    return (*([color] * numbers.rows), theme.OTHER)


def target_area(numbers: Grid) -> tuple[Spot, Area]:
    """Head and cells of a grid's targets."""
    anchor, column = numbers.block.anchor, numbers.target
    return Spot(anchor, numbers.top - 1, column), Area(anchor, numbers.top, column, numbers.bottom, column)


KINDS_OF_BARS: Final = (ChartType.BAR, ChartType.COLUMN)
