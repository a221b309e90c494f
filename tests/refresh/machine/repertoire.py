"""All doings of people by name, with how often each is done.

Knows no more than that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tests.refresh.machine.chances import Dice
from tests.refresh.machine.doings import Hands

Doing: TypeAlias = Callable[[Hands, Dice], str | None]

DOINGS: dict[str, tuple[Doing, int]] = {
    "type": (Hands.type_value, 6),
    "clear": (Hands.clear_value, 2),
    "new rows": (Hands.new_rows, 4),
    "delete rows": (Hands.delete_rows, 3),
    "sort": (Hands.sort, 4),
    "sort without ids": (Hands.sort_without_ids, 2),
    "paste block": (Hands.paste_block, 5),
    "paste rows": (Hands.paste_rows, 2),
    "overtype": (Hands.overtype, 3),
    "colour": (Hands.colour, 2),
    "paint board": (Hands.paint_board, 2),
    "note": (Hands.note, 3),
    "user formula": (Hands.user_formula, 3),
    "change note": (Hands.change_note, 1),
    "rename header": (Hands.rename_header, 2),
    "add column": (Hands.add_column, 1),
    "rename sheet": (Hands.rename_sheet, 2),
    "add sheet": (Hands.add_sheet, 1),
    "relabel": (Hands.relabel, 2),
    "add value": (Hands.add_value, 1),
    "setting": (Hands.change_setting, 1),
    "date": (Hands.change_date, 1),
    "select": (Hands.select, 2),
    "move column": (Hands.move_column, 2),
    "insert rows": (Hands.insert_rows, 2),
    "rename key": (Hands.rename_key, 2),
    "delete name": (Hands.delete_name, 1),
    "delete calc row": (Hands.delete_calc_row, 1),
    "drop rules": (Hands.drop_rules, 1),
    "cut board": (Hands.cut_board, 1),
    "delete board": (Hands.delete_board, 1),
}
"""By name, with how often it is done."""
