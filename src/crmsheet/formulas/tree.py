"""The expression tree: one meaning, several readers.

Knows the nodes. Does not know text, Excel's or the spec's, nor values. References are symbolic:
a table and field by id, a workbook name by its symbolic id, a cell of an anchored block by its offset;
never A1, never a label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from crmsheet.excel.values import ExcelError
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool


@dataclass(frozen=True, slots=True)
class ErrorValue:
    value: ExcelError


@dataclass(frozen=True, slots=True)
class Missing:
    """An argument left empty: `IF(a,,b)`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """This row's cell of a field: `[field]`, in Excel `table[[#This Row],[Header]]`."""

    table: str
    field: str


@dataclass(frozen=True, slots=True)
class Column:
    """All cells of a field: `table[field]`, in Excel `table[Header]`."""

    table: str
    field: str


@dataclass(frozen=True, slots=True)
class Name:
    """A workbook name by its symbolic id: `as_of`, a setting's id, a name the plan declares."""

    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """The label cell of one row of a list: what `"won"` means in `[stage]="won"`."""

    list: str
    item: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of an anchored block; `row` and `column` are 0-based offsets in it."""

    anchor: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of an anchored block; offsets are 0-based, both ends included."""

    anchor: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric by id, in the expression of a derived metric; the compiler replaces it."""

    metric: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`op` is `-`, `+` or `%` (postfix)."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of `^ * / + - & = <> < > <= >=`, or `:` between two INDEX calls."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its upper-case name without any `_xlfn.` prefix."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = (
    Number
    | Text
    | Boolean
    | ErrorValue
    | Missing
    | Cell
    | Column
    | Name
    | Item
    | Spot
    | Area
    | Measure
    | Unary
    | Binary
    | Call
)


COLUMNS: Final = (Cell, Column)
"""What names a column of a table: a cell of the row, or all of them. (Looked for in hundreds of thousands of nodes:
a tuple is tested several times faster than a union.)"""
_NAMELESS: Final = frozenset((Spot, Text, Number, Area, Name))
"""Most of the nodes without parts; they name no column."""
PLACES: Final = (Spot, Area)
"""What names cells of a block."""


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one."""
    # By class and not by pattern: a workbook's formulas have hundreds of thousands.
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Binary):
        return (node.left, node.right)
    return (node.operand,) if isinstance(node, Unary) else ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in reading order."""
    waiting = [node]
    take, put = waiting.pop, waiting.append
    while waiting:
        found = take()
        yield found
        if isinstance(found, Call):
            waiting += found.arguments[::-1]
        elif isinstance(found, Binary):
            put(found.right)
            put(found.left)
        elif isinstance(found, Unary):
            put(found.operand)


def columns_named(trees: Iterable[Node]) -> set[tuple[str, str]]:
    """The columns that trees name, as (table, field). Trees share parts: each is looked at once."""
    # Held, so that no other node can have the number of one that was seen.
    held = list(trees)
    seen: set[int] = set()
    found: set[tuple[str, str]] = set()
    waiting = [node for node in held if node.__class__ not in _NAMELESS]
    take, put, mark = waiting.pop, waiting.append, seen.add
    while waiting:
        node = take()
        if isinstance(node, COLUMNS):
            found.add((node.table, node.field))
            continue
        for one in children(node):
            if one.__class__ not in _NAMELESS and (number := id(one)) not in seen:
                mark(number)
                put(one)
    return found


def rewritten(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """A copy in which every node for which `change` returns another is replaced by it, outermost first."""
    new = change(node)
    if new is not None:
        return new
    match node:
        case Unary():
            return replace(node, operand=rewritten(node.operand, change))
        case Binary():
            return replace(node, left=rewritten(node.left, change), right=rewritten(node.right, change))
        case Call():
            return replace(node, arguments=tuple(rewritten(a, change) for a in node.arguments))
        case _:
            return node


def link_to(target: Node, shown: Node) -> Node:
    """A text or number that leads to a cell. `CELL("address",…)` names the cell in the way of the program that
    computes it, and follows sheets that are renamed and rows that are sorted."""
    return Call("HYPERLINK", (Binary("&", Text("#"), Call("CELL", (Text("address"), target))), shown))


def leads_to_cell(node: Call) -> bool:
    """Whether a call is such a link: what it shows does not depend on where it leads."""
    if node.function != "HYPERLINK" or len(node.arguments) != 2:
        return False
    return any(isinstance(part, Call) and part.function == "CELL" for part in walk(node.arguments[0]))
