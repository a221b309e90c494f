"""SUMPRODUCT over equality, answered from an index.

Knows the shape `(column=value)*(column>value)*…*column` and when leaving non-matching rows out cannot
change the result (no errors, no texts in the factors). Everything else is left to the plain computation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from crmsheet.excel.numbers import to_fifteen_digits
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import BINARY, checked
from crmsheet.formulas.tree import Binary, Call, Column, Node, Number, Unary, walk
from crmsheet.structs import dataclass

_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
_MIRRORED: Final = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_Key: TypeAlias = float | str | tuple[str, str | bool] | None


@dataclass(frozen=True, slots=True)
class _Comparison:
    column: Column
    op: str
    value: Node


def fast_sumproduct(
    node: Call,
    scalar: Callable[[Node], Scalar],
    cells: Callable[[Node], Callable[[int], Argument]],
    indexes: Indexes,
) -> Callable[[Scalar], Scalar] | None:
    """A maker of the fast call, to be given the plain one; None when the shape is another."""
    factors: list[Node] = []
    for argument in node.arguments:
        inner = _factors(argument)
        if len(node.arguments) > 1 and any(isinstance(f, Binary) for f in inner) and not _numeric(argument):
            return None
        factors.extend(inner)
    if len(node.arguments) == 1 and not _numeric(node.arguments[0]):
        return None
    comparisons: list[_Comparison] = []
    columns: list[Column] = []
    for factor in factors:
        match factor:
            case Column():
                columns.append(factor)
            case Binary(op=op, left=Column() as column, right=value) if op in _COMPARISONS:
                comparisons.append(_Comparison(column, op, value))
            case Binary(op=op, left=value, right=Column() as column) if op in _COMPARISONS:
                comparisons.append(_Comparison(column, _MIRRORED[op], value))
            case Number(1):
                pass
            case _:
                return None
    if not any(c.op == "=" for c in comparisons):
        return None
    if any(isinstance(n, Column) for c in comparisons for n in walk(c.value)):
        return None
    tests = [(cells(c.column), c.op, scalar(c.value)) for c in comparisons]
    tests.sort(key=lambda test: test[1] != "=")
    factors_of = [cells(column) for column in columns]
    return lambda plain: _fast(tests, factors_of, indexes, plain)


def _fast(
    tests: Sequence[tuple[Callable[[int], Argument], str, Scalar]],
    factors: Sequence[Callable[[int], Argument]],
    indexes: Indexes,
    plain: Scalar,
) -> Scalar:
    clean: bool | None = None
    ranges: list[RangeValue] = []
    multiplied: list[RangeValue] = []

    def run(row: int) -> Value:
        nonlocal clean
        if clean is None:
            ranges.extend(_as_range(cells(row)) for cells, _, _ in tests)
            multiplied.extend(_as_range(cells(row)) for cells in factors)
            length = len(ranges[0])
            clean = all(len(r) == length and not _dirty(indexes, r, numeric=False) for r in ranges) and all(
                len(r) == length and not _dirty(indexes, r, numeric=True) for r in multiplied
            )
        if not clean:
            return plain(row)
        values = [value(row) for _, _, value in tests]
        if any(isinstance(value, ExcelError) for value in values):
            return plain(row)
        positions = _equal_positions(indexes, ranges[0], values[0])
        for (_, op, _), cells, value in zip(tests[1:], ranges[1:], values[1:], strict=True):
            operation, column = BINARY[op], cells.cells
            positions = [at for at in positions if operation(column[at], value) is True]
        if not multiplied:
            return len(positions)
        lists = [indexes.numbers(r).values for r in multiplied]
        answer = math.fsum(math.prod(numbers[at] for numbers in lists) for at in positions)
        return int(answer) if answer.is_integer() and abs(answer) < 2**53 else checked(answer)

    return run


def _as_range(value: Argument) -> RangeValue:
    assert isinstance(value, RangeValue)
    return value


def _dirty(indexes: Indexes, cells: RangeValue, *, numeric: bool) -> bool:
    """Whether a column holds what makes a product an error: errors, or texts where it is multiplied."""

    def compute() -> bool:
        bad = (ExcelError, str, bool) if numeric else (ExcelError,)
        return any(isinstance(cell, bad) for cell in cells.cells)

    return indexes.remembered(f"dirty {numeric}", cells, compute)


def _equal_positions(indexes: Indexes, cells: RangeValue, value: Value) -> Sequence[int]:
    """Positions at which `=` holds: a blank equals 0, empty text and FALSE."""

    def compute() -> dict[_Key, list[int]]:
        found: dict[_Key, list[int]] = {}
        for position, cell in enumerate(cells.cells):
            found.setdefault(_equality_key(cell), []).append(position)
        return found

    places = indexes.remembered("equal", cells, compute)
    if value is None:
        blank_like: tuple[_Key, ...] = (None, 0, ("text", ""), ("boolean", False))
        return [at for key in blank_like for at in places.get(key, ())]
    found = places.get(_equality_key(value), ())
    if value in (0, "") and None in places:
        return [*found, *places[None]]
    return found


def _equality_key(cell: Value) -> _Key:
    if isinstance(cell, str):
        return ("text", cell.lower())
    if isinstance(cell, bool):
        return ("boolean", cell)
    if isinstance(cell, int | float):
        return to_fifteen_digits(cell)
    return None


def _factors(node: Node) -> list[Node]:
    """The factors of a product, double minus signs taken off."""
    match node:
        case Binary(op="*", left=left, right=right):
            return _factors(left) + _factors(right)
        case Unary(op="-", operand=Unary(op="-", operand=inner)):
            return [inner]
        case _:
            return [node]


def _numeric(node: Node) -> bool:
    """Whether an argument gives numbers, not logical values, which SUMPRODUCT would take for zeros."""
    match node:
        case Binary(op="*") | Unary(op="-"):
            return True
        case Column():
            return True
        case _:
            return False
