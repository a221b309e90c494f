"""Stays in stages and promises put off, by hand."""

from __future__ import annotations

import pytest

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.slips import slips
from crmsheet.analysis.stages import Path, courses

ORDER = ("new", "offer", "won", "lost")


def test_only_stays_with_both_ends_seen_count() -> None:
    paths = [
        Path(10, "new", ((14, "offer"), (20, "won"))),
        Path(10, "new", ((16, "offer"), (30, "lost"))),
        Path(12, "new", ((13, "offer"),)),
        Path(2, "new", ((18, "offer"),)),
        Path(11, "new"),
    ]
    new, offer, won, lost = courses(paths, ORDER, since=10, lost=("lost",))
    # 4, 6 and 1 days; the fourth began before anybody watched, the fifth goes on.
    assert (new.present, new.left, new.days.value, new.days.n) == (1, 4, 4, 3)
    assert new.days.gate is Gate.FEW
    # 6 and 14 days are too few to tell.
    assert (offer.present, offer.left, offer.days.value, offer.days.n) == (2, 2, None, 2)
    assert offer.days.gate is Gate.SMALL_N
    assert (won.present, lost.present) == (1, 1)


def test_going_back_or_losing_is_no_way_on() -> None:
    paths = [
        Path(0, "offer", ((1, "won"),)),
        Path(0, "offer", ((1, "lost"),)),
        Path(0, "offer", ((1, "new"), (2, "offer"), (3, "won"))),
        Path(0, "offer", ((2, "elsewhere"),)),
    ]
    by_stage = {one.stage: one for one in courses(paths, ORDER, since=0, lost=("lost",))}
    assert by_stage["offer"].left == 5
    assert by_stage["offer"].onward.value == pytest.approx(2 / 5)
    assert by_stage["new"].onward.value is None


def test_stages_that_nobody_was_ever_in_are_left_out() -> None:
    assert [one.stage for one in courses([Path(0, "offer")], ORDER, since=0)] == ["offer"]
    assert courses([], ORDER, since=0) == ()


def test_late_is_what_stands_later_now_than_at_first() -> None:
    found = slips([[10, 20], [10, 30, 12], [10, 5, 10], [10], [], [10, 40]])
    assert (found.n, found.later, found.times) == (5, 3, 4)
    assert (found.days.value, found.days.n, found.days.gate) == (10, 3, Gate.FEW)
    assert slips([[1, 2]]).days.value is None
