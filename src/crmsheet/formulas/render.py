"""Trees to text: Excel's formula text, and the spec's.

Knows precedence, parentheses, literals and prefixes. Does not know addresses: they are asked for. This is the
one place where formula text arises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias, assert_never

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import InternalError
from crmsheet.excel.escaping import text_literal
from crmsheet.excel.limits import FORMULA_TEXT_LITERAL
from crmsheet.excel.numbers import file_text
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.tree import (
    Area,
    Binary,
    Boolean,
    Call,
    Cell,
    Column,
    ErrorValue,
    Item,
    Measure,
    Missing,
    Name,
    Node,
    Number,
    Spot,
    Text,
    Unary,
)
from crmsheet.messages import say

PRECEDENCE: Final = {
    "=": 1,
    "<>": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
    ":": 8,
}
"""How tightly binary operators bind; all of them group from the left."""
SIGN: Final = 6
PERCENT: Final = 7
PRIMARY: Final = 9

_PLAIN: Final = (Spot, Column, Area, Cell, Name)
Reference: TypeAlias = Cell | Column | Name | Item | Spot | Area | Measure


class Addresses(Protocol):
    """Where things stand in one place that formulas are written for (a cell, a validation, a rule)."""

    def cell(self, table: str, field: str) -> str: ...

    def column(self, table: str, field: str) -> str: ...

    def name(self, id: str) -> str: ...

    def item(self, list: str, item: str) -> str: ...

    def spot(self, anchor: str, row: int, column: int) -> str: ...

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> str: ...


def render(node: Node, addresses: Addresses) -> str:
    """The formula text as it stands in a file, without the equals sign."""

    def reference(leaf: Reference) -> str:
        # What there is most of comes first.
        if isinstance(leaf, Spot):
            return addresses.spot(leaf.anchor, leaf.row, leaf.column)
        if isinstance(leaf, Column):
            return addresses.column(leaf.table, leaf.field)
        match leaf:
            case Area(anchor, top, left, bottom, right):
                return addresses.area(anchor, top, left, bottom, right)
            case Cell(table, field):
                return addresses.cell(table, field)
            case Name(id):
                return addresses.name(id)
            case Item(list_id, item):
                return addresses.item(list_id, item)
            case Measure(metric):
                raise InternalError(
                    Diagnostic("B202", say("the metric {metric!r} is still in a formula", metric=metric))
                )
            case _:
                assert_never(leaf)

    return _written(node, _Style(reference, _file_name, _file_text), 0)


def to_spec(node: Node, table: str = "") -> str:
    """The expression in the spec's language, as written inside a table (or outside all of them)."""

    def reference(leaf: Reference) -> str:
        match leaf:
            case Cell(owner, field):
                if owner != table:
                    raise ValueError(f"a row of {owner!r} cannot be named in {table!r}")
                return f"[{field}]"
            case Column(owner, field):
                return f"{owner}[{field}]"
            case Name(id) | Measure(id):
                return id
            case Item(_, item):
                return text_literal(item)
            case Spot() | Area():
                raise ValueError("the spec has no words for the cells of a block")
            case _:
                assert_never(leaf)

    return _written(node, _Style(reference, lambda name: name, text_literal), 0)


class _Style:
    """What differs between the two languages."""

    __slots__ = ("function", "reference", "text")

    def __init__(
        self,
        reference: Callable[[Reference], str],
        function: Callable[[str], str],
        text: Callable[[str], str],
    ) -> None:
        self.reference = reference
        self.function = function
        self.text = text


def _written(node: Node, style: _Style, needed: int) -> str:
    """The text of a node where something of precedence `needed` or above must stand."""
    # By class, and what there is most of first: a workbook's formulas have hundreds of thousands of nodes.
    if isinstance(node, Call):
        inner = ",".join([_written(argument, style, 0) for argument in node.arguments])
        return f"{style.function(node.function)}({inner})"
    if isinstance(node, _PLAIN):
        return style.reference(node)
    text, precedence = _parts(node, style)
    return f"({text})" if precedence < needed else text


def _parts(node: Node, style: _Style) -> tuple[str, int]:
    """The text of what is no call, and how tightly it binds."""
    if isinstance(node, Binary):
        own = PRECEDENCE[node.op]
        return _written(node.left, style, own) + node.op + _written(node.right, style, own + 1), own
    if isinstance(node, Text):
        whole = len(node.value) <= FORMULA_TEXT_LITERAL
        return style.text(node.value), PRIMARY if whole else PRECEDENCE["&"]
    match node:
        case Number(value):
            return file_text(value), SIGN if value < 0 else PRIMARY
        case Boolean(value):
            return "TRUE" if value else "FALSE", PRIMARY
        case ErrorValue(error):
            return error.value, PRIMARY
        case Missing():
            return "", PRIMARY
        case Unary("%", operand):
            return _written(operand, style, PERCENT) + "%", PERCENT
        case Unary(op, operand):
            return op + _written(operand, style, SIGN), SIGN
        case Call():
            return _written(node, style, PRIMARY), PRIMARY
        case _:
            return style.reference(node), PRIMARY


def _file_name(name: str) -> str:
    known = TABLE.get(name)
    return known.file_name if known else name


def _file_text(value: str) -> str:
    """A text literal; Excel takes at most 255 characters in one, so longer texts are joined."""
    if len(value) <= FORMULA_TEXT_LITERAL:
        return text_literal(value)
    size = FORMULA_TEXT_LITERAL
    return "&".join(text_literal(value[at : at + size]) for at in range(0, len(value), size))
