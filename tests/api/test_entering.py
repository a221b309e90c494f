"""Rows entered into a filled workbook: what is written, what stays, where there is no room."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.refresh.small_world import TODAY, View, built, typed, with_cell

from crmsheet.api.entries import NewRow, RowChanges
from crmsheet.api.following import refreshed
from crmsheet.errors import WorkbookRefused
from crmsheet.refresh import NoteKind


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("book"))


def enter(book: bytes, **changes: RowChanges) -> bytes:
    done = refreshed(book, name="small.xlsx", today=TODAY, entering=changes)
    assert done.content is not None
    # What was entered is what the next refresh finds.
    assert refreshed(done.content, name="small.xlsx", today=TODAY).content is None
    return done.content


def row_ids(book: bytes, table: str) -> dict[object, str]:
    """The row ids of a table by the value of its second column."""
    view = View.of(book)
    ids = view.column(table, "_id")
    return dict(zip(view.column(table, "Customer"), (str(i) for i in ids), strict=True))


def test_cells_change_and_what_depends_on_them_is_computed(book: bytes) -> None:
    first = row_ids(book, "customers")["Company 01"]
    after = enter(book, customers=RowChanges(updates={first: {"region": "South", "remark": "called"}}))
    view = View.of(after)
    at = view.column("customers", "Customer").index("Company 01")
    assert view.column("customers", "Region")[at] == "South"
    assert view.column("customers", "Remark")[at] == "called"
    assert row_ids(after, "customers") == row_ids(book, "customers")


def test_new_rows_stand_below_the_table_which_grows(book: bytes) -> None:
    rows = tuple(NewRow({"name": f"New {n}", "region": "East", "since": 45000}) for n in range(3))
    order = NewRow({"customer": "New 1", "date": 46000, "amount": 5000})
    after = enter(book, customers=RowChanges(additions=rows), orders=RowChanges(additions=(order,)))
    old, new = View.of(book), View.of(after)
    assert new.column("customers", "Customer") == [
        *old.column("customers", "Customer"),
        "New 0",
        "New 1",
        "New 2",
    ]
    at = new.column("customers", "Customer").index("New 1")
    assert new.column("customers", "Revenue")[at] == 5000
    assert new.column("orders", "Order no.")[-1] == "O0031"
    ids = new.column("customers", "_id")
    assert len(set(ids)) == len(ids)
    assert all(ids)


def test_a_new_row_looks_like_the_others(book: bytes) -> None:
    after = enter(book, customers=RowChanges(additions=(NewRow({"name": "New", "since": 45000}),)))
    package = View.of(after).package
    cells = {c.ref: c for c in package.cells(package.sheet("Customers"))}
    view = View.of(after)
    last, before = view.place("customers", "Since", 12), view.place("customers", "Since", 11)
    assert cells[last].style == cells[before].style


def test_a_row_taken_out_leaves_a_blank_one_that_the_next_fills(book: bytes) -> None:
    gone = row_ids(book, "customers")["Company 05"]
    after = enter(book, customers=RowChanges(removals=(gone,)))
    view = View.of(after)
    names = view.column("customers", "Customer")
    assert len(names) == 12
    blank = names.index(None)
    assert view.column("customers", "_id")[blank] in (None, "")
    again = enter(after, customers=RowChanges(additions=(NewRow({"name": "Follower", "region": "East"}),)))
    assert View.of(again).column("customers", "Customer")[blank] == "Follower"
    assert len(View.of(again).column("customers", "Customer")) == 12


def test_a_row_id_of_another_copy_is_kept(book: bytes) -> None:
    after = enter(
        book, customers=RowChanges(additions=(NewRow({"name": "Theirs", "region": "East"}, "zz9q-1f"),))
    )
    assert row_ids(after, "customers")["Theirs"] == "zz9q-1f"


def test_an_id_is_never_given_twice(book: bytes) -> None:
    taken = row_ids(book, "customers")["Company 05"]
    with pytest.raises(ValueError, match="is taken"):
        enter(book, customers=RowChanges(additions=(NewRow({"name": "Twice"}, taken),)))


def test_peoples_formulas_in_input_cells_stay(book: bytes) -> None:
    view = View.of(book)
    at = view.column("customers", "Customer").index("Company 03")
    cell = view.place("customers", "Remark", at)
    mine = with_cell(book, "Customers", cell, ' t="str"><f>"a"&amp;"b"</f><v>ab</v>')
    row = row_ids(book, "customers")["Company 03"]
    done = refreshed(
        mine,
        name="small.xlsx",
        today=TODAY,
        entering={"customers": RowChanges(updates={row: {"remark": "new", "region": "North"}})},
    )
    assert View.of(done.content).formula("Customers", cell) == '"a"&"b"'
    assert [(n.cell, n.new) for n in done.notes if n.kind is NoteKind.CELL_HELD_BACK] == [(cell, "new")]


def test_what_stands_below_a_table_is_never_covered(book: bytes) -> None:
    view = View.of(book)
    cell = view.place("customers", "Region", 14)
    mine = typed(book, "Customers", {cell: "my remark"})
    rows = tuple(NewRow({"name": f"New {n}", "region": "East"}) for n in range(3))
    with pytest.raises(WorkbookRefused) as refusal:
        refreshed(mine, name="small.xlsx", today=TODAY, entering={"customers": RowChanges(additions=rows)})
    assert refusal.value.diagnostics[0].code == "W220"
    assert cell in str(refusal.value.diagnostics[0].place)
    assert enter(mine, customers=RowChanges(additions=rows[:2]))


def test_an_empty_table_is_filled_from_its_only_row(tmp_path: Path) -> None:
    empty = built(tmp_path, customers=(), orders=())
    rows = tuple(NewRow({"name": f"New {n}", "region": "East"}) for n in range(2))
    after = enter(empty, customers=RowChanges(additions=rows))
    assert View.of(after).column("customers", "Customer") == ["New 0", "New 1"]


def test_who_refers_to_a_renamed_row_follows_where_asked(book: bytes) -> None:
    row = row_ids(book, "customers")["Company 02"]
    changes = {"customers": RowChanges(updates={row: {"name": "Company Two"}})}
    told = refreshed(book, name="small.xlsx", today=TODAY, entering=changes)
    assert [(r.old, r.new, r.status.value) for r in told.renames] == [
        ("Company 02", "Company Two", "pending")
    ]
    done = refreshed(book, name="small.xlsx", today=TODAY, entering=changes, apply_renames=True)
    view = View.of(done.content)
    customers = view.column("orders", "Customer")
    assert (
        customers.count("Company Two") == View.of(book).column("orders", "Customer").count("Company 02") > 0
    )
    assert "Company 02" not in customers


def test_what_the_workbook_remembers_may_need_more_room(book: bytes) -> None:
    rows = tuple(NewRow({"name": f"Name {n * 7919 % 100_003}", "region": "East"}) for n in range(1500))
    done = refreshed(book, name="small.xlsx", today=TODAY, entering={"customers": RowChanges(additions=rows)})

    def lines(content: bytes) -> int:
        package = View.of(content).package
        return sum(1 for _ in package.cells(package.sheet("_crmsheet")))

    assert done.content is not None
    assert lines(done.content) > lines(book)
