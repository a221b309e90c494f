"""Which cell of a block is which in the block as it was, where its cells stand otherwise now.

Knows a cell by the texts around it: its own, the one before it in its row, the one above it. Does not know what the
answer is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

At: TypeAlias = tuple[int, int]
"""Offsets of a cell in its block."""
_Signs: TypeAlias = Mapping[tuple[object, ...], At]


def same_cells(
    old: Collection[At], old_texts: Mapping[At, str], new: Collection[At], new_texts: Mapping[At, str]
) -> dict[At, At]:
    """The old cell of each new one that has one: the one with the same texts in it and around it, else with the same
    text, else with the same number in the same row, or in the same place."""
    if set(old) == set(new):
        return {at: at for at in new}
    found: dict[At, At] = {}
    for signs in (_around, _inside, _numbers, _places):
        taken = set(found.values())
        left = signs([at for at in old if at not in taken], old_texts)
        asked = signs([at for at in new if at not in found], new_texts)
        found |= {at: left[sign] for sign, at in asked.items() if sign in left}
    return found


def _counted(cells: Collection[At], said: Callable[[At], tuple[str | int, ...]]) -> _Signs:
    """Cells by what is said of each, and how many before it have the same said of them."""
    seen: Counter[tuple[str | int, ...]] = Counter()
    found: dict[tuple[object, ...], At] = {}
    for at in sorted(cells):
        words = said(at)
        if words:
            found[*words, seen[words]] = at
            seen[words] += 1
    return found


def _around(cells: Collection[At], texts: Mapping[At, str]) -> _Signs:
    columns: defaultdict[int, list[At]] = defaultdict(list)
    rows: defaultdict[int, list[At]] = defaultdict(list)
    for at in sorted(texts):
        columns[at[1]].append(at)
        rows[at[0]].append(at)

    def said(at: At) -> tuple[str | int, ...]:
        row, column = at
        left = [near for near in rows[row] if near[1] < column]
        above = [near for near in columns[column] if near[0] < row] or _over(rows, row, column)
        around = tuple([texts[near[-1]] if near else "" for near in (left, above)])
        return (texts.get(at, ""), *around) if any(around) else ()

    return _counted(cells, said)


def _over(rows: Mapping[int, list[At]], row: int, column: int) -> list[At]:
    """The texts not right of a cell in the nearest row above it that has any."""
    for above in sorted((r for r in rows if r < row), reverse=True):
        near = [at for at in rows[above] if at[1] <= column]
        if near:
            return near
    return []


def _inside(cells: Collection[At], texts: Mapping[At, str]) -> _Signs:
    return _counted(cells, lambda at: (texts[at],) if at in texts else ())


def _numbers(cells: Collection[At], texts: Mapping[At, str]) -> _Signs:
    """Cells without a text by row, and number in it."""
    return _counted([at for at in cells if at not in texts], lambda at: (at[0],))


def _places(cells: Collection[At], texts: Mapping[At, str]) -> _Signs:
    return {at: at for at in cells if at in texts}
