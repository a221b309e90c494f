"""A board about one row: what is chosen stays chosen, follows renames, and says when it is nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.package import Value
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.chosen_world import ABOUT_ONE, BEST, CHOICE, SETTINGS, again, built, followed
from tests.refresh.small_world import SPEC, View, typed

SHEET = "One customer"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("one"))


def shown(content: bytes) -> list[Value]:
    """All that the board shows, row by row, blanks left out."""
    package = View.of(content).package
    return [c.value for c in package.cells(package.sheet(SHEET)) if c.value not in (None, "")]


def test_the_first_row_is_chosen_until_somebody_chooses(book: bytes) -> None:
    assert View.of(book).value(SHEET, CHOICE) == "Company 01"
    assert "Customers  Company 01" in shown(book)
    assert again(book).content is None


def test_what_is_chosen_is_computed_and_stays(book: bytes) -> None:
    done = again(typed(book, SHEET, {CHOICE: "Company 05"})).content
    assert done is not None
    assert View.of(done).value(SHEET, CHOICE) == "Company 05"
    assert "Customers  Company 05" in shown(done)
    assert again(done).content is None


def test_part_of_a_name_shows_the_first_that_has_it_and_says_so(book: bytes) -> None:
    done = again(typed(book, SHEET, {CHOICE: "y 1"})).content
    assert done is not None
    assert "Customers  Company 10" in shown(done)
    notice = "⚠ “y 1” is part of the names of 3: choose one from the list. Shown now: Company 10"
    assert notice in shown(done)


def test_nobody_by_that_name(book: bytes) -> None:
    done = again(typed(book, SHEET, {CHOICE: "Nobody*"})).content
    assert done is not None
    assert "⚠ No such choice: Nobody*" in shown(done)
    assert "Nothing here" in shown(done)
    assert sum(value == "—" for value in shown(done)) >= 7


def test_an_emptied_cell_means_the_first(book: bytes) -> None:
    chosen = again(typed(book, SHEET, {CHOICE: "Company 05"})).content
    assert chosen is not None
    done = again(typed(chosen, SHEET, {CHOICE: None})).content
    assert done is not None
    assert "Customers  Company 01" in shown(done)
    assert View.of(done).value(SHEET, CHOICE) is None


def test_a_renamed_customer_stays_chosen(book: bytes) -> None:
    chosen = again(typed(book, SHEET, {CHOICE: "Company 02"})).content
    assert chosen is not None
    place = View.of(chosen).place("customers", "Customer", 1)
    renamed = typed(chosen, "Customers", {place: "Second & Sons"})
    done = again(renamed, apply_renames=True).content
    assert done is not None
    assert View.of(done).value(SHEET, CHOICE) == "Second & Sons"
    assert "Customers  Second & Sons" in shown(done)


def test_a_renamed_row_that_nothing_refers_to_stays_chosen(tmp_path: Path) -> None:
    alone = """\
sheets:
  order:
    label: One customer
    selectors: {order: {record: orders, label: Order}}
    blocks:
      - record: {table: orders, fields: [customer, amount]}
"""
    spec = (
        SPEC[: SPEC.index("sheets:")]
        .replace("key: order_no", "key: note")
        .replace(
            "      order_no:",
            "      note: {type: text, label: Note, required: true, unique: true}\n      order_no:",
        )
    )
    content = built(tmp_path, spec + alone)
    note = View.of(content).place("orders", "Note", 0)
    named = again(typed(content, "Orders", {note: "first"})).content
    assert named is not None
    chosen = typed(named, SHEET, {CHOICE: "first"})
    done = again(typed(chosen, "Orders", {note: "the first"}), apply_renames=True).content
    assert done is not None
    assert View.of(done).value(SHEET, CHOICE) == "the first"


def test_the_board_comes_into_a_workbook_in_use(small: bytes, tmp_path: Path) -> None:
    done = followed(small, SPEC + ABOUT_ONE, tmp_path).content
    assert done is not None
    assert "Customers  Company 01" in shown(done)
    assert schema_errors(done) == []
    assert repair_causes(done) == []
    assert again(done).content is None


def test_what_is_chosen_survives_a_changed_spec(book: bytes, tmp_path: Path) -> None:
    chosen = again(typed(book, SHEET, {CHOICE: "Company 03"})).content
    assert chosen is not None
    spec = SPEC + ABOUT_ONE.replace("since, remark", "remark, since").replace("limit: 5", "limit: 8")
    done = followed(chosen, spec, tmp_path).content
    assert done is not None
    assert View.of(done).value(SHEET, CHOICE) == "Company 03"
    assert "Customers  Company 03" in shown(done)
    assert again(done).content is None


def test_a_list_leads_to_the_rows(book: bytes) -> None:
    package = View.of(book).package
    links = [c for c in package.cells(package.sheet(SHEET)) if c.formula and "HYPERLINK(" in c.formula]
    assert len(links) == 5
    assert all('CELL("address",INDEX(orders[' in (c.formula or "") for c in links)


@needs_libreoffice
def test_a_ranking_comes_into_a_workbook_in_use_and_stays_right(small: bytes, tmp_path: Path) -> None:
    done = followed(small, SPEC.replace(*SETTINGS) + ABOUT_ONE + BEST, tmp_path).content
    assert done is not None
    assert again(done).content is None
    place = View.of(done).place("orders", "Amount", 3)
    after = again(typed(done, "Orders", {place: 100000})).content
    assert after is not None
    package = View.of(after).package
    first = [c.value for c in package.cells(package.sheet("Best customers")) if c.value not in (None, "")]
    at = first.index(1)
    assert first[at + 1] == "Company 04"
    assert "A" in first[at : at + 12]
    paths = [tmp_path / "done.xlsx", tmp_path / "after.xlsx"]
    for path, content in zip(paths, (done, after), strict=True):
        path.write_bytes(content)
    assert {
        p.name: [str(d) for d in found] for p, found in compare_all(paths, tmp_path).items() if found
    } == {}
