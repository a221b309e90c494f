"""The proof outside of spans looks at every byte of parts that are compared piece by piece."""

from __future__ import annotations

import pytest

from crmsheet.sheetml.spanedit import Replacement, proof_outside_spans, replace_spans

DATA = bytes(range(1, 251)) * 4_000
SPANS = (Replacement(10, 20, b"longer than it was"), Replacement(700_000, 700_000, b"new"))
LARGE = 2**18


def test_what_was_replaced_alone_is_proven() -> None:
    assert proof_outside_spans(DATA, replace_spans(DATA, SPANS), SPANS) == ""


@pytest.mark.parametrize(
    "at", [0, 9, 28, LARGE - 1, LARGE, LARGE + 27, LARGE + 28, LARGE + 29, 699_999, 800_000, len(DATA) + 10]
)
def test_one_other_byte_is_found(at: int) -> None:
    spoilt = bytearray(replace_spans(DATA, SPANS))
    spoilt[at] ^= 0x80
    assert proof_outside_spans(DATA, bytes(spoilt), SPANS) != ""


@pytest.mark.parametrize("change", [b"", b"x"])
def test_bytes_cut_off_or_put_behind_are_found(change: bytes) -> None:
    good = replace_spans(DATA, SPANS)
    assert proof_outside_spans(DATA, good + change if change else good[:-1], SPANS) != ""
