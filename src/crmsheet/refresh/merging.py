"""Replacements of one part that come from several sources, as one list.

Knows when two of them can both be carried out, and the order in which elements put in at one place stand.
Does not know what the edits are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from crmsheet.patterns import regex
from crmsheet.sheetml.elements import STYLES_ORDER, WORKBOOK_ORDER, WORKSHEET_ORDER
from crmsheet.sheetml.spanedit import Replacement, ordered

_ELEMENT: Final = regex(rb"\s*<(?:[^\s<>/:\"'=?!]+:)?([^\s<>/:\"'=?!]+)")
_ORDERS: Final = (WORKSHEET_ORDER, WORKBOOK_ORDER, STYLES_ORDER)


def merged(sources: Iterable[Sequence[Replacement]]) -> tuple[Replacement, ...]:
    """All replacements by place. Raises ValueError when two of them overlap.

    What two sources both ask for, to the byte, is done once. Elements put in at one place stand as the
    schema orders them, anything else in the order of the sources.
    """
    found: list[Replacement] = []
    for source in sources:
        known = set(found)
        found += [replacement for replacement in source if replacement not in known]
    result: list[Replacement] = []
    here: list[Replacement] = []
    done = 0
    for replacement in ordered(found):
        if replacement.start < done:
            raise ValueError(f"two edits change the bytes from {replacement.start} to {done}")
        done = max(done, replacement.end)
        if here and (here[0].start, here[0].end) != (replacement.start, replacement.end):
            result += _in_schema_order(here)
            here = []
        here.append(replacement)
    return (*result, *_in_schema_order(here))


def _in_schema_order(insertions: list[Replacement]) -> list[Replacement]:
    if len(insertions) < 2:
        return insertions
    heads = [_ELEMENT.match(insertion.new) for insertion in insertions]
    names = [head.group(1).decode() if head is not None else "" for head in heads]
    for order in _ORDERS:
        if all(name in order for name in names):
            return [
                i for _, i in sorted(zip(names, insertions, strict=True), key=lambda p: order.index(p[0]))
            ]
    return insertions
