"""Short ways to write expression trees.

Knows the nodes of `formulas.tree`. Does not know what the trees are for.
"""

from __future__ import annotations

from typing import Final, TypeAlias, get_args

from crmsheet.excel.values import ExcelError
from crmsheet.formulas.tree import Binary, Boolean, Call, ErrorValue, Node, Number, Text

Operand: TypeAlias = Node | str | float | bool
"""A tree, or a constant that becomes one."""

_TREES: Final = frozenset(get_args(Node))
_NUMBERS: Final = (int, float)

NA = ErrorValue(ExcelError.NA)
"""Not applicable: what a metric's value cell holds when there is no number."""


def node(operand: Operand) -> Node:
    """A constant as a tree; trees as they are."""
    # Most are trees, and asked by class they are told in one step.
    if operand.__class__ in _TREES:
        return operand  # type: ignore[return-value] # its class was looked at
    if isinstance(operand, str):
        return Text(operand)
    if isinstance(operand, bool):
        return Boolean(operand)
    return Number(operand) if isinstance(operand, _NUMBERS) else operand


def call(function: str, *arguments: Operand) -> Node:
    return Call(function, tuple(map(node, arguments)))


def op(left: Operand, operator: str, right: Operand) -> Node:
    return Binary(operator, node(left), node(right))


def if_(condition: Operand, then: Operand, otherwise: Operand) -> Node:
    return call("IF", condition, then, otherwise)


def joined(*texts: Operand) -> Node:
    """Texts one after another; empty constants are left out."""
    parts = [node(t) for t in texts if t != ""]
    if not parts:
        return Text("")
    result = parts[0]
    for part in parts[1:]:
        result = Binary("&", result, part)
    return result


def both(*conditions: Node) -> Node:
    """AND, without the call when one condition is all."""
    return conditions[0] if len(conditions) == 1 else Call("AND", conditions)


def is_number(value: Node) -> Node:
    return call("ISNUMBER", value)


def iso_date(serial: Node) -> Node:
    """A date as text, alike in every language of Excel that reads `yyyy`."""
    return call("TEXT", serial, "yyyy-mm-dd")
