"""What makes a board readable: headings with their notes, gaps between neighbours, colours that mean something."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compile.sales_world import BY_OWNER, BY_REGION, book, full_state

from crmsheet.compile.faces import Face
from crmsheet.compile.layout import Widget, drawn, laid_out, widths
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import Board, ChartBlock, ChartType, NoteBlock, TableBlock
from crmsheet.model.words import Label, Language


def test_a_short_note_stands_beside_the_title_and_a_long_one_below() -> None:
    beside = Face("b.t", "b", 48)
    beside.heading("By region", Spot("calc.b", 0, 0), 9)
    assert {(c.row, c.column) for c in beside.cells} == {(0, 0), (0, 24)}
    below = Face("b.t", "b", 48)
    below.heading("By region", "a note that says much of everything " * 4, 9)
    assert {c.row for c in below.cells} == {0, 9}
    # The size of a block does not depend on its words.
    assert beside.rows == below.rows == 10


def test_tables_beside_each_other_keep_apart() -> None:
    tables = tuple(TableBlock(f"t{i}", ("revenue",), BY_REGION) for i in range(3))
    board = Board("board", Label.same("Board"), (), tables)
    assert widths(board) == (24, 24, 48)
    assert drawn(board) == (23, 24, 48)


def test_notes_of_charts_beside_each_other_keep_apart() -> None:
    made = book(*(ChartBlock(f"c{i}", ChartType.COLUMN, ("revenue",), BY_REGION) for i in range(3)))
    blocks = [made.plan.block(f"board.c{i}") for i in range(3)]
    left, right, whole = ((b.column, b.column + b.merges[0].right) for b in blocks)
    assert left[1] + 1 < right[0]
    assert whole[1] >= right[1]


def test_a_row_is_as_high_as_the_neighbour_needs_that_needs_most() -> None:
    def beside(*heights: float) -> list[float]:
        made = [Widget(24, 3, (), heights={2: height}) for height in heights]
        return [h.height for h in laid_out(made, 0, {}).heights if h.first <= 2 <= h.last]

    assert beside(48.0, 24.0) == beside(24.0, 48.0) == [48.0]


@pytest.mark.parametrize("language", list(Language))
def test_a_note_has_its_title(language: Language) -> None:
    block = NoteBlock("table", Label("看这里", "Look here"), Label("怎么看？", "How to read it?"))
    shown = book(block, state=full_state(), language=language).shown("table")
    assert [row[0] for row in shown] == [
        block.title.text(language) if block.title else "",
        block.text.text(language),
    ]
    untitled = book(replace(block, title=None), state=full_state(), language=language).shown("table")
    assert len(untitled) == 1


def test_a_table_by_owner_has_its_window_beside_the_title() -> None:
    shown = book(TableBlock("table", ("revenue",), BY_OWNER)).shown("table")
    assert len(shown[0]) == 2
