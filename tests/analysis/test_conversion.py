"""How far things come, and how many of those were won."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.association import holm
from crmsheet.analysis.conversion import LEAST, closings, course, furthest
from crmsheet.analysis.gates import Gate
from crmsheet.analysis.stages import Path

ORDER = ("new", "offer", "talk", "won", "lost")
WON, LOST = ("won",), ("lost",)

PATHS = (
    Path(0, "new", ((1, "offer"), (2, "lost"))),
    Path(0, "new", ((1, "talk"), (2, "won"))),  # skips the offer
    Path(0, "new", ((1, "offer"), (2, "new"), (3, "offer"), (4, "lost"))),  # back and forth
    Path(0, "talk", ((1, "lost"),)),
    Path(0, "new", ((1, "offer"),)),  # still open
    Path(0, "lost"),  # lost before anybody watched: nobody knows from where
    Path(0, "won"),
)


def test_skipped_stages_count_and_those_entered_twice_count_once() -> None:
    found = {one.stage: (one.won, one.lost) for one in closings(PATHS, ORDER, WON, LOST)}
    assert found == {"new": (1, 3), "offer": (1, 3), "talk": (1, 1)}


def test_the_furthest_stage_is_never_a_lost_one() -> None:
    assert [furthest(path, ORDER, LOST) for path in PATHS] == [1, 3, 1, 2, 1, -1, 3]


def test_a_cohort_by_hand() -> None:
    found = course(PATHS[:5], ORDER, WON, LOST)
    assert (found.n, found.open) == (5, 1)
    assert [one.value for one in found.reached] == [1, 1, 0.4, 0.2]
    assert {one.gate for one in found.reached} == {Gate.FEW}


def test_few_have_no_shares() -> None:
    found = course(PATHS[: LEAST - 1], ORDER, WON, LOST)
    assert [one.value for one in found.reached] == [None] * 4


_STAGE = st.sampled_from(ORDER)


@given(st.lists(st.tuples(_STAGE, st.lists(_STAGE, max_size=5)), min_size=LEAST, max_size=30))
def test_no_stage_is_reached_by_more_than_the_one_before(drawn: list[tuple[str, list[str]]]) -> None:
    paths = [Path(0, first, tuple(enumerate(stages))) for first, stages in drawn]
    shares = [one.value for one in course(paths, ORDER, WON, LOST).reached]
    known = [s for s in shares if s is not None]
    assert known == sorted(known, reverse=True)
    wins = [one.won for one in closings(paths, ORDER, WON, LOST)]
    assert len(set(wins)) == 1, "who was won has passed every stage"


def test_holm_as_published() -> None:
    # The example of R's p.adjust: smallest times n, the next times n - 1, never falling.
    assert holm([0.01, 0.02, 0.03, 0.04]) == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert holm([0.5, 0.01]) == pytest.approx([0.5, 0.02])
    assert holm([]) == []
