"""Rows that are put into a sheet whole: the same cells as when each is put in, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import RangeRef
from crmsheet.excel.values import Value
from crmsheet.opc.condensing import condensed
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.freshrows import apart
from crmsheet.sheetml.rowwriting import AS_THE_COLUMN, BATCH, ColumnFormat, FreshRows
from crmsheet.sheetml.scan import scan_sheet
from crmsheet.sheetml.spanedit import proof_outside_spans
from crmsheet.sheetml.splice import patched_sheet

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.integers(-999, 999),
    st.floats(-9, 9),
    st.booleans(),
    st.text("ab<&", min_size=1, max_size=3),
    st.none(),
)
FORMATS = (ColumnFormat(1, AS_THE_COLUMN), ColumnFormat(2, 3), ColumnFormat(4, 2, 'A1+LEN("<")'))


def sheet(numbers: tuple[int, ...], *, prefix: str = "", extra: str = "") -> bytes:
    p = prefix
    rows = "".join(f'<{p}row r="{n}"><{p}c r="B{n}"><{p}v>{n}</{p}v></{p}c></{p}row>' for n in numbers)
    space = f" xmlns{':x' if p else ''}='m'"
    cols = f'<{p}cols><{p}col min="2" max="2" style="5"/></{p}cols>'
    return (
        f'<{p}worksheet{space}><{p}dimension ref="B1:B9"/>{cols}'
        f"<{p}sheetData>{rows}</{p}sheetData>{extra}</{p}worksheet>"
    ).encode()


def cell_by_cell(rows: FreshRows) -> list[CellEdit]:
    return [
        CellEdit(
            row,
            f.column,
            EditKind.FORMULA if f.formula else EditKind.VALUE,
            value,
            f.formula,
            None if f.style == AS_THE_COLUMN else f.style,
        )
        for f, values in zip(rows.formats, rows.columns, strict=True)
        for row, value in enumerate(values, rows.first_row)
    ]


@given(st.data(), st.integers(1, 4), st.sampled_from([2, 5, 30]), st.sampled_from(["", "x:"]))
def test_rows_put_in_whole_are_their_cells(data: st.DataObject, length: int, first: int, prefix: str) -> None:
    columns = tuple(data.draw(st.lists(VALUES, min_size=length, max_size=length)) for _ in FORMATS)
    fresh = FreshRows(first, length, FORMATS, columns)
    before = sheet((1, 2, 20, 40), prefix=prefix)
    edits = [CellEdit(1, 1, EditKind.VALUE, "x"), CellEdit(3 + 40, 0, EditKind.VALUE, 1)]
    one_by_one = patched_sheet(scan_sheet(before), [*edits, *cell_by_cell(fresh)])
    done = patched_sheet(scan_sheet(before), edits, fresh=(fresh,))
    assert proof_outside_spans(before, done.data, done.replacements) == ""
    found, expected = ({(c.row, c.column): c for c in scan_sheet(d.data).cells()} for d in (done, one_by_one))
    # A blank cell has the format of its column either way: whole rows write it.
    assert {at: c for at, c in found.items() if at in expected} == expected
    assert all(
        c.value is None and c.formula is None and c.style == 5
        for at, c in found.items()
        if at not in expected
    )
    assert scan_sheet(done.data).rows.numbers == scan_sheet(one_by_one.data).rows.numbers


def test_a_condensed_sheet_gets_marks_for_long_formulas() -> None:
    long = "+".join(f"A{n}" for n in range(1, 40))
    plain = (
        sheet((1, 2))
        .replace(b"<v>1</v>", f"<f>{long}</f><v>1</v>".encode())
        .replace(b"<v>2</v>", f"<f>{long}</f><v>2</v>".encode())
    )
    held = condensed([plain])
    assert held is not None
    other = long + "+7"
    formats = (ColumnFormat(1, 0, long), ColumnFormat(2, 0, other))
    fresh = FreshRows(2, 2 * BATCH, formats, ((1,) * 2 * BATCH, (2,) * 2 * BATCH))
    done = patched_sheet(scan_sheet(held[0], marks=held[1]), (), fresh=(fresh,))
    assert len(done.data) < 2 * BATCH * len(long)
    whole = patched_sheet(scan_sheet(plain), (), fresh=(fresh,))
    assert held[1].expanded(done.data) == whole.data
    assert held[1].consistent


@pytest.mark.parametrize(
    ("numbers", "extra", "edits", "blocked"),
    [
        ((1, 2, 6), "", (), ()),
        ((1, 2), "", (CellEdit(5, 9, EditKind.VALUE, 1),), ()),
        ((1, 2), '<mergeCells><mergeCell ref="H6:I6"/></mergeCells>', (), ()),
        ((1, 2), "", (), ((RangeRef(6, 0, 9, 0), "no"),)),
    ],
)
def test_rows_in_whose_way_something_is_are_looked_at_cell_by_cell(
    numbers: tuple[int, ...],
    extra: str,
    edits: tuple[CellEdit, ...],
    blocked: tuple[tuple[RangeRef, str], ...],
) -> None:
    fresh = FreshRows(4, 3, (ColumnFormat(1), ColumnFormat(2, 1, "A1")), ((1, 2, None), (4, 5, 6)))
    scan = scan_sheet(sheet(numbers, extra=extra))
    assert apart(scan, edits, blocked, (fresh,)) == ([], cell_by_cell(fresh))
    done = patched_sheet(scan, edits, blocked=blocked, fresh=(fresh,))
    assert {(4, 1), (6, 2)} <= set(done.changed)


def test_rows_that_lie_over_each_other_are_not_both_put_in_whole() -> None:
    one = FreshRows(4, 3, (ColumnFormat(1),), ((1, 2, 3),))
    other = FreshRows(6, 2, (ColumnFormat(2),), ((4, 5),))
    whole, others = apart(scan_sheet(sheet((1,))), (), (), (one, other))
    assert (whole, others) == ([one], cell_by_cell(other))


def test_what_must_not_be_written_is_refused() -> None:
    fresh = FreshRows(4, 3, (ColumnFormat(1),), ((1, 2, 3),))
    with pytest.raises(WorkbookRefused):
        patched_sheet(scan_sheet(sheet((1,))), (), blocked=((RangeRef(5, 1, 5, 1), "no"),), fresh=(fresh,))
