"""Segment blocks: a segment of a table becomes the list of its rows.

Knows that the segment says which rows and columns. The list itself is `rowlists`'.
"""

from __future__ import annotations

from typing import Final

from crmsheet.messages import say
from crmsheet.model.boards import ListBlock
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, BoardGround
from crmsheet.spec.resolve.rowlists import list_block
from crmsheet.spec.shapes.boards import BlockShape, ListBlockShape, ListColumnShape
from crmsheet.spec.shapes.suggestions import did_you_mean

_COLUMNS: Final = 6
"""Shown of a segment that names none."""


def segment_block(ground: BoardGround, block: BlockShape, name: str, path: Path) -> ListBlock | None:
    """The rows of `table.segment`, each leading to its place on the entry sheet."""
    table, _, segment = name.partition(".")
    if not ground.paths.known_table(table, path):
        return None
    shape = ground.paths.kinds.table(table)
    assert shape is not None
    given = shape.segments.get(segment)
    if given is None:
        known = [f"{table}.{s}" for s in shape.segments]
        remedy, allowed = did_you_mean(name, known)
        ground.problems.error(
            Code.BLOCK,
            path,
            say("the table '{table}' has no segment '{segment}'", table=table, segment=segment),
            remedy=remedy,
            allowed=allowed,
        )
        return None
    columns = given.columns or tuple(f for f, field in shape.fields.items() if not field.hidden)[:_COLUMNS]
    listed = ListBlockShape.model_construct(
        table=table,
        columns=tuple(ListColumnShape.model_construct(path=c, label=None) for c in columns),
        title=given.label,
        where=f"[{segment}]",
        sort=None,
        limit=MOST_LIVE_ROWS,
        empty=None,
        ignores=(),
        link=True,
    )
    return list_block(ground, block, listed, path)
