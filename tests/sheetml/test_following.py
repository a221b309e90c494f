"""Where rows stand after spans of their part were replaced is where they would be found."""

from __future__ import annotations

import pytest

from crmsheet.opc.held import HeldBytes
from crmsheet.sheetml.following import moved_rows
from crmsheet.sheetml.rowfinding import find_rows
from crmsheet.sheetml.spanedit import Replacement, replace_spans

SIZE = 2_500


def part(size: int) -> bytes:
    rows = (f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, size + 1))
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()


def new_values(data: bytes, step: int) -> list[Replacement]:
    """Another value in each row so far from the next, longer in some and shorter in others."""
    found: list[Replacement] = []
    for n in range(1, SIZE + 1, step):
        start = data.index(b"<v>", data.index(b'<row r="%d">' % n)) + len(b"<v>")
        found.append(Replacement(start, data.index(b"</v>", start), b"7" * (n % 6)))
    return found


@pytest.mark.parametrize("step", [1, 100, SIZE])
def test_rows_are_where_they_are_found(step: int) -> None:
    before = part(SIZE)
    spans = new_values(before, step)
    after = replace_spans(before, spans)
    moved = moved_rows(find_rows(before), spans, HeldBytes(after))
    assert moved is not None
    assert moved[0] == find_rows(after)
    assert moved[1] == tuple(range(0, SIZE, step))


@pytest.mark.parametrize("step", [1, 100])
@pytest.mark.parametrize("tag", [b"<row ", b"</row>"])
def test_without_a_tag_where_it_should_be_nothing_is_known(step: int, tag: bytes) -> None:
    before = part(SIZE)
    spans = new_values(before, step)
    after = replace_spans(before, spans)
    row = after.index(b'<row r="%d">' % (20 * 100 + 1))
    at = after.index(tag, row)
    broken = after[:at] + b"x" * len(tag) + after[at + len(tag) :]
    assert moved_rows(find_rows(before), spans, HeldBytes(broken)) is None
