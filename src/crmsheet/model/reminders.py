"""Reminders: what is due on which day, and whose it is.

Knows what a spec says of reminders. Does not know rows, nor what follows where a spec says nothing (`due`).
"""

from __future__ import annotations

from typing import Final

from crmsheet.formulas.tree import Node
from crmsheet.model.words import Label
from crmsheet.structs import dataclass

SOON: Final = 7
"""Days ahead, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Every row of `table` is due on the day `due`, an expression that may give empty text, unless `done` holds.

    `owner` leads to whose it is, each part but the last a reference; empty for nobody's. `text` are fields and paths
    that are told. `days` is how long ahead one is reminded: a number, or a setting by its id.
    """

    id: str
    label: Label
    table: str
    due: Node
    done: Node | None = None
    owner: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    days: int | str = SOON
