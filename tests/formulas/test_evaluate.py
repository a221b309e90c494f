"""What evaluation promises beyond the case files: laziness, shared answers, references made of references."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crmsheet.errors import InternalError
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.evaluate import Evaluator, compiled
from crmsheet.formulas.ranges import RangeValue, column_of
from crmsheet.formulas.semantics import result
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Item, Measure, Name, Number, Spot, Text


class Board:
    """Columns are counted when asked for; a name is several cells; a block is 2 × 3."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def column(self, table: str, field: str) -> Sequence[Value]:
        self.asked.append(f"{table}.{field}")
        columns: dict[str, list[Value]] = {"n": [1, 2, None], "k": ["x", "y", "x"]}
        return columns[field]

    def name(self, id: str) -> Value | RangeValue:
        self.asked.append(id)
        return column_of([45660, 45661]) if id == "holidays" else 3

    def item(self, list: str, item: str) -> Value:
        return f"{list}:{item}"

    def spot(self, anchor: str, row: int, column: int) -> Value:
        assert anchor == "kpi"
        return row * 10 + column

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        cells = [self.spot(anchor, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        return RangeValue(bottom - top + 1, right - left + 1, cells)


def test_nothing_is_read_before_the_first_row() -> None:
    board = Board()
    run = Evaluator(board).compiled(Binary("+", Cell("t", "n"), Name("x")))
    assert board.asked == []
    assert [run(0), run(1), run(2)] == [4, 5, 3]
    assert sorted(board.asked) == ["t.n", "x"]


def test_only_the_needed_branch_is_computed() -> None:
    board = Board()
    run = compiled(Call("IF", (Binary(">", Cell("t", "n"), Number(5)), Name("x"), Text("no"))), board)
    assert run(0) == "no"
    assert board.asked == ["t.n"]


def test_blocks_names_and_items() -> None:
    board = Board()
    assert compiled(Spot("kpi", 1, 2), board)(0) == 12
    assert compiled(Call("SUM", (Area("kpi", 0, 0, 1, 2),)), board)(0) == 0 + 1 + 2 + 10 + 11 + 12
    block, zero = Area("kpi", 0, 0, 1, 2), Number(0)
    assert compiled(Call("INDEX", (block, Number(2), Number(3))), board)(0) == 12
    assert compiled(Call("VLOOKUP", (Number(10), block, Number(2), zero)), board)(0) == 11
    assert compiled(Call("HLOOKUP", (Number(1), block, Number(2), zero)), board)(0) == 11
    assert compiled(Item("stage", "won"), board)(0) == "stage:won"
    days = Call("NETWORKDAYS", (Number(45658), Number(45664), Name("holidays")))
    assert compiled(days, board)(0) == 4


def test_column_where_one_value_is_needed_is_an_error() -> None:
    assert compiled(Binary("+", Column("t", "n"), Number(1)), Board())(0) is ExcelError.VALUE


def test_rows_of_an_array_meet_columns() -> None:
    across = Area("kpi", 0, 0, 0, 2)
    down = Area("kpi", 0, 0, 1, 0)
    assert compiled(Call("SUMPRODUCT", (Binary("+", across, down),)), Board())(0) == (0 + 1 + 2) * 2 + 10 * 3
    uneven = Binary("+", Area("kpi", 0, 0, 0, 1), across)
    assert compiled(Call("SUMPRODUCT", (uneven,)), Board())(0) is ExcelError.NA


def test_blank_result_is_zero_in_a_cell() -> None:
    run = compiled(Cell("t", "n"), Board())
    assert run(2) is None
    assert result(run(2)) == 0
    assert result("") == ""
    assert result("x" * 32768) is ExcelError.VALUE


def test_today_is_told() -> None:
    assert compiled(Call("TODAY", ()), Board(), today=45823)(0) == 45823
    with pytest.raises(InternalError, match="TODAY"):
        compiled(Call("TODAY", ()), Board())


def test_metric_and_unknown_function_are_our_mistakes() -> None:
    for node in (Measure("won"), Call("NOPE", ())):
        with pytest.raises(InternalError):
            compiled(node, Board())
