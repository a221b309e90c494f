"""The value of an expression that is wanted once: its tree is gone through, and nothing is compiled.

Knows how the parts of a tree become arguments and arguments a value, by the same functions and operators as compiled
expressions. Does not know cells of a row, arrays or computed references: those it leaves to `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, Protocol, TypeAlias, cast

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas import semantics
from crmsheet.formulas.calls import COERCIONS, KEEPS_ERRORS, RANGE_KINDS, Implementation
from crmsheet.formulas.functions import TABLE, Kind, Style
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue, single
from crmsheet.formulas.tree import (
    Area,
    Binary,
    Boolean,
    Call,
    Column,
    ErrorValue,
    Name,
    Node,
    Number,
    Spot,
    Text,
    Unary,
)

_CONSTANTS: Final = (Text, Number, Boolean, ErrorValue)
_LEFT: Final = frozenset(("SUMPRODUCT", "HYPERLINK"))
"""Calls that `evaluate` has ways of its own for."""
_REFERENCES: Final = frozenset(("INDEX", "IF", "CHOOSE"))
"""Calls that can mean cells."""
_ASKED_AGAIN: Final = frozenset(("COUNTIFS", "SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS", "TEXT", "EDATE"))
"""Calls that take long and come again with the same arguments: a sum is part of an average, every block has a total,
and the same months."""
_REMEMBERED: Final = 1 << 16
"""Answers kept; each takes some hundred bytes."""
_Parts: TypeAlias = tuple[tuple[Kind, Callable[[Value], Value] | None, bool], ...]
_Plan: TypeAlias = tuple[Style, Implementation, _Parts, bool]
"""How a function is called with so many arguments: of each its kind, what coerces it and whether the function sees its
errors; and whether it sees those of any."""


class Whole(Protocol):
    """What an evaluator does for trees that are gone through."""

    def spot(self, node: Spot) -> Value: ...
    def column(self, node: Column) -> RangeValue: ...
    def cells(self, node: Area | Name) -> RangeValue: ...
    def compiled_value(self, node: Node) -> Value: ...
    def compiled_range(self, node: Node) -> Argument: ...
    def compiled_array(self, node: Node) -> Argument: ...


class Once:
    """Goes through trees; what it does not know it asks of the evaluator."""

    def __init__(
        self, evaluator: Whole, indexes: Indexes, known: Mapping[tuple[str, int, int], Value]
    ) -> None:
        self._evaluator = evaluator
        self._indexes = indexes
        self._known = known
        self._plans: dict[tuple[str, int], _Plan | None] = {}
        self._answers: dict[tuple[object, ...], Value] = {}
        # By class: a workbook's formulas have hundreds of thousands of nodes.
        constants = dict.fromkeys(_CONSTANTS, attrgetter("value"))
        self._ways: dict[type, Callable[[Any], Value]] = {
            **constants,
            Spot: evaluator.spot,
            Call: self._call,
            Binary: self._binary,
            Unary: self._unary,
        }
        self._others = evaluator.compiled_value

    def root(self, node: Node) -> Value:
        """The value of a whole expression: a sum that ends it may be rounded to zero."""
        if isinstance(node, Binary) and node.op in ("+", "-"):
            operation = semantics.BINARY[node.op]
            return semantics.near_zero_snapped(operation, self.value(node.left), self.value(node.right))
        return self.value(node)

    def value(self, node: Node) -> Value:
        """The value of a part."""
        if node.__class__ is Spot:
            try:
                return self._known[node.anchor, node.row, node.column]
            except KeyError:
                pass
        return self._ways.get(node.__class__, self._others)(node)

    def _binary(self, node: Binary) -> Value:
        operation = semantics.BINARY.get(node.op)
        if operation is None:
            return self._others(node)
        return operation(self.value(node.left), self.value(node.right))

    def _unary(self, node: Unary) -> Value:
        return semantics.UNARY[node.op](self.value(node.operand))

    def _call(self, node: Call) -> Value:
        name, arguments = node.function, node.arguments
        if name == "IF":
            return self._if(arguments)
        asked = name, len(arguments)
        plan = self._plans.get(asked)
        if plan is None:
            if asked not in self._plans:
                plan = self._plans[asked] = _plan(node)
            if plan is None:
                return self._others(node)
        style, call, parts, keeps_all = plan
        if style is Style.LAZY:
            lazily = cast("Callable[[tuple[Scalar, ...]], Scalar]", call)
            return lazily(tuple(map(self._late, arguments)))(0)
        values: list[Argument | Indexes] = []
        for argument, (kind, coerce, keeps) in zip(arguments, parts, strict=True):
            value: Argument
            if argument.__class__ is Column and kind in RANGE_KINDS:
                value = self._evaluator.column(argument)
            elif kind in RANGE_KINDS:
                value = (
                    self._evaluator.compiled_array(argument) if kind is Kind.ARRAY else self._range(argument)
                )
            else:
                value = self.value(argument)
                if coerce is not None:
                    value = coerce(value)
                if not (keeps or keeps_all) and value.__class__ is ExcelError:
                    return value
            values.append(value)
        if style is not Style.SCALAR:
            values.insert(0, self._indexes)
        return self._answer(name, call, values) if name in _ASKED_AGAIN else call(*values)

    def ranged(self, name: str, values: Sequence[Argument]) -> Value:
        """The answer of a function of ranges to arguments that are coerced already."""
        call = cast("Implementation", TABLE[name].implementation)
        return self._answer(name, call, (self._indexes, *values))

    def _answer(self, name: str, call: Implementation, values: Sequence[Argument | Indexes]) -> Value:
        # TRUE is equal to 1 and something else.
        if bool in map(type, values):
            return call(*values)
        question = (name, *values)
        if question not in self._answers:
            answer = call(*values)
            if len(self._answers) < _REMEMBERED:
                self._answers[question] = answer
            return answer
        return self._answers[question]

    def _if(self, arguments: tuple[Node, ...]) -> Value:
        """IF as `functions.logic` has it: more than half of all calls."""
        truth = self.value(arguments[0])
        if truth is not True and truth is not False:
            truth = semantics.boolean(truth)
            if truth.__class__ is ExcelError:
                return truth
        if truth:
            return self.value(arguments[1])
        return self.value(arguments[2]) if len(arguments) > 2 else False

    def _late(self, node: Node) -> Scalar:
        """What is computed only if a choice falls on it."""
        return lambda _row: self.value(node)

    def _range(self, node: Node) -> Argument:
        """The cells a reference means; what is not a reference is one value."""
        if isinstance(node, Column):
            return self._evaluator.column(node)
        if isinstance(node, Area | Name):
            return self._evaluator.cells(node)
        if isinstance(node, Spot):
            return single(self._evaluator.spot(node))
        if isinstance(node, _CONSTANTS) or (isinstance(node, Call) and node.function not in _REFERENCES):
            return self.value(node)
        return self._evaluator.compiled_range(node)


def _plan(node: Call) -> _Plan | None:
    """How a function is called; None for what `evaluate` has to do."""
    function = TABLE.get(node.function)
    if function is None or function.style is Style.SPECIAL or function.name in _LEFT:
        return None
    kinds = [function.parameter(position).kind for position in range(len(node.arguments))]
    parts = tuple((kind, COERCIONS.get(kind), kind in KEEPS_ERRORS) for kind in kinds)
    # A function of values that sees some errors sees all.
    keeps_all = function.style is Style.SCALAR and any(keeps for _, _, keeps in parts)
    return function.style, cast("Implementation", function.implementation), parts, keeps_all
