"""Numbers as text, and texts as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.numbers import file_text, file_texts, general_text, number_in, to_fifteen_digits

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.one_of(NUMBERS, st.integers(-(2**53), 2**53)))
def test_file_text_reads_back_exactly(number: float) -> None:
    assert float(file_text(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e15, "1E+15"),
        (1e15 - 1, "999999999999999"),
        (1234567890123456.5, "1234567890123456.5"),
        (0.0001, "0.0001"),
        (123456789012345680, "1.2345678901234568E+17"),
        (1e-7, "1E-07"),
        (1.5e300, "1.5E+300"),
    ],
)
def test_file_text(number: float, text: str) -> None:
    assert file_text(number) == text


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_a_sheet_cannot_hold_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        file_text(number)
    with pytest.raises(ValueError, match="cannot hold"):
        file_texts([1, number, 2.5])


PLAIN = st.one_of(
    st.sampled_from([0, 0.0, -0.0, -10.0, 1000, 0.5, -0.05]), st.integers(-50, 50), st.floats(-1e6, 1e6)
)


@given(st.one_of(st.lists(PLAIN), st.lists(st.one_of(NUMBERS, st.integers(-(2**53), 2**53)))))
def test_many_numbers_stand_as_each_would(numbers: list[float]) -> None:
    assert file_texts(numbers) == [file_text(number) for number in numbers]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0001, "1.0001"),
        (123.45678901234568, "123.456789012346"),
        (1.2345678901234568e-5, "1.23456789012346E-05"),
        (1.23456789e-5, "0.0000123456789"),
        (5.6789012345e-8, "0.000000056789012345"),
        (1.2345678901234567e15, "1234567890123460"),
        (1.2345678901234567e19, "12345678901234600000"),
        (-1.2345678901234568e20, "-1.23456789012346E+20"),
        (2e50, "2E+50"),
        (9.999999999999999e20, "1E+21"),
        (9.999999999999999e-20, "1E-19"),
        (999999.9999999999, "1000000"),
        (7, "7"),
    ],
)
def test_general_text_has_fifteen_digits_and_twenty_places(number: float, text: str) -> None:
    assert general_text(number) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("-1.5", -1.5),
        ("+3", 3),
        ("1,234.5", 1234.5),
        ("12%", 0.12),
        ("-12.5%", -0.125),
        ("¥1,200", 1200),
        ("-¥5", -5),
        ("(3)", -3),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        ("2025-03-09", 45725),
        ("2025/3/9", 45725),
        ("2025年3月9日", 45725),
        ("2025年3月", 45717),
        ("2025-03-09 18:00", 45725.75),
        ("10:30", 0.4375),
        ("10:30 pm", 0.9375),
        ("123456789012345678", 123456789012345000),
        ("0.1234567890123456", 0.123456789012345),
    ],
)
def test_text_read_as_number(text: str, number: float) -> None:
    assert number_in(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1,2",
        "1 2",
        "-",
        "%",
        "12%%",
        "--1",
        "(-3)",
        "2025-13-01",
        "2025-02-30",
        "25:61",
        "１２",
        "0x10",
        "1_000",
        "nan",
        "inf",
        "1,23,456",
        "13:00 pm",
        "1899-01-01",
    ],
)
def test_text_not_read_as_number(text: str) -> None:
    assert number_in(text) is None


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_read_back_from_their_text(number: int) -> None:
    assert number_in(general_text(number)) == number
    assert to_fifteen_digits(number) == number


@given(st.text())
def test_any_text_is_a_number_or_not(text: str) -> None:
    found = number_in(text)
    assert found is None or isinstance(found, int | float)
