"""The form of metrics, in dbt's words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from crmsheet.model.metrics import Aggregation, Good, PeriodAgg, TimeUnit
from crmsheet.spec.shapes.words import (
    Expression,
    Flag,
    LabelText,
    Shape,
    Text,
    Whole,
    mapping,
    sequence,
    word,
)


class MetricWord(StrEnum):
    """dbt's metric types."""

    SIMPLE = "simple"
    RATIO = "ratio"
    DERIVED = "derived"
    CUMULATIVE = "cumulative"
    CONVERSION = "conversion"


class TargetShape(Shape):
    """Targets kept as rows of a table."""

    table: Text
    field: Text
    where: Expression | None = None
    by: Annotated[dict[str, Text], mapping] = Field(default_factory=dict)
    """Selector or dimension id: the field of the target table that names its value."""
    time: Text | None = None
    """The field with the month; any day of it."""


class NotApplicableShape(Shape):
    """While a condition over metrics holds, there is no number."""

    when: Expression
    reason: LabelText
    """What stands there instead, in few words."""


class MetricShape(Shape):
    """A metric: an aggregate over a table, a ratio of two, or an expression over metrics."""

    type: Annotated[MetricWord, BeforeValidator(word(MetricWord))]
    label: LabelText | None = None
    description: LabelText | None = None
    format: Text | None = None
    good: Annotated[Good, BeforeValidator(word(Good))] = Good.UP
    """Which direction of change is good."""
    min_n: Whole = 0
    """Of ratio: with fewer cases than this in the denominator, no value is shown."""
    table: Text | None = None
    agg: Annotated[Aggregation, BeforeValidator(word(Aggregation))] | None = None
    field: Text | None = None
    time: Text | None = None
    """The date that places a row in a period; without it the metric is a stock, the same in every period."""
    filter: Expression | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    expr: Expression | None = None
    target: TargetShape | None = None
    having: Expression | None = None
    """Of simple: a condition over what metrics are for each row of the table."""
    top: Whole | None = None
    """Of simple with `expr`: only so many rows, the largest."""
    via: Annotated[dict[str, Text], mapping] = Field(default_factory=dict)
    """Fact table: its reference to the table counted, where there are several."""
    metric: Text | None = None
    """Of cumulative: what is accumulated."""
    window: Text | None = None
    """A length of time: `12 months`, `stale_months months` with a setting's id, `within 3 months` with that day."""
    grain_to_date: Annotated[TimeUnit | None, BeforeValidator(word(TimeUnit))] = None
    whole: Flag = False
    """Of cumulative with `grain_to_date`: to the end of that grain, days to come included."""
    period_agg: Annotated[PeriodAgg, BeforeValidator(word(PeriodAgg))] = PeriodAgg.LAST
    offset_window: Text | None = None
    """Of derived: the metrics of a window so much earlier."""
    base: Text | None = None
    conversion: Text | None = None
    entity: Text | None = None
    """Of conversion: whose rows convert: a table, or the reference that leads there."""
    sample: Text | None = None
    """Of derived: the metric with the number of cases."""
    not_applicable: Annotated[tuple[NotApplicableShape, ...], sequence] = ()
    definition: LabelText | None = None
    edge: LabelText | None = None
    source: LabelText | None = None
    extend: Flag = False
    """Changes what is named here of the metric of this id that an included file defines."""
