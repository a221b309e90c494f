"""A figure before and after a day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.beforeafter import LEAST_DAYS, LEAST_EARLIER, Standing, before_after
from crmsheet.analysis.gates import Estimate, closed


def _steps(day: float, before: float, after: float) -> object:
    """A figure that is so much a day before a day, and so much after."""

    def value(start: float, end: float) -> Estimate:
        early, late = max(0.0, min(end, day) - start), max(0.0, end - max(start, day))
        return Estimate(early * before + late * after, int(end - start))

    return value


def _told(began: float, now: float, first: float | None = 0.0, most: int = 90, *, relative: bool = True):  # type: ignore[no-untyped-def]
    return before_after(_steps(1000, 10, 15), began, now, most, first, relative=relative)  # type: ignore[arg-type]


def test_spans_are_of_equal_length_up_to_today() -> None:
    found = _told(1000, 1039)
    assert (found.standing, found.days) == (Standing.OK, 40)
    assert (found.before.value, found.after.value) == (400, 600)
    assert found.change == pytest.approx(0.5)
    assert _told(1000, 1500).days == 90


def test_a_step_is_larger_than_at_all_earlier_dates_and_than_a_year_before() -> None:
    found = _told(1000, 1059)
    assert found.earlier >= LEAST_EARLIER
    assert found.as_large == 0
    assert found.year_before == 0


def test_no_step_is_as_large_at_every_earlier_date() -> None:
    found = before_after(_steps(5000, 10, 15), 1000, 1059, 90, 0, relative=True)  # type: ignore[arg-type]
    assert (found.change, found.as_large, found.earlier) == (0, found.earlier, found.earlier)


def test_differences_are_not_relative() -> None:
    assert _told(1000, 1027, relative=False).change == 140


@pytest.mark.parametrize(
    ("now", "first", "standing"),
    [
        (999 + LEAST_DAYS - 1, 0.0, Standing.EARLY),
        (1060, 950.0, Standing.NO_BEFORE),
        (1060, None, Standing.NO_BEFORE),
    ],
)
def test_what_cannot_be_compared_yet_says_so(now: float, first: float | None, standing: Standing) -> None:
    found = _told(1000, now, first)
    assert (found.standing, found.change) == (standing, None)


def test_an_action_to_come_is_early() -> None:
    assert _told(1000, 900).days == 0


def test_too_few_cases_are_not_compared() -> None:
    found = before_after(lambda *_: closed(2), 1000, 1060, 90, 0, relative=True)
    assert (found.standing, found.before.n) == (Standing.FEW, 2)


def test_without_enough_earlier_dates_nothing_is_held_against() -> None:
    found = _told(1000, 1059, 1000 - 60 - 60)
    assert (found.standing, found.earlier, found.as_large) == (Standing.OK, 0, 0)


@given(st.integers(500, 1500), st.integers(28, 400), st.integers(28, 120))
def test_no_earlier_span_shares_a_day_with_the_one_compared(began: int, passed: int, most: int) -> None:
    asked: list[tuple[float, float]] = []

    def value(start: float, end: float) -> Estimate:
        asked.append((start, end))
        return Estimate(1.0, 1)

    found = before_after(value, began, began + passed - 1, most, 0, relative=False)
    if found.standing is Standing.OK:
        (before, after), others = asked[:2], asked[2:]
        assert before[1] == after[0] == began
        assert all(end - start == found.days for start, end in asked)
        year = [(s, e) for s, e in others if s in (began - 364, began - 364 - found.days)]
        assert all(end <= before[0] for start, end in others if (start, end) not in year)
