"""Cohorts: of those who first bought in a month, how many bought again in each later one.

Knows months as numbers (year * 12 + month - 1). Does not know dates, orders nor colours.

Source: the customer retention triangle by month of first purchase.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crmsheet.analysis.gates import Estimate, Gate, closed
from crmsheet.structs import dataclass

LEAST_COHORT: Final = 10
"""A share of fewer customers is shown with a warning."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers of one first month. `active[k]` of them bought k months later; months not over are absent."""

    month: int
    size: int
    active: tuple[int, ...]

    def retention(self, age: int) -> Estimate:
        """The share active at an age in months; no number for an age not reached yet."""
        if not 0 <= age < len(self.active):
            return closed(self.size)
        return Estimate(
            self.active[age] / self.size, self.size, Gate.OK if self.size >= LEAST_COHORT else Gate.FEW
        )


def triangle(purchases: Iterable[tuple[str, int]], last: int) -> list[Cohort]:
    """The cohorts of (customer, month) pairs up to and with `last`, the last month that is over.

    Each purchase month counts once for a customer. Purchases after `last` are left out: a month still running
    would look like a loss.
    """
    months: dict[str, set[int]] = {}
    for customer, month in purchases:
        if month <= last:
            months.setdefault(customer, set()).add(month)
    members: dict[int, list[set[int]]] = {}
    for seen in months.values():
        members.setdefault(min(seen), []).append(seen)
    return [
        Cohort(
            month,
            len(members[month]),
            tuple(sum(at in seen for seen in members[month]) for at in range(month, last + 1)),
        )
        for month in sorted(members)
    ]


def pooled(cohorts: Iterable[Cohort], age: int) -> Estimate:
    """Retention at an age over all cohorts that have reached it, weighted by their sizes."""
    reached = [c for c in cohorts if len(c.active) > age]
    size = sum(c.size for c in reached)
    if not size:
        return closed(0)
    share = sum(c.active[age] for c in reached) / size
    return Estimate(share, size, Gate.OK if size >= LEAST_COHORT else Gate.FEW)
