"""A column evaluated as a whole has the values it has row by row."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.compile.columnwise import Columnwise
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import result
from crmsheet.formulas.tree import Binary, Boolean, Call, Cell, Column, Node, Number, Text

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 0.4, 0.1, -0.1]),
    st.sampled_from([0.1 + 0.2, 0.3, 1e15 + 0.5, 10**15, 1e-200, 1e200, 123456.789, 123456.78900000002]),
    st.sampled_from(["", "a", "A", "1", "x；y"]),
    st.sampled_from(list(ExcelError)),
)
COLUMNS: tuple[st.SearchStrategy[Value], ...] = (
    VALUES,
    st.sampled_from([0.5, 0.5000000000000001, 0.49999999999999994, 0.51, -0.5, 1e-300]),
    st.one_of(st.integers(-3, 3), st.sampled_from([0.5, 10**15, 0.1])),
    st.sampled_from(["", "a", "A", "；a"]),
    st.booleans(),
)
"""Columns as people fill them: most hold one kind of value."""
FIELDS = ("a", "b", "c", "d")
RANGES = tuple(Column("t", f) for f in FIELDS)


class _Rows:
    """An environment of one table."""

    def __init__(self, columns: dict[str, list[Value]]) -> None:
        self.columns = columns

    def column(self, table: str, field: str) -> Sequence[Value]:
        assert table == "t"
        return self.columns[field]

    def name(self, id: str) -> Value:
        raise AssertionError(id)

    def item(self, list: str, item: str) -> Value:
        raise AssertionError(list, item)

    def spot(self, anchor: str, row: int, column: int) -> Value:
        raise AssertionError(anchor, row, column)

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        raise AssertionError(anchor, top, left, bottom, right)


def _trees() -> st.SearchStrategy[Node]:
    leaves: st.SearchStrategy[Node] = st.one_of(
        st.sampled_from([Cell("t", f) for f in FIELDS]),
        st.sampled_from([Number(0), Number(0.5), Text("；a"), Text(""), Boolean(True)]),
    )

    def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return st.one_of(
            st.builds(
                Binary, st.sampled_from(("&", "+", "-", "*", "=", "<", "<>", ">", "<=", ">=")), inner, inner
            ),
            st.builds(lambda a: Call("ISNUMBER", (a,)), inner),
            st.builds(lambda a, b, c: Call("IF", (a, b, c)), inner, inner, inner),
            st.builds(lambda n, a, b: Call(n, (a, b)), st.sampled_from(("AND", "OR")), inner, inner),
            st.builds(lambda a: Call("NOT", (a,)), inner),
            st.builds(lambda a, b: Call("IFERROR", (a, b)), inner, inner),
            st.builds(lambda a: Call("MID", (a, Number(2), Number(9))), inner),
            st.builds(lambda column, number: Call("INDEX", (column, number)), st.sampled_from(RANGES), inner),
            st.builds(lambda column, test: Call("COUNTIFS", (column, test)), st.sampled_from(RANGES), inner),
            st.builds(
                lambda name, column, first, test, second, other: Call(
                    name, (column, first, test, second, other)
                ),
                st.sampled_from(("SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS")),
                st.sampled_from(RANGES),
                st.sampled_from(RANGES),
                inner,
                st.sampled_from(RANGES),
                inner,
            ),
            st.builds(lambda n: Call("COUNTA", tuple(Cell("t", f) for f in FIELDS[:n])), st.integers(1, 4)),
        )

    return st.recursive(leaves, wider, max_leaves=14)


def _tables() -> st.SearchStrategy[list[tuple[Value, ...]]]:
    columns = st.tuples(*[st.sampled_from(COLUMNS)] * len(FIELDS))
    return columns.flatmap(lambda kinds: st.lists(st.tuples(*kinds), min_size=1, max_size=24))


@settings(max_examples=300)
@given(tree=_trees(), rows=_tables())
def test_the_same_values_as_row_by_row(tree: Node, rows: list[tuple[Value, ...]]) -> None:
    world = _Rows({f: [row[i] for row in rows] for i, f in enumerate(FIELDS)})
    run = Evaluator(world).compiled(tree)
    expected = [result(run(row)) for row in range(len(rows))]
    found = Columnwise(Evaluator(world), world.column).results(tree, len(rows))
    assert [(v.__class__, v) for v in found] == [(v.__class__, v) for v in expected]


def test_what_is_computed_for_each_value_once_stands_in_its_rows() -> None:
    world = _Rows({"a": [7, 5, 6], "b": [1, 3, 2]})
    tree = Call("INDEX", (Column("t", "b"), Cell("t", "b")))
    assert Columnwise(Evaluator(world), world.column).results(tree, 3) == (1, 2, 3)


def test_few_rows_that_ask_of_many_are_answered_as_one_by_one() -> None:
    world = _Rows({"a": [n % 7 for n in range(500)], "b": [n % 11 for n in range(500)]})
    a, b = Column("t", "a"), Column("t", "b")
    criterion = Binary("&", Text(">="), Cell("t", "a"))
    for tree in (Call("COUNTIFS", (a, criterion)), Call("SUMIFS", (b, b, criterion, a, Number(3)))):
        columnwise = Columnwise(Evaluator(world), world.column)
        run = Evaluator(world).compiled(tree)
        rows = [3, 4, 9]
        assert columnwise.values(tree, rows) == [run(row) for row in rows]


def test_equal_numbers_and_booleans_are_not_mixed_up() -> None:
    world = _Rows({"a": [1, True, 1.0, "1"]})
    tree = Call("ISLOGICAL", (Cell("t", "a"),))
    assert Columnwise(Evaluator(world), world.column).results(tree, 4) == (False, True, False, False)
