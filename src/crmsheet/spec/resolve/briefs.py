"""What a brief tells: from names of blocks to the Model.

Knows which kinds of blocks can be told in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.messages import listed, say
from crmsheet.model.boards import Board, ChartBlock, HeatBlock, RecordBlock
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.suggestions import did_you_mean

CHANGES: Final = "changes"
"""What is told in place of a block: what changed since the date before."""


def resolved_brief(
    shape: SpecShape, boards: Sequence[Board], problems: Problems
) -> tuple[tuple[str, str], ...]:
    """The blocks named under `brief`; what is no block, and what cannot be told, is diagnosed."""
    blocks = {f"{board.id}.{block.id}": block for board in boards for block in board.blocks}
    found: list[tuple[str, str]] = []
    for index, name in enumerate(shape.brief):
        block = blocks.get(name)
        path = ("brief", index)
        if name == CHANGES:
            if shape.history is None and not any(
                f.audit for t in shape.tables.values() for f in t.fields.values()
            ):
                problems.error(
                    Code.BLOCK,
                    path,
                    say("nothing is remembered that changes could be told from"),
                    remedy=say("Write  history: {{}}  or  audit: true  at a field."),
                )
            found.append(("", CHANGES))
        elif block is None:
            if not problems.is_broken("sheets", name.partition(".")[0]):
                remedy, allowed = _meant(name, tuple(blocks))
                problems.error(
                    Code.BLOCK,
                    path,
                    say("there is no block '{name}'", name=name),
                    remedy=remedy or say("Name a block as  sheet.block."),
                    allowed=allowed,
                )
        elif isinstance(block, ChartBlock | HeatBlock | RecordBlock):
            problems.error(
                Code.BLOCK,
                path,
                say("'{name}' cannot be told in words", name=name),
                remedy=say("Name cards, figures, a table, a list, an analysis or a note."),
            )
        else:
            board, _, id_ = name.partition(".")
            found.append((board, id_))
    return tuple(found)


def _meant(name: str, blocks: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """What to write for a block there is not: those of its sheet, since most ids are made of what a block shows."""
    same = tuple(b for b in blocks if b.startswith(name.partition(".")[0] + "."))
    close = tuple(b for b in blocks if b.startswith(name + "_"))
    if len(close) == 1:
        return say("Did you mean {words}?", words=close[0]), close
    if not same:
        return did_you_mean(name, blocks)
    return say(
        "The blocks of this sheet: {blocks}\nA block is called as you like once it has an  id.",
        blocks=listed(same),
    ), same
