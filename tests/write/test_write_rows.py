"""Rows: every cell once, in order, whatever stands beside a table."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.judge.package import cell_position

from crmsheet.excel.values import Value
from crmsheet.sheetml.rowwriting import BATCH, ColumnFormat, FreshRows
from crmsheet.write.rows import LooseCell, SheetRows


def parsed(rows: SheetRows) -> list[tuple[int, dict[str, str], list[tuple[int, int]]]]:
    """Number, attributes and cell places of each row."""
    root = etree.fromstring("<sheetData>" + "".join(rows.xml()) + "</sheetData>")
    return [(int(row.get("r")), dict(row.attrib), [cell_position(c.get("r")) for c in row]) for row in root]


def table(row: int, column: int, values: Sequence[Sequence[Value]]) -> FreshRows:
    return FreshRows(
        first_row=row,
        length=len(values),
        formats=tuple(ColumnFormat(column + i) for i in range(len(values[0]))),
        columns=tuple(zip(*values, strict=True)),
    )


def test_cells_beside_a_table_are_put_into_its_rows() -> None:
    cells = {(1, 0): LooseCell("left"), (1, 5): LooseCell("right"), (0, 3): LooseCell("title")}
    rows = SheetRows(cells, (table(1, 1, [[1, 2], [3, 4]]),), {2: 30.5, 7: 12})
    assert [(number, [c for _, c in places]) for number, _, places in parsed(rows)] == [
        (1, [4]),
        (2, [1, 2, 3, 6]),
        (3, [2, 3]),
        (8, []),
    ]
    assert [a.get("ht") for _, a, _ in parsed(rows)] == [None, None, "30.5", "12"]
    assert str(rows.extent()) == "A1:F3"


def test_a_sheet_without_cells_has_no_extent() -> None:
    rows = SheetRows({}, (), {0: 20})
    assert rows.extent() is None
    assert [number for number, _, _ in parsed(rows)] == [1]


def test_table_rows_are_made_some_at_a_time() -> None:
    taken: list[int] = []

    class Counted(Sequence[Value]):
        def __len__(self) -> int:
            return 10 * BATCH

        def __getitem__(self, index: slice) -> Sequence[Value]:  # type: ignore[override]
            found = range(10 * BATCH)[index]
            taken.extend(found)
            return found

    rows = SheetRows({}, (FreshRows(0, 10 * BATCH, (ColumnFormat(0),), (Counted(),)),))
    stream = rows.xml()
    first = next(stream)
    assert first.count("<row ") == BATCH
    assert len(taken) <= 2 * BATCH
    assert (first + "".join(stream)).count("<row ") == 10 * BATCH


PLACES = st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 8)), st.just(LooseCell(1)), max_size=30)


@given(PLACES, st.integers(0, 6), st.integers(1, 5), st.dictionaries(st.integers(0, 14), st.just(20.0)))
def test_rows_and_cells_ascend_and_none_is_lost(
    cells: dict[tuple[int, int], LooseCell], top: int, length: int, heights: dict[int, float]
) -> None:
    streams = (table(top, 2, [[1, 2]] * length), table(top + 1, 6, [[1]] * length))
    taken = [s.area for s in streams]
    free = {place: c for place, c in cells.items() if not any(a.contains(*place) for a in taken)}
    found = parsed(SheetRows(free, streams, heights))
    numbers = [number for number, _, _ in found]
    assert numbers == sorted(set(numbers))
    places = [place for _, _, in_row in found for place in in_row]
    assert places == sorted(set(places))
    expected = {(row + 1, column + 1) for row, column in free}
    expected |= {
        (row + 1, column + 1)
        for a in taken
        for row in range(a.top, a.bottom + 1)
        for column in range(a.left, a.right + 1)
    }
    assert set(places) == expected
    assert all((number - 1 in heights) == ("ht" in attributes) for number, attributes, _ in found)
