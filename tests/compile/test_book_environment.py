"""Values of names, blocks and columns that depend on each other; circles are found."""

from __future__ import annotations

import pytest

from crmsheet.compile.environment import BookEnvironment, evaluated
from crmsheet.compile.live import snapshot
from crmsheet.compile.pieces import Pieces
from crmsheet.errors import InternalError
from crmsheet.formulas.patterns import Pattern, holes
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Name, Node, Number, Spot, Text
from crmsheet.plan.book import PlanName
from crmsheet.plan.cells import Beside, Block, Cells, Family, Hole, PlanCell
from crmsheet.plan.looks import Style
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable
from crmsheet.structs import replace


def _block(*contents: Node | float | str | None) -> Block:
    cells = tuple(
        PlanCell(i, 0, formula=c) if isinstance(c, Node) else PlanCell(i, 0, c)
        for i, c in enumerate(contents)
    )
    return Block("b", "sheet", 0, 0, len(contents), 1, cells)


def _spot(row: int) -> Spot:
    return Spot("b", row, 0)


def _values(pieces: Pieces) -> list[object]:
    return [c.value for c in evaluated(pieces, BookEnvironment(pieces, 45838)).blocks[0].cells]


def test_cells_are_computed_whatever_their_order() -> None:
    pieces = Pieces(blocks=(_block(Binary("+", _spot(1), Number(1)), Binary("*", _spot(2), Number(2)), 5),))
    assert _values(pieces) == [11, 10, 5]


def test_a_blank_result_is_zero_and_today_is_the_effective_date() -> None:
    pieces = Pieces(blocks=(_block(_spot(1), None, Call("TODAY", ())),))
    assert _values(pieces) == [0, None, 45838]


def test_long_chains_of_cells() -> None:
    chain = [Binary("+", _spot(i + 1), Number(1)) for i in range(1500)]
    assert _values(Pieces(blocks=(_block(*chain, 0),)))[0] == 1500


def test_a_name_for_the_used_part_of_a_column() -> None:
    whole = Area("b", 0, 0, 3, 0)
    used = Call("MAX", (Number(1), Call("COUNTA", (whole,))))
    target = Binary(":", Call("INDEX", (whole, Number(1))), Call("INDEX", (whole, used)))
    pieces = Pieces(blocks=(_block("x", "y", None, None),), names=(PlanName("n", "n", target),))
    found = BookEnvironment(pieces, 1).name("n")
    assert isinstance(found, RangeValue)
    assert list(found.cells) == ["x", "y"]


def test_values_are_known_to_who_forgets_how_they_were_found() -> None:
    columns = tuple(PlanColumn(f, f, ColumnRole.INPUT, Style(), Style(), values=(1, 2, 2)) for f in "fg")
    table = PlanTable("t", "t", "t", 0, 0, columns, ("a", "b", "c"))
    count = Call("COUNTIFS", (Column("t", "f"), Cell("t", "f")))
    environment = BookEnvironment(
        Pieces(tables=(table,), blocks=(_block(Call("SUM", (Column("t", "g"),))),)), 1
    )
    before = environment.results("t", count), environment.spot("b", 0, 0)
    environment.forget()
    assert (environment.results("t", count), environment.spot("b", 0, 0)) == before == ((1, 2, 2), 5)


def test_names_of_cells_and_columns() -> None:
    column = PlanColumn("f", "F", ColumnRole.INPUT, Style(), Style(), values=(1, 2))
    table = PlanTable("t", "t", "t", 0, 0, (column,), ("a", "b"))
    pieces = Pieces(
        tables=(table,),
        blocks=(_block(7, Call("SUM", (Name("all"),)), Name("one")),),
        names=(PlanName("all", "all_f", Column("t", "f")), PlanName("one", "one", _spot(0))),
    )
    assert _values(pieces) == [7, 3, 7]


def test_circles_are_named() -> None:
    pieces = Pieces(blocks=(_block(_spot(1), _spot(0)),))
    with pytest.raises(InternalError, match=r"b\(0,0\) -> b\(1,0\) -> b\(0,0\)"):
        evaluated(pieces, BookEnvironment(pieces, 1))


def _family(tree: Node, inside: tuple[Hole | Beside, ...], *, snapshot: bool = False) -> Block:
    """Two rows and two columns, a cell in every second column, that refer to the block before."""
    family = Family(Pattern(tree), inside, 1, 1, 2, 2, step=2, style=Style(bold=True), snapshot=snapshot)
    return Block("f", "sheet", 0, 0, 3, 4, Cells((PlanCell(0, 0, "alone"),), (family,)))


