"""A block that holds what an analysis found: a sentence, a table of values, how it was found.

Knows where these stand and that the place is the same whatever is found. Does not know any analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts
from crmsheet.compile.board_theme import GRID
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.layout import Widget
from crmsheet.compile.pieces import Context, Rows
from crmsheet.compile.shorthand import op
from crmsheet.compile.theme import CARD, WHITE
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import AnalysisBlock, Board
from crmsheet.plan.cells import CellHighlight, Role
from crmsheet.plan.looks import Align, Highlight, Style
from crmsheet.structs import dataclass, field, replace

_SUMMARY: Final = 1
_HEADS: Final = 2
FIRST: Final = 3
"""The first row of the table."""
_SUMMARY_HEIGHT: Final = 34.0
_HEAD_HEIGHT: Final = 30.0
_BLANK: Final = " "
_SAID: Final = replace(theme.FACT_TEXT, fill=CARD)
IMMATURE: Final = Highlight(fill="EDEDED")
"""What cannot be known yet."""
UNSURE: Final = Highlight(color="5F6672", italic=True)
"""What rests on too few to rely on."""


@dataclass(frozen=True, slots=True)
class Track:
    """A column of the table, so many grid columns wide."""

    span: int
    style: Style

    @property
    def head(self) -> Style:
        heads = {Align.RIGHT: theme.HEAD_RIGHT, Align.CENTER: theme.HEAD_CENTER}
        return heads.get(self.style.align, theme.HEAD)


@dataclass(frozen=True, slots=True)
class Found:
    """What an analysis found: a sentence, the heads and rows of its table, and how it was found (method, n,
    window). Without rows the sentence says why."""

    said: str
    method: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """The place of a table: `tracks` across, room for so many rows; `marks` colours it, `total` is the label of
    rows that sum up."""

    title: str
    tracks: tuple[Track, ...]
    capacity: int
    found: Callable[[Facts], Found]
    marks: Callable[[Face], None] | None = None
    total: str = ""
    heights: Mapping[int, float] = field(default_factory=dict)
    """Of rows of the table that are not of the usual height, counted from its first."""


def panel_widget(context: Context, board: Board, block: AnalysisBlock, panel: Panel) -> Widget:
    width = sum(track.span for track in panel.tracks)
    assert width <= GRID, f"{block.id} is {width} wide"
    face = Face(face_anchor(board.id, block.id), board.id, GRID)
    title = context.text(block.title) if block.title is not None else panel.title
    face.title(title)
    face.put(_SUMMARY, 0, None, _SAID, span=GRID)
    left = 0
    for track in panel.tracks:
        face.put(_HEADS, left, None, track.head, span=track.span)
        for row in range(FIRST, FIRST + panel.capacity):
            face.put(row, left, None, track.style, span=track.span)
        left += track.span
    last = FIRST + panel.capacity - 1
    face.columns = width
    # Before what else marks rows: of rules that hold, LibreOffice takes the first and leaves out the others.
    face.mark_rows(FIRST, last, "", theme.EMPTY_ROW)
    if panel.marks is not None:
        panel.marks(face)
    no_head = op(Spot(face.anchor, _HEADS, 0), "=", "")
    face.highlights.append(CellHighlight(_HEADS, 0, _HEADS, width - 1, no_head, Highlight(fill=WHITE)))
    if panel.total:
        face.mark_rows(FIRST, last, panel.total, theme.TOTAL)
    face.columns = GRID
    face.note(last + 1, "", long=True)
    heights = {_SUMMARY: _SUMMARY_HEIGHT, _HEADS: _HEAD_HEIGHT, last + 1: theme.LONG_NOTE}
    heights |= {FIRST + row: height for row, height in panel.heights.items()}

    def filled(rows: Rows) -> dict[tuple[int, int], Value]:
        return _placed(context, board, panel, panel.found(Facts(context, rows)))

    # What an analysis says changes with the rows, and what it no longer says goes: neither is news.
    placed = face.placed()
    said = tuple(replace(cell, role=Role.KEPT) if cell.row else cell for cell in placed.cells)
    blocks = (replace(placed, cells=said),)
    return Widget(GRID, face.rows, blocks, heights=heights, fillings=((face.anchor, filled),))


def _placed(context: Context, board: Board, panel: Panel, found: Found) -> dict[tuple[int, int], Value]:
    """The values of the block's cells."""
    cells: dict[tuple[int, int], Value] = {(_SUMMARY, 0): found.said}
    # Heads that are not needed stay dark: a blank is not nothing, and the lines of the rows go on below them.
    spare = [_BLANK] * (len(panel.tracks) - len(found.heads)) if found.heads else []
    for at, row in [(_HEADS, (*found.heads, *spare)), *enumerate(found.rows[: panel.capacity], FIRST)]:
        left = 0
        for track, value in zip(panel.tracks, row, strict=False):
            cells[at, left] = None if value == "" else value
            left += track.span
    cells[FIRST + panel.capacity, 0] = _note(context, board, found)
    return cells


def _note(context: Context, board: Board, found: Found) -> str:
    as_of = context.text(words.AS_OF).format(date=date_of(context.as_of).isoformat())
    ignored = [context.text(s.label) for s in board.selectors]
    text = found.method + words.DOT + as_of
    if ignored:
        text += context.text(board_words.IGNORES) + context.text(board_words.SEPARATOR).join(ignored)
    return text
