"""Formulas that people wrote, as trees: what `excel_text` cut into tokens becomes one of ours.

Knows Excel's precedence. A sheet stands for the anchor: `Area` and `Spot` have the sheet's name in lower case
and its own rows and columns. Does not know structured references (already resolved) and gives up, with None,
on what our functions cannot compute: array constants, unions, other workbooks, unknown functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.excel.references import RangeRef
from crmsheet.excel.values import ExcelError
from crmsheet.formulas.excel_text import Token, canonical
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.places import FormulaPlace
from crmsheet.formulas.render import PERCENT, PRECEDENCE, SIGN
from crmsheet.formulas.tree import (
    Area,
    Binary,
    Boolean,
    Call,
    ErrorValue,
    Missing,
    Name,
    Node,
    Number,
    Spot,
    Text,
    Unary,
)

_UNBOUND: Final = frozenset({"ROWS", "COLUMNS", "COUNTBLANK", "ROW", "COLUMN"})
"""Functions for which a whole column is not the same as the part of it that is used."""
_DEEPEST: Final = 200


class _NotOursError(Exception):
    """The formula says something our trees have no word for."""


def excel_tree(text: str, place: FormulaPlace) -> Node | None:
    """The tree of a formula's text in its place; None when we cannot compute it."""
    reader = _Reader(canonical(text, place))
    try:
        node = reader.expression(0)
    except _NotOursError:
        return None
    return node if reader.done else None


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _operator(self) -> str:
        if self.done or self._tokens[self._at].kind != "operator":
            return ""
        return str(self._tokens[self._at].meaning)

    def _take(self, operator: str) -> None:
        if self._operator() != operator:
            raise _NotOursError
        self._at += 1

    def expression(self, binding: int) -> Node:
        """Everything that binds tighter than `binding`."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotOursError
        node = self._first()
        while True:
            operator = self._operator()
            if operator == "%" and binding < PERCENT:
                self._at += 1
                node = Unary("%", node)
                continue
            strength = PRECEDENCE.get(operator, 0)
            if strength <= binding:
                break
            self._at += 1
            right = self.expression(strength)
            if operator == ":" and not (_indexes(node) and _indexes(right)):
                raise _NotOursError
            node = Binary(operator, node, right)
        self._depth -= 1
        return node

    def _first(self) -> Node:
        if self.done:
            raise _NotOursError
        token = self._tokens[self._at]
        self._at += 1
        match token.kind, token.meaning:
            case "number", float(number):
                return Number(number)
            case "text", str(text):
                return Text(text)
            case "boolean", bool(value):
                return Boolean(value)
            case "error", str(text):
                return _error(text)
            case "name", str(name):
                return Name(name)
            case "area", RangeRef() as area:
                return _reference(area)
            case "function", str(name):
                return self._call(name)
            case "operator", ("-" | "+") as sign:
                return Unary(str(sign), self.expression(SIGN))
            case "operator", "(":
                node = self.expression(0)
                self._take(")")
                return node
            case _:
                raise _NotOursError

    def _call(self, name: str) -> Node:
        function = TABLE.get(name)
        if function is None:
            raise _NotOursError
        self._take("(")
        arguments: list[Node] = []
        if self._operator() != ")":
            arguments.append(self._argument())
            while self._operator() == ",":
                self._at += 1
                arguments.append(self._argument())
        self._take(")")
        if function.arity_problem(len(arguments)):
            raise _NotOursError
        if name in _UNBOUND and any(isinstance(a, Area) and a.bottom > 1_000_000 for a in arguments):
            raise _NotOursError
        if name in ("ROW", "COLUMN") and not arguments:
            raise _NotOursError
        return Call(name, tuple(arguments))

    def _argument(self) -> Node:
        if self._operator() in (",", ")"):
            return Missing()
        return self.expression(0)


def _error(text: str) -> Node:
    try:
        return ErrorValue(ExcelError(text))
    except ValueError as unknown:
        raise _NotOursError from unknown


def _reference(area: RangeRef) -> Node:
    if (area.top, area.left) == (area.bottom, area.right):
        return Spot(area.sheet, area.top, area.left)
    return Area(area.sheet, area.top, area.left, area.bottom, area.right)


def _indexes(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "INDEX"
