"""Whether a statistic may be shown: the gates that every analysis passes.

Knows the reasons for which there is no honest number. Does not know the words for them.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.structs import dataclass


class Gate(StrEnum):
    """What a result may be used for."""

    OK = "ok"
    FEW = "few"
    """Shown with a warning: enough to compute, too few to rely on."""
    SMALL_N = "small_n"
    """Not shown: too few observations."""
    NO_VARIANCE = "no_variance"
    """Not shown: all observations are equal."""
    NOT_IDENTIFIED = "not_identified"
    """Not shown: the model has no finite answer for these data."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with what it rests on; `value` is None when the gate is closed."""

    value: float | None
    n: int
    gate: Gate = Gate.OK


def closed(n: int, gate: Gate = Gate.SMALL_N) -> Estimate:
    """No number, and why."""
    return Estimate(None, n, gate)
