"""Rows written column by column: the same as cell by cell, whatever the columns hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.references import a1
from crmsheet.excel.values import ExcelError, Value
from crmsheet.sheetml.cells import encode, formula_element
from crmsheet.sheetml.rowwriting import BATCH, ColumnFormat, FreshRows

NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17),
    st.floats(-1e20, 1e20),
    st.sampled_from([0.0, -0.0, 1.0, -0.05, 1e-9, 123456789012345.6, 2.0**53]),
)
ONE_KIND = st.sampled_from(
    [
        st.integers(-(10**17), 10**17),
        st.floats(-1e20, 1e20),
        st.floats(-1e4, 1e4).map(lambda f: round(f, 2)),
        st.text(max_size=5),
        st.none(),
        st.booleans(),
        st.one_of(NUMBERS, st.none(), st.booleans(), st.text(max_size=3), st.sampled_from(list(ExcelError))),
    ]
)
FORMATS = st.tuples(st.integers(0, 2), st.sampled_from(["", 'A1&"<"']))


@given(st.integers(1, 9), st.lists(st.tuples(ONE_KIND, FORMATS), min_size=1, max_size=4), st.data())
def test_rows_are_their_cells(
    length: int, shapes: list[tuple[st.SearchStrategy[Value], tuple[int, str]]], data: st.DataObject
) -> None:
    columns = tuple(data.draw(st.lists(s, min_size=length, max_size=length)) for s, _ in shapes)
    formats = tuple(ColumnFormat(2 * c, *own) for c, (_, own) in enumerate(shapes))
    prefix = data.draw(st.sampled_from(["", "x:"]))
    written = "".join(FreshRows(6, length, formats, columns).rows(prefix))
    expected = ""
    for row, values in enumerate(zip(*columns, strict=True), 6):
        cells = "".join(
            encode(
                a1(row, f.column),
                f.style,
                v,
                formula_element(f.formula, prefix + "f") if f.formula else "",
                prefix,
            )
            for f, v in zip(formats, values, strict=True)
            if v is not None or f.formula or f.style
        )
        expected += f'<{prefix}row r="{row + 1}">{cells}</{prefix}row>'
    assert written == expected


def test_many_rows_come_some_at_a_time() -> None:
    found = list(FreshRows(1, BATCH + 1, (ColumnFormat(0),), (range(BATCH + 1),)).rows())
    assert [rows.count("<row ") for rows in found] == [BATCH, 1]
    assert found[1] == f'<row r="{BATCH + 2}"><c r="A{BATCH + 2}"><v>{BATCH}</v></c></row>'
