"""Cards: one big number each, with its change, target and sample, and what it covers.

Knows the look of a card and how cards share a row. Does not know how numbers are computed (`measures`).
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile import number_formats as formats
from crmsheet.compile.board_theme import GRID, with_format
from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.faces import Face, face_anchor, number_or_dash
from crmsheet.compile.layout import Widget
from crmsheet.compile.measures import Measured, Wanted, dear_metrics, measured, shown_change
from crmsheet.compile.metricparts import is_stock
from crmsheet.compile.number_formats import Shown, change_format, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import both, is_number, op
from crmsheet.compile.symbols import glossary_anchor
from crmsheet.compile.trends import trends
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.model.boards import Board, CardsBlock
from crmsheet.model.metrics import Good
from crmsheet.plan.cells import CellHighlight, CellLine
from crmsheet.plan.looks import Style

_MOST: Final = 6
_VALUE_HEIGHT: Final = 34.0
_LABEL_HEIGHT: Final = 20.0
_LINE_HEIGHT: Final = 15.0
_TREND_HEIGHT: Final = 24.0
_NOTE_HEIGHT: Final = 26.0


def cards_widget(context: Context, board: Board, block: CardsBlock) -> Widget:
    calc = CalcBlock(calc_anchor(board.id, block.id))
    wanted = [Wanted(c.metric, c.ignores) for c in block.cards]
    numbers = measured(context, board, calc, wanted)
    face = Face(face_anchor(board.id, block.id), board.id, GRID)
    heights: dict[int, float] = {}
    row = 0
    if block.title is not None:
        face.title(context.text(block.title))
        row = 1
    per_row = _per_row(len(numbers))
    lines = max(len(_lines(context, m)) for m in numbers)
    courses = trends(context, board, block, wanted)
    drawn = 1 if courses.areas else 0
    for start in range(0, len(numbers), per_row):
        heights |= {row: _LABEL_HEIGHT, row + 1: _VALUE_HEIGHT, row + 2 + drawn + lines: _NOTE_HEIGHT}
        heights |= {row + 2 + lines: _TREND_HEIGHT} if drawn else {}
        heights |= {row + 2 + i: _LINE_HEIGHT for i in range(lines)}
        for at, one in enumerate(numbers[start : start + per_row]):
            left, width = _place(at, per_row)
            _card(context, face, one, (row, left, width), lines, drawn)
            if drawn:
                area = courses.areas.get(start + at)
                _trend(context, face, block, (row + 2 + lines, left, width), area)
        row += lines + drawn + 3
        if start + per_row < len(numbers):
            heights[row] = 6.0
            row += 1
    return Widget(
        GRID,
        row,
        (face.placed(),),
        heights=heights,
        calc=(calc.placed(), *courses.blocks),
        findings=dear_metrics(context, board, wanted) + courses.findings,
    )


def _per_row(count: int) -> int:
    if count <= _MOST:
        return max(count, 3)
    rows = -(-count // _MOST)
    return -(-count // rows)


def _place(at: int, per_row: int) -> tuple[int, int]:
    """Left column and width of a card, with a gap of one column between cards."""
    left = round(at * (GRID + 1) / per_row)
    return left, round((at + 1) * (GRID + 1) / per_row) - 1 - left


def _lines(context: Context, one: Measured) -> tuple[tuple[str, Node, str], ...]:
    """The small lines of a card: label, number, format."""
    metric = one.metric
    found: list[tuple[str, Node, str]] = []
    if not is_stock(context.model, metric.id):
        change = change_format(context, metric)
        found.append((context.text(words.CHANGE), one.change, change))
        found.append(
            (context.text(words.PREVIOUS_SHORT), one.previous, metric_format(context, metric, Shown.CARD))
        )
    if metric.target is not None:
        found.append((context.text(words.ATTAINMENT), one.attainment, formats.ATTAINMENT))
    if one.n is not None:
        found.append((context.text(words.SAMPLE), one.n, formats.COUNT))
    return tuple(found)


def _trend(
    context: Context, face: Face, block: CardsBlock, place: tuple[int, int, int], area: Area | None
) -> None:
    """The course of the last months, in programs that draw sparklines; a card without one stays blank here."""
    row, left, width = place
    half = width // 2 - 1
    label = context.text(words.TREND).format(count=block.trend) if area is not None else None
    face.put(row, left, label, theme.CARD_LINE, span=half)
    face.put(row, left + half, None, theme.CARD_FIGURE, span=width - half)
    if area is not None:
        face.sparklines.append(CellLine(row, left + half, area, theme.ACCENT))


def _card(
    context: Context, face: Face, one: Measured, place: tuple[int, int, int], lines: int, drawn: int
) -> None:
    row, left, width = place

    def styled(style: Style, number_format: str = "") -> Style:
        return with_format(style, number_format)

    link = glossary_anchor(one.metric.id)
    face.put(row, left, context.text(one.metric.label), styled(theme.CARD_LABEL), span=width, link=link)
    shown = metric_format(context, one.metric, Shown.CARD)
    face.put(row + 1, left, number_or_dash(one.value), styled(theme.CARD_VALUE, shown), span=width)
    half = width // 2 - 1
    found = _lines(context, one)
    for i in range(lines):
        at = row + 2 + i
        label, number, code = found[i] if i < len(found) else ("", None, "")
        face.put(at, left, label or None, styled(theme.CARD_LINE), span=half)
        content = number_or_dash(number) if number is not None else None
        if number == one.change:
            content = shown_change(context, one)
        face.put(at, left + half, content, styled(theme.CARD_FIGURE, code), span=width - half)
        if number == one.change:
            _colour_change(face, at, left + half, one.metric.good, context.model.fixed("up_color"))
    face.put(row + 2 + drawn + lines, left, one.note, styled(theme.CARD_NOTE), span=width)


def _colour_change(face: Face, row: int, column: int, good: Good, up_color: str) -> None:
    """Good changes green, bad ones red, beside the arrows that say up and down; with a colour for rises, as
    on stock markets, that for every rise and the other for every fall."""
    red_up = good is Good.DOWN
    if up_color in ("red", "green"):
        red_up = up_color == "red"
    elif good is Good.NONE:
        return
    cell = Spot(face.anchor, row, column)
    up, down = (theme.BAD_TEXT, theme.GOOD_TEXT) if red_up else (theme.GOOD_TEXT, theme.BAD_TEXT)
    for operator, look in ((">", up), ("<", down)):
        # A dash is text, and texts are greater than all numbers.
        holds = both(is_number(cell), op(cell, operator, 0))
        face.highlights.append(CellHighlight(row, column, row, column, holds, look))
