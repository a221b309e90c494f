"""A condensed part stands for exactly the part, in whatever pieces it came."""

from __future__ import annotations

import re
from unittest.mock import patch
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.opc.condensing import _Condenser, condensed

LONG = b"IF(orders[[#This Row],[_used]]=0,&quot;&quot;,1)"
CELLS = st.sampled_from(
    [
        b"<c><f>%b</f><v>1</v></c>" % LONG,
        b"<c><f>%b+1</f><v></v></c>" % LONG,
        b"<c><f>%b\x7fA</f></c>" % LONG,
        b'<c><f t="shared" si="0">%b</f></c>' % LONG,
        b"<c><f>A1</f><v>2</v></c>",
        b"<c><f/><v>2</v></c>",
        b"<c><v>\x7fA</v></c>",
        b"<c><f><!-- %b --></f></c>" % LONG,
    ]
)


OPENINGS = st.sampled_from([b"<f>", b'<f aca="false">'])


@given(st.lists(st.tuples(CELLS, OPENINGS), max_size=60), st.integers(1, 40) | st.integers(100, 400))
def test_it_expands_to_the_part(cells: list[tuple[bytes, bytes]], size: int) -> None:
    """Also where some formulas begin as those of LibreOffice do."""
    part = b"<row>" + b"".join(cell.replace(b"<f>", opening) for cell, opening in cells) + b"</row>"
    found = condensed(part[at : at + size] for at in range(0, len(part), size))
    assert found is not None
    data, texts = found
    assert b"".join(texts.pieces(data)) == part
    assert texts.consistent
    tags = [at for at in range(len(data)) if data.startswith((b"<c>", b"</f></c>", b"</row>"), at)]
    starts = [len(b"".join(texts.pieces(data, 0, at))) for at in tags]
    assert list(texts.places(data, tags)) == starts
    assert list(texts.places(data, tags)) == starts, "asked again"
    assert list(texts.places(data, tags[::2])) == starts[::2], "asked for others"
    assert list(texts.elsewhere().places(data, tags)) == starts
    middle = data.find(b"</c>") + 4
    assert b"".join((*texts.pieces(data, 0, middle), *texts.pieces(data, middle))) == part
    expat.ParserCreate("UTF-8").Parse(data, True)


@pytest.mark.parametrize("opening", [b"<f>", b'<f aca="false">'])
def test_texts_that_come_again_stand_once(opening: bytes) -> None:
    found = condensed((b"<row>" + b"<c>%b%b</f></c>" % (opening, LONG) * 100 + b"</row>",))
    assert found is not None
    data, texts = found
    assert data.count(LONG) == 1
    assert list(texts.codes) == [LONG]
    assert texts.text(texts.codes[LONG]) == LONG
    assert texts.text(b"A1") == b"A1"


def test_more_texts_than_there_are_marks_are_kept() -> None:
    part = b"".join(b"<c><f>%b+%d</f></c>" % (LONG, i % 90) for i in range(400))
    found = condensed((part,))
    assert found is not None
    assert len(found[1].codes) == 62
    assert b"".join(found[1].pieces(found[0])) == part


@pytest.mark.parametrize("mark", [b"\x7fA", b"\x7f", b"\x7f and more"])
def test_a_part_in_which_a_mark_could_stand_is_left(mark: bytes) -> None:
    assert condensed((b"<c><f>%b</f></c>" % mark,)) is None
    assert condensed((b"<c><f>%b</f></c>" % LONG * 3 + b"<c><f>%b</f></c>" % mark,)) is None


@pytest.mark.parametrize("opening", [b"<f>", b'<f aca="false">'])
@pytest.mark.parametrize("size", [1, 7, 64, 1000, 2**20])
def test_texts_are_told_apart_in_whatever_pieces_they_come(opening: bytes, size: int) -> None:
    """Another text of the same length, and texts that are met late, are kept or get marks; nothing is mistaken."""
    rows = b"".join(
        b"<c>%b%b</f></c><c>%b%b</f><v>%d</v></c>" % (opening, text, opening, LONG * 2, i)
        for i, text in enumerate([LONG] * 300 + [LONG.replace(b"1", b"2"), LONG * 3] * 300)
    )
    part = b"<row>" + rows + b"</row>"
    found = condensed(part[at : at + size] for at in range(0, len(part), size))
    assert found is not None
    data, texts = found
    assert b"".join(texts.pieces(data)) == part
    known = {LONG, LONG * 2, LONG.replace(b"1", b"2"), LONG * 3}
    assert {LONG, LONG * 2} <= set(texts.codes) <= known
    assert len(data) < len(part)
    if size >= 1000:
        assert set(texts.codes) == known


@pytest.mark.parametrize("head", [b"<c", b"<!--", b"<f>", b"<f><x/>"])
@pytest.mark.parametrize("body", [b"a", b"<x/>"])
def test_what_does_not_end_is_looked_through_a_few_times_only(head: bytes, body: bytes) -> None:
    formulas = b"<f>SUM(A1:A1000000000000000000)</f>" * 40
    looked: list[int] = []
    known, any_ = _Condenser._add_known, _Condenser._add_any

    def count_known(self: _Condenser, data: bytes, pattern: re.Pattern[bytes]) -> None:
        looked.append(len(data))
        known(self, data, pattern)

    def count_any(self: _Condenser, data: bytes) -> bool:
        looked.append(len(data))
        return any_(self, data)

    part = formulas + head + body * 200_000
    with patch.object(_Condenser, "_add_known", count_known), patch.object(_Condenser, "_add_any", count_any):
        found = condensed(part[at : at + 1000] for at in range(0, len(part), 1000))
    assert found is not None
    assert found[1].expanded(found[0]) == part
    assert sum(looked) < 5 * len(part)
