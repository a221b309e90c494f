"""Report sheets of the Model: selectors, dimensions and every kind of block.

Knows what a board shows; not how it looks nor where it stands.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from crmsheet.formulas.tree import Node
from crmsheet.model.words import Label
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Selector:
    """A drop-down on a board. `period` chooses a window of time; others choose a value.

    `paths` gives, for each fact table, the path of the filtered dimension: a field id, or
    `reference.field`. `list` or `table` says where the choices come from. A `record` selector chooses one
    row of `table`, always, by its key.
    """

    id: str
    label: Label
    paths: tuple[tuple[str, str], ...] = ()
    list: str = ""
    table: str = ""
    default: str = ""
    """Of period: the window's id, such as `this_month`; of others an item id; empty means All, of a record
    the first row."""
    offer_blank: bool = False
    record: bool = False

    @property
    def is_period(self) -> bool:
        return self.id == "period"

    def path(self, table: str) -> str:
        return dict(self.paths).get(table, "")


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a table or chart is broken down by: a grain of time, or a value reached by a path per table."""

    id: str
    label: Label
    grain: Grain | None = None
    paths: tuple[tuple[str, str], ...] = ()
    list: str = ""
    table: str = ""

    def path(self, table: str) -> str:
        return dict(self.paths).get(table, "")


@dataclass(frozen=True, slots=True)
class Card:
    metric: str
    ignores: tuple[str, ...] = ()
    """Selector ids that this card does not follow; it says so."""


@dataclass(frozen=True, slots=True)
class CardsBlock:
    id: str
    cards: tuple[Card, ...]
    title: Label | None = None
    trend: int = 0
    """Months of the small line in each card; 0 for none."""


