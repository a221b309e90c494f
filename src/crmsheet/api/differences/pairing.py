"""Which thing of the new spec is which of the old one, whichever of the two was renamed from the other.

Knows ids and `renamed_from`. Does not know what differs.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.model.boards import Board
from crmsheet.model.spec import Model
from crmsheet.model.succession import Succession, succession
from crmsheet.structs import replace


def with_boards(model: Model, left_out: tuple[Board, ...]) -> Model:
    """A model with the boards whose sheets people deleted: the spec still has them."""
    return replace(model, boards=(*model.boards, *left_out)) if left_out else model


def pairs_of(old: Model, new: Model) -> Succession:
    """New ids to old ids. A newer book may be compared with an older one or the other way round."""
    there, back = succession(old, new), succession(new, old)
    tables = _merged(there.tables, back.tables)
    lists = _merged(there.lists, back.lists)
    return Succession(
        tables,
        {n: _merged(there.fields.get(n, {}), back.fields.get(o, {})) for n, o in tables.items()},
        lists,
        {n: _merged(there.items.get(n, {}), back.items.get(o, {})) for n, o in lists.items()},
        _merged(there.settings, back.settings),
        _merged(there.boards, back.boards),
    )


def _merged(there: Mapping[str, str], back: Mapping[str, str]) -> dict[str, str]:
    """New to old; what only the way back knows is added where neither end is taken."""
    pairs = dict(there)
    taken = set(pairs.values())
    for was, now in back.items():
        if now not in pairs and was not in taken:
            pairs[now] = was
            taken.add(was)
    return pairs