ROW, COLUMN, OWN, BESIDE = holes(4)
INSIDE: tuple[Hole | Beside, ...] = (
    Hole((_spot(0), _spot(1)), down=1),
    Hole((_spot(2), _spot(3)), across=1),
    Hole((_spot(0), _spot(1), _spot(2), _spot(3)), down=2, across=1),
    Beside(Spot("f", 0, 0), 2),
)


@pytest.mark.parametrize(
    "tree",
    [
        Binary("&", ROW, COLUMN),
        Call("IF", (Binary("=", ROW, Text("")), Text("none"), Binary("+", OWN, COLUMN))),
        Call("IFERROR", (Binary("/", OWN, ROW), Text("-"))),
        Call(
            "SUMIFS", (Column("t", "f"), Column("t", "f"), OWN, Column("t", "f"), Binary("&", Text(">"), ROW))
        ),
        Call("COUNTIFS", (Column("t", "f"), Binary("&", Text("<="), OWN))),
        Call("SUM", (Area("b", 0, 0, 3, 0),)),
        Call("IF", (Call("ISTEXT", (BESIDE,)), Binary("&", BESIDE, OWN), COLUMN)),
    ],
)
def test_a_family_has_the_cells_that_it_stands_for(tree: Node) -> None:
    column = PlanColumn("f", "F", ColumnRole.INPUT, Style(), Style(), values=(1, 2, 4, 0, 7))
    table = PlanTable("t", "t", "t", 0, 0, (column,), tuple("abcde"))
    kept = _family(tree, INSIDE)
    single = replace(kept, cells=tuple(kept.cells))
    assert [(c.row, c.column) for c in single.cells] == [(0, 0), (1, 1), (1, 3), (2, 1), (2, 3)]
    assert single.cells[2].formula == Pattern(tree).filled((_spot(0), _spot(3), _spot(1), Spot("f", 0, 2)))
    results = []
    for block in (kept, single):
        pieces = Pieces(tables=(table,), blocks=(_block(2, "", 4, None), block))
        results.append(list(evaluated(pieces, BookEnvironment(pieces, 1)).blocks[1].cells))
    assert results[0] == results[1]


def test_of_a_family_that_is_a_snapshot_only_values_are_left() -> None:
    pieces = Pieces(blocks=(_block(1, 2, 3, 4), snapshot(_family(Binary("*", ROW, COLUMN), INSIDE))))
    cells = evaluated(pieces, BookEnvironment(pieces, 1)).blocks[1].cells
    assert [(c.value, c.formula) for c in cells] == [
        ("alone", None),
        (3, None),
        (4, None),
        (6, None),
        (8, None),
    ]


def test_a_family_that_leads_back_to_itself_is_named() -> None:
    family = _family(Binary("+", ROW, OWN), (Hole((Spot("f", 1, 1), Spot("f", 2, 1)), down=1), *INSIDE[1:]))
    pieces = Pieces(blocks=(_block(1, 2, 3, 4), family))
    with pytest.raises(InternalError, match=r"f\(1,1\)"):
        evaluated(pieces, BookEnvironment(pieces, 1))


@pytest.mark.parametrize("node", [Spot("nowhere", 0, 0), Column("nowhere", "f"), Name("nobody")])
def test_what_is_missing_is_named(node: Node) -> None:
    pieces = Pieces(blocks=(_block(Call("SUM", (node,))),))
    with pytest.raises(InternalError, match=r"nowhere|nobody"):
        evaluated(pieces, BookEnvironment(pieces, 1))


def test_computed_columns_of_two_tables() -> None:
    def made(name: str, *columns: PlanColumn) -> PlanTable:
        return PlanTable(name, name, name, 0, 0, columns, ("1", "2"))

    def computed(node: Node) -> PlanColumn:
        return PlanColumn("f", "F", ColumnRole.COMPUTED, Style(), Style(), formula=node)

    given = PlanColumn("v", "V", ColumnRole.INPUT, Style(), Style(), values=(3, 4))
    first = made("first", computed(Call("SUM", (Column("second", "f"),))))
    second = made("second", given, computed(Binary("*", Cell("second", "v"), Number(2))))
    pieces = Pieces(tables=(first, second))
    done = evaluated(pieces, BookEnvironment(pieces, 1))
    assert done.tables[0].columns[0].values == (14, 14)
    assert done.tables[1].columns[1].values == (6, 8)
