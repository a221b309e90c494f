"""What a board says of tables that nobody has added to for longer than their `cadence`.

Knows that a table's first date field says how old a row is. Does not know where on the board this stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsheet.compile import board_words as words
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import call, if_, joined, op
from crmsheet.compile.symbols import AS_OF
from crmsheet.formulas.tree import Column, Name, Node
from crmsheet.model.spec import Table


def late_note(context: Context, tables: Iterable[str]) -> Node | str:
    """The tables that are behind, each with how long; empty while all are kept up."""
    notes = [_late(context, t) for t in context.model.tables if t.id in set(tables) and t.cadence is not None]
    return joined(*(note for note in notes if note is not None)) if any(notes) else ""


def _late(context: Context, table: Table) -> Node | None:
    dated = table.dated
    if dated is None or table.cadence is None:
        return None
    column = Column(table.id, dated.id)
    newest = call("MAXIFS", column, column, op("<", "&", op(Name(AS_OF), "+", 1)))
    age = op(Name(AS_OF), "-", call("INT", newest))
    said = joined(
        "  ·  ⚠ ", context.text(table.label), context.text(words.LATE), age, context.text(words.LATE_DAYS)
    )
    late = if_(op(age, ">", table.cadence), said, "")
    return if_(op(call("COUNT", column), "=", 0), "", late)
