"""What formulas cost: how many pairs of rows they compare when everything is computed once.

Knows which functions go through whole columns, and that an array of criteria goes through them once for each.
Does not know what is too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Final

from crmsheet.compile.pieces import Pieces
from crmsheet.formulas.tree import Area, Binary, Call, Column, Node, Unary
from crmsheet.plan.cells import parted

_CRITERIA: Final = {"COUNTIFS": 0, "COUNTIF": 0, "SUMIFS": 1, "AVERAGEIFS": 1, "MAXIFS": 1, "MINIFS": 1}
"""Functions that compare rows with criteria; where the first range of criteria stands."""
_POINTING: Final = frozenset({"INDEX", "ROWS", "COLUMNS"})
"""Functions that take a column without going through it."""
_ARRAYS: Final = frozenset({"SUMPRODUCT", "AGGREGATE"})
"""Functions whose arguments are computed for every row."""
_ONE: Final = _POINTING | _ARRAYS | {"SUM", "COUNT", "COUNTA", "MATCH"}
"""Functions that give one value."""
_COMPOSED: Final = (Call, Binary, Unary)
_SEARCH: Final = 4
"""MATCH stops at the first hit and compares plainly: measured at a fourth of a criterion over the whole column."""


def more_than(pieces: Pieces, limit: int) -> bool:
    """Whether all live formulas compare more pairs than that; in a large workbook a few of them tell."""
    return any(total > limit for total in accumulate(costs(pieces)))


def costs(pieces: Pieces) -> Iterator[int]:
    """Pairs of rows that each live formula compares, that of a column on all of its rows."""
    sizes = {table.id: table.length for table in pieces.tables}
    meter = _Meter(sizes)
    for table in pieces.tables:
        for column in table.columns:
            if column.formula is not None:
                yield meter.cost(column.formula) * table.length
    for block in pieces.blocks:
        single, families = parted(block.cells)
        for cell in single:
            if cell.formula is not None and not cell.snapshot:
                yield meter.cost(cell.formula)
        for family in families:
            if not family.snapshot:
                yield meter.cost(family.pattern.tree) * family.rows * family.columns


class _Meter:
    """Trees share their parts: what a part costs is found once, for as long as the trees are there."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self._known: dict[int, int] = {}

    def cost(self, node: Node) -> int:
        if not isinstance(node, _COMPOSED):
            return 0
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = self._cost(node)
        return found

    def _cost(self, node: Call | Binary | Unary) -> int:
        # By class and not by pattern: a workbook's formulas have tens of thousands of calls.
        if isinstance(node, Binary):
            return self.cost(node.left) + self.cost(node.right)
        if isinstance(node, Unary):
            return self.cost(node.operand)
        function, arguments = node.function, node.arguments
        first = _CRITERIA.get(function)
        if first is not None:
            rows = max(map(self._rows, arguments[first::2]), default=1)
            return rows * self._spread(node) + self._sum(arguments[first + 1 :: 2])
        if function == "MATCH" and len(arguments) > 1:
            searched = self._rows(arguments[1]) * self._spread(arguments[0]) // _SEARCH
            return searched + self.cost(arguments[0])
        if function in _ARRAYS:
            return self._sum(arguments) + max(map(self._rows, arguments), default=0)
        if function == "IF":
            # Only one of the branches is computed.
            return self._sum(arguments[:1]) + max([self._sum((way,)) for way in arguments[1:]], default=0)
        within = gone_through = 0
        for argument in arguments:
            if isinstance(argument, _COMPOSED):
                within += self.cost(argument)
            elif isinstance(argument, Column) and function not in _POINTING:
                gone_through = max(gone_through, self._rows(argument))
        return within + gone_through

    def _sum(self, nodes: Iterable[Node]) -> int:
        return sum([self.cost(node) for node in nodes if isinstance(node, _COMPOSED)])

    def _rows(self, node: Node) -> int:
        """Cells of a range, or values of an array; 0 of what is one value."""
        spread = self._spread(node)
        return spread if spread > 1 else 0

    def _spread(self, node: Node) -> int:
        """How many values an expression has."""
        match node:
            case Column(table):
                return self._sizes[table]
            case Area(_, top, left, bottom, right):
                return (bottom - top + 1) * (right - left + 1)
            case Call(function, arguments) if function in _CRITERIA:
                return max(map(self._spread, arguments[_CRITERIA[function] + 1 :: 2]), default=1)
            case Call(function) if function in _ONE:
                return 1
            case Call(_, arguments):
                return max(map(self._spread, arguments), default=1)
            case Binary(_, left, right):
                return max(self._spread(left), self._spread(right))
            case Unary(_, operand):
                return self._spread(operand)
            case _:
                return 1
