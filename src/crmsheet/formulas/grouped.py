"""SUMIFS and its family asked by many rows at once: the cells that they choose among are put in groups once.

Knows which criteria choose a group; all others are answered one by one. Which cells match, how they are found and
folded: `criteria`, `indexes`, `functions.conditional`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.criteria import Criterion, Equal, criterion
from crmsheet.formulas.functions.conditional import FOLDS
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue

NAMES: Final = frozenset(("COUNTIFS", *FOLDS))
"""The functions that can be asked so."""
Tests: TypeAlias = Sequence[Criterion | ExcelError]


def tests_of(indexes: Indexes, wanted: RangeValue) -> Tests:
    """The criteria that cells hold."""

    def compute() -> Tests:
        if bool in set(map(type, wanted.cells)):
            # TRUE is equal to 1 and another criterion.
            return list(map(criterion, wanted.cells))
        known = {value: criterion(value) for value in set(wanted.cells)}
        return [known[value] for value in wanted.cells]

    return indexes.remembered("criteria", wanted, compute)


def folded(
    indexes: Indexes,
    name: str,
    cells: RangeValue | None,
    asked: tuple[RangeValue, Tests],
    fixed: Sequence[tuple[RangeValue, Value]],
) -> list[Value] | None:
    """The answers to each of the criteria of one range, with others that are the same for all; `cells` are what is
    folded, nothing where they are counted. None where arguments are not as they should be."""
    where, tests = asked
    ranges = [where, *(one for one, _ in fixed)]
    shape = where if cells is None else cells
    if any(one.rows != shape.rows or one.columns != shape.columns for one in ranges):
        return None
    others: list[Criterion] = []
    for _, value in fixed:
        test = criterion(value)
        if isinstance(test, ExcelError):
            return None
        others.append(test)
    groups = indexes.group((where,))
    passing: set[int] | None = None
    if others:
        found = indexes.rows(ranges[1:], others)
        # A criterion that only asks for numbers often holds everywhere.
        passing = None if len(found) == len(where) else set(found)
    fold = FOLDS.get(name)
    answers: list[Value] = []
    for test in tests:
        if isinstance(test, Equal) and len(test.keys) == 1:
            rows: Sequence[int] = groups.get(test.keys[0], ())
            if passing is not None:
                rows = [row for row in rows if row in passing]
        elif isinstance(test, ExcelError):
            answers.append(test)
            continue
        else:
            rows = indexes.rows(ranges, [test, *others])
        answers.append(len(rows) if fold is None or cells is None else fold(indexes, cells, rows))
    return answers
