"""A workbook that is read again after a few cells changed is read as if nobody knew it; what is as it was is not decoded
a second time."""

from __future__ import annotations

import pytest

from crmsheet.opc.package import Package
from crmsheet.read import Reading, read_book
from crmsheet.refresh import Patch, applied
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.structs import replace

CHOICE = ("Board", 2, 1)
AMOUNT = ("Orders", 6, 2)


def again(content: bytes, sheet: str, row: int, column: int) -> tuple[Reading, Reading]:
    """The workbook as it was, and with the number in one cell, read by who knows it."""
    contents = Contents(Package.of(content, "small.xlsx"))
    before = read_book(contents)
    done = applied(contents, Patch({sheet: (CellEdit(row, column, EditKind.VALUE, 77.0),)}))
    spans = {part: patched.replacements for part, patched in done.parts.items()}
    after = contents.following(Package.of(done.data, "small.xlsx"), spans)
    found = read_book(after, known=before)
    assert found == read_book(Contents(Package.of(done.data, "small.xlsx")))
    return before, found


def test_of_another_sheet_rows_and_record_are_those_that_were_read(small: bytes) -> None:
    before, found = again(small, *CHOICE)
    assert found.record is before.record
    assert found.rows["orders"] is before.rows["orders"]


def test_of_the_same_sheet_rows_are_looked_at(small: bytes) -> None:
    before, found = again(small, *AMOUNT)
    assert found.record is before.record
    assert found.rows["customers"] is before.rows["customers"]
    assert 77.0 in found.state.tables["orders"].columns["amount"]
    assert 77.0 not in before.state.tables["orders"].columns["amount"]


def test_what_is_made_of_a_reading_is_not_taken_for_what_was_read(small: bytes) -> None:
    contents = Contents(Package.of(small, "small.xlsx"))
    before = read_book(contents)
    rows = {table: replace(found, hashes=("?",) * len(found.hashes)) for table, found in before.rows.items()}
    changed = replace(before, record=replace(before.record, book_code="none"), rows=rows)
    found = read_book(contents.following(contents.package, {}), known=changed)
    assert found == before


@pytest.mark.parametrize("lines", [(), ("another",)])
def test_another_record_is_decoded(small: bytes, lines: tuple[str, ...]) -> None:
    contents = Contents(Package.of(small, "small.xlsx"))
    before = read_book(contents)
    assert before.as_read is not None
    told = replace(before.as_read, lines=lines) if lines else None
    found = read_book(contents.following(contents.package, {}), known=replace(before, as_read=told))
    assert found == before
    assert found.record is not before.record
