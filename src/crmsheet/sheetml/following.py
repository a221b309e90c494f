"""A worksheet part after spans of it were replaced: where its rows stand now.

Knows that whatever lies outside the spans only moved, so that nothing but the rows with spans inside has to be
looked at again. Gives up where rows came or went. Does not prove that the rest is as it was (`spanedit`).
"""

from __future__ import annotations

import operator
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final

from crmsheet.opc.held import HeldBytes
from crmsheet.sheetml.rowfinding import needs_expat
from crmsheet.sheetml.spanedit import Replacement, ordered
from crmsheet.sheetml.spans import Rows
from crmsheet.structs import replace

_MANY: Final = 1_000


def moved_rows(
    rows: Rows, spans: Sequence[Replacement], held: HeldBytes
) -> tuple[Rows, tuple[int, ...]] | None:
    """The rows of what is held, which is the part with these spans replaced, and the indexes of those that have one
    inside; None when all of it has to be read again."""
    if rows.cells is not None or not rows.in_order or rows.start < 0:
        return None
    if needs_expat(b"\n".join([new for _, _, new in spans])):
        return None
    growth: dict[int, int] = {}
    tags: set[int] = set()
    before = after = 0
    for start, end, new in ordered(spans):
        grown = len(new) - (end - start)
        if end <= rows.start:
            before += grown
        elif start >= rows.end:
            after += grown
        else:
            index = bisect_right(rows.starts, start) - 1
            if index < 0 or not rows.starts[index] <= start <= end <= rows.ends[index]:
                return None
            if start == end and start in (rows.starts[index], rows.ends[index]):
                # What is put in between rows is a row.
                return None
            growth[index] = growth.get(index, 0) + grown
            if not rows.open_ends[index] <= start <= end <= rows.close_starts[index]:
                tags.add(index)
    grown_by = array("q", bytes(8 * len(rows)))
    for index, grown in growth.items():
        grown_by[index] = grown
    moved = array("q", accumulate(grown_by, initial=before))
    starts, open_ends = (_sums(there, moved) for there in (rows.starts, rows.open_ends))
    close_starts, ends = (_sums(there, moved[1:]) for there in (rows.close_starts, rows.ends))
    opening, closing = (f"<{slash}{rows.prefix}row".encode() for slash in ("", "/"))
    kept = growth.keys() - tags
    for tag, places in ((opening, starts), (closing, close_starts)):
        if not _stands(tag, held, map(places.__getitem__, kept), many=len(kept) > _MANY):
            return None
    for index in tags:
        first = starts[index]
        found = _row(rows.prefix.encode()).fullmatch(held.between(first, ends[index]))
        if found is None or int(found.group(1)) - 1 != rows.numbers[index]:
            return None
        open_ends[index], close_starts[index] = first + found.end(2), first + found.start(3)
    again = replace(
        rows,
        start=rows.start + before,
        open_end=rows.open_end + before,
        close_start=rows.close_start + moved[-1],
        end=rows.end + moved[-1],
        starts=starts,
        open_ends=open_ends,
        close_starts=close_starts,
        ends=ends,
    )
    return again, tuple(growth)


def _stands(tag: bytes, held: HeldBytes, places: Iterable[int], *, many: bool) -> bool:
    """Whether a tag begins at each of these places; many are sooner looked at in one piece."""
    if many:
        return all(map(partial(held.data.startswith, tag), places))
    return all(held.between(at, at + len(tag)) == tag for at in places)


def _sums(places: array[int], moved: array[int]) -> array[int]:
    return array("q", map(operator.add, places, moved))


@lru_cache(maxsize=16)
def _row(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(
        rb'(?s:<%brow r="([1-9][0-9]{0,6})"((?: [\w:.]++="[^"<>]*+")*+\s*+>).*(</%brow\s*+>))' % (p, p)
    )
