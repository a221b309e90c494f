"""Look-ups answered from indexes are what reading every cell gives."""

from __future__ import annotations

import math
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.criteria import criterion, holds
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.functions.lookup import exact_place
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue, column_of
from crmsheet.formulas.semantics import equal
from crmsheet.formulas.tree import Binary, Call, Cell, Column, Node, Number, Unary

CELLS: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(
        [None, "", "a", "A", "b", "ab", "a*", "7", "07", True, False, ExcelError.NA, "12%", 0.12]
    ),
    st.integers(-3, 9),
)
CRITERIA: st.SearchStrategy[Value] = st.one_of(
    CELLS,
    st.builds(
        lambda op, value: f"{op}{value}",
        st.sampled_from(["", "=", "<>", "<", ">", "<=", ">="]),
        st.sampled_from(["", "a", "A*", "?", "b", "~*", "a~*", 7, "12%", "TRUE", "#N/A", 0, -1]),
    ),
)


@given(st.data(), st.integers(1, 120), st.integers(1, 3))
def test_rows_found_are_those_for_which_every_criterion_holds(
    data: st.DataObject, length: int, count: int
) -> None:
    indexes = Indexes()
    columns = [column_of(data.draw(st.lists(CELLS, min_size=length, max_size=length))) for _ in range(count)]
    for _ in range(3):
        tests = []
        for _ in columns:
            test = criterion(data.draw(CRITERIA))
            assert not isinstance(test, ExcelError)
            tests.append(test)
        expected = [
            row
            for row in range(length)
            if all(holds(test, cells.cells[row]) for test, cells in zip(tests, columns, strict=True))
        ]
        assert sorted(indexes.rows(columns, tests)) == expected


AMOUNTS: st.SearchStrategy[Value] = st.one_of(
    st.integers(-3, 9), st.sampled_from([0.1, 0.2, 1e16, -1e16, 2.5])
)
MIXED: st.SearchStrategy[Value] = st.one_of(AMOUNTS, st.sampled_from([None, "x", "7", True]))
FAULTY: st.SearchStrategy[Value] = st.one_of(AMOUNTS, st.sampled_from([None, ExcelError.DIV0, ExcelError.NA]))
SHORT: st.SearchStrategy[Value] = st.sampled_from([None, "", "a", "A", 1, True])
BOUNDS: st.SearchStrategy[Value] = st.builds(
    lambda op, value: f"{op}{value}",
    st.sampled_from(["<", ">", "<=", ">="]),
    st.sampled_from([-1e300, 1e300, -3, 0, 0.15, 4, 9]),
)


def _folded(name: str, values: list[Value]) -> Value:
    error = next((v for v in values if isinstance(v, ExcelError)), None)
    if error is not None and name != "COUNTIFS":
        return error
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    match name:
        case "COUNTIFS":
            return len(values)
        case "SUMIFS":
            return math.fsum(numbers)
        case "AVERAGEIFS":
            return math.fsum(numbers) / len(numbers) if numbers else ExcelError.DIV0
        case "MAXIFS":
            return max(numbers, default=0)
        case _:
            return min(numbers, default=0)


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(44, 90), st.data())
def test_what_is_folded_by_groups_and_bounds_is_what_every_cell_gives(
    random: Random, length: int, data: st.DataObject
) -> None:
    def column(of: st.SearchStrategy[Value]) -> RangeValue:
        some = data.draw(st.lists(of, min_size=1, max_size=8))
        return column_of([random.choice(some) for _ in range(length)])

    indexes = Indexes()
    groups = [column(SHORT), column(SHORT)]
    bounded = [column(AMOUNTS), column(MIXED)]
    folded = [column(AMOUNTS), column(MIXED), column(FAULTY)]
    asked = data.draw(
        st.lists(
            st.lists(
                st.one_of(
                    st.tuples(st.sampled_from(groups), SHORT), st.tuples(st.sampled_from(bounded), BOUNDS)
                ),
                min_size=1,
                max_size=4,
            ),
            min_size=1,
            max_size=4,
        )
    )
    for criteria in asked:
        tests = [(cells, criterion(wanted)) for cells, wanted in criteria]
        rows = [
            row
            for row in range(length)
            if all(
                not isinstance(test, ExcelError) and holds(test, cells.cells[row]) for cells, test in tests
            )
        ]
        given_pairs = [part for pair in criteria for part in pair]
        for name in ("COUNTIFS", "SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"):
            for cells in folded:
                arguments = given_pairs if name == "COUNTIFS" else [cells, *given_pairs]
                found = TABLE[name].implementation(indexes, *arguments)
                expected = _folded(name, [cells.cells[row] for row in rows])
                assert found == expected
                assert isinstance(found, ExcelError) is isinstance(expected, ExcelError)


