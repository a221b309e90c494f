"""Sets of cells: nothing is counted twice, nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.references import RangeRef
from crmsheet.refresh.rules.coverage import common, count, joined, minus, same_cells, within


def _areas(most: int) -> st.SearchStrategy[list[RangeRef]]:
    corner = st.integers(0, 9)
    area = st.builds(
        lambda a, b, c, d: RangeRef(min(a, b), min(c, d), max(a, b), max(c, d)),
        corner,
        corner,
        corner,
        corner,
    )
    return st.lists(area, max_size=most)


def _cells(areas: list[RangeRef] | tuple[RangeRef, ...]) -> set[tuple[int, int]]:
    return {
        (row, column)
        for a in areas
        for row in range(a.top, a.bottom + 1)
        for column in range(a.left, a.right + 1)
    }


@given(_areas(5), _areas(5))
def test_sets_of_cells(left: list[RangeRef], right: list[RangeRef]) -> None:
    assert _cells(minus(left, right)) == _cells(left) - _cells(right)
    assert _cells(common(left, right)) == _cells(left) & _cells(right)
    assert within(left, right) == (_cells(left) <= _cells(right))
    assert same_cells(left, right) == (_cells(left) == _cells(right))


@given(_areas(25), _areas(25))
def test_many_rectangles_are_no_other(left: list[RangeRef], right: list[RangeRef]) -> None:
    assert _cells(minus(left * 5, right * 5)) == _cells(left) - _cells(right)


@given(_areas(7))
def test_joined_rectangles_are_the_same_cells_once(areas: list[RangeRef]) -> None:
    found = joined(areas)
    assert _cells(found) == _cells(areas)
    assert count(areas) == len(_cells(areas)) == sum(a.rows * a.columns for a in found)
    assert list(found) == sorted(found)


def test_pieces_of_a_column_become_one_range() -> None:
    pieces = [RangeRef(9, 2, 20, 2), RangeRef(3, 2, 8, 2), RangeRef(5, 2, 6, 2)]
    assert joined(pieces) == (RangeRef(3, 2, 20, 2),)
