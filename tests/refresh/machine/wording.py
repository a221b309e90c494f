"""How formulas of people are written in the book as it is called now.

Knows the model's names. Does not know what a formula shows.
"""

from __future__ import annotations

from tests.judge.package import column_letters
from tests.refresh.machine.cellrefs import quoted
from tests.refresh.machine.expected import Note, World


def formula_text(world: World, note: Note) -> str:
    """A formula of people as it is written now."""
    match note.formula:
        case ("total", table, key):
            return f"SUM({table}[{world.tables[table].column(key).header}])"
        case ("count", table, key):
            return f"COUNTA({table}[{world.tables[table].column(key).header}])"
        case ("cell", sheet, row, column):
            return f"{quoted(world.sheets[sheet])}!{column_letters(int(column))}{row}"
        case ("setting", name):
            return f"{name}*2"
        case _:
            raise ValueError(note.formula)
