"""When two cells mean the same."""

from __future__ import annotations

import pytest

from crmsheet.excel.values import ExcelError, Value, same_value


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (0.1 + 0.2, 0.3, True),
        (1.0000000000001, 1, False),
        (True, 1, False),
        (True, True, True),
        (None, "", False),
        (None, None, True),
        ("a", "A", False),
        (ExcelError.NA, ExcelError.NA, True),
        (ExcelError.NA, ExcelError.NUM, False),
        ("1", 1, False),
    ],
)
def test_same_value(left: Value, right: Value, same: bool) -> None:
    assert same_value(left, right) is same
    assert same_value(right, left) is same
