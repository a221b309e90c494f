"""Rows typed just below a table belong to it; remarks, totals and formulas below it do not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.judge.package import Value
from tests.refresh.small_world import (
    CUSTOMERS,
    TODAY,
    View,
    row_below,
    sheet_part,
    typed,
    with_cell,
    with_text,
)

from crmsheet import api
from crmsheet.diagnostics import CellPlace
from crmsheet.refresh import NoteKind

NEW: Mapping[str, Value] = {"Customer": "Newcomer", "Region": "East", "Since": 46000.0}
FIRST_BELOW = 4 + len(CUSTOMERS)


def names(content: bytes) -> list[Value]:
    """The customers after a refresh."""
    done = api.refresh(content, name="small.xlsx", today=TODAY)
    return View.of(done.content or content).column("customers", "Customer")


def test_a_row_typed_below_is_adopted_computed_and_named(small: bytes) -> None:
    done = api.refresh(row_below(small, "customers", NEW), name="small.xlsx", today=TODAY)
    view = View.of(done.content)
    assert view.column("customers", "Customer")[-1] == "Newcomer"
    assert view.column("customers", "Revenue")[-1] == 0
    assert view.column("customers", "Idle days")[-1] == ""
    ids = view.column("customers", "_id")
    assert len(set(ids)) == len(CUSTOMERS) + 1
    assert all(ids)
    adopted = [n for n in done.notes if n.kind is NoteKind.ROW_ADOPTED]
    assert [(n.sheet, n.cell) for n in adopted] == [("Customers", f"A{FIRST_BELOW}")]
    assert done.rows[0] == ("Customers", len(CUSTOMERS) + 1)


def test_an_adopted_row_looks_like_the_rows_above(small: bytes) -> None:
    done = api.refresh(row_below(small, "customers", NEW), name="small.xlsx", today=TODAY)
    view = View.of(done.content)
    looks = {
        c.ref: c.style
        for c in view.package.cells(view.package.sheet("Customers"))
        if c.ref in ("G15", "G16", "E15", "E16")
    }
    assert looks["G16"] == looks["G15"]
    assert looks["E16"] == looks["E15"]


def test_several_rows_below_are_adopted(small: bytes) -> None:
    content = row_below(small, "customers", NEW)
    content = row_below(content, "customers", {**NEW, "Customer": "Second"}, gap=1)
    assert names(content)[-2:] == ["Newcomer", "Second"]


def test_an_adopted_order_gets_the_next_number(small: bytes) -> None:
    content = row_below(small, "orders", {"Date": 46112.0, "Customer": "Company 01", "Amount": 5.0})
    view = View.of(api.refresh(content, name="small.xlsx", today=TODAY).content)
    assert view.column("orders", "Order no.")[-2:] == ["O0030", "O0031"]


def test_rows_behind_a_gap_are_not_adopted(small: bytes) -> None:
    assert len(names(row_below(small, "customers", NEW, gap=1))) == len(CUSTOMERS)


@pytest.mark.parametrize(
    "word", ["合计", "合计：", "Total", "TOTAL:", "小计", " 总计 ", "Average", "Grand total"]
)
def test_a_totals_line_is_not_adopted(small: bytes, word: str) -> None:
    content = row_below(small, "customers", {"Customer": word, "Region": "East", "Since": 3.0})
    assert len(names(content)) == len(CUSTOMERS)


def test_a_remark_below_is_not_adopted(small: bytes) -> None:
    content = row_below(small, "customers", {"Remark": "prices without tax"})
    assert len(names(content)) == len(CUSTOMERS)


def test_a_remark_in_the_column_of_the_id_s_table_is_not_adopted(small: bytes) -> None:
    content = row_below(small, "orders", {"Date": "see the paper file"})
    done = api.refresh(content, name="small.xlsx", today=TODAY)
    assert done.rows[1] == ("Orders", 30)


def test_a_row_with_a_formula_in_an_input_column_is_not_adopted(small: bytes) -> None:
    content = row_below(small, "orders", {"Date": 46112.0, "Customer": "Company 01", "Amount": 5.0})
    content = with_cell(content, "Orders", "C34", "><f>SUM(C4:C33)</f><v>1</v>")
    done = api.refresh(content, name="small.xlsx", today=TODAY)
    assert done.rows[1] == ("Orders", 30)


def test_a_row_under_a_merge_is_not_adopted(small: bytes) -> None:
    content = row_below(small, "customers", NEW)
    part = sheet_part(content, "Customers")
    content = with_text(
        content,
        part,
        lambda text: text.replace(
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="A16:B16"/></mergeCells>',
            1,
        ),
    )
    assert len(names(content)) == len(CUSTOMERS)


def test_a_row_whose_types_do_not_fit_is_not_adopted(small: bytes) -> None:
    content = row_below(small, "orders", {"Date": "when", "Customer": "who", "Amount": "how much"})
    done = api.refresh(content, name="small.xlsx", today=TODAY)
    assert done.rows[1] == ("Orders", 30)


def test_numbers_stored_as_text_are_adopted_and_reported(small: bytes) -> None:
    content = row_below(small, "orders", {"Date": "2026-03-01", "Customer": "Company 01", "Amount": "12,5"})
    done = api.refresh(content, name="small.xlsx", today=TODAY)
    assert done.rows[1] == ("Orders", 31)
    places = [p.place for p in done.problems]
    where = {(p.sheet, p.cell) for p in places if isinstance(p, CellPlace)}
    assert {("Orders", "A34"), ("Orders", "C34")} <= where


def test_a_row_without_its_key_is_adopted_when_it_is_filled_like_one(small: bytes) -> None:
    content = row_below(small, "customers", {"Region": "East", "Since": 46000.0, "Remark": "x"})
    done = api.refresh(content, name="small.xlsx", today=TODAY)
    assert done.rows[0] == ("Customers", len(CUSTOMERS) + 1)
    assert "D104" in {p.code for p in done.problems}


def test_nothing_is_adopted_below_a_totals_row(small: bytes) -> None:
    content = row_below(small, "customers", {"Customer": "合计"})
    content = row_below(content, "customers", NEW, gap=1)
    part = next(n for n in View.of(content).package.parts if n.endswith("table1.xml"))

    def with_totals(text: str) -> str:
        return text.replace('ref="A3:L15"', 'ref="A3:L16"', 1).replace(
            ' totalsRowShown="0"', ' totalsRowCount="1"', 1
        )

    done = api.refresh(with_text(content, part, with_totals), name="small.xlsx", today=TODAY)
    assert done.rows[0] == ("Customers", len(CUSTOMERS))


def test_rows_that_people_emptied_are_no_rows_and_no_problem(small: bytes) -> None:
    content = small
    for number in range(1, 13):
        content = typed(content, "Customers", {f"{c}{3 + number}": None for c in "ABCDEFGHIJKL"})
    done = api.refresh(content, name="small.xlsx", today=TODAY, accept_deletions=True)
    assert done.rows[0] == ("Customers", 0)
    assert not [p for p in done.problems if getattr(p.place, "sheet", "") == "Customers"]
