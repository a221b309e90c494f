"""Metrics of the Model, by dbt's types, and the targets they are measured against.

Knows what a figure means; not how it is computed in cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crmsheet.formulas.tree import Node
from crmsheet.model.words import Label


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
class Metric:
    """A measure by dbt's types. `time` empty: a stock, the same in every period."""

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
    """Of derived: a tree over `Measure` nodes."""
    target: Target | None = None
