"""The form of metrics, in dbt's words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from crmsheet.model.metrics import Aggregation, Good
from crmsheet.spec.shapes.words import Expression, Flag, LabelText, Shape, Text, Whole, mapping, word


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
    extend: Flag = False
    """Changes what is named here of the metric of this id that an included file defines."""
