"""Record blocks, fields of the one row that a selector has chosen: from their form to the Model.

Knows that such a block needs a record selector of its table.
"""

from __future__ import annotations

from crmsheet.messages import say
from crmsheet.model.boards import RecordBlock
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import BoardGround
from crmsheet.spec.resolve.rowlists import shown_fields
from crmsheet.spec.shapes.boards import BlockShape, RecordShape


def record_block(
    ground: BoardGround, block: BlockShape, shape: RecordShape, path: Path
) -> RecordBlock | None:
    table = shape.table
    if not ground.paths.known_table(table, (*path, "table")):
        return None
    if not any(s.record and s.table == table for s in ground.selectors):
        ground.problems.error(
            Code.BLOCK,
            (*path, "table"),
            say("no selector of this sheet chooses a row of '{table}'", table=table),
            remedy=say(
                "Add one to the sheet:  selectors: {{{table}: {{record: {table2}}}}}",
                table=table.rstrip("s"),
                table2=table,
            ),
        )
        return None
    fields = shown_fields(ground, table, shape.fields, (*path, "fields"))
    if not shape.fields:
        ground.problems.error(Code.BLOCK, path, say("the block names no field"), key=True)
    return RecordBlock(
        ground.id(block, "record", (table,)), table, fields, ground.title(block, shape.title, path[:-1])
    )
