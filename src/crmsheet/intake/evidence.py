"""What a whole column tells about each of its values: the order of days and months, what a percentage counts.

Knows that one value alone often leaves it open. Does not convert anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsheet.intake.dates import DateOrder, Ordering, ordering
from crmsheet.intake.grids import Raw
from crmsheet.intake.numbers import written_number
from crmsheet.model.spec import Field, FieldType
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a whole column tells about each of its values."""

    order: Ordering = Ordering(DateOrder.MONTH)
    points: bool = False
    """Of a percent field: numbers without a sign are hundredths (30 for 30 %)."""


def evidence(field: Field, values: Iterable[Raw]) -> Evidence:
    """What the raw values of a field tell together. Where they leave it open, the month stands before the day, as
    in Excel's own setting."""
    if field.type in (FieldType.DATE, FieldType.DATETIME):
        return Evidence(ordering(values))
    if field.type is FieldType.PERCENT:
        return Evidence(points=_in_points(values))
    return Evidence()


def _in_points(values: Iterable[Raw]) -> bool:
    """Whether numbers of a percent column, all whole and some above 1, count hundredths."""
    numbers: list[float] = []
    for value in values:
        if isinstance(value, bool):
            return False
        if isinstance(value, int | float):
            numbers.append(value)
        elif isinstance(value, str) and value.strip():
            if "%" in value or "％" in value:
                continue
            number = written_number(value)
            if number is not None:
                numbers.append(number)
    return bool(numbers) and max(numbers) > 1 and all(0 <= n <= 100 and n == int(n) for n in numbers)
