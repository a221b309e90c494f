"""Visible running numbers."""

from __future__ import annotations

import pytest

from crmsheet.model.visible_ids import filled, id_text


@pytest.mark.parametrize(
    ("pattern", "number", "text"),
    [
        ("C0000", 7, "C0007"),
        ("C0000", 12345, "C12345"),
        ("客", 3, "客3"),
        ("", 4, "4"),
        ("A-000", 1, "A-001"),
    ],
)
def test_a_number_fills_the_zeros(pattern: str, number: int, text: str) -> None:
    assert id_text(pattern, number) == text


def test_empty_cells_are_filled_beyond_the_highest() -> None:
    column, following = filled(("C0002", None, "x", "", None), [False, False, False, False, True], "C0000", 1)
    assert column == ("C0002", "C0003", "x", "C0004", None)
    assert following == 5


def test_a_number_once_issued_is_never_issued_again() -> None:
    column, following = filled((None,), [False], "C0000", 9)
    assert column == ("C0009",)
    assert following == 10
