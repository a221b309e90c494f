"""Operations on values applied to ranges, and answers that are the same for every row.

Knows how arrays of different shapes meet. Does not know trees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Argument
from crmsheet.formulas.ranges import RangeValue

_UNSET: Final = object()


def same_for_all(compute: Callable[[int], Argument]) -> Callable[[int], Value]:
    """The same answer for every row, computed when first asked for.

    Typed for values; where cells are wanted they come through all the same.
    """
    known: object = _UNSET

    def answer(row: int) -> Value:
        nonlocal known
        if known is _UNSET:
            known = compute(row)
        return known  # type: ignore[return-value] # set just above

    return answer


def only_value(value: Argument) -> Value:
    """The value of a reference to one cell; several cells are no value."""
    if isinstance(value, RangeValue):
        return value.at(0, 0) if len(value) == 1 else ExcelError.VALUE
    return value


def lifted(operation: Callable[..., Value], arguments: Sequence[Argument]) -> Argument:
    """An operation applied to arrays cell by cell; single rows and columns are stretched, gaps are #N/A."""
    arrays = [a for a in arguments if isinstance(a, RangeValue) and len(a) > 1]
    if not arrays:
        return operation(*[only_value(argument) for argument in arguments])
    rows, columns = max(a.rows for a in arrays), max(a.columns for a in arrays)
    size = rows * columns
    parts: list[Sequence[Value]] = []
    for argument in arguments:
        if not isinstance(argument, RangeValue):
            parts.append((argument,) * size)
        elif (argument.rows, argument.columns) == (rows, columns):
            parts.append(argument.cells)
        else:
            parts.append(stretched(argument, rows, columns))
    cells = [operation(*values) for values in zip(*parts, strict=True)]
    return RangeValue(rows, columns, cells, computed=True)


def stretched(array: RangeValue, rows: int, columns: int) -> list[Value]:
    cells: list[Value] = []
    for row in range(rows):
        for column in range(columns):
            at_row = 0 if array.rows == 1 else row
            at_column = 0 if array.columns == 1 else column
            inside = at_row < array.rows and at_column < array.columns
            cells.append(array.at(at_row, at_column) if inside else ExcelError.NA)
    return cells