class ChartType(StrEnum):
    LINE = "line"
    BAR = "bar"
    COLUMN = "column"
    DOUGHNUT = "doughnut"
    COMBO = "combo"
    SCATTER = "scatter"
    PARETO = "pareto"
    FUNNEL = "funnel"
    BULLET = "bullet"
    WATERFALL = "waterfall"
    CONTROL = "control"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart of `metrics`, all of them; `line` are those that a combo draws as lines on the second axis.

    `top` and `min_share` may be the id of a setting. A funnel of several metrics and a history have
    no `by`.
    """

    id: str
    type: ChartType
    metrics: tuple[str, ...]
    by: Dimension | None
    title: Label | None = None
    last: int = 12
    top: int | str | None = None
    ignores: tuple[str, ...] = ()
    stacked: bool = False
    share: bool = False
    """Stacked to 100 %."""
    series: Dimension | None = None
    """What each value of `by` is broken down by in turn: a series a value."""
    line: tuple[str, ...] = ()
    forecast: int = 0
    """How many periods to come."""
    moving_average: int = 0
    """Over how many periods."""
    log: bool = False
    trendline: bool = False
    min_share: float | str | None = None
    """Values with less than this share of the total go into "other"."""
    omit: tuple[str, ...] = ()
    """Items of the list behind `by` that are not shown by themselves."""


@dataclass(frozen=True, slots=True)
class HeatBlock:
    """A metric by two dimensions, in cells coloured by their value."""

    id: str
    metric: str
    by: Dimension
    across: Dimension
    title: Label | None = None
    last: int = 12
    top: int | str | None = None
    ignores: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        return (self.metric,)


class Figure(StrEnum):
    """What a table shows of a metric."""

    VALUE = "value"
    PREVIOUS = "previous"
    CHANGE = "change"
    TARGET = "target"
    ATTAINMENT = "attainment"


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a ranked table tells of its rows: place, share of the total, running share, class.

    `limits` are the running shares at which class A and class B end: numbers, or settings by name.
    """

    rank: bool = False
    share: bool = False
    cumulative: bool = False
    limits: tuple[float | str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableBlock:
    """`sort` orders the rows by a metric, all of them; `top` shows the largest only."""

    id: str
    metrics: tuple[str, ...]
    by: Dimension
    title: Label | None = None
    totals: bool = False
    last: int = 12
    top: int | None = None
    ignores: tuple[str, ...] = ()
    figures: tuple[tuple[str, tuple[Figure, ...]], ...] = ()
    """Of metrics that show more than their value."""
    sort: str = ""
    descending: bool = True
    ranking: Ranking = Ranking()
    omit: tuple[str, ...] = ()
    """As of a chart."""

    def shown(self, metric: str) -> tuple[Figure, ...]:
        return dict(self.figures).get(metric, (Figure.VALUE,))

    @property
    def width(self) -> int:
        """How many columns it has besides the labels."""
        ranking = self.ranking
        told = (ranking.rank, ranking.share, ranking.cumulative, bool(ranking.limits))
        return sum(len(self.shown(m)) for m in self.metrics) + sum(told)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list of rows: a path from the listed table."""

    path: str
    label: Label


@dataclass(frozen=True, slots=True)
class ListBlock:
    """The rows of `table` for which `where` holds, at most `limit`, live."""

    id: str
    table: str
    columns: tuple[ListColumn, ...]
    title: Label | None = None
    where: Node | None = None
    sort: str = ""
    descending: bool = True
    limit: int = 15
    paths: tuple[tuple[str, str], ...] = ()
    """Selector id to the path it filters in this table; selectors without one are ignored."""
    empty: Label | None = None
    """What stands in the first row when there are none."""
    link: bool = False
    """The first column leads to the row on its entry sheet."""


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """Fields of the row that a record selector has chosen, as labels and values."""

    id: str
    table: str
    fields: tuple[ListColumn, ...]
    title: Label | None = None


@dataclass(frozen=True, slots=True)
class KpiBlock:
    """Rows of metrics: value, previous window, change, target, attainment, status, n, definition."""

    id: str
    metrics: tuple[str, ...]
    title: Label | None = None
    ignores: tuple[str, ...] = ()
    trend: int = 0
    """Months of the small line in each row; 0 for none."""


class AnalysisType(StrEnum):
    """What only refresh can compute, by the words that statistics and CRM use."""

    INSIGHTS = "insights"
    COHORT_RETENTION = "cohort_retention"
    FORECAST = "forecast"
    ALARMS = "alarms"
    DECOMPOSITION = "decomposition"
    WHITE_SPACE = "white_space"
    ASSOCIATION = "association"
    CLV = "clv"
    SURVIVAL = "survival"
    WIN_LOSS = "win_loss"
    STAGES = "stages"
    SLIP = "slip"
    EFFECTS = "effects"
    CHANGES = "changes"
    STAGE_CHANCES = "stage_chances"
    STAGE_CONVERSION = "stage_conversion"
    TIMELINESS = "timeliness"
    CORRELATION = "correlation"
    FORECAST_ACCURACY = "forecast_accuracy"


@dataclass(frozen=True, slots=True)
class AnalysisBlock:
    """A statistic over the rows behind `metrics`, written as values at build and refresh.

    `entity` is whose rows belong together, `by` what the metrics are broken down by, `across` what that is crossed
    with. `last` counts months that are over.
    """

    id: str
    type: AnalysisType
    metrics: tuple[str, ...]
    entity: Dimension | None = None
    by: tuple[Dimension, ...] = ()
    across: Dimension | None = None
    title: Label | None = None
    last: int = 12
    top: int = 10
    """How many rows it has room for."""
    figures: tuple[tuple[str, str], ...] = ()
    """Of effects: items of what the first of `by` chooses, each with the metric that it stands for."""


@dataclass(frozen=True, slots=True)
class NoteBlock:
    id: str
    text: Label
    title: Label | None = None


Block: TypeAlias = (
    CardsBlock
    | ChartBlock
    | HeatBlock
    | TableBlock
    | ListBlock
    | RecordBlock
    | KpiBlock
    | AnalysisBlock
    | NoteBlock
)


@dataclass(frozen=True, slots=True)
class Board:
    """A report sheet: selectors on top, blocks below."""

    id: str
    label: Label
    selectors: tuple[Selector, ...] = ()
    blocks: tuple[Block, ...] = ()
    help: Label | None = None
    renamed_from: str = ""
