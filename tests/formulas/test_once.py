"""A tree that is gone through has the value of the same tree compiled."""

from __future__ import annotations

import pytest
from tests.formulas.random_trees import WORLD, Maker
from tests.formulas.workbench import AS_OF, WorldEnvironment

from crmsheet.excel.values import Value
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Node, Number, Spot, Text, rewritten


class Spotted(WorldEnvironment):
    """The world's cells as those of blocks: the block `t.n` is the column of this name."""

    def spot(self, anchor: str, row: int, column: int) -> Value:
        assert column == 0
        table, _, field = anchor.partition(".")
        return WORLD.tables[table][field][row]

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        cells = [self.spot(anchor, row, left) for row in range(top, bottom + 1)]
        return RangeValue(len(cells), right - left + 1, cells)


def _at(node: Node, row: int) -> Node:
    """What an expression is in one row, written with cells of blocks."""

    def change(part: Node) -> Node | None:
        return Spot(f"{part.table}.{part.field}", row, 0) if isinstance(part, Cell) else None

    return rewritten(node, change)


@pytest.mark.parametrize("seed", range(4))
def test_going_through_a_tree_gives_what_its_compiled_form_gives(seed: int) -> None:
    maker = Maker(seed)
    environment = Spotted(WORLD)
    single, compiled = Evaluator(environment, AS_OF), Evaluator(environment, AS_OF)
    for number in range(150):
        node = maker.top(4)
        row = number % WORLD.rows
        expected = compiled.compiled(node)(row)
        assert repr(single.value(_at(node, row))) == repr(expected), node


N = Column("t", "n")
A = Area("t.n", 0, 0, 11, 0)


@pytest.mark.parametrize(
    "node",
    [
        Call("SUM", (A,)),
        Call("SUM", (Binary(":", Call("INDEX", (A, Number(1))), Call("INDEX", (A, Number(4)))),)),
        Call("SUM", (Call("IF", (Binary("=", Number(1), Number(1)), A, N)),)),
        Call("SUMPRODUCT", (Binary("*", A, A),)),
        Call("SUMPRODUCT", (Binary("*", Binary("=", N, Number(7)), N),)),
        Call("COUNTIFS", (A, Text(">1"), N, Text("<50"))),
        Call("SUMIFS", (A, N, Spot("t.n", 0, 0))),
        Call("SUMIFS", (A, N, Spot("t.e", 1, 0))),
        Call("IFERROR", (Spot("t.e", 1, 0), Call("TODAY", ()))),
        Call("IF", (Spot("t.e", 1, 0), Number(1), Number(2))),
        Call("HYPERLINK", (Text("#a"), Text("shown"))),
        Call("INDEX", (A, Number(2))),
        Binary("-", Spot("t.n", 7, 0), Number(0.1)),
        Binary("-", Binary("-", Number(0.5), Number(0.4)), Number(0.1)),
        Binary("*", Binary("-", Binary("-", Number(0.5), Number(0.4)), Number(0.1)), Number(1)),
        A,
        Spot("t.n", 4, 0),
    ],
)
def test_computed_references_arrays_and_sums_are_those_of_compiled_formulas(node: Node) -> None:
    environment = Spotted(WORLD)
    single, compiled = Evaluator(environment, AS_OF), Evaluator(environment, AS_OF)
    assert repr(single.value(node)) == repr(compiled.compiled(node)(0))
