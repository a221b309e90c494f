"""The cells of a board's block: rows of merged cells on the narrow grid.

Knows how a text or a number fills several grid columns, and titles and notes of blocks.
Does not know what is shown.
"""

from __future__ import annotations

from math import ceil
from operator import attrgetter
from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile.board_theme import GRID_WIDTH
from crmsheet.compile.board_words import DASH
from crmsheet.compile.shorthand import if_, is_number, op
from crmsheet.compile.theme import text_width
from crmsheet.formulas.tree import Binary, Call, Node, Number, Spot, Text
from crmsheet.plan.cells import (
    Block,
    CellHighlight,
    CellLine,
    CellValidation,
    Family,
    Merge,
    PlanCell,
    Role,
    joined,
)
from crmsheet.plan.looks import Highlight, Style
from crmsheet.structs import dataclass, field

_TITLE_LETTER: Final = 1.3
_NOTE_LETTER: Final = 0.82
"""How wide a letter of a title and of a note is, in those of columns."""
_PLAIN: Final = (str, int, float)
_LIVE: Final = 10
_SPAN: Final = 23
"""Letters of a number or date in a text, and of a cell that says a span of time."""


@dataclass(slots=True)
class Face:
    """A block of a board being filled; `placed` gives the finished one."""

    anchor: str
    sheet: str
    columns: int
    rows: int = 0
    cells: list[PlanCell] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    highlights: list[CellHighlight] = field(default_factory=list)
    validations: list[CellValidation] = field(default_factory=list)
    sparklines: list[CellLine] = field(default_factory=list)

    def put(
        self,
        row: int,
        column: int,
        content: Node | str | float | None,
        style: Style,
        *,
        span: int = 1,
        down: int = 1,
        role: Role = Role.OWNED,
        link: str = "",
    ) -> None:
        """Write a text, number or formula across `span` columns and `down` rows."""
        if content is None or isinstance(content, _PLAIN):
            cell = PlanCell(row, column, content, style=style, role=role, link=link)
        else:
            cell = PlanCell(row, column, formula=content, style=style, role=role, link=link)
        self.cells.append(cell)
        if span > 1 or down > 1:
            self.merges.append(Merge(row, column, row + down - 1, column + span - 1))
        self.rows = max(self.rows, row + down)

    def put_all(self, family: Family) -> None:
        """Write a family of cells, each across the columns up to the next."""
        self.families.append(family)
        if family.step > 1:
            wide = family.step - 1
            self.merges += [Merge(row, column, row, column + wide) for row, column in family.places()]
            self.merges.sort(key=attrgetter("row", "column"))
        self.rows = max(self.rows, family.bottom + 1)

    def title(self, text: Node | str) -> None:
        self.put(0, 0, text, theme.BLOCK_TITLE, span=self.columns)

    def heading(self, text: Node | str, note: Node | str, row: int) -> None:
        """The title, and at its right what is said of the whole block; a note too long for that place takes
        `row` to itself, which is kept in any case, so that a block's size does not depend on words."""
        left = max(self.columns // 2, ceil(_letters(text) * _TITLE_LETTER / GRID_WIDTH))
        right = ceil(_letters(note) * _NOTE_LETTER / GRID_WIDTH)
        if not right or left + right > self.columns:
            self.title(text)
            if note != "":
                self.note(row, note)
        else:
            self.put(0, 0, text, theme.BLOCK_TITLE, span=left)
            self.put(0, left, note, theme.BLOCK_NOTE, span=self.columns - left)
        self.rows = max(self.rows, row + 1)

    def note(self, row: int, text: Node | str, *, long: bool = False) -> None:
        """A line in small type; a long text may take two, in a row as high as `theme.LONG_NOTE`."""
        self.put(row, 0, text, theme.NOTE_LONG if long else theme.NOTE, span=self.columns)

    def mark_rows(self, first: int, last: int, text: str, look: Highlight, *, label: int = 0) -> None:
        """Rows whose cell in the column of labels holds a certain text look different."""
        holds = op(Spot(self.anchor, first, label), "=", text)
        self.highlights.append(CellHighlight(first, 0, last, self.columns - 1, holds, look, by_row=True))

    def placed(self) -> Block:
        assert all(m.right < self.columns for m in self.merges), f"{self.anchor} is wider than it says"
        return Block(
            self.anchor,
            self.sheet,
            0,
            0,
            self.rows,
            self.columns,
            joined(self.cells, self.families),
            tuple(self.merges),
            tuple(self.validations),
            tuple(self.highlights),
            tuple(self.sparklines),
        )


def number_or_dash(value: Node) -> Node:
    """The number in a value cell; a dash where there is none."""
    return if_(is_number(value), value, DASH)


def face_anchor(board: str, block: str) -> str:
    """The anchor of a block of a board."""
    return f"{board}.{block}"


def _letters(text: Node | str) -> int:
    """About how long the text is that a formula says; of two it may say, the longer one."""
    match text:
        case str():
            return text_width(text)
        case Text(value=value):
            return text_width(value)
        case Number(value=value):
            return len(f"{value:g}")
        case Spot():
            return _SPAN
        case Binary(op="&", left=left, right=right):
            return _letters(left) + _letters(right)
        case Call(function="IF", arguments=(_, *branches)):
            return max(map(_letters, branches))
        case _:
            return _LIVE
