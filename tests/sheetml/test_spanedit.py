"""Spans are replaced in bytes that come in pieces as they are in the whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.opc.held import HeldBytes
from crmsheet.sheetml.spanedit import Replacement, replace_spans, spliced
from crmsheet.sheetml.splicedbytes import SplicedBytes

WHOLE = bytes(range(97, 123)) * 4


@st.composite
def apart(draw: st.DrawFn) -> list[Replacement]:
    """Spans that do not overlap, in order."""
    spans = st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 30), st.binary(max_size=4))
    edits: list[Replacement] = []
    done = 0
    for start, length, new in sorted(draw(st.lists(spans, max_size=8)), key=lambda span: span[0]):
        if start >= done:
            done = min(start + length, len(WHOLE))
            edits.append(Replacement(start, done, new))
    return sorted(edits, key=lambda edit: (edit.start, edit.end))


@given(apart(), st.integers(1, 120))
def test_the_same_as_of_the_whole(edits: list[Replacement], size: int) -> None:
    pieces = [WHOLE[at : at + size] for at in range(0, len(WHOLE), size)]
    assert b"".join(spliced(pieces, edits)) == replace_spans(WHOLE, edits)


@given(apart(), st.integers(0, 120), st.integers(0, 120))
def test_some_bytes_are_those_of_the_whole(edits: list[Replacement], start: int, length: int) -> None:
    whole = replace_spans(WHOLE, edits)
    held = SplicedBytes(HeldBytes(WHOLE), edits)
    assert held.size == len(whole)
    assert held.between(start, start + length) == whole[start : start + length]
    assert held.data == whole
    assert held.between(start, start + length) == whole[start : start + length]
    held.let_go()
    assert held.data == whole


@pytest.mark.parametrize("spans", [[(5, 9), (8, 10)], [(5, 4)], [(100, 105)], [(200, 200)]])
def test_spans_that_overlap_or_lie_outside_are_a_mistake(spans: list[tuple[int, int]]) -> None:
    edits = [Replacement(start, end, b"") for start, end in spans]
    with pytest.raises(ValueError, match="span"):
        b"".join(spliced([WHOLE[:50], WHOLE[50:]], edits))
