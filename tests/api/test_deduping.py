"""Duplicates: listed on a sheet for people to decide, merged as they decided."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.judge.schema import require, schema_errors
from tests.refresh.small_world import ORDERS, TODAY, View, built, typed

from crmsheet import api
from crmsheet.api.decisions import decided
from crmsheet.api.deduping import Deduped, apply_decisions, list_duplicates
from crmsheet.errors import UsageError
from crmsheet.opc.package import Package
from crmsheet.sheetml.contents import Contents

CUSTOMERS: tuple[Mapping[str, str | float], ...] = (
    {"name": "Beacon Hotels Ltd", "region": "East", "since": 45000.0},
    {"name": "Harbour Paper", "region": "North", "since": 45001.0, "remark": "called"},
    {"name": "BEACON HOTELS LIMITED", "region": "South", "remark": "second entry"},
    {"name": "Cedar Tools", "region": "South"},
    {"name": "Harbor Paper Inc.", "region": "North"},
)
NAMES = [str(row["name"]) for row in CUSTOMERS]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A book with its duplicates listed."""
    orders = [{**o, "customer": NAMES[n % 5]} for n, o in enumerate(ORDERS)]
    book = built(tmp_path_factory.mktemp("book"), customers=CUSTOMERS, orders=orders)
    done = list_duplicates(book, name="small.xlsx", today=TODAY)
    assert done.content is not None
    assert (done.groups, done.sheet) == ((("Customers", 2),), "Duplicates")
    return done.content


def choose(book: bytes, decisions: Mapping[str, str]) -> bytes:
    """The workbook after somebody chose on the sheet, by name of the row."""
    found = decided(Contents(Package.of(book, "")))
    assert found is not None
    rows = {line.name: found.row + 2 + n for n, line in enumerate(found.lines)}
    return typed(book, found.sheet, {f"C{rows[name]}": word for name, word in decisions.items()})


def apply(book: bytes, *, take_sure: bool = False) -> Deduped:
    return apply_decisions(book, name="small.xlsx", today=TODAY, take_sure=take_sure)


def test_the_sheet_says_what_is_alike_and_is_peoples_own(listed: bytes) -> None:
    found = decided(Contents(Package.of(listed, "")))
    assert found is not None
    groups = [[line.name for line in found.lines if line.group == g] for g in (1, 2)]
    assert sorted(groups[0]) == sorted([NAMES[0], NAMES[2]])
    assert sorted(groups[1]) == sorted([NAMES[1], NAMES[4]])
    assert api.refresh(listed, name="small.xlsx", today=TODAY).content is None
    sheet = load_workbook(io.BytesIO(listed))["Duplicates"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"keep,merge,not a duplicate"'


def test_the_sheet_keeps_to_the_schema(listed: bytes) -> None:
    require()
    assert schema_errors(listed) == []


def test_a_merged_row_gives_what_the_other_lacks(listed: bytes) -> None:
    done = apply(choose(listed, {NAMES[0]: "keep", NAMES[2]: "合并"}))
    view = View.of(done.content)
    customers = view.column("customers", "Customer")
    assert customers == [NAMES[0], NAMES[1], None, NAMES[3], NAMES[4]]
    at = customers.index(NAMES[0])
    assert view.column("customers", "Remark")[at] == "second entry"
    assert view.column("customers", "Region")[at] == "East"
    # What referred to the row that went refers to the one that stayed, and the figures follow.
    orders = view.column("orders", "Customer")
    assert (orders.count(NAMES[0]), orders.count(NAMES[2])) == (12, 0)
    amounts = view.column("orders", "Amount")
    expected = sum(a for a, c in zip(amounts, orders, strict=True) if c == NAMES[0])  # type: ignore[misc]
    assert view.column("customers", "Revenue")[at] == expected
    merge = done.merges[0]
    assert (merge.key, merge.into, merge.referring) == (NAMES[2], NAMES[0], 6)
    assert dict(merge.dropped) == {"Customer": NAMES[2], "Region": "South"}
    assert done.content is not None
    found = decided(Contents(Package.of(done.content, "")))
    assert found is not None
    results = {line.name: line.result for line in found.lines}
    assert "merged into" in results[NAMES[2]]
    assert "Region South" in results[NAMES[2]]
    assert api.refresh(done.content, name="small.xlsx", today=TODAY).content is None
    assert apply(done.content).content is None


def test_what_is_no_duplicate_is_not_listed_again(listed: bytes) -> None:
    apart = choose(listed, {NAMES[4]: "not a duplicate"})
    again = list_duplicates(apart, name="small.xlsx", today=TODAY)
    assert again.groups == (("Customers", 1),)
    found = decided(Contents(Package.of(again.content or apart, "")))
    assert found is not None
    assert {line.name for line in found.lines if line.decision is not None} == {NAMES[4]}
    # And once more, with nothing to add.
    assert list_duplicates(again.content or apart, name="small.xlsx", today=TODAY).content is None


def test_groups_without_one_row_to_keep_are_left_alone(listed: bytes) -> None:
    done = apply(choose(listed, {NAMES[0]: "merge", NAMES[2]: "merge"}))
    assert (done.content, [d.code for d in done.findings]) == (None, ["U128"])


def test_nothing_is_merged_that_nobody_decided(listed: bytes) -> None:
    assert apply(listed).content is None
    assert apply(listed, take_sure=True).content is None  # names alone are not sure


def test_cells_in_columns_of_peoples_own_are_written_down(listed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(listed)
    workbook = load_workbook(path)
    sheet = workbook["Customers"]
    table = sheet.tables["customers"]
    first, last = table.ref.split(":")
    column = sheet[last].column + 1
    letters = sheet.cell(1, column).column_letter
    head = int("".join(c for c in first if c.isdigit()))
    sheet.cell(head, column, "My note")
    sheet.cell(head + 3, column, "ask Bob")
    table.ref = f"{first}:{letters}{sheet[last].row}"
    table.autoFilter.ref = table.ref
    column_type = type(table.tableColumns[0])
    table.tableColumns.append(column_type(id=99, name="My note"))
    workbook.save(path)
    healed = api.refresh(path.read_bytes(), name="small.xlsx", today=TODAY)
    assert healed.content is not None
    done = apply(choose(healed.content, {NAMES[0]: "keep", NAMES[2]: "merge"}))
    assert dict(done.merges[0].dropped)["My note"] == "ask Bob"


def test_without_the_sheet_there_is_nothing_to_apply(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sheet of duplicates"):
        apply(built(tmp_path))
