"""What the checker knows of a piece of an expression.

Knows types, places and which fields an expression tests for emptiness. Does not look names up.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from crmsheet.excel.numbers import number_in
from crmsheet.excel.values import ExcelError
from crmsheet.formulas import surface
from crmsheet.formulas.functions import Type
from crmsheet.formulas.scope import Known, ValueType
from crmsheet.formulas.surface import Surface
from crmsheet.formulas.tree import Boolean, ErrorValue, Node, Number, Text
from crmsheet.structs import dataclass

COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
ARITHMETIC: Final = frozenset("+-*/^")
_GUARDS: Final = frozenset(("ISBLANK", "ISNUMBER", "ISTEXT", "LEN", "COUNT", "COUNTA", "N"))
_TYPES: Final = {
    ValueType.TEXT: Type.TEXT,
    ValueType.NUMBER: Type.NUMBER,
    ValueType.DATE: Type.DATE,
    ValueType.BOOLEAN: Type.BOOLEAN,
    ValueType.CHOICE: Type.TEXT,
    ValueType.MULTI_CHOICE: Type.TEXT,
    ValueType.REFERENCE: Type.TEXT,
    ValueType.ANY: Type.ANY,
}


class Place(Enum):
    """What is wanted where a piece stands."""

    VALUE = "value"
    CELLS = "cells"
    ARRAY = "array"

    def of_operand(self) -> Place:
        """The place of an operand: inside an array everything is an array, elsewhere one value."""
        return Place.ARRAY if self is Place.ARRAY else Place.VALUE


@dataclass(frozen=True, slots=True)
class Typed:
    """A node and what is known of it."""

    node: Node
    type: Type
    list: str = ""
    maybe_empty_text: bool = False
    maybe_blank: bool = False
    field: str = ""
    """The field of this row that it is, if it is one and nothing else."""
    named: bool = False
    """Its type is what somebody declared or wrote down, not what a function happens to give."""
    number_text: bool = False
    """A text literal that reads as a number."""


def known_typed(node: Node, known: Known, field: str = "") -> Typed:
    """A named thing."""
    return Typed(
        node, _TYPES[known.type], known.list, known.maybe_empty_text, known.maybe_blank, field, named=True
    )


def literal_typed(node: surface.Literal) -> Typed:
    """What is written down."""
    value = node.value
    if isinstance(value, bool):
        return Typed(Boolean(value), Type.BOOLEAN, named=True)
    if isinstance(value, ExcelError):
        return Typed(ErrorValue(value), Type.ANY)
    if isinstance(value, str):
        numeric = number_in(value) is not None
        return Typed(Text(value), Type.TEXT, maybe_empty_text=not value, named=True, number_text=numeric)
    return Typed(Number(value), Type.NUMBER, named=True)


def united(pieces: list[Typed]) -> tuple[Type, str, bool]:
    """Type, list and emptiness of what is one of several; empty text has no say in the type."""
    empty = any(piece.maybe_empty_text for piece in pieces)
    telling = [p for p in pieces if not (isinstance(p.node, Text) and not p.node.value)]
    kinds = {piece.type for piece in telling}
    lists = {piece.list for piece in telling}
    kind = kinds.pop() if len(kinds) == 1 else Type.ANY
    return (kind if telling else Type.TEXT), (lists.pop() if len(lists) == 1 else ""), empty


def mentions_guard(root: Surface) -> frozenset[str]:
    """Fields of the row that the expression itself tests for emptiness."""
    found: set[str] = set()
    for node in surface.walk(root):
        match node:
            case surface.Infix(op="=" | "<>", left=surface.Field(id=field), right=surface.Literal(value="")):
                found.add(field)
            case surface.Infix(op="=" | "<>", left=surface.Literal(value=""), right=surface.Field(id=field)):
                found.add(field)
            case surface.Infix(op=">" | ">=", left=surface.Field(id=field), right=surface.Literal(value=0)):
                found.add(field)
            case surface.Applied(name=name, arguments=(surface.Field(id=field),)) if name.upper() in _GUARDS:
                found.add(field)
            case _:
                pass
    return frozenset(found)
