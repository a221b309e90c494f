"""Rows keep their ids however people rearrange them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.judge.package import Value
from tests.refresh.small_world import CUSTOMERS, TODAY, View, row_below, typed

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.errors import WorkbookRefused
from crmsheet.refresh import NoteKind

COUNT = len(CUSTOMERS)
INPUTS = "ABCD"
ID = "L"


def refreshed(content: bytes, *, accept_deletions: bool = False) -> tuple[Refreshed, View]:
    done = api.refresh(content, name="small.xlsx", today=TODAY, accept_deletions=accept_deletions)
    return done, View.of(done.content or content)


def arranged(content: bytes, order: Sequence[int], columns: str) -> bytes:
    """The customers' cells of these columns in another order."""
    view = View.of(content)
    old = {c.ref: c.value for c in view.package.cells(view.package.sheet("Customers"))}
    cells: dict[str, Value] = {
        f"{c}{4 + to}": old.get(f"{c}{4 + source}") for to, source in enumerate(order) for c in columns
    }
    return typed(content, "Customers", cells)


def pairs(view: View) -> dict[Value, Value]:
    return dict(zip(view.column("customers", "Customer"), view.column("customers", "_id"), strict=True))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(COUNT)))
def test_sorting_with_ids_moves_them_along(small: bytes, order: Sequence[int]) -> None:
    done, view = refreshed(arranged(small, order, INPUTS + ID))
    assert pairs(view) == pairs(View.of(small))
    assert not [n for n in done.notes if n.kind in (NoteKind.ROW_RECOGNISED, NoteKind.ROW_COPIED)]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(COUNT)))
def test_sorting_without_ids_is_undone_by_content(small: bytes, order: Sequence[int]) -> None:
    done, view = refreshed(arranged(small, order, INPUTS))
    assert pairs(view) == pairs(View.of(small))
    recognised = [n for n in done.notes if n.kind is NoteKind.ROW_RECOGNISED]
    assert len(recognised) == sum(at != source for at, source in enumerate(order))


def test_cleared_ids_come_back(small: bytes) -> None:
    done, view = refreshed(typed(small, "Customers", {f"{ID}{4 + n}": None for n in range(COUNT)}))
    assert pairs(view) == pairs(View.of(small))
    assert done.values_changed == 0


def test_ids_typed_over_with_rubbish_come_back(small: bytes) -> None:
    _, view = refreshed(typed(small, "Customers", {f"{ID}5": "x", f"{ID}6": 3.0, f"{ID}7": "x"}))
    assert pairs(view) == pairs(View.of(small))


def test_a_copied_row_becomes_a_new_one_and_is_reported(small: bytes) -> None:
    old = View.of(small)
    row: dict[str, Value] = {
        h: old.column("customers", h)[2] for h in ("Customer", "Region", "Since", "Remark", "_id")
    }
    done, view = refreshed(row_below(small, "customers", {**row, "Customer": "Company 03 (2)"}))
    ids = view.column("customers", "_id")
    assert ids[:COUNT] == old.column("customers", "_id")
    assert ids[-1] not in ids[:COUNT]
    assert [n.cell for n in done.notes if n.kind is NoteKind.ROW_COPIED] == ["A16"]
    assert [p.code for p in done.problems] == ["D111"]


def test_an_exact_copy_is_reported_as_a_duplicate_key_too(small: bytes) -> None:
    old = View.of(small)
    row = {h: old.column("customers", h)[2] for h in ("Customer", "Region", "Since", "Remark", "_id")}
    done, view = refreshed(row_below(small, "customers", row))
    assert len(set(view.column("customers", "_id"))) == COUNT + 1
    assert {"D111", "D105"} <= {p.code for p in done.problems}


def test_deleted_rows_are_named(small: bytes) -> None:
    cells: dict[str, Value] = {f"{c}5": None for c in "ABCDEFGHIJKL"}
    done, _ = refreshed(typed(small, "Customers", cells))
    assert [n.old for n in done.notes if n.kind is NoteKind.ROW_DELETED] == ["Company 02"]


def test_many_deleted_rows_are_refused_unless_accepted(small: bytes) -> None:
    cells: dict[str, Value] = {f"{c}{r}": None for c in "ABCDEFGHIJKL" for r in range(5, 11)}
    content = typed(small, "Customers", cells)
    with pytest.raises(WorkbookRefused) as refusal:
        refreshed(content)
    assert refusal.value.diagnostics[0].code == "W209"
    assert "6 of 12" in refusal.value.diagnostics[0].message
    done, _ = refreshed(content, accept_deletions=True)
    assert sum(n.kind is NoteKind.ROW_DELETED for n in done.notes) == 6


def test_columns_pasted_apart_from_their_rows_are_refused(small: bytes) -> None:
    content = small
    for number in range(COUNT):
        content = typed(
            content,
            "Customers",
            {f"A{4 + number}": f"Stranger {number}", f"C{4 + number}": 45000.0 + number},
        )
    with pytest.raises(WorkbookRefused) as refusal:
        refreshed(content)
    assert refusal.value.diagnostics[0].code == "W208"


def test_a_renamed_and_edited_row_keeps_its_id_and_is_doubtful(small: bytes) -> None:
    done, view = refreshed(typed(small, "Customers", {"A5": "Renamed Ltd", "C5": 45000.0}))
    assert view.column("customers", "_id") == View.of(small).column("customers", "_id")
    assert "D113" in {p.code for p in done.problems}
