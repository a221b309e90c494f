"""Formats of numbers on boards."""

from __future__ import annotations

import pytest

from crmsheet.compile.number_formats import plain_zero
from crmsheet.excel.number_formats import formatted


@pytest.mark.parametrize(
    ("code", "nothing", "some", "less"),
    [
        ('¥0\\.0,"万"', "¥0", "¥4.3万", "-¥4.3万"),
        ('$#,##0.0,"K"', "$0", "$43.2K", "-$43.2K"),
        ('0\\.00,,"亿"', "0", "0.00亿", "-0.00亿"),
        ("¥#,##0", "¥0", "¥43,210", "-¥43,210"),
        ('0"天"', "0天", "43210天", "-43210天"),
    ],
)
def test_nothing_has_no_large_unit(code: str, nothing: str, some: str, less: str) -> None:
    shown = plain_zero(code)
    assert [formatted(value, shown) for value in (0, 43_210, -43_210)] == [nothing, some, less]


def test_a_format_of_several_parts_stays() -> None:
    assert plain_zero('0.0,"K";-0.0,"K";"none"') == '0.0,"K";-0.0,"K";"none"'
