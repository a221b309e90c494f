"""The rows of a workbook at a glance."""

from __future__ import annotations

from pathlib import Path

from tests.refresh.small_world import CUSTOMERS, built

from crmsheet.api.counting import row_counts


def test_blank_rows_of_a_table_are_no_rows(tmp_path: Path) -> None:
    assert row_counts(built(tmp_path, customers=(), orders=()), "b") == (("Customers", 0), ("Orders", 0))
    assert row_counts(built(tmp_path, customers=CUSTOMERS[:2], orders=()), "b") == (
        ("Customers", 2),
        ("Orders", 0),
    )


def test_what_is_no_workbook_of_ours_has_no_tables() -> None:
    assert row_counts(b"no zip", "b") == ()
