"""Logical functions and the choices that compute only what they need.

Knows which argument decides and which one answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.functions.table import Argument, Function, Scalar, Type, lazy, ranges, scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import boolean, equal, number


def _if(arguments: Sequence[Scalar]) -> Scalar:
    test, then = arguments[0], arguments[1]
    otherwise: Scalar = arguments[2] if len(arguments) > 2 else lambda _row: False

    def call(row: int) -> Value:
        answer = test(row)
        if answer is True:
            return then(row)
        if answer is False:
            return otherwise(row)
        answer = boolean(answer)
        if isinstance(answer, ExcelError):
            return answer
        return then(row) if answer else otherwise(row)

    return call


def _iferror(arguments: Sequence[Scalar]) -> Scalar:
    tried, instead = arguments

    def call(row: int) -> Value:
        answer = tried(row)
        return instead(row) if answer.__class__ is ExcelError else answer

    return call


def _ifna(arguments: Sequence[Scalar]) -> Scalar:
    tried, instead = arguments

    def call(row: int) -> Value:
        answer = tried(row)
        return instead(row) if answer is ExcelError.NA else answer

    return call


def _ifs(arguments: Sequence[Scalar]) -> Scalar:
    pairs = tuple(zip(arguments[::2], arguments[1::2], strict=True))

    def call(row: int) -> Value:
        for test, then in pairs:
            answer = boolean(test(row))
            if isinstance(answer, ExcelError):
                return answer
            if answer:
                return then(row)
        return ExcelError.NA

    return call


def _switch(arguments: Sequence[Scalar]) -> Scalar:
    subject, rest = arguments[0], arguments[1:]
    default = rest[-1] if len(rest) % 2 else None
    pairs = tuple(zip(rest[::2], rest[1::2], strict=False))

    def call(row: int) -> Value:
        wanted = subject(row)
        if isinstance(wanted, ExcelError):
            return wanted
        for case, then in pairs:
            same = equal(wanted, case(row))
            if isinstance(same, ExcelError):
                return same
            if same:
                return then(row)
        return ExcelError.NA if default is None else default(row)

    return call


def _choose(arguments: Sequence[Scalar]) -> Scalar:
    choices = arguments[1:]

    def call(row: int) -> Value:
        index = number(arguments[0](row))
        if isinstance(index, ExcelError):
            return index
        if not 1 <= int(index) <= len(choices):
            return ExcelError.VALUE
        return choices[int(index) - 1](row)

    return call


def _truths(arguments: Sequence[Argument]) -> list[bool] | ExcelError:
    """All logical values among arguments; texts and blanks in cells are left out."""
    found: list[bool] = []
    for argument in arguments:
        if isinstance(argument, RangeValue):
            for cell in argument.cells:
                if isinstance(cell, ExcelError):
                    return cell
                if cell is not None and not isinstance(cell, str):
                    found.append(bool(cell))
        else:
            answer = boolean(argument)
            if isinstance(answer, ExcelError):
                return answer
            found.append(answer)
    return found or ExcelError.VALUE


def _and(_indexes: Indexes, *arguments: Argument) -> Value:
    truths = _truths(arguments)
    return truths if isinstance(truths, ExcelError) else all(truths)


def _or(_indexes: Indexes, *arguments: Argument) -> Value:
    truths = _truths(arguments)
    return truths if isinstance(truths, ExcelError) else any(truths)


def _xor(_indexes: Indexes, *arguments: Argument) -> Value:
    truths = _truths(arguments)
    return truths if isinstance(truths, ExcelError) else sum(truths) % 2 == 1


def _not(value: bool) -> Value:
    return not value


def _switch_results(count: int) -> tuple[int, ...]:
    last = (count - 1,) if count % 2 == 0 else ()
    return tuple(range(2, count, 2)) + last


FUNCTIONS: Final[tuple[Function, ...]] = (
    lazy("IF", "boolean value value?", Type.ANY, _if, like=lambda n: range(1, n)),
    lazy("IFERROR", "any value", Type.ANY, _iferror, like=lambda _n: (0, 1)),
    lazy("IFNA", "any value", Type.ANY, _ifna, 2013, lambda _n: (0, 1), "_xlfn."),
    lazy("IFS", "boolean value boolean* value*", Type.ANY, _ifs, 2019, lambda n: range(1, n, 2), "_xlfn."),
    lazy("SWITCH", "value value value value*", Type.ANY, _switch, 2019, _switch_results, "_xlfn."),
    lazy("CHOOSE", "number value value*", Type.ANY, _choose, like=lambda n: range(1, n)),
    ranges("AND", "range range*", Type.BOOLEAN, _and),
    ranges("OR", "range range*", Type.BOOLEAN, _or),
    ranges("XOR", "range range*", Type.BOOLEAN, _xor, 2013, prefix="_xlfn."),
    scalar("NOT", "boolean", Type.BOOLEAN, _not),
    scalar("TRUE", "", Type.BOOLEAN, lambda: True),
    scalar("FALSE", "", Type.BOOLEAN, lambda: False),
)
