"""Metrics of the Model, by dbt's types, and the targets they are measured against.

Knows what a figure means; not how it is computed in cells.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.formulas.tree import Node
from crmsheet.model.words import Label
from crmsheet.structs import dataclass


class Aggregation(StrEnum):
    SUM = "sum"
    COUNT = "count"
    AVERAGE = "avg"
    MIN = "min"
    MAX = "max"
    COUNT_DISTINCT = "count_distinct"
    MEDIAN = "median"


class MetricType(StrEnum):
    SIMPLE = "simple"
    RATIO = "ratio"
    DERIVED = "derived"
    CUMULATIVE = "cumulative"
    CONVERSION = "conversion"


class TimeUnit(StrEnum):
    """The units of a length of time, and the grains to whose beginning a cumulative metric goes back."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class PeriodAgg(StrEnum):
    """Which end of a window a cumulative metric looks back from, in dbt's words."""

    LAST = "last"
    FIRST = "first"


class Good(StrEnum):
    """Which direction of change is good."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Target:
    """Targets kept as rows of an entry table: the sum of `field` over rows that fit.

    `by` pairs a selector or dimension id with the field of the target table that names its value;
    `time` is the month field.
    """

    table: str
    field: str
    where: Node | None = None
    by: tuple[tuple[str, str], ...] = ()
    time: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: 12 months, or as many as a setting says."""

    count: int | str
    unit: TimeUnit
    within: bool = False
    """Whether what is exactly so long ago still belongs to it: within three months of 15 March is 15 December."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """While `when` holds, an expression over metrics, there is no number, and `reason` says why."""

    when: Node
    reason: Label


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure by dbt's types. `time` empty: a stock, the same in every period.

    A simple metric with `having` or `expr` counts rows of `table` by what metrics are for each of them:
    `via` gives, for each fact table, the reference that leads to such a row.
    """

    id: str
    label: Label
    type: MetricType
    description: Label | None = None
    format: str = ""
    good: Good = Good.UP
    min_n: int = 0
    table: str = ""
    agg: Aggregation = Aggregation.COUNT
    field: str = ""
    time: str = ""
    filter: Node | None = None
    numerator: str = ""
    denominator: str = ""
    expr: Node | None = None
    """Of derived, and of simple for each row: a tree over `Measure` nodes."""
    target: Target | None = None
    having: Node | None = None
    top: int | None = None
    """Of simple with `expr`: only so many rows, the largest."""
    via: tuple[tuple[str, str], ...] = ()
    metric: str = ""
    """Of cumulative: what is accumulated."""
    window: Span | None = None
    """Of cumulative: how far back; of conversion: how long after the base event."""
    grain_to_date: TimeUnit | None = None
    whole: bool = False
    """Of cumulative with `grain_to_date`: to the end of that grain, days to come included."""
    period_agg: PeriodAgg = PeriodAgg.LAST
    offset_window: Span | None = None
    """Of derived: its metrics are taken from a window that lies so much earlier."""
    base: str = ""
    conversion: str = ""
    entity: str = ""
    """Of conversion: the table whose rows convert; `via` leads there from the other fact tables."""
    sample: str = ""
    """The metric that says over how many records a derived one was taken."""
    not_applicable: tuple[NotApplicable, ...] = ()
    definition: Label | None = None
    """The formula in words."""
    edge: Label | None = None
    """What happens at the edges: nothing to divide by, returns, records too new."""
    source: Label | None = None

    @property
    def per_row(self) -> bool:
        """Whether it is computed from what other metrics are for each row of its table."""
        return self.having is not None or (self.type is MetricType.SIMPLE and self.expr is not None)
