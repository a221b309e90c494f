"""Replacements from several sources of one part: carried out together, or said to contradict each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.refresh.merging import merged
from crmsheet.sheetml.spanedit import Replacement, replace_spans

DATA = b"0123456789"


def test_elements_put_in_at_one_place_stand_as_the_schema_orders_them() -> None:
    drawing, rules = (
        Replacement(5, 5, b'<x:drawing r:id="rId1"/>'),
        Replacement(5, 5, b"<x:dataValidations/>"),
    )
    names, calc = Replacement(5, 5, b"<definedNames/>"), Replacement(5, 5, b"<calcPr/>")
    assert merged([(drawing,), (rules,)]) == merged([(rules,), (drawing,)]) == (rules, drawing)
    assert merged([(calc,), (names,)]) == (names, calc)
    fonts, formats = Replacement(5, 5, b"<fonts/>"), Replacement(5, 5, b"<cellXfs/>")
    assert merged([(formats,), (fonts,)]) == (fonts, formats)


def test_anything_else_keeps_the_order_of_the_sources() -> None:
    one, two = Replacement(5, 5, b' a="1"'), Replacement(5, 5, b' b="2"')
    assert merged([(two,), (one,)]) == (two, one)
    assert merged([(one, one)]) == (one, one)


def test_what_two_sources_both_ask_for_is_done_once() -> None:
    one, two = Replacement(2, 4, b"x"), Replacement(6, 6, b"y")
    assert merged([(one, two), (two, one)]) == (one, two)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Replacement(2, 6, b"a"), Replacement(4, 8, b"b")),
        (Replacement(2, 6, b"a"), Replacement(2, 6, b"b")),
        (Replacement(2, 6, b"a"), Replacement(2, 4, b"a")),
        (Replacement(2, 6, b"a"), Replacement(4, 4, b"b")),
    ],
)
def test_overlapping_replacements_contradict_each_other(one: Replacement, other: Replacement) -> None:
    for sources in ([(one,), (other,)], [(other,), (one,)]):
        with pytest.raises(ValueError, match="two edits"):
            merged(sources)


spans = st.tuples(
    st.integers(0, 10), st.integers(0, 3), st.sampled_from([b"", b"a", b"<drawing/>", b"<cols/>"])
)
sources = st.lists(st.lists(spans, max_size=3), max_size=3)


@given(sources)
def test_what_is_merged_can_be_carried_out(found: list[list[tuple[int, int, bytes]]]) -> None:
    lists = [
        tuple(Replacement(start, min(start + length, 10), new) for start, length, new in source)
        for source in found
    ]
    try:
        together = merged(lists)
    except ValueError:
        return
    assert set(together) == {r for source in lists for r in source}
    after = replace_spans(DATA, together)
    kept = set(range(10)) - {at for r in together for at in range(r.start, r.end)}
    assert bytes(b for b in after if b in DATA) == bytes(DATA[i] for i in sorted(kept))
