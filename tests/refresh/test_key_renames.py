"""People rename a customer or a colleague: recognised by row id, listed, carried into the rows on request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.package import Value, column_letters
from tests.refresh.small_world import View, member, row_below, sheet_part, typed, with_cell, with_parts

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.api.keyclaims import Doubt
from crmsheet.api.keyrenames import RenameStatus
from crmsheet.api.refreshing import Refreshed
from crmsheet.errors import WorkbookRefused
from crmsheet.model.words import Language
from crmsheet.opc.package import Package
from crmsheet.read import read_record
from crmsheet.refresh import NoteKind
from crmsheet.sheetml.contents import Contents
from crmsheet.spec import load

AS_OF = dt.date(2026, 3, 31)
SPEC = """\
crmsheet: 1
name: renames
title: Renames
language: en
tables:
  users:
    label: Users
    key: name
    fields:
      name: {type: text, label: Name, required: true, unique: true}
      city: {type: text, label: City}
  customers:
    label: Customers
    key: name
    fields:
      name: {type: text, label: Customer, required: true, unique: true}
      phone: {type: text, label: Phone}
      owner: {type: reference, table: users, label: Owner}
      parent: {type: reference, table: customers, label: Parent}
      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}
  orders:
    label: Orders
    key: order_no
    fields:
      order_no: {type: id, format: O0000, label: Order no.}
      customer: {type: reference, table: customers, label: Customer, required: true}
      owner: {type: reference, table: users, label: Owner}
      amount: {type: currency, label: Amount}
      date: {type: date, label: Date}
      city: {type: lookup, via: owner, field: city, label: City}
metrics:
  revenue: {type: simple, label: Revenue, table: orders, agg: sum, field: amount, time: date}
sheets:
  board:
    label: Board
    selectors: {owner: {orders: owner, customers: owner}}
    blocks:
      - cards: [revenue]
      - {id: by_customer, table: {metrics: [revenue], by: customer, totals: true}}