@given(st.lists(CELLS, min_size=2, max_size=40), CELLS, st.data())
def test_match_in_a_part_of_a_column_is_match_in_those_cells(
    cells: list[Value], wanted: Value, data: st.DataObject
) -> None:
    indexes = Indexes()
    whole = column_of(cells)
    start = data.draw(st.integers(0, len(cells) - 1))
    end = data.draw(st.integers(start, len(cells) - 1))
    part = whole.part(start, 0, end, 0)
    alone = column_of(cells[start : end + 1])
    assert exact_place(indexes, wanted, part) == exact_place(indexes, wanted, alone)
    assert list(part.cells) == cells[start : end + 1]


class TwoTables:
    """`t[x]` is looked up in `a[k]` and `a[v]`."""

    def __init__(self, x: list[Value], k: list[Value], v: list[Value]) -> None:
        self._columns = {("t", "x"): x, ("a", "k"): k, ("a", "v"): v}

    def column(self, table: str, field: str) -> list[Value]:
        return self._columns[table, field]

    def name(self, id: str) -> Value:
        raise AssertionError(id)

    def item(self, list: str, item: str) -> Value:
        raise AssertionError((list, item))

    def spot(self, anchor: str, row: int, column: int) -> Value:
        raise AssertionError((anchor, row, column))

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        raise AssertionError((anchor, top, left, bottom, right))


PLAIN: st.SearchStrategy[Value] = st.sampled_from([None, "", "a", "A", "b", "7", True, False, 0, 7, 2.5])
NUMBERS: st.SearchStrategy[Value] = st.sampled_from([None, 1, 2.5, -3, 0])
ANY_VALUE: st.SearchStrategy[Value] = st.one_of(NUMBERS, st.sampled_from(["x", ExcelError.DIV0, True]))


@given(st.lists(PLAIN, min_size=3, max_size=3), st.data(), st.integers(1, 30), st.booleans())
def test_sumproduct_over_equality_is_the_sum_over_all_cells(
    x: list[Value], data: st.DataObject, length: int, clean: bool
) -> None:
    k = data.draw(st.lists(PLAIN, min_size=length, max_size=length))
    v = data.draw(st.lists(NUMBERS if clean else ANY_VALUE, min_size=length, max_size=length))
    test: Node = Binary("=", Column("a", "k"), Cell("t", "x"))
    fast = Call("SUMPRODUCT", (Binary("*", test, Column("a", "v")),))
    count = Call("SUMPRODUCT", (Unary("-", Unary("-", test)),))
    slow = Call("SUMPRODUCT", (Binary("*", Binary("*", test, Column("a", "v")), Number(1.0)),))
    evaluator = Evaluator(TwoTables(x, k, v))
    run_fast, run_count, run_slow = map(evaluator.compiled, (fast, count, slow))
    plain = Call("SUMPRODUCT", (Binary("+", Binary("*", test, Column("a", "v")), Number(0)),))
    run_plain = evaluator.compiled(plain)
    for row in range(3):
        assert run_count(row) == sum(equal(cell, x[row]) is True for cell in k)
        expected = run_plain(row)
        for run in (run_fast, run_slow):
            found = run(row)
            if isinstance(expected, ExcelError):
                assert found is expected
            else:
                assert isinstance(found, int | float)
                assert isinstance(expected, int | float)
                assert math.isclose(found, expected, abs_tol=1e-12)
