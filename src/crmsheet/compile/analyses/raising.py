"""An alarm as analyses tell it, and which movements are bad.

Knows metrics. Does not know any rule.
"""

from __future__ import annotations

from crmsheet.analysis.alarms import Rule
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Good, Metric
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm: of which metric, in which group of which dimension (None: all rows), in which month, by which rule.

    `usual` is what the value is measured against: the mean of the baseline, the value before, the year before.
    """

    metric: Metric
    dimension: Dimension | None
    group: str
    month: int
    rule: Rule
    value: float
    bound: float
    usual: float
    n: int
    chance: float
    """How likely chance alone would bring it."""
    rises: bool = False


def is_bad(metric: Metric, *, rises: bool) -> bool:
    return metric.good is Good.NONE or (metric.good is Good.DOWN) == rises