"""
USERS = ("Ann", "Bob", "Cid", "Dan")
CUSTOMERS = tuple(f"Firm {n}" for n in range(8))
ORDERS = tuple((f"Firm {n % 4}", USERS[n % 3], 100.0 + n) for n in range(16))
"""Four orders for each of the first four customers."""


def _built(folder: Path) -> bytes:
    path = folder / "renames.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows = {
        "users": [{"name": name, "city": f"City {i}"} for i, name in enumerate(USERS)],
        "customers": [
            {
                "name": name,
                "phone": f"555-{i}",
                "owner": USERS[i % 4],
                "parent": "Firm 1" if i in (6, 7) else None,
            }
            for i, name in enumerate(CUSTOMERS)
        ],
        "orders": [
            {"customer": c, "owner": o, "amount": a, "date": AS_OF - dt.timedelta(days=n)}
            for n, (c, o, a) in enumerate(ORDERS)
        ],
    }
    return built_from(load(path), rows, Language.EN, today=AS_OF, as_of=AS_OF).content  # type: ignore[arg-type] # rows loosely typed


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return _built(tmp_path_factory.mktemp("renames"))


def _refreshed(content: bytes, *, apply: bool = False) -> Refreshed:
    return api.refresh(content, name="book", today=AS_OF, apply_renames=apply)


def _made(content: bytes, *, apply: bool = False) -> bytes:
    done = _refreshed(content, apply=apply)
    assert done.content is not None
    return done.content


def _set(content: bytes, table: str, header: str, values: Mapping[int, Value]) -> bytes:
    """People type into a column; keys are row numbers from 0."""
    view = View.of(content)
    sheet, _ = view.table(table)
    return typed(content, sheet, {view.place(table, header, row): v for row, v in values.items()})


def _renamed(content: bytes, table: str, names: Mapping[str, str]) -> bytes:
    """People give rows of a table other keys, all at once."""
    header = "Name" if table == "users" else "Customer"
    column = View.of(content).column(table, header)
    return _set(content, table, header, {column.index(old): new for old, new in names.items()})


def _held(done: Refreshed) -> dict[tuple[str, str], tuple[RenameStatus, dict[str, int]]]:
    return {
        (r.old, r.new): (r.status, {f"{h.table}.{h.field}": h.cells for h in r.held_by}) for r in done.renames
    }


def _column(content: bytes, table: str, header: str) -> list[Value]:
    return View.of(content).column(table, header)


def test_a_renamed_customer_is_listed_with_counts_until_it_is_settled(book: bytes) -> None:
    first = _refreshed(_renamed(book, "customers", {"Firm 1": "Firm One"}))
    expected = {("Firm 1", "Firm One"): (RenameStatus.PENDING, {"customers.parent": 2, "orders.customer": 4})}
    assert _held(first) == expected
    note = next(n for n in first.notes if n.kind is NoteKind.KEY_RENAMED)
    assert (note.sheet, note.column, note.old) == ("Customers", "Customer", "Firm 1")
    assert note.new.startswith("Firm One: 2 rows in Customers, 4 in Orders still hold the old text")
    assert not [p for p in first.problems if p.code == "D113"]
    remedies = [p.remedy for p in first.problems if p.code == "D106"]
    assert remedies == ["It is called 'Firm One' by now; refresh with --apply-renames to rewrite it."] * 6
    content = first.content
    assert content is not None
    assert _column(content, "orders", "Customer") == _column(book, "orders", "Customer")
    for _ in range(2):
        again = _refreshed(content)
        assert again.content is None
        assert _held(again) == expected
    # Somebody corrects two of the orders and types a new one under the old name.
    content = _set(content, "orders", "Customer", {1: "Firm One", 5: "firm one"})
    content = row_below(content, "orders", {"Customer": "FIRM 1", "Owner": "Ann", "Amount": 5.0})
    third = _refreshed(content)
    assert _held(third) == {
        ("Firm 1", "Firm One"): (RenameStatus.PENDING, {"customers.parent": 2, "orders.customer": 3})
    }
    assert third.content is not None
    rest = {
        i: "Firm One"
        for i, v in enumerate(_column(third.content, "orders", "Customer"))
        if v != "Firm One" and str(v).lower() == "firm 1"
    }
    content = _set(third.content, "orders", "Customer", rest)
    content = _set(content, "customers", "Parent", {6: "Firm One", 7: None})
    settled = _refreshed(content)
    assert not settled.renames
    assert settled.content is not None
    assert _refreshed(settled.content).content is None
    assert not _refreshed(settled.content).renames


def test_a_confirmed_rename_is_carried_and_nothing_else(book: bytes) -> None:
    edited = _renamed(book, "customers", {"Firm 1": "Firm One & Co"})
    edited = _renamed(edited, "users", {"Ann": "Anna"})
    done = _refreshed(edited, apply=True)
    assert done.content is not None
    was = _column(book, "orders", "Customer"), _column(book, "orders", "Owner")
    assert _column(done.content, "orders", "Customer") == [
        "Firm One & Co" if v == "Firm 1" else v for v in was[0]
    ]
    assert _column(done.content, "orders", "Owner") == ["Anna" if v == "Ann" else v for v in was[1]]
    assert _column(done.content, "customers", "Owner")[0] == "Anna"
    assert _column(done.content, "customers", "Parent")[6:] == ["Firm One & Co"] * 2
    assert _column(done.content, "customers", "Revenue")[1] == pytest.approx(101 + 105 + 109 + 113)
    assert _column(done.content, "orders", "City")[0] == "City 0"
    carried = [n for n in done.notes if n.kind is NoteKind.KEY_CARRIED]
    assert len(carried) == 4 + 2 + 6 + 2
    view = View.of(done.content)
    assert {(n.sheet, n.cell, n.old, n.new) for n in carried if n.column == "Parent"} == {
        ("Customers", view.place("customers", "Parent", row), "Firm 1", "Firm One & Co") for row in (6, 7)
    }
    assert {r.status for r in done.renames} == {RenameStatus.APPLIED}
    again = _refreshed(done.content)
    assert again.content is None
    assert not again.renames
    assert not again.problems
    part = sheet_part(book, "Orders")
    styles = [re.findall(r'<c r="(\w+)" s="(\d+)"', member(c, part).decode()) for c in (book, done.content)]
    assert styles[0] == styles[1]


def test_a_pending_rename_can_be_confirmed_later(book: bytes) -> None:
    content = _made(_renamed(book, "users", {"Bob": "Rob"}))
    content = _set(content, "orders", "Owner", {0: "Rob"})
    content = _made(_renamed(content, "users", {"Rob": "Robert"}))
    done = _refreshed(content, apply=True)
    assert done.content is not None
    assert sorted(map(str, _column(done.content, "orders", "Owner"))) == sorted(
        ["Robert"] * 6 + ["Ann"] * 5 + ["Cid"] * 5
    )
    assert {(r.old, r.new) for r in done.renames} == {("Bob", "Robert"), ("Rob", "Robert")}
    assert _refreshed(done.content).content is None


def test_a_name_typed_back_is_no_rename(book: bytes) -> None:
    content = _made(_renamed(book, "users", {"Bob": "Rob"}))
    done = _refreshed(_renamed(content, "users", {"Rob": "Bob"}))
    assert _held(done) == {("Rob", "Bob"): (RenameStatus.PENDING, {})}
    assert done.content is not None
    assert not _refreshed(done.content).renames


def test_rows_that_were_sorted_are_renamed_where_they_went(book: bytes) -> None:
    content = _renamed(book, "customers", {"Firm 3": "A firm"})
    view = View.of(content)
    sheet, table = view.table("customers")
    part = sheet_part(content, sheet)
    top, _, bottom, _ = table.box
    text = member(content, part).decode()
    rows = {n: re.search(rf'<row r="{n}".*?</row>', text, re.DOTALL) for n in range(top + 1, bottom + 1)}
    order = [top + 4, top + 1, top + 3, top + 2, *range(top + 5, bottom + 1)]
    moved = []
    for to, source in zip(range(top + 1, bottom + 1), order, strict=True):
        found = rows[source]
        assert found is not None
        moved.append(re.sub(rf'(r="[A-Z]*){source}"', rf'\g<1>{to}"', found[0]))
    first, last = rows[top + 1], rows[bottom]
    assert first is not None
    assert last is not None
    text = text[: first.start()] + "".join(moved) + text[last.end() :]
    done = _refreshed(with_parts(content, {part: text.encode()}), apply=True)
    assert done.content is not None
    assert _column(done.content, "customers", "Customer")[0] == "A firm"
    assert _column(done.content, "orders", "Customer")[3::4] == ["A firm"] * 4


def test_a_copied_row_that_gets_another_name_is_a_new_row(book: bytes) -> None:
    """The copy brings the hidden id along."""
    view = View.of(book)
    sheet, table = view.table("customers")
    top, left, _, _ = table.box
    at = left + table.names.index("_id")
    row_id = view.value(sheet, f"{column_letters(at)}{top + 2}")
    content = row_below(
        book, "customers", {"Customer": "Firm 1 (2)", "Phone": "555-1", "Owner": "Bob", "_id": row_id}
    )
    done = _refreshed(content, apply=True)
    assert not done.renames
    assert done.content is not None
    assert _column(done.content, "orders", "Customer") == _column(book, "orders", "Customer")
    # Both renamed: nobody can tell which of the two it was.
    both = _refreshed(_renamed(content, "customers", {"Firm 1": "Firm X"}), apply=True)
    assert {(r.status, r.doubt) for r in both.renames} == {(RenameStatus.UNCLEAR, Doubt.UNSURE)}


def test_two_customers_that_exchange_their_names(book: bytes) -> None:
    swapped = _renamed(book, "customers", {"Firm 1": "Firm 2", "Firm 2": "Firm 1"})
    was = _column(book, "orders", "Customer")
    expected = [{"Firm 1": "Firm 2", "Firm 2": "Firm 1"}.get(str(v), v) for v in was]
    at_once = _refreshed(swapped, apply=True)
    assert at_once.content is not None
    assert _column(at_once.content, "orders", "Customer") == expected
    assert _refreshed(at_once.content).content is None
    # Later: orders typed meanwhile mean the customers as they are called by now.
    content = _made(swapped)
    assert _refreshed(content).content is None
    content = row_below(content, "orders", {"Customer": "Firm 1", "Owner": "Ann", "Amount": 5.0})
    content = _made(content)
    done = _refreshed(content, apply=True)
    assert done.content is not None
    assert _column(done.content, "orders", "Customer") == [*expected, "Firm 1"]
    assert not _refreshed(done.content).renames


def test_a_chain_of_names_and_a_row_that_was_changed_in_between(book: bytes) -> None:
    chained = _renamed(book, "customers", {"Firm 1": "Firm 2", "Firm 2": "Firm 9"})
    chained = _set(chained, "orders", "Amount", {2: 1.0})
    done = _refreshed(chained, apply=True)
    assert done.content is not None
    was = _column(book, "orders", "Customer")
    expected = [{"Firm 1": "Firm 2", "Firm 2": "Firm 9"}.get(str(v), v) for v in was]
    expected[2] = "Firm 2"
    assert _column(done.content, "orders", "Customer") == expected
    unclear = [r for r in done.renames if r.status is RenameStatus.UNCLEAR]
    assert [(r.old, r.new, r.doubt, r.held_by[0].cells) for r in unclear] == [
        ("Firm 2", "Firm 9", Doubt.TAKEN, 1)
    ]
    assert _refreshed(done.content).content is None


def _doubts(done: Refreshed) -> set[tuple[str, str, Doubt]]:
    return {(r.old, r.new, r.doubt) for r in done.renames}


def test_what_is_not_certain_is_listed_and_left_alone(book: bytes) -> None:
    was = _column(book, "orders", "Customer")

    def untouched(content: bytes, *, pending: bool) -> Refreshed:
        done = _refreshed(content, apply=True)
        assert done.content is not None
        assert _column(done.content, "orders", "Customer") == was
        again = _refreshed(done.content, apply=True)
        assert again.content is None
        assert bool(again.renames) is pending
        return done

    twice = untouched(_renamed(book, "customers", {"Firm 1": "New", "Firm 2": "new"}), pending=True)
    assert _doubts(twice) == {("Firm 1", "New", Doubt.TWICE), ("Firm 2", "new", Doubt.TWICE)}
    merged = untouched(_renamed(book, "customers", {"Firm 1": "Firm 2"}), pending=True)
    assert _doubts(merged) == {("Firm 1", "Firm 2", Doubt.TWICE)}
    other = _set(_renamed(book, "customers", {"Firm 1": "New"}), "customers", "Phone", {1: "666"})
    unsure = untouched(other, pending=True)
    assert _doubts(unsure) == {("Firm 1", "New", Doubt.UNSURE)}
    taken = row_below(
        _renamed(book, "customers", {"Firm 1": "New"}), "customers", {"Customer": "firm 1", "Phone": "777"}
    )
    assert _doubts(untouched(taken, pending=False)) == {("Firm 1", "New", Doubt.TAKEN)}


def test_one_of_two_with_the_same_new_name_can_still_be_told_apart(book: bytes) -> None:
    content = _made(_renamed(book, "customers", {"Firm 1": "New", "Firm 2": "New 2"}))
    content = _made(_renamed(content, "customers", {"New 2": "New"}))
    assert {r.doubt for r in _refreshed(content).renames} == {Doubt.TWICE}
    names = _column(content, "customers", "Customer")
    second = len(names) - 1 - names[::-1].index("New")
    done = _refreshed(_set(content, "customers", "Customer", {second: "Newer"}), apply=True)
    assert done.content is not None
    renamed = {"Firm 1": "New", "Firm 2": "Newer"}
    assert _column(done.content, "orders", "Customer") == [
        renamed.get(str(v), v) for v in _column(book, "orders", "Customer")
    ]


@pytest.mark.parametrize(("new", "matches"), [("FIRM 1", True), ("Firm 1 ", False), (" Firm 1", False)])
def test_a_change_of_case_or_spaces_is_a_rename(book: bytes, new: str, matches: bool) -> None:
    edited = _renamed(book, "customers", {"Firm 1": new})
    done = _refreshed(edited)
    assert _held(done) == {
        ("Firm 1", new): (RenameStatus.PENDING, {"customers.parent": 2, "orders.customer": 4})
    }
    assert bool([p for p in done.problems if p.code == "D106"]) is not matches
    carried = _refreshed(edited, apply=True)
    assert carried.content is not None
    assert _column(carried.content, "orders", "Customer")[1] == new
    assert not _refreshed(carried.content).renames


def test_formulas_that_show_the_old_key_stay(book: bytes) -> None:
    content = with_cell(
        book,
        "Orders",
        View.of(book).place("orders", "Customer", 1),
        ' t="str"><f>"Firm"&amp;" 1"</f><v>Firm 1</v>',
    )
    done = _refreshed(_renamed(content, "customers", {"Firm 1": "Firm One"}), apply=True)
    assert done.content is not None
    assert View.of(done.content).formula("Orders", View.of(book).place("orders", "Customer", 1))
    assert [n.old for n in done.notes if n.kind is NoteKind.KEY_IN_FORMULA] == ["Firm 1"]
    assert _column(done.content, "orders", "Customer")[1::4] == ["Firm 1", *["Firm One"] * 3]
    again = _refreshed(done.content)
    assert again.content is None
    assert not again.renames


def test_a_selector_follows_the_name_it_shows(book: bytes) -> None:
    cell = _selector(book)
    content = _made(typed(book, "Board", {cell: "Dan"}))
    content = _renamed(content, "users", {"Dan": "Daniel"})
    pending = _refreshed(content)
    assert pending.renames[0].selectors == ("board.owner",)
    done = _refreshed(content, apply=True)
    assert View.of(done.content).value("Board", cell) == "Daniel"


def _warnings(content: bytes) -> list[str]:
    """What the board says of rows without a partner."""
    package = View.of(content).package
    values = [c.value for c in package.cells(package.sheet("Board"))]
    return [v for v in values if isinstance(v, str) and "unmatched" in v]


def test_boards_show_the_rows_without_partner_until_the_name_is_carried(book: bytes) -> None:
    assert _warnings(book) == []
    content = _made(_renamed(book, "customers", {"Firm 1": "Firm One"}))
    assert _warnings(content) == [f"→ Orders: unmatched 4 · ¥{101 + 105 + 109 + 113}"]
    assert _warnings(_made(content, apply=True)) == []


def _selector(content: bytes) -> str:
    target = View.of(content).name("_crm.board.selectors")
    letters, row = re.findall(r"\$([A-Z]+)\$(\d+)", target)[0]
    return f"{letters}{int(row) + 1}"


def test_a_key_column_sorted_alone_is_refused(tmp_path: Path) -> None:
    names = [f"Firm {n:02}" for n in range(30)]
    path = tmp_path / "renames.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows = {"customers": [{"name": n, "phone": f"555-{i}"} for i, n in enumerate(names)]}
    built = built_from(load(path), rows, Language.EN, today=AS_OF, as_of=AS_OF).content
    mixed = _set(built, "customers", "Customer", dict(enumerate(reversed(names))))
    with pytest.raises(WorkbookRefused) as refused:
        _refreshed(mixed)
    assert refused.value.diagnostics[0].code == "W208"


def test_a_deleted_row_is_forgotten(book: bytes) -> None:
    """Old names of people who are gone do not live on in the workbook."""
    content = _made(_renamed(book, "users", {"Bob": "Rob"}))
    assert _refreshed(content).renames
    view = View.of(content)
    sheet, table = view.table("users")
    top, left, _, right = table.box
    gone = {f"{column_letters(c)}{top + 2}": None for c in range(left, right + 1)}
    done = api.refresh(typed(content, sheet, gone), name="b", today=AS_OF, accept_deletions=True)
    assert done.content is not None
    assert not [r for r in done.renames if r.old == "Bob"]
    record, _ = read_record(Contents(Package.of(done.content, "b")))
    assert not record.renamed_keys


@needs_libreoffice
def test_libreoffice_agrees_with_what_was_carried(book: bytes, tmp_path: Path) -> None:
    edited = _renamed(book, "customers", {"Firm 1": "Firm 2", "Firm 2": "Firm 9 *"})
    edited = _renamed(edited, "users", {"Ann": "Anna"})
    paths = []
    for name, apply in (("pending", False), ("applied", True)):
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(_made(edited, apply=apply))
    differences = compare_all(paths, tmp_path)
    assert {p.name: [str(d) for d in found] for p, found in differences.items() if found} == {}


def test_a_pending_rename_outlives_a_change_of_the_spec(book: bytes, tmp_path: Path) -> None:
    """A table and a field get other ids, a field is new: what is pending is known under the new ids."""
    changed = SPEC.replace("  customers:\n", "  clients:\n    renamed_from: customers\n")
    changed = changed.replace("table: customers", "table: clients").replace(
        "customers: owner", "clients: owner"
    )
    changed = changed.replace(
        "      customer: {type: reference,", "      client: {renamed_from: customer, type: reference,"
    )
    changed = changed.replace("by: customer", "by: client")
    changed = changed.replace(
        "      date: {type: date, label: Date}\n",
        "      date: {type: date, label: Date}\n      note: {type: text, label: Note}\n",
    )
    assert "label: Orders" in changed
    changed = changed.replace("label: Orders", "label: Purchases")
    path = tmp_path / "changed.yaml"
    path.write_text(changed, encoding="utf-8")
    content = _renamed(book, "customers", {"Firm 1": "Firm 2", "Firm 2": "Firm 1"})
    content = _renamed(content, "users", {"Ann": "Anna"})
    content = _made(content)
    done = api.refresh(content, name="book", today=AS_OF, spec=path)
    told = [(n.cell, n.old) for n in done.notes if n.kind is NoteKind.KEY_RENAMED]
    assert len(told) == len(set(told)) == 3, "each is told once, in the new names of tables"
    restructured = done.content
    assert restructured is not None
    again = _refreshed(restructured)
    assert again.content is None
    assert _held(again) == {
        ("Ann", "Anna"): (RenameStatus.PENDING, {"clients.owner": 2, "orders.owner": 6}),
        ("Firm 1", "Firm 2"): (RenameStatus.PENDING, {"clients.parent": 2, "orders.client": 4}),
        ("Firm 2", "Firm 1"): (RenameStatus.PENDING, {"orders.client": 4}),
    }
    applied = _made(restructured, apply=True)
    was = _column(book, "orders", "Customer")
    assert _column(applied, "orders", "Customer") == [
        {"Firm 1": "Firm 2", "Firm 2": "Firm 1"}.get(str(v), v) for v in was
    ]
    assert not _refreshed(applied).renames


@pytest.mark.parametrize("apply", [False, True])
def test_a_rename_is_found_though_something_has_to_be_brought_back_first(
    book: bytes, tmp_path: Path, *, apply: bool
) -> None:
    """A board's sheet was deleted in the same hour."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(_renamed(book, "customers", {"Firm 1": "Firm 2", "Firm 2": "Firm 1"}))
    workbook = load_workbook(path)
    del workbook["Board"]
    workbook.save(path)
    done = _refreshed(path.read_bytes(), apply=apply)
    assert {r.status for r in done.renames} == {RenameStatus.APPLIED if apply else RenameStatus.PENDING}
    assert len([n for n in done.notes if n.kind is NoteKind.KEY_CARRIED]) == (10 if apply else 0)
    assert done.content is not None
    exchanged = {"Firm 1": "Firm 2", "Firm 2": "Firm 1"} if apply else {}
    assert _column(done.content, "orders", "Customer") == [
        exchanged.get(str(v), v) for v in _column(book, "orders", "Customer")
    ]
    again = _refreshed(done.content)
    assert again.content is None
    assert len(again.renames) == (0 if apply else 2)
