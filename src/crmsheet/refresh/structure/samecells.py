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
_Said: TypeAlias = tuple[str | int, ...]


def same_cells(
    old: Collection[At], old_texts: Mapping[At, str], new: Collection[At], new_texts: Mapping[At, str]
) -> dict[At, At]:
    """The old cell of each new one that has one: the one with the same texts in it, around it and on top of it, else
    with fewer of them the same, else with the same number in the same row, or in the same place."""
    if set(old) == set(new):
        return {at: at for at in new}
    found: dict[At, At] = {}
    before, now = _Texts(old_texts), _Texts(new_texts)
    for said in (_Texts.below, _Texts.beside, _Texts.inside, _Texts.numbered, _Texts.placed):
        taken = set(found.values())
        left = _counted([at for at in old if at not in taken], said, before)
        asked = _counted([at for at in new if at not in found], said, now)
        found |= {at: left[sign] for sign, at in asked.items() if sign in left}
    return found


def _counted(cells: Collection[At], said: Callable[[_Texts, At], _Said], texts: _Texts) -> dict[_Said, At]:
    """Cells by what is said of each, and how many before it have the same said of them."""
    seen: Counter[_Said] = Counter()
    found: dict[_Said, At] = {}
    for at in sorted(cells):
        words = said(texts, at)
        if words:
            found[*words, seen[words]] = at
            seen[words] += 1
    return found


class _Texts:
    """The texts of a block, and what they say of a cell; nothing where they do not tell."""

    def __init__(self, texts: Mapping[At, str]) -> None:
        self._texts = texts
        self._rows: defaultdict[int, list[At]] = defaultdict(list)
        self._columns: defaultdict[int, list[At]] = defaultdict(list)
        for at in sorted(texts):
            self._rows[at[0]].append(at)
            self._columns[at[1]].append(at)

    def _left(self, at: At) -> At | None:
        """The text before it in its row."""
        return next((near for near in reversed(self._rows[at[0]]) if near[1] < at[1]), None)

    def _above(self, at: At) -> At | None:
        """The nearest text over it; where its column has none, the last one not right of it in the nearest row."""
        over = next((near for near in reversed(self._columns[at[1]]) if near[0] < at[0]), None)
        if over is not None:
            return over
        for row in sorted((r for r in self._rows if r < at[0]), reverse=True):
            near = [one for one in self._rows[row] if one[1] <= at[1]]
            if near:
                return near[-1]
        return None

    def _said(self, at: At | None) -> str:
        return self._texts.get(at, "") if at is not None else ""

    def beside(self, at: At) -> _Said:
        around = self._said(self._left(at)), self._said(self._above(at))
        return (self._said(at), *around) if any(around) else ()

    def below(self, at: At) -> _Said:
        """The same, and what stands on top of it, or of the text before it: the title of a card."""
        first = self._columns[(at if at in self._texts else self._left(at) or at)[1]][:1]
        return (*self.beside(at), self._said(first[0])) if first and first[0] < at else ()

    def inside(self, at: At) -> _Said:
        return (self._texts[at],) if at in self._texts else ()

    def numbered(self, at: At) -> _Said:
        """Cells without a text: their row; what counts is how many come before it."""
        return (at[0],) if at not in self._texts else ()

    def placed(self, at: At) -> _Said:
        return at if at in self._texts else ()
