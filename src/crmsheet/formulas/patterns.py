"""Formulas that differ in a few parts only, such as those of a table's cells: made once, with holes, and then filled.

Knows trees. What is filled shares with its pattern all parts without holes, and with others what is made of the same
filling of one hole: the bounds of a month are one tree for all the rows of its column. Does not know what the formulas
are for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final, TypeAlias

from crmsheet.formulas.tree import Binary, Call, Node, Spot, Unary, children

_NOWHERE: Final = "hole"
_Maker: TypeAlias = Callable[[Sequence[Node]], Node]


def holes(count: int) -> tuple[Spot, ...]:
    """So many places to be filled."""
    return tuple(Spot(_NOWHERE, number, 0) for number in range(count))


class Pattern:
    """A formula with holes."""

    __slots__ = ("_make", "tree")

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self._make: _Maker | None = None

    def filled(self, parts: Sequence[Node]) -> Node:
        """The formula with these parts in its holes; of holes that it does not have they are not asked."""
        if self._make is None:
            self._make = _maker(self.tree)[0]
        return self._make(parts)

    def filled_once(self, parts: Sequence[Node]) -> Node:
        """The same for those who want one: sooner, but what is made of one filling is made again for another."""
        return _replaced(self.tree, parts)


def _replaced(node: Node, parts: Sequence[Node]) -> Node:
    if isinstance(node, Spot):
        return parts[node.row] if node.anchor == _NOWHERE else node
    if isinstance(node, Call):
        return Call(node.function, tuple([_replaced(argument, parts) for argument in node.arguments]))
    if isinstance(node, Binary):
        return Binary(node.op, _replaced(node.left, parts), _replaced(node.right, parts))
    return Unary(node.op, _replaced(node.operand, parts)) if isinstance(node, Unary) else node


def _maker(node: Node) -> tuple[_Maker, frozenset[int]]:
    """What makes a node of the fillings, and the holes it has."""
    if isinstance(node, Spot) and node.anchor == _NOWHERE:
        return itemgetter(node.row), frozenset((node.row,))
    below = children(node)
    made = [_maker(part) for part in below]
    found: frozenset[int] = frozenset().union(*(own for _, own in made))
    if not found:
        return (lambda _parts: node), found
    make = _composer(node, [make if own else None for make, own in made])
    return (_shared(make, next(iter(found))) if len(found) == 1 else make), found


def _composer(node: Node, makers: Sequence[_Maker | None]) -> _Maker:
    """What makes a node of its parts; those without a maker stay as they are."""
    match node:
        case Call(function, arguments):
            varying = [(place, make) for place, make in enumerate(makers) if make is not None]

            def call(parts: Sequence[Node]) -> Node:
                new = list(arguments)
                for place, make in varying:
                    new[place] = make(parts)
                return Call(function, tuple(new))

            return call
        case Binary(op, left, right):
            first, second = makers
            if first is None or second is None:
                if first is not None:
                    return lambda parts: Binary(op, first(parts), right)
                assert second is not None
                return lambda parts: Binary(op, left, second(parts))
            return lambda parts: Binary(op, first(parts), second(parts))
        case Unary(op):
            (only,) = makers
            assert only is not None
            return lambda parts: Unary(op, only(parts))
        case _:
            raise ValueError(f"{node} has no parts")


def _shared(make: _Maker, hole: int) -> _Maker:
    """One node for one filling of the only hole."""
    known: dict[int, tuple[Node, Node]] = {}

    def shared(parts: Sequence[Node]) -> Node:
        filling = parts[hole]
        found = known.get(id(filling))
        if found is None:
            # Held with what it is made of, so that no other filling can have the number.
            found = known[id(filling)] = filling, make(parts)
        return found[1]

    return shared
