"""Formulas that differ in a few parts only, such as those of a table's cells: made once, with holes, and then filled.

Knows trees. What is filled shares with its pattern all parts without holes, and with others what is made of the same
filling of one hole: the bounds of a month are one tree for all the rows of its column. Does not know what the formulas
are for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final, TypeAlias

from crmsheet.formulas.tree import Binary, Call, Node, Spot, Unary

_NOWHERE: Final = "hole"
_Maker: TypeAlias = Callable[[Sequence[Node]], Node]


def holes(count: int) -> tuple[Spot, ...]:
    """So many places to be filled."""
    return tuple(Spot(_NOWHERE, number, 0) for number in range(count))


class Pattern:
    """A formula with holes."""

    __slots__ = ("_make",)

    def __init__(self, tree: Node) -> None:
        self._make = _maker(tree)[0]

    def filled(self, parts: Sequence[Node]) -> Node:
        """The formula with these parts in its holes; of holes that it does not have they are not asked."""
        return self._make(parts)


def _maker(node: Node) -> tuple[_Maker, frozenset[int]]:
    """What makes a node of the fillings, and the holes it has."""
    if isinstance(node, Spot) and node.anchor == _NOWHERE:
        return itemgetter(node.row), frozenset((node.row,))
    below: tuple[Node, ...] = ()
    if isinstance(node, Call):
        below = node.arguments
    elif isinstance(node, Binary):
        below = (node.left, node.right)
    elif isinstance(node, Unary):
        below = (node.operand,)
    made = [_maker(part) for part in below]
    found: frozenset[int] = frozenset().union(*(own for _, own in made))
    if not found:
        return (lambda _parts: node), found
    varying = [(place, make) for place, (make, own) in enumerate(made) if own]

    def make(parts: Sequence[Node]) -> Node:
        new = list(below)
        for place, part in varying:
            new[place] = part(parts)
        if isinstance(node, Call):
            return Call(node.function, tuple(new))
        return Binary(node.op, new[0], new[1]) if isinstance(node, Binary) else Unary(node.op, new[0])  # type: ignore[union-attr] # nothing else has parts

    return (_shared(make, next(iter(found))) if len(found) == 1 else make), found


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
