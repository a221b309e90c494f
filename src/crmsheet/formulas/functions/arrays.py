"""SUMPRODUCT: the one function that computes whole columns cell by cell.

Knows how computed arrays are multiplied and added. The arrays come from the evaluator.
"""

from __future__ import annotations

import math
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Argument, Function, Type, ranges
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue, single
from crmsheet.formulas.semantics import checked


def _sumproduct(_indexes: Indexes, *arguments: Argument) -> Value:
    arrays = [a if isinstance(a, RangeValue) else single(a) for a in arguments]
    shape = (arrays[0].rows, arrays[0].columns)
    if any((array.rows, array.columns) != shape for array in arrays):
        return ExcelError.VALUE
    products: list[float] | None = None
    for array in arrays:
        values: list[float] = []
        for cell in array.cells:
            kind = cell.__class__
            if kind is float or kind is int:
                values.append(cell)  # type: ignore[arg-type] # its class was looked at
            elif isinstance(cell, ExcelError):
                return cell
            else:
                values.append(0)
        products = values if products is None else [a * b for a, b in zip(products, values, strict=True)]
    assert products is not None
    answer = math.fsum(products)
    return int(answer) if answer.is_integer() and abs(answer) < 2**53 else checked(answer)


FUNCTIONS: Final[tuple[Function, ...]] = (ranges("SUMPRODUCT", "array array*", Type.NUMBER, _sumproduct),)
