"""What many rows ask at once is answered as if each had asked alone."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas import grouped
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.ranges import RangeValue, column_of

KEYS: st.SearchStrategy[Value] = st.sampled_from(
    [None, "", "a", "A", "b", "a*", 1, 2.5, "1", True, ExcelError.NA]
)
CRITERIA: st.SearchStrategy[Value] = st.one_of(
    KEYS, st.sampled_from(["=a", "=a~*", "a*", "<>b", ">1", "=", "<=2", 1.0, False, "b" * 300])
)
NUMBERS: st.SearchStrategy[Value] = st.sampled_from([0, 1, 0.1, 0.2, -3, 1e16, -1e16])
MIXED: st.SearchStrategy[Value] = st.one_of(NUMBERS, st.sampled_from([None, "x", True, "7"]))
FAULTY: st.SearchStrategy[Value] = st.one_of(MIXED, st.sampled_from([ExcelError.DIV0, ExcelError.NA]))


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(2, 80), st.data())
def test_the_answers_of_single_questions(random: Random, length: int, data: st.DataObject) -> None:
    def column(of: st.SearchStrategy[Value]) -> RangeValue:
        some = data.draw(st.lists(of, min_size=1, max_size=6))
        return column_of([random.choice(some) for _ in range(length)])

    where = column(KEYS)
    folded = [column(NUMBERS), column(MIXED), column(FAULTY)]
    others = [column(KEYS), column(MIXED), folded[0]]
    wanted = data.draw(st.lists(CRITERIA, min_size=1, max_size=12))
    some = st.tuples(st.sampled_from(others), st.one_of(CRITERIA, st.just(">-1E+300")))
    fixed = data.draw(st.lists(some, max_size=2))
    indexes, fresh = Indexes(), Indexes()
    tests = grouped.tests_of(indexes, column_of(wanted))
    for name in sorted(grouped.NAMES):
        for cells in folded:
            found = grouped.folded(
                indexes, name, None if name == "COUNTIFS" else cells, (where, tests), fixed
            )
            before = () if name == "COUNTIFS" else (cells,)
            rest = [part for pair in fixed for part in pair]
            call = TABLE[name].implementation
            expected = [call(fresh, *before, where, one, *rest) for one in wanted]
            if found is None:
                assert all(one is ExcelError.VALUE for one in expected)
            else:
                assert [(v.__class__, v) for v in found] == [(v.__class__, v) for v in expected]


@pytest.mark.parametrize("name", sorted(grouped.NAMES))
def test_ranges_of_several_lengths_are_left_alone(name: str) -> None:
    indexes, cells = Indexes(), column_of([1, 2, 3])
    asked = column_of(["a", "b"]), grouped.tests_of(indexes, column_of(["a"]))
    folded = None if name == "COUNTIFS" else cells
    fixed = [(cells, 1)] if folded is None else []
    assert grouped.folded(indexes, name, folded, asked, fixed) is None
