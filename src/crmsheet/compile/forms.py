"""Formula trees that recur in entry tables: emptiness, and texts that must mean themselves.

Knows how Excel's look-ups and criteria read a text. Does not know fields, tables or lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Final

from crmsheet.compile.shorthand import call
from crmsheet.formulas.tree import Binary, Boolean, Call, Node, Text

NOTHING: Final = Text("")
ANY_NUMBER: Final = Text(">-1E+300")
"""The criterion that holds for every number and for nothing else."""


def empty(node: Node) -> Node:
    """Blank or empty text."""
    return Binary("=", node, NOTHING)


def filled(node: Node) -> Node:
    return Binary("<>", node, NOTHING)


def all_of(conditions: Iterable[Node]) -> Node:
    """AND of any number of conditions; of none, true."""
    parts = tuple(conditions)
    if not parts:
        return Boolean(True)
    return parts[0] if len(parts) == 1 else Call("AND", parts)


def concatenated(texts: Iterable[Node]) -> Node:
    """Texts one behind the other; of none, empty text."""
    parts = list(texts)
    return reduce(lambda left, right: Binary("&", left, right), parts) if parts else NOTHING


def escaped(node: Node) -> Node:
    """The text of a cell as MATCH and criteria need it to mean itself: `~ * ?` are wildcards there."""
    for character in "~*?":
        node = call("SUBSTITUTE", node, character, "~" + character)
    return node


def equal_to(node: Node) -> Node:
    """The criterion that holds for exactly the text in a cell (a number still equals its text)."""
    return Binary("&", Text("="), escaped(node))


def position(node: Node, among: Node) -> Node:
    """Where the text of a cell stands in a column; an error when it does not."""
    return call("MATCH", escaped(node), among, 0)
