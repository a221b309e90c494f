"""What formulas cost: pairs of rows compared, counted by hand."""

from __future__ import annotations

import pytest

from crmsheet.compile.pieces import Pieces
from crmsheet.compile.weights import costs, more_than
from crmsheet.formulas.patterns import Pattern, holes
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Node, Number, Spot, Text
from crmsheet.plan.cells import Block, Cells, Family, Hole, PlanCell
from crmsheet.plan.looks import Style
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable
from crmsheet.structs import replace

A, B = Column("orders", "a"), Column("orders", "b")
KEYS = Column("customers", "key")
ONE = Cell("customers", "key")


def _table(name: str, rows: int, formula: Node | None = None) -> PlanTable:
    column = PlanColumn("x", "x", ColumnRole.COMPUTED, Style(), Style(), formula=formula)
    return PlanTable(name, name, name, 0, 0, (column,), tuple(map(str, range(rows))))


def _cost(formula: Node, *, snapshot: bool = False) -> int:
    block = Block("b", "s", 0, 0, 1, 1, (PlanCell(0, 0, formula=formula, snapshot=snapshot),))
    return sum(costs(Pieces(tables=(_table("customers", 10), _table("orders", 1_000)), blocks=(block,))))


def _ifs(function: str, *arguments: Node) -> Call:
    return Call(function, arguments)


@pytest.mark.parametrize(
    ("formula", "cost"),
    [
        (Number(1), 0),
        (_ifs("COUNTIFS", A, ONE), 1_000),
        (_ifs("COUNTIFS", A, ONE, B, Number(1)), 1_000),
        (_ifs("SUMIFS", B, A, ONE), 1_000),
        # An array of criteria: once for each of them.
        (_ifs("SUMPRODUCT", Binary(">", _ifs("COUNTIFS", A, KEYS), Number(0))), 10_010),
        (_ifs("SUMPRODUCT", Binary("*", _ifs("SUMIFS", B, A, KEYS), KEYS)), 10_010),
        (_ifs("SUMPRODUCT", Binary("=", A, Text("x"))), 1_000),
        (_ifs("SUM", A), 1_000),
        (_ifs("MATCH", ONE, A, Number(0)), 250),
        (_ifs("INDEX", A, _ifs("MATCH", ONE, A, Number(0))), 250),
        (_ifs("IF", Binary("=", ONE, Text("")), Number(0), _ifs("COUNTIFS", A, ONE)), 1_000),
        (_ifs("IF", ONE, _ifs("COUNTIFS", A, ONE), _ifs("COUNTIFS", A, ONE, B, Number(1))), 1_000),
        (_ifs("COUNTIF", Area("b", 0, 0, 9, 1), Spot("b", 0, 0)), 20),
    ],
)
def test_a_cell(formula: Node, cost: int) -> None:
    assert _cost(formula) == cost


def test_a_family_costs_what_its_cells_do() -> None:
    own, other = holes(2)
    pattern = Pattern(_ifs("IF", Binary("=", own, Text("")), Number(0), _ifs("COUNTIFS", A, own, B, other)))
    spots = tuple(Spot("b", row, 0) for row in range(2))
    family = Family(pattern, (Hole(spots, down=1), Hole(spots, across=1)), 0, 1, 2, 2)
    kept = Block("f", "s", 0, 0, 2, 3, Cells((), (family,)))
    tables = (_table("orders", 1_000),)
    found = [
        sum(costs(Pieces(tables=tables, blocks=(b,)))) for b in (kept, replace(kept, cells=tuple(kept.cells)))
    ]
    assert found == [4_000, 4_000]


def test_a_column_costs_what_each_of_its_cells_does() -> None:
    counted = _table("customers", 10, _ifs("COUNTIFS", A, ONE))
    assert sum(costs(Pieces(tables=(counted, _table("orders", 1_000))))) == 10_000


def test_a_value_of_this_refresh_costs_nothing_later() -> None:
    assert _cost(_ifs("COUNTIFS", A, ONE), snapshot=True) == 0


def test_a_limit_is_passed_by_all_formulas_together() -> None:
    counted = _table("customers", 10, _ifs("COUNTIFS", A, ONE))
    cells = tuple(PlanCell(row, 0, formula=_ifs("COUNTIFS", A, ONE)) for row in range(3))
    pieces = Pieces(tables=(counted, _table("orders", 1_000)), blocks=(Block("b", "s", 0, 0, 3, 1, cells),))
    assert more_than(pieces, 12_999)
    assert not more_than(pieces, 13_000)
    assert not more_than(Pieces(), 0)
