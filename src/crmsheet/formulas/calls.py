"""Calls of functions as closures: compiled arguments and an implementation become a compiled call.

Knows which arguments pass errors on by themselves and which are looked at by the function. Does not know nodes
(`evaluate` compiles the arguments) nor any function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, cast

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas import semantics
from crmsheet.formulas.functions import Function, Kind, Style
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.lifting import lifted

Ranged: TypeAlias = Callable[[int], Argument]
"""A compiled argument that may be cells: from the row to a range or a value."""
Implementation: TypeAlias = Callable[..., Value]

RANGE_KINDS: Final = frozenset((Kind.RANGE, Kind.REFERENCE, Kind.ARRAY))
KEEPS_ERRORS: Final = frozenset((Kind.ANY, Kind.CRITERION))
COERCIONS: Final[dict[Kind, Callable[[Value], Value]]] = {
    Kind.NUMBER: semantics.number,
    Kind.DATE: semantics.number,
    Kind.TEXT: semantics.text,
    Kind.BOOLEAN: semantics.boolean,
}


def implementation(function: Function) -> Implementation:
    """What answers with a value; lazy functions, which answer with a closure, have none."""
    assert function.style is not Style.LAZY, function.name
    return cast("Implementation", function.implementation)


def of_values(function: Function, kinds: Sequence[Kind], made: Sequence[Scalar]) -> Scalar:
    """A call whose arguments are values, coerced already; the first error is the answer."""
    call = implementation(function)
    if any(kind in KEEPS_ERRORS for kind in kinds):
        return lambda row: call(*[argument(row) for argument in made])
    if len(made) == 1:
        only = made[0]

        def one(row: int) -> Value:
            value = only(row)
            return value if value.__class__ is ExcelError else call(value)

        return one
    if len(made) == 2:
        first, second = made

        def two(row: int) -> Value:
            a = first(row)
            if a.__class__ is ExcelError:
                return a
            b = second(row)
            return b if b.__class__ is ExcelError else call(a, b)

        return two

    def many(row: int) -> Value:
        values = [argument(row) for argument in made]
        for value in values:
            if value.__class__ is ExcelError:
                return value
        return call(*values)

    return many


def of_ranges(function: Function, indexes: Indexes, made: Sequence[tuple[Ranged, bool]]) -> Scalar:
    """A call some of whose arguments are cells; each comes with whether its errors are the function's to see."""
    call = implementation(function)

    def run(row: int) -> Value:
        values = []
        for argument, keeps in made:
            value = argument(row)
            if not keeps and value.__class__ is ExcelError:
                return value
            values.append(value)
        return call(indexes, *values)

    return run


def of_arrays(function: Function, indexes: Indexes, kinds: Sequence[Kind], made: Sequence[Ranged]) -> Ranged:
    """A call whose plain parameters are given arrays: it is made once for each place in them."""
    call = implementation(function)
    lifts = [kind not in RANGE_KINDS for kind in kinds]
    coercions = [COERCIONS.get(kind) for kind in kinds]
    keeps = [kind in KEEPS_ERRORS or not lift for kind, lift in zip(kinds, lifts, strict=True)]
    known = (indexes,) if function.style is Style.RANGES else ()

    def run(row: int) -> Argument:
        given = [argument(row) for argument in made]

        def once(*varying: Value) -> Value:
            rest = iter(varying)
            values: list[Argument] = []
            for value, lift, coerce, keep in zip(given, lifts, coercions, keeps, strict=True):
                if not lift:
                    values.append(value)
                    continue
                one = next(rest)
                if coerce is not None:
                    one = coerce(one)
                if not keep and one.__class__ is ExcelError:
                    return one
                values.append(one)
            return call(*known, *values)

        return lifted(once, [value for value, lift in zip(given, lifts, strict=True) if lift])

    return run
