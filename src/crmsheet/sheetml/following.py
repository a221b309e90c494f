"""A worksheet part after spans of it were replaced: where its rows stand now.

Knows that whatever lies outside the spans only moved, so that nothing but the rows with spans inside has to be
looked at again. Gives up where rows came or went. Does not prove that the rest is as it was (`spanedit`).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from crmsheet.sheetml.spanedit import Replacement, ordered
from crmsheet.sheetml.spans import Rows, needs_expat
from crmsheet.structs import replace


def moved_rows(rows: Rows, spans: Sequence[Replacement], data: bytes) -> tuple[Rows, tuple[int, ...]] | None:
    """The rows of `data`, which is the part with these spans replaced, and the indexes of those that have one
    inside; None when all of it has to be read again."""
    if rows.cells is not None or not rows.in_order or rows.start < 0:
        return None
    growth: dict[int, int] = {}
    before = after = 0
    for start, end, new in ordered(spans):
        if needs_expat(new):
            return None
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
    starts, open_ends, close_starts, ends = (array("q") for _ in range(4))
    moved = before
    done = 0
    for index, grown in (*growth.items(), (len(rows), 0)):
        for there, here in (
            (rows.starts, starts),
            (rows.open_ends, open_ends),
            (rows.close_starts, close_starts),
            (rows.ends, ends),
        ):
            unchanged = there[done:index]
            here.extend(unchanged if not moved else array("q", [at + moved for at in unchanged]))
        if index == len(rows):
            break
        start, end = rows.starts[index] + moved, rows.ends[index] + moved + grown
        found = _row(rows.prefix.encode()).fullmatch(data, start, end)
        if found is None or int(found.group(1)) - 1 != rows.numbers[index]:
            return None
        for here, at in (
            (starts, start),
            (open_ends, found.end(2)),
            (close_starts, found.start(3)),
            (ends, end),
        ):
            here.append(at)
        moved += grown
        done = index + 1
    again = replace(
        rows,
        start=rows.start + before,
        open_end=rows.open_end + before,
        close_start=rows.close_start + moved,
        end=rows.end + moved,
        starts=starts,
        open_ends=open_ends,
        close_starts=close_starts,
        ends=ends,
    )
    return again, tuple(growth)


@lru_cache(maxsize=16)
def _row(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(
        rb'(?s:<%brow r="([1-9][0-9]{0,6})"((?: [\w:.]++="[^"<>]*+")*+\s*+>).*(</%brow\s*+>))' % (p, p)
    )
